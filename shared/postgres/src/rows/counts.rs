//! How many rows there are, by band, by bucket, and by bucket and import.

use std::collections::BTreeMap;

use domain::dataset::Dataset;
use domain::filter::Filter;
use domain::order::Order;
use tokio_postgres::{Row, Transaction};
use uuid::Uuid;

use super::keys::{KeyParameter, bucket};
use crate::Error;
use crate::conditions::Conditions;

/// SQL: makes the statements of a page read a few entries of the right index, even if the
/// statistics of a table that was filled a second ago suggest something else.
pub const ALONG_THE_INDEX: &str = "SET LOCAL enable_seqscan = off; \
     SET LOCAL enable_bitmapscan = off; SET LOCAL enable_hashjoin = off; \
     SET LOCAL enable_mergejoin = off; SET LOCAL jit = off";

/// SQL: takes [`ALONG_THE_INDEX`] back.
pub const BY_STATISTICS: &str = "SET LOCAL enable_seqscan TO DEFAULT; \
     SET LOCAL enable_bitmapscan TO DEFAULT; SET LOCAL enable_hashjoin TO DEFAULT; \
     SET LOCAL enable_mergejoin TO DEFAULT; SET LOCAL jit TO DEFAULT";

/// Where counts come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// What is kept of each bucket: what would have to be tried on rows is not looked at.
    Kept,
    /// The rows themselves, one by one, with every condition of the filter.
    Rows,
}

/// Rows of one import in one bucket: they stand together in the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BucketRows {
    pub import_id: i64,
    pub number: i32,
    pub bucket: i32,
    /// The number of rows.
    pub rows: i64,
}

/// The rows of a band, by bucket, greatest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BandCounts {
    pub band: i32,
    pub buckets: Vec<(i32, i64)>,
}

impl BandCounts {
    /// Those of the range, which lies in the band.
    pub fn within(self, (first, last): (i32, i32)) -> Vec<(i32, i64)> {
        let mut buckets = self.buckets;
        buckets.retain(|(bucket, _)| (first..=last).contains(bucket));
        buckets
    }
}

/// Which rows are read, and at which moment.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    pub moment: &'a Transaction<'a>,
    pub owner: Uuid,
    pub dataset: &'a Dataset,
    pub order: Order,
    pub filter: &'a Filter,
}

impl<'a> Asked<'a> {
    /// SQL: the column that rows `r` are sorted by.
    pub fn key(&self) -> String {
        let column = self
            .dataset
            .sorted_by
            .map(|it| &self.dataset.columns[it].name);
        format!("r.{}", column.map_or("record", String::as_str))
    }

    /// True if nothing has to be tried on rows.
    pub fn is_free(&self) -> bool {
        self.filter.is_free(self.dataset, self.order)
    }

    /// The same conditions on rows, and on what is kept of buckets.
    pub fn counts(&self, source: Source) -> Counts<'_> {
        Counts {
            asked: self,
            source,
        }
    }

    /// Adds what has to be tried on a row `r`.
    pub fn tried(&'a self, conditions: Conditions<'a>) -> Conditions<'a> {
        conditions.and_all(self.dataset, self.filter.tried(self.dataset, self.order))
    }
}

/// Counts of an owner's rows at one moment.
pub struct Counts<'a> {
    pub asked: &'a Asked<'a>,
    pub source: Source,
}

impl Counts<'_> {
    /// Rows in each band that has any, greatest first.
    pub async fn by_band(&self) -> Result<Vec<(i32, i64)>, Error> {
        let order = self.asked.order;
        let range = self.asked.filter.buckets(self.asked.dataset, order);
        let mut bands = BTreeMap::new();
        let mut add = |counted: Vec<(i32, i64)>| {
            for (bucket, rows) in counted {
                *bands.entry(order.band(bucket)).or_insert(0) += rows;
            }
        };
        if self.source == Source::Rows || self.asked.filter.import.is_some() {
            add(self.by_bucket(range).await?);
        } else {
            // Whole bands are kept added up; the buckets at both ends are added here.
            let parts = order.bands(range);
            for rest in parts.rest {
                add(self.by_bucket(rest).await?);
            }
            if let Some(whole) = parts.whole {
                bands.extend(self.kept_bands(whole).await?);
            }
        }
        Ok(bands.into_iter().rev().filter(|it| it.1 > 0).collect())
    }

    async fn kept_bands(&self, (first, last): (i32, i32)) -> Result<Vec<(i32, i64)>, Error> {
        let sql = "SELECT band, rows FROM owner_count \
             WHERE owner = $1 AND dataset = $2 AND band BETWEEN $3 AND $4";
        let asked = self.asked;
        let rows = asked
            .moment
            .query(sql, &[&asked.owner, &asked.dataset.name, &first, &last])
            .await?;
        rows.iter().map(pair).collect()
    }

    /// Rows of each bucket of the range that has any, greatest first.
    pub async fn by_bucket(&self, range: (i32, i32)) -> Result<Vec<(i32, i64)>, Error> {
        let rows = self.counted("", "1 DESC", self.within(range)).await?;
        rows.iter().map(pair).collect()
    }

    /// Rows of each bucket and import of the range, greatest and newest first.
    pub async fn by_bucket_and_import(&self, range: (i32, i32)) -> Result<Vec<BucketRows>, Error> {
        let key = ", i.number, i.id";
        let rows = self
            .counted(key, "1 DESC, 3 DESC", self.within(range))
            .await?;
        let read = |row: &Row| {
            Ok(BucketRows {
                bucket: row.try_get(0)?,
                rows: row.try_get(1)?,
                number: row.try_get(2)?,
                import_id: row.try_get(3)?,
            })
        };
        rows.iter().map(read).collect()
    }

    fn within(&self, (first, last): (i32, i32)) -> (i32, i32) {
        let (from, to) = self
            .asked
            .filter
            .buckets(self.asked.dataset, self.asked.order);
        (first.max(from), last.min(to))
    }

    async fn counted(
        &self,
        and_by: &str,
        order_by: &str,
        range: (i32, i32),
    ) -> Result<Vec<Row>, Error> {
        if range.0 > range.1 {
            return Ok(Vec::new());
        }
        match self.source {
            Source::Kept => self.kept(and_by, order_by, range).await,
            Source::Rows => self.by_rows(and_by, order_by, range).await,
        }
    }

    /// Days are kept as dates, other buckets by their numbers.
    async fn kept(
        &self,
        and_by: &str,
        order_by: &str,
        (first, last): (i32, i32),
    ) -> Result<Vec<Row>, Error> {
        let (table, column, zero) = match self.asked.order {
            Order::Dates => ("import_day", "r.day", "date '1970-01-01'"),
            _ => ("import_bucket", "r.bucket", "0"),
        };
        let Asked {
            owner,
            dataset,
            filter,
            ..
        } = self.asked;
        let conditions = Conditions::on_import(owner, dataset, filter)
            .and(&format!("{column} >= {zero} + ?::integer"), &first)
            .and(&format!("{column} <= {zero} + ?::integer"), &last);
        let sql = format!(
            "SELECT {column} - {zero}, sum(r.rows)::bigint{and_by} \
             FROM import i JOIN {table} r ON r.import_id = i.id WHERE {} \
             GROUP BY {column}{and_by} ORDER BY {order_by}",
            conditions.sql(),
        );
        Ok(self
            .asked
            .moment
            .query(&sql, conditions.parameters())
            .await?)
    }

    async fn by_rows(
        &self,
        and_by: &str,
        order_by: &str,
        (first, last): (i32, i32),
    ) -> Result<Vec<Row>, Error> {
        let Asked {
            owner,
            dataset,
            order,
            filter,
            ..
        } = self.asked;
        let key = self.asked.key();
        let parameter = KeyParameter::from;
        let ends = (
            parameter(order.keys(first).0),
            parameter(order.keys(last).1),
        );
        let conditions = Conditions::on_import(owner, dataset, filter)
            .and(&format!("{key} >= ?"), ends.0.as_sql())
            .and(&format!("{key} <= ?"), ends.1.as_sql());
        let conditions = self.asked.tried(conditions);
        let sql = format!(
            "SELECT {bucket}, count(*){and_by} FROM import i JOIN {table} r ON r.import_id = i.id \
             WHERE {conditions} GROUP BY 1{and_by} ORDER BY {order_by}",
            bucket = bucket(*order, &key),
            table = dataset.table,
            conditions = conditions.sql(),
        );
        Ok(self
            .asked
            .moment
            .query(&sql, conditions.parameters())
            .await?)
    }
}

fn pair(row: &Row) -> Result<(i32, i64), Error> {
    Ok((row.try_get(0)?, row.try_get(1)?))
}
