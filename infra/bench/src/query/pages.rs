//! Pages of 100 rows, and sums.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use domain::catalog::BASELINE;
use domain::filter::{Condition, Filter, Test};
use domain::paging::cursor::{Cursor, Direction};
use jiff::civil::{Date, date};
use postgres::rows::{self, AtMost, By};
use serde_json::{Map, Value, json};
use tokio_postgres::Client;
use xtask::measurements::QueryOptions;

use super::fill::Seller;
use super::page::shown;
use crate::user::User;

const LIMIT: i64 = 100;

/// All days.
const ALWAYS: (Date, Date) = (Date::constant(1, 1, 1), Date::MAX);

/// First, middle and last page by offset, by cursor and by the plain statement; then counts and sums.
pub async fn measure(
    client: &mut Client,
    seller: &Seller,
    user: &User,
    options: &QueryOptions,
) -> Result<Value> {
    let all = Filter::default();
    let (count, _) = rows::page(client, seller.owner, &BASELINE, &all, 1, 0).await?;
    let mut figures = Map::new();
    for (name, offset) in [
        ("first", 0),
        ("middle", count / 2),
        ("last", (count - LIMIT).max(0)),
    ] {
        let figure = page(client, seller, user, offset, options).await?;
        println!("{}, {name} page: {}", seller.name, line(&figure));
        figures.insert(name.to_owned(), figure);
    }
    figures.extend(sums(client, seller, user, options).await?);
    Ok(Value::Object(figures))
}

fn line(figures: &Value) -> String {
    let pairs = figures.as_object().into_iter().flatten();
    let pairs: Vec<_> = pairs
        .map(|(key, it)| format!("{key} {}", shown(it)))
        .collect();
    pairs.join(", ") + " ms"
}

async fn page(
    client: &mut Client,
    seller: &Seller,
    user: &User,
    offset: i64,
    options: &QueryOptions,
) -> Result<Value> {
    let cursor = cursor_at(client, seller, offset).await?;
    let by_offset = format!("/collect/data/?limit={LIMIT}&offset={offset}");
    let text = cursor.map_or_else(String::new, |it| it.encode());
    let by_cursor = format!("/collect/data/?limit={LIMIT}&cursor={text}");
    Ok(json!({
        "offset": self::by_offset(client, seller, offset, options.samples).await?,
        "cursor": self::by_cursor(client, seller, cursor, options.samples).await?,
        "plain": plain(client, seller, offset, options.plain_samples).await?,
        "offset_handler": through_handler(user, &by_offset, options.samples)?,
        "cursor_handler": through_handler(user, &by_cursor, options.samples)?,
    }))
}

async fn by_offset(
    client: &mut Client,
    seller: &Seller,
    offset: i64,
    samples: usize,
) -> Result<Value> {
    let mut times = Vec::new();
    for sample in 0..samples {
        // Not the same page again and again.
        let offset = (offset - 100 * sample as i64).max(offset.min(1)).max(0);
        let begin = Instant::now();
        let page = rows::page(
            client,
            seller.owner,
            &BASELINE,
            &Filter::default(),
            LIMIT,
            offset,
        )
        .await?;
        times.push(begin.elapsed());
        if page.1.len() as i64 != LIMIT {
            bail!("a page of {} rows at {offset}", page.1.len());
        }
    }
    Ok(percentiles(times))
}

/// The cursor after which the row at the offset comes; none for the first.
async fn cursor_at(client: &mut Client, seller: &Seller, offset: i64) -> Result<Option<Cursor>> {
    if offset == 0 {
        return Ok(None);
    }
    let all = Filter::default();
    let (_, found) = rows::page(client, seller.owner, &BASELINE, &all, 1, offset - 1).await?;
    let position = found.first().context("there is no such page")?.position;
    Ok(Some(Cursor {
        position,
        direction: Direction::Older,
    }))
}

async fn by_cursor(
    client: &mut Client,
    seller: &Seller,
    begin_at: Option<Cursor>,
    samples: usize,
) -> Result<Value> {
    let all = Filter::default();
    let mut cursor = begin_at;
    let mut times = Vec::new();
    for _ in 0..samples {
        let begin = Instant::now();
        let page = rows::page_at(
            client,
            seller.owner,
            &BASELINE,
            &all,
            cursor,
            AtMost::rows(LIMIT),
        )
        .await?;
        times.push(begin.elapsed());
        // On from there, but not beyond the end.
        if let (Some(_), Some(older)) = (begin_at, page.older) {
            cursor = Some(older);
        }
    }
    Ok(percentiles(times))
}

/// As a client of the API sees it: the front door, the emulated gateway and the function.
fn through_handler(user: &User, path: &str, samples: usize) -> Result<Value> {
    let mut times = Vec::new();
    tokio::task::block_in_place(|| {
        // The first one may start the function.
        user.get(path)?;
        for _ in 0..samples {
            let begin = Instant::now();
            user.get(path)?;
            times.push(begin.elapsed());
        }
        Ok(percentiles(times))
    })
}

const SOURCE: &str = "FROM sales_record r JOIN import i ON i.id = r.import_id \
     WHERE i.owner = $1 AND i.state = 'completed'";

async fn plain(client: &Client, seller: &Seller, offset: i64, samples: usize) -> Result<Value> {
    let sql = format!(
        "SELECT r.* {SOURCE} ORDER BY r.order_date DESC, i.number DESC, r.record DESC \
         LIMIT {LIMIT} OFFSET $2"
    );
    let mut times = Vec::new();
    for _ in 0..samples {
        let begin = Instant::now();
        client.query(&sql, &[&seller.owner, &offset]).await?;
        times.push(begin.elapsed());
    }
    Ok(percentiles(times))
}

async fn sums(
    client: &mut Client,
    seller: &Seller,
    user: &User,
    options: &QueryOptions,
) -> Result<Map<String, Value>> {
    // In the bench's data, two thirds of a month lie inside.
    let odd = (Date::constant(1, 1, 1), date(2016, 8, 20));
    let path = "/collect/data/summary/?by=country";
    let figures = json!({
        "plain_count": counted_plain(client, seller, options.plain_samples).await?,
        "count": counted(client, seller, options.samples).await?,
        "summary": summary(client, seller, ALWAYS, options.samples).await?,
        "summary_of_days": summary(client, seller, odd, options.samples.min(20)).await?,
        "no_match": no_match(client, seller, options.samples.min(20)).await?,
        "summary_handler": through_handler(user, path, options.samples)?,
    });
    println!("{}: {}", seller.name, line(&figures));
    Ok(figures.as_object().cloned().unwrap_or_default())
}

async fn counted_plain(client: &Client, seller: &Seller, samples: usize) -> Result<Value> {
    let sql = format!("SELECT count(*) {SOURCE}");
    let mut times = Vec::new();
    for _ in 0..samples {
        let begin = Instant::now();
        client.query_one(&sql, &[&seller.owner]).await?;
        times.push(begin.elapsed());
    }
    Ok(percentiles(times))
}

/// The count alone: a page after the end has no rows.
async fn counted(client: &mut Client, seller: &Seller, samples: usize) -> Result<Value> {
    let mut times = Vec::new();
    for _ in 0..samples {
        let begin = Instant::now();
        rows::page(
            client,
            seller.owner,
            &BASELINE,
            &Filter::default(),
            1,
            i64::MAX,
        )
        .await?;
        times.push(begin.elapsed());
    }
    Ok(percentiles(times))
}

/// The pages of a walk along rows that do not match: the most expensive there are.
async fn no_match(client: &mut Client, seller: &Seller, samples: usize) -> Result<Value> {
    let filter = Filter {
        import: None,
        conditions: vec![Condition {
            column: 0,
            test: Test::Equal(domain::filter::Value::Text("no such region".to_owned())),
        }],
    };
    let mut cursor = None;
    let mut times = Vec::new();
    for _ in 0..samples {
        let begin = Instant::now();
        let at_most = AtMost::rows(LIMIT);
        let page = rows::page_at(client, seller.owner, &BASELINE, &filter, cursor, at_most).await?;
        times.push(begin.elapsed());
        // On from there, or from the first page again.
        cursor = page.older;
    }
    Ok(percentiles(times))
}

async fn summary(
    client: &mut Client,
    seller: &Seller,
    days: (Date, Date),
    samples: usize,
) -> Result<Value> {
    let by = By::Column(1);
    let filter = Filter::of_days(&BASELINE, days.0, days.1);
    let mut times = Vec::new();
    for _ in 0..samples {
        let begin = Instant::now();
        rows::summary(client, seller.owner, &BASELINE, by, &filter, 1000, 0).await?;
        times.push(begin.elapsed());
    }
    Ok(percentiles(times))
}

fn percentiles(mut times: Vec<Duration>) -> Value {
    times.sort_unstable();
    let at = |percent: usize| {
        let index = (times.len() * percent).div_ceil(100).saturating_sub(1);
        times.get(index).map(|it| it.as_secs_f64() * 1e3)
    };
    json!({"p50_ms": at(50), "p99_ms": at(99), "samples": times.len()})
}
