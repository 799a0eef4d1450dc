//! Pages of 100 rows: first, middle and last.

use anyhow::{Context as _, Result, bail};
use domain::filter::Filter;
use domain::limits::QUERY_WITHIN;
use domain::paging::cursor::{Cursor, Direction};
use postgres::rows::{self, AtMost};
use serde_json::{Map, Value, json};
use tokio_postgres::Client;
use xtask::measurements::QueryOptions;

use super::fill::Seller;
use super::timing::{or_too_slow, through_handler, timed};
use crate::user::User;

/// Rows on a page.
pub const LIMIT: i64 = 100;

/// Whose pages are read.
pub struct Reading<'a> {
    pub seller: &'a Seller,
    pub user: &'a User,
    pub options: &'a QueryOptions,
}

impl Reading<'_> {
    /// By offset, by cursor, by the plain statement and through the handler.
    pub async fn pages(&self, client: &mut Client) -> Result<Map<String, Value>> {
        let count = self.count(client, &Filter::default()).await?;
        let mut figures = Map::new();
        for (name, offset) in places(count) {
            let figure = self.page(client, offset).await?;
            println!("{}, {name} page: {}", self.seller.name, line(&figure));
            figures.insert(name.to_owned(), figure);
        }
        Ok(figures)
    }

    /// The same where a filter leaves a part of the rows, which are counted one by one for a page by
    /// offset.
    pub async fn filtered(
        &self,
        client: &mut Client,
        what: &str,
        filter: &Filter,
    ) -> Result<Map<String, Value>> {
        let all = self.count(client, &Filter::default()).await?;
        let left = self.count(client, filter).await?;
        let samples = self.options.plain_samples;
        let mut figures = Map::new();
        for ((name, offset), (_, beyond)) in places(left).into_iter().zip(places(all)) {
            // The walk from there takes two rows for each that is left, and ends at the last page.
            let walk = 2 * LIMIT * (self.options.samples as i64 + 1);
            let begin_at = beyond.min((all - walk).max(0));
            let cursor = self.cursor_at(client, begin_at).await?;
            let figure = json!({
                "offset": self.by_offset(client, filter, offset, samples).await?,
                "cursor": self.by_cursor(client, filter, cursor).await?,
            });
            println!(
                "{}, {what}, {name} page: {}",
                self.seller.name,
                line(&figure)
            );
            figures.insert(name.to_owned(), figure);
        }
        Ok(figures)
    }

    async fn count(&self, client: &mut Client, filter: &Filter) -> Result<i64> {
        let Seller { owner, dataset, .. } = self.seller;
        Ok(rows::page(client, *owner, dataset, filter, 1, 0).await?.0)
    }

    async fn page(&self, client: &mut Client, offset: i64) -> Result<Value> {
        let all = Filter::default();
        let samples = self.options.samples;
        let cursor = self.cursor_at(client, offset).await?;
        let mut figures = json!({
            "offset": self.by_offset(client, &all, offset, samples).await?,
            "cursor": self.by_cursor(client, &all, cursor).await?,
        });
        if self.seller.shape.is_declared() {
            let path = format!("/collect/{}/rows/?limit={LIMIT}", self.seller.dataset.name);
            if offset == 0 {
                figures["cursor_handler"] = through_handler(self.user, &path, samples)?;
            }
            return Ok(figures);
        }
        figures["plain"] = self.plain(client, offset).await?;
        let text = cursor.map_or_else(String::new, |it| it.encode());
        for (name, place) in [
            ("offset_handler", format!("offset={offset}")),
            ("cursor_handler", format!("cursor={text}")),
        ] {
            let path = format!("/collect/data/?limit={LIMIT}&{place}");
            figures[name] = through_handler(self.user, &path, samples)?;
        }
        Ok(figures)
    }

    async fn by_offset(
        &self,
        client: &mut Client,
        filter: &Filter,
        offset: i64,
        samples: usize,
    ) -> Result<Value> {
        let Seller { owner, dataset, .. } = self.seller;
        let measured = timed(samples, async |sample| {
            // Not the same page again and again.
            let offset = (offset - 100 * sample as i64).max(offset.min(1)).max(0);
            let page = rows::page(client, *owner, dataset, filter, LIMIT, offset).await?;
            if page.1.len() as i64 != LIMIT {
                bail!("a page of {} rows at {offset}", page.1.len());
            }
            Ok(())
        });
        let measured = measured.await;
        or_too_slow(client, measured).await
    }

    /// The cursor after which the row at the offset comes; none for the first.
    async fn cursor_at(&self, client: &mut Client, offset: i64) -> Result<Option<Cursor>> {
        if offset == 0 {
            return Ok(None);
        }
        let Seller { owner, dataset, .. } = self.seller;
        let all = Filter::default();
        let (_, found) = rows::page(client, *owner, dataset, &all, 1, offset - 1).await?;
        let position = found.first().context("there is no such page")?.position;
        Ok(Some(Cursor {
            position,
            direction: Direction::Older,
        }))
    }

    async fn by_cursor(
        &self,
        client: &mut Client,
        filter: &Filter,
        begin_at: Option<Cursor>,
    ) -> Result<Value> {
        let Seller { owner, dataset, .. } = self.seller;
        let mut cursor = begin_at;
        let measured = timed(self.options.samples, async |_| {
            let at_most = AtMost::rows(LIMIT);
            let page = rows::page_at(client, *owner, dataset, filter, cursor, at_most).await?;
            // On from there, but not beyond the end.
            if let (Some(_), Some(older)) = (begin_at, page.older) {
                cursor = Some(older);
            }
            Ok(())
        });
        let measured = measured.await;
        or_too_slow(client, measured).await
    }

    async fn plain(&self, client: &Client, offset: i64) -> Result<Value> {
        let sql = format!(
            "SELECT r.* {SOURCE} ORDER BY r.order_date DESC, i.number DESC, r.record DESC \
             LIMIT {LIMIT} OFFSET $2"
        );
        timed(self.options.plain_samples, async |_| {
            client.query(&sql, &[&self.seller.owner, &offset]).await?;
            Ok(())
        })
        .await
    }
}

/// SQL: the rows of a user of the built-in dataset.
pub const SOURCE: &str = "FROM sales_record r JOIN import i ON i.id = r.import_id \
     WHERE i.owner = $1 AND i.state = 'completed'";

/// The pages that are read of so many rows: their names and offsets.
fn places(count: i64) -> [(&'static str, i64); 3] {
    [
        ("first", 0),
        ("middle", count / 2),
        ("last", (count - LIMIT).max(0)),
    ]
}

/// Figures in one line.
pub fn line(figures: &Value) -> String {
    let pairs = figures.as_object().into_iter().flatten();
    let pairs: Vec<_> = pairs
        .map(|(key, it)| format!("{key} {}", shown(it)))
        .collect();
    pairs.join(", ") + " ms"
}

/// `1.2 / 3.4`
pub fn shown(figure: &Value) -> String {
    if figure["too_slow"] == true {
        return format!("> {}", QUERY_WITHIN.as_millis());
    }
    let ms = |key: &str| figure[key].as_f64();
    match (ms("p50_ms"), ms("p99_ms")) {
        (Some(p50), Some(p99)) => format!("{p50:.1} / {p99:.1}"),
        _ => "–".to_owned(),
    }
}
