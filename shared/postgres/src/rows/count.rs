//! How many rows there are, by month, by day, and by day and import.

use domain::months;
use jiff::civil::Date;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Row, Transaction};
use uuid::Uuid;

use super::day_rows::DayRows;
use super::filter::{Conditions, Filter};
use crate::Error;
use crate::sql::of_import::COMPLETED;

/// SQL: makes the statements of a page read a few entries of the right index, even if the
/// statistics of a table that was filled a second ago suggest something else.
pub const ALONG_THE_INDEX: &str = "SET LOCAL enable_seqscan = off; \
     SET LOCAL enable_bitmapscan = off; SET LOCAL enable_hashjoin = off; \
     SET LOCAL enable_mergejoin = off; SET LOCAL jit = off";

/// Where counts come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// What is kept of each day: the filter's other columns are not looked at.
    Kept,
    /// The rows themselves, one by one, with every condition of the filter.
    Rows,
}

/// Counts of an owner's rows at one moment.
pub struct Counts<'a> {
    pub moment: &'a Transaction<'a>,
    pub owner: Uuid,
    pub filter: &'a Filter,
    pub source: Source,
}

impl Counts<'_> {
    /// Rows in each month that has any, newest first.
    pub async fn by_month(&self) -> Result<Vec<(Date, i64)>, Error> {
        let rows = match (self.source, self.filter.import) {
            (Source::Kept, None) => self.kept_months().await?,
            _ => {
                let range = (self.filter.from, self.filter.to);
                let month = "date_trunc('month', {day}::timestamp)::date";
                self.counted(month, "{rows}", "1 DESC", &range).await?
            }
        };
        pairs(&rows)
    }

    /// Rows of each day of the range that has any, newest first.
    pub async fn by_day(&self, range: (Date, Date)) -> Result<Vec<(Date, i64)>, Error> {
        let range = self.within(range);
        pairs(&self.counted("{day}", "{rows}", "1 DESC", &range).await?)
    }

    /// Rows of each day and import of the range, newest first.
    pub async fn by_day_and_import(
        &self,
        range: (Date, Date),
    ) -> Result<Vec<(DayRows, i64)>, Error> {
        let range = self.within(range);
        let key = "{day}, i.number, i.id";
        let rows = self
            .counted(key, "{rows}", "1 DESC, 2 DESC", &range)
            .await?;
        let group = |row: &Row| {
            let group = DayRows {
                day: row.try_get(0)?,
                number: row.try_get(1)?,
                import_id: row.try_get(2)?,
                rows: row.try_get(3)?,
            };
            Ok((group, group.rows))
        };
        rows.iter().map(group).collect()
    }

    fn within(&self, (first, last): (Date, Date)) -> (Date, Date) {
        (first.max(self.filter.from), last.min(self.filter.to))
    }

    /// Whole months are kept added up; the days at both ends are added here.
    async fn kept_months(&self) -> Result<Vec<Row>, Error> {
        let parts = months::split(self.filter.from, self.filter.to);
        let (first, last) = parts.whole.unwrap_or((Date::MAX, Date::constant(1, 1, 1)));
        let (begins, ends): (Vec<Date>, Vec<Date>) = parts.rest.into_iter().unzip();
        let sql = format!(
            "SELECT month, sum(rows)::bigint FROM ( \
                 SELECT month, rows FROM owner_month WHERE owner = $1 AND month BETWEEN $2 AND $3 \
                 UNION ALL \
                 SELECT date_trunc('month', d.day::timestamp)::date, d.rows \
                 FROM unnest($4::date[], $5::date[]) AS rest (first, last) \
                 JOIN import i ON i.owner = $1 AND i.dataset = 'baseline' AND i.state = {COMPLETED} \
                 JOIN import_day d ON d.import_id = i.id AND d.day BETWEEN rest.first AND rest.last \
             ) AS counted GROUP BY month HAVING sum(rows) > 0 ORDER BY month DESC"
        );
        let parameters: [&(dyn ToSql + Sync); 5] = [&self.owner, &first, &last, &begins, &ends];
        Ok(self.moment.query(&sql, &parameters).await?)
    }

    async fn counted(
        &self,
        key: &str,
        rows: &str,
        order: &str,
        range: &(Date, Date),
    ) -> Result<Vec<Row>, Error> {
        let (table, day, count) = match self.source {
            Source::Kept => ("import_day", "r.day", "sum(r.rows)::bigint"),
            Source::Rows => ("sales_record", "r.order_date", "count(*)"),
        };
        let mut conditions = Conditions::new(&self.owner, self.filter).and_between(day, range);
        if self.source == Source::Rows {
            conditions = conditions.and_equals(self.filter);
        }
        let key = key.replace("{day}", day);
        let sql = format!(
            "SELECT {key}, {} FROM import i JOIN {table} r ON r.import_id = i.id WHERE {} \
             GROUP BY {} ORDER BY {order}",
            rows.replace("{rows}", count),
            conditions.sql(),
            key
        );
        Ok(self.moment.query(&sql, conditions.parameters()).await?)
    }
}

fn pairs(rows: &[Row]) -> Result<Vec<(Date, i64)>, Error> {
    let pair = |row: &Row| Ok((row.try_get(0)?, row.try_get(1)?));
    rows.iter().map(pair).collect()
}
