//! Counts the stored rows of an import once: the proof, and the counts that pages are found by,
//! come from one pass over its index.

use domain::dataset::Dataset;
use domain::import::Import;
use tokio_postgres::{GenericClient, Transaction};

use crate::Error;
use crate::rows::{MARK_EVERY, MARKED_ABOVE};

/// Stores the counts. Returns how many rows are in the table, and how many of them are no record of
/// the plan. A second run stores nothing: it will find the import completed.
pub async fn count_and_keep(
    client: &impl GenericClient,
    import: &Import,
    dataset: &Dataset,
    records: i64,
) -> Result<(i64, i64), Error> {
    let sql = match dataset.sorted_by {
        Some(day) => by_day(dataset, day),
        None => by_block(dataset),
    };
    let row = client.query_one(&sql, &[&import.id, &records]).await?;
    Ok((row.try_get(0)?, row.try_get(1)?))
}

const COUNTED: &str =
    "count(*) AS rows, count(*) FILTER (WHERE record NOT BETWEEN 1 AND $2) AS astray";

fn by_day(dataset: &Dataset, day: usize) -> String {
    let (table, day) = (&dataset.table, &dataset.columns[day].name);
    format!(
        "WITH days AS (SELECT {day} AS day, {COUNTED} FROM {table} \
             WHERE import_id = $1 GROUP BY {day}), \
         kept AS (INSERT INTO import_day (import_id, day, rows) \
             SELECT $1, day, rows FROM days ON CONFLICT DO NOTHING) \
         SELECT coalesce(sum(rows), 0)::bigint, coalesce(sum(astray), 0)::bigint FROM days"
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
             ON CONFLICT DO NOTHING) \
         SELECT coalesce(sum(rows), 0)::bigint, coalesce(sum(astray), 0)::bigint FROM blocks",
        dataset.table
    )
}

/// Marks every 1,024th row of the days that have more than 2,048: one more pass, over those days
/// alone.
pub async fn mark(
    transaction: &Transaction<'_>,
    import: &Import,
    dataset: &Dataset,
) -> Result<(), Error> {
    let Some(day) = dataset.sorted_by else {
        return Ok(());
    };
    let (table, day) = (&dataset.table, &dataset.columns[day].name);
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
