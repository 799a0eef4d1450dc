//! An owner's rows added up by month and by the values of a few columns, for the summary. An
//! import's rows go in after it is completed and out before the first of them is deleted; in
//! between, readers make up for the difference: infra/adr/0010.

use domain::limits::{LEFT_OUT_OF_SUMS_AFTER, LEFT_OUT_TRIED_EVERY};
use tokio_postgres::{Client, Transaction};
use uuid::Uuid;

use crate::Error;
use crate::sql::Interval;
use crate::sql::of_import::COMPLETED;

/// Columns that the summary can group by. The two of a pair are read in one pass.
const PAIRS: [[&str; 2]; 2] = [["region", "country"], ["item_type", "sales_channel"]];

/// An import with more sums than this keeps none: a column is as good as unique, and its sums would
/// not be shorter than its rows.
const SUMS_AT_MOST: i64 = 100_000;

/// The most tries for one import: one with too many sums is read to its end each time.
const TRIES_AT_MOST: i16 = 3;

/// Memory for the sums while they are made: with less they are sorted on disk.
const WORK_MEMORY: &str = "SET LOCAL work_mem = '64MB'";

/// Adds the import's rows to its owner's sums, unless they are in them; the import must be a
/// completed baseline. One transaction, the lock on the import last.
pub async fn add(client: &mut Client, uid: Uuid) -> Result<(), Error> {
    move_rows(client, uid, Change::Add).await
}

/// Adds one import that was left out, if there is one and it is time, and returns its uid. However
/// this ends, it counts as one of the import's tries.
pub async fn add_left_out(client: &mut Client) -> Result<Option<Uuid>, Error> {
    let (long_ago, lately) = (
        Interval(LEFT_OUT_OF_SUMS_AFTER),
        Interval(LEFT_OUT_TRIED_EVERY),
    );
    let sql = format!(
        "UPDATE import SET sum_tries = sum_tries + 1, sum_tried_at = now() \
         WHERE id = (SELECT id FROM import \
             WHERE dataset = 'baseline' AND state = {COMPLETED} AND NOT summed \
                 AND sum_tries < {TRIES_AT_MOST} \
                 AND greatest(finished_at, sum_tried_at) < now() - {long_ago} \
             ORDER BY sum_tries, finished_at LIMIT 1 FOR UPDATE SKIP LOCKED) \
         AND NOT EXISTS (SELECT FROM import WHERE sum_tried_at > now() - {lately}) \
         RETURNING uid"
    );
    let Some(import) = client.query_opt(&sql, &[]).await? else {
        return Ok(None);
    };
    let uid = import.try_get(0)?;
    add(client, uid).await?;
    Ok(Some(uid))
}

/// Takes the import's rows out of its owner's sums if they are in them. All of them must still be
/// stored, and must no longer be visible.
pub async fn take_out(client: &mut Client, uid: Uuid) -> Result<(), Error> {
    move_rows(client, uid, Change::Remove).await
}

#[derive(Clone, Copy)]
enum Change {
    Add,
    Remove,
}

impl Change {
    fn sign(self) -> &'static str {
        match self {
            Change::Add => "",
            Change::Remove => "-",
        }
    }

    /// SQL: what must be true of the import, before and at the end.
    fn condition(self) -> String {
        match self {
            Change::Add => format!("dataset = 'baseline' AND state = {COMPLETED} AND NOT summed"),
            Change::Remove => format!("state <> {COMPLETED} AND summed"),
        }
    }
}

async fn move_rows(client: &mut Client, uid: Uuid, change: Change) -> Result<(), Error> {
    let transaction = client.transaction().await?;
    let asked = format!(
        "SELECT id, owner FROM import WHERE uid = $1 AND {}",
        change.condition()
    );
    let Some(import) = transaction.query_opt(&asked, &[&uid]).await? else {
        return Ok(transaction.rollback().await?);
    };
    let (id, owner): (i64, Uuid) = (import.try_get(0)?, import.try_get(1)?);
    transaction.batch_execute(WORK_MEMORY).await?;
    let sums: i64 = transaction
        .query_one(&moved(change), &[&id, &owner])
        .await?
        .try_get(0)?;
    forget_empty(&transaction, owner, change).await?;
    let turned = format!(
        "UPDATE import SET summed = NOT summed WHERE id = $1 AND {}",
        change.condition()
    );
    let was_so = transaction.execute(&turned, &[&id]).await? == 1;
    // Otherwise another transaction was faster, or the import's state has changed.
    if was_so && sums <= SUMS_AT_MOST {
        Ok(transaction.commit().await?)
    } else {
        Ok(transaction.rollback().await?)
    }
}

/// Every transaction that changes sums locks them in the order of their key.
fn moved(change: Change) -> String {
    let sign = change.sign();
    let [read, added] = [PAIRS.map(read_pair), PAIRS.map(by_each)].map(|it| it.join(""));
    let read = read.trim_end_matches(", ");
    let added = added.trim_end_matches("UNION ALL ");
    format!(
        "WITH {read}, sums AS MATERIALIZED ({added}), \
         moved AS (INSERT INTO owner_sum AS kept \
             (owner, by, month, value, rows, units, revenue, cost, profit) \
             SELECT $2, by, month, value, {sign}rows, {sign}units, {sign}revenue, {sign}cost, {sign}profit \
             FROM sums WHERE (SELECT count(*) FROM sums) <= {SUMS_AT_MOST} ORDER BY by, month, value \
             ON CONFLICT (owner, by, month, value) DO UPDATE SET rows = kept.rows + excluded.rows, \
                 units = kept.units + excluded.units, revenue = kept.revenue + excluded.revenue, \
                 cost = kept.cost + excluded.cost, profit = kept.profit + excluded.profit) \
         SELECT count(*) FROM sums"
    )
}

/// One pass over the rows for two columns.
fn read_pair([one, other]: [&str; 2]) -> String {
    format!(
        "by_{one} AS MATERIALIZED (SELECT date_trunc('month', order_date::timestamp)::date AS month, \
             {one}, {other}, count(*) AS rows, sum(units_sold) AS units, \
             sum(total_revenue) AS revenue, sum(total_cost) AS cost, sum(total_profit) AS profit \
         FROM sales_record WHERE import_id = $1 GROUP BY 1, 2, 3), "
    )
}

fn by_each([one, other]: [&str; 2]) -> String {
    let by = |column: &str| {
        format!(
            "SELECT '{column}' AS by, month, {column} AS value, sum(rows)::bigint AS rows, \
                 sum(units) AS units, sum(revenue) AS revenue, sum(cost) AS cost, \
                 sum(profit) AS profit \
             FROM by_{one} GROUP BY month, {column} UNION ALL "
        )
    };
    by(one) + &by(other)
}

async fn forget_empty(
    transaction: &Transaction<'_>,
    owner: Uuid,
    change: Change,
) -> Result<(), Error> {
    if let Change::Remove = change {
        let sql = "DELETE FROM owner_sum WHERE owner = $1 AND rows = 0";
        transaction.execute(sql, &[&owner]).await?;
    }
    Ok(())
}
