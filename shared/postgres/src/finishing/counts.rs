//! Counts the stored rows of an import once: the proof, and the counts that pages are found by,
//! come from one pass over its index.

use domain::dataset::Dataset;
use domain::import::Import;
use domain::order::Order;
use tokio_postgres::types::ToSql;
use tokio_postgres::{GenericClient, Row, Transaction};

use crate::Error;
use crate::rows::{Keys, MARK_EVERY, MARKED_ABOVE, bucket};

/// Stores the counts. Returns how many rows are in the table, and how many of them are no record of
/// the plan. A second run stores nothing: it will find the import completed. Counts are stored in
/// their order: a page reads those of a month of each import, and finds them side by side.
pub async fn count_and_keep(
    client: &impl GenericClient,
    import: &Import,
    dataset: &Dataset,
    records: i64,
) -> Result<(i64, i64), Error> {
    let sql = match dataset.order() {
        Some(Order::Dates) => by_day(dataset),
        Some(order) => by_bucket(dataset, order),
        None => by_block(dataset),
    };
    let row = client.query_one(&sql, &[&import.id, &records]).await?;
    Ok((row.try_get(0)?, row.try_get(1)?))
}

const COUNTED: &str =
    "count(*) AS rows, count(*) FILTER (WHERE record NOT BETWEEN 1 AND $2) AS astray";

/// The column that rows are sorted by.
fn key(dataset: &Dataset) -> &str {
    dataset.key()[0]
}

fn by_day(dataset: &Dataset) -> String {
    let (table, day) = (&dataset.table, key(dataset));
    format!(
        "WITH days AS (SELECT {day} AS day, {COUNTED} FROM {table} \
             WHERE import_id = $1 GROUP BY {day}), \
         kept AS (INSERT INTO import_day (import_id, day, rows) \
             SELECT $1, day, rows FROM days ORDER BY day ON CONFLICT DO NOTHING) \
         SELECT coalesce(sum(rows), 0)::bigint, coalesce(sum(astray), 0)::bigint FROM days"
    )
}

fn by_bucket(dataset: &Dataset, order: Order) -> String {
    let bucket = bucket(order, key(dataset));
    let band = match order {
        Order::Integers { .. } => format!("bucket / {}", order.buckets(0).1 + 1),
        _ => "extract(year FROM date '1970-01-01' + bucket)::integer * 12 \
              + extract(month FROM date '1970-01-01' + bucket)::integer - 1"
            .to_owned(),
    };
    format!(
        "WITH buckets AS (SELECT {bucket} AS bucket, {COUNTED} FROM {table} \
             WHERE import_id = $1 GROUP BY 1), \
         kept AS (INSERT INTO import_bucket (import_id, bucket, band, rows) \
             SELECT $1, bucket, {band}, rows FROM buckets ORDER BY bucket \
             ON CONFLICT DO NOTHING) \
         SELECT coalesce(sum(rows), 0)::bigint, coalesce(sum(astray), 0)::bigint FROM buckets",
        table = dataset.table
    )
}

/// A block has an entry of its own unless it directly follows a full block.
fn by_block(dataset: &Dataset) -> String {
    format!(
        "WITH blocks AS (SELECT (record - 1) / {MARK_EVERY} AS block, {COUNTED} FROM {} \
             WHERE import_id = $1 GROUP BY 1), \
         placed AS (SELECT block, (sum(rows) OVER w)::bigint - rows AS above, \
                 lag(block) OVER w AS previous, lag(rows) OVER w AS previous_rows \
             FROM blocks WINDOW w AS (ORDER BY block)), \
         kept AS (INSERT INTO import_block (import_id, above, block) \
             SELECT $1, above, block FROM placed \
             WHERE previous IS DISTINCT FROM block - 1 OR previous_rows < {MARK_EVERY} \
             ORDER BY block \
             ON CONFLICT DO NOTHING) \
         SELECT coalesce(sum(rows), 0)::bigint, coalesce(sum(astray), 0)::bigint FROM blocks",
        dataset.table
    )
}

/// Marks every 1,024th row of the buckets that have more than 2,048: one more pass, over those
/// buckets alone.
pub async fn mark(
    transaction: &Transaction<'_>,
    import: &Import,
    dataset: &Dataset,
) -> Result<(), Error> {
    match dataset.order() {
        None => Ok(()),
        Some(Order::Dates) => mark_days(transaction, import, dataset).await,
        Some(order) => mark_buckets(transaction, import, dataset, order).await,
    }
}

async fn mark_days(
    transaction: &Transaction<'_>,
    import: &Import,
    dataset: &Dataset,
) -> Result<(), Error> {
    let (table, day) = (&dataset.table, key(dataset));
    let sql = format!(
        "INSERT INTO import_day_mark (import_id, day, above, record) \
         SELECT $1, d.day, placed.above, placed.record FROM import_day d CROSS JOIN LATERAL ( \
             SELECT record, row_number() OVER (ORDER BY record DESC) - 1 AS above \
             FROM {table} WHERE import_id = $1 AND {day} = d.day) AS placed \
         WHERE d.import_id = $1 AND d.rows > {MARKED_ABOVE} AND placed.above % {MARK_EVERY} = 0 \
         ON CONFLICT DO NOTHING"
    );
    transaction.execute(&sql, &[&import.id]).await?;
    Ok(())
}

async fn mark_buckets(
    transaction: &Transaction<'_>,
    import: &Import,
    dataset: &Dataset,
    order: Order,
) -> Result<(), Error> {
    let many = "SELECT bucket FROM import_bucket WHERE import_id = $1 AND rows > $2 ORDER BY 1";
    let rows = transaction
        .query(many, &[&import.id, &MARKED_ABOVE])
        .await?;
    let number = |row: &Row| row.try_get(0);
    let buckets: Vec<i32> = rows.iter().map(number).collect::<Result<_, _>>()?;
    if buckets.is_empty() {
        return Ok(());
    }
    let low = Keys::new(order, buckets.iter().map(|it| order.keys(*it).0));
    let high = Keys::new(order, buckets.iter().map(|it| order.keys(*it).1));
    let parameters: [&(dyn ToSql + Sync); 4] = [&import.id, &buckets, low.as_sql(), high.as_sql()];
    transaction
        .execute(&marked_buckets(dataset, order), &parameters)
        .await?;
    Ok(())
}

fn marked_buckets(dataset: &Dataset, order: Order) -> String {
    let (table, key, key_type) = (&dataset.table, key(dataset), crate::rows::sql_type(order));
    let number = match order {
        Order::Integers { .. } => "placed.key",
        _ => "(extract(epoch FROM placed.key) * 1000000)::bigint",
    };
    format!(
        "INSERT INTO import_bucket_mark (import_id, bucket, above, key, record) \
         SELECT $1, b.bucket, placed.above, {number}, placed.record \
         FROM unnest($2::integer[], $3::{key_type}[], $4::{key_type}[]) AS b (bucket, low, high) \
         CROSS JOIN LATERAL (SELECT {key} AS key, record, \
                 row_number() OVER (ORDER BY {key} DESC, record DESC) - 1 AS above \
             FROM {table} WHERE import_id = $1 AND {key} BETWEEN b.low AND b.high) AS placed \
         WHERE placed.above % {MARK_EVERY} = 0 ON CONFLICT DO NOTHING"
    )
}
