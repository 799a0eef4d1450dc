//! Pages of 100 rows.

use std::time::{Duration, Instant};

use domain::paging::cursor::{Cursor, Direction};
use postgres::rows::{self, Filter};
use serde_json::{Map, Value, json};
use tokio_postgres::Client;

use super::fill::Seller;
use crate::Outcome;

const LIMIT: i64 = 100;

/// First, middle and last page by offset, by cursor and the plain way.
pub async fn measure(
    client: &mut Client,
    seller: &Seller,
    samples: usize,
    plain_samples: usize,
) -> Outcome<Value> {
    let all = Filter::default();
    let (count, _) = rows::sales_page(client, seller.owner, &all, 1, 0).await?;
    let mut figures = Map::new();
    for (name, offset) in [
        ("first", 0),
        ("middle", count / 2),
        ("last", (count - LIMIT).max(0)),
    ] {
        let by_offset = by_offset(client, seller, offset, samples).await?;
        let by_cursor = by_cursor(client, seller, offset, samples).await?;
        let plain = plain(client, seller, offset, plain_samples).await?;
        println!(
            "{}, {name} page: offset {}, cursor {}, plain {}",
            seller.name,
            told(&by_offset),
            told(&by_cursor),
            told(&plain)
        );
        figures.insert(
            name.to_owned(),
            json!({"offset": by_offset, "cursor": by_cursor, "plain": plain}),
        );
    }
    let counted = counted_plain(client, seller, plain_samples).await?;
    println!("{}, count(*): {}", seller.name, told(&counted));
    figures.insert("plain_count".to_owned(), counted);
    Ok(Value::Object(figures))
}

fn told(figure: &Value) -> String {
    let ms = |key: &str| figure[key].as_f64().unwrap_or(f64::NAN);
    format!("{:.1} / {:.1} ms", ms("p50_ms"), ms("p99_ms"))
}

async fn by_offset(
    client: &mut Client,
    seller: &Seller,
    offset: i64,
    samples: usize,
) -> Outcome<Value> {
    let mut times = Vec::new();
    for sample in 0..samples {
        // Not the same page again and again.
        let offset = (offset - 100 * sample as i64).max(offset.min(1)).max(0);
        let begin = Instant::now();
        let page =
            rows::sales_page(client, seller.owner, &Filter::default(), LIMIT, offset).await?;
        times.push(begin.elapsed());
        if page.1.len() as i64 != LIMIT {
            return Err(format!("a page of {} rows at {offset}", page.1.len()).into());
        }
    }
    Ok(percentiles(times))
}

async fn by_cursor(
    client: &mut Client,
    seller: &Seller,
    offset: i64,
    samples: usize,
) -> Outcome<Value> {
    let all = Filter::default();
    let before = (offset - 1).max(0);
    let (_, found) = rows::sales_page(client, seller.owner, &all, 1, before).await?;
    let place = found.first().ok_or("there is no such page")?.place;
    let mut cursor = (offset > 0).then_some(Cursor {
        place,
        direction: Direction::Older,
    });
    let mut times = Vec::new();
    for _ in 0..samples {
        let begin = Instant::now();
        let page = rows::sales_at(client, seller.owner, &all, cursor, LIMIT).await?;
        times.push(begin.elapsed());
        // On from there, but not beyond the end.
        if let (true, Some(older)) = (offset > 0, page.older) {
            cursor = Some(older);
        }
    }
    Ok(percentiles(times))
}

const SOURCE: &str = "FROM sales_record r JOIN import i ON i.id = r.import_id \
     WHERE i.owner = $1 AND i.state = 'completed'";

async fn plain(client: &Client, seller: &Seller, offset: i64, samples: usize) -> Outcome<Value> {
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

async fn counted_plain(client: &Client, seller: &Seller, samples: usize) -> Outcome<Value> {
    let sql = format!("SELECT count(*) {SOURCE}");
    let mut times = Vec::new();
    for _ in 0..samples {
        let begin = Instant::now();
        client.query_one(&sql, &[&seller.owner]).await?;
        times.push(begin.elapsed());
    }
    Ok(percentiles(times))
}

pub fn percentiles(mut times: Vec<Duration>) -> Value {
    times.sort_unstable();
    let at = |percent: usize| {
        let index = (times.len() * percent).div_ceil(100).saturating_sub(1);
        times.get(index).map(|it| it.as_secs_f64() * 1e3)
    };
    json!({"p50_ms": at(50), "p99_ms": at(99), "samples": times.len()})
}
