//! What an owner's rows count and add up to.

use anyhow::Result;
use domain::filter::{Condition, Filter, Test};
use jiff::civil::{Date, date};
use postgres::rows::{self, AtMost, By};
use serde_json::{Map, Value, json};
use tokio_postgres::Client;

use super::fill::Seller;
use super::pages::{LIMIT, Reading, SOURCE, line};
use super::timing::{or_too_slow, through_handler, timed};

/// Columns that rows are added up by: of the first, sums are kept of the built-in dataset; of the
/// second, none are.
const COUNTRY: usize = 1;
const PRIORITY: usize = 4;

/// Walks and summaries that may look at many rows are not measured as often as pages.
const FEW: usize = 20;

impl Reading<'_> {
    /// Counts, a walk along rows that do not match, summaries.
    pub async fn totals(&self, client: &mut Client) -> Result<Map<String, Value>> {
        let samples = self.options.samples;
        let (few, fewest) = (samples.min(FEW), self.options.plain_samples);
        let all = Filter::default();
        let mut figures = json!({
            "count": self.kept_count(client).await?,
            "no_match": self.no_match(client, few).await?,
            "summary_read": self.summary(client, PRIORITY, &all, fewest).await?,
        });
        if self.seller.shape.is_declared() {
            figures["summary"] = self.summary(client, COUNTRY, &all, fewest).await?;
        } else {
            // In the bench's data, two thirds of a month lie inside.
            let odd = (Date::constant(1, 1, 1), date(2016, 8, 20));
            let odd = Filter::of_days(&self.seller.dataset, odd.0, odd.1);
            figures["plain_count"] = self.plain_count(client).await?;
            figures["summary"] = self.summary(client, COUNTRY, &all, samples).await?;
            figures["summary_of_days"] = self.summary(client, COUNTRY, &odd, few).await?;
            let path = "/collect/data/summary/?by=country";
            figures["summary_handler"] = through_handler(self.user, path, samples)?;
        }
        println!("{}: {}", self.seller.name, line(&figures));
        Ok(figures.as_object().cloned().unwrap_or_default())
    }

    async fn plain_count(&self, client: &Client) -> Result<Value> {
        let sql = format!("SELECT count(*) {SOURCE}");
        timed(self.options.plain_samples, async |_| {
            client.query_one(&sql, &[&self.seller.owner]).await?;
            Ok(())
        })
        .await
    }

    /// The count alone: a page after the end has no rows.
    async fn kept_count(&self, client: &mut Client) -> Result<Value> {
        let Seller { owner, dataset, .. } = self.seller;
        let all = Filter::default();
        timed(self.options.samples, async |_| {
            rows::page(client, *owner, dataset, &all, 1, i64::MAX).await?;
            Ok(())
        })
        .await
    }

    /// The pages of a walk along rows that do not match: the most expensive there are.
    async fn no_match(&self, client: &mut Client, samples: usize) -> Result<Value> {
        let Seller { owner, dataset, .. } = self.seller;
        let none = domain::filter::Value::Text("no such region".to_owned());
        let filter = Filter {
            import: None,
            conditions: vec![Condition {
                column: 0,
                test: Test::Equal(none),
            }],
        };
        let mut cursor = None;
        let measured = timed(samples, async |_| {
            let at_most = AtMost::rows(LIMIT);
            let page = rows::page_at(client, *owner, dataset, &filter, cursor, at_most).await?;
            // On from there, or from the first page again.
            cursor = page.older;
            Ok(())
        });
        let measured = measured.await;
        or_too_slow(client, measured).await
    }

    async fn summary(
        &self,
        client: &mut Client,
        column: usize,
        filter: &Filter,
        samples: usize,
    ) -> Result<Value> {
        let Seller { owner, dataset, .. } = self.seller;
        let by = By::Column(column);
        let measured = timed(samples, async |_| {
            rows::summary(client, *owner, dataset, by, filter, 1000, 0).await?;
            Ok(())
        });
        let measured = measured.await;
        or_too_slow(client, measured).await
    }
}
