//! An owner's rows added up by month and by the values of a few columns, for the summary. An
//! import's rows go in after it is completed and out before the first of them is deleted; in
//! between, readers make up for the difference: infra/adr/0010.

use std::fmt::Write as _;

use domain::catalog;
use domain::dataset::{Dataset, Sums};
use domain::limits::{LEFT_OUT_OF_SUMS_AFTER, LEFT_OUT_TRIED_EVERY};
use tokio_postgres::{Client, Transaction};
use uuid::Uuid;

use crate::Error;
use crate::sql::of_import::COMPLETED;
use crate::sql::{Interval, Sql, Word};

/// An import with more sums than this keeps none: a column is as good as unique, and its sums would
/// not be shorter than its rows.
const SUMS_AT_MOST: i64 = 100_000;

/// The most tries for one import: one with too many sums is read to its end each time.
const TRIES_AT_MOST: i16 = 3;

/// The columns of `owner_sum` for what is added up, in the order of the dataset's [`Sums`].
pub(crate) const SUMMED: [&str; 4] = ["units", "revenue", "cost", "profit"];

/// The sums that are kept in `owner_sum`, of a dataset that has its place there.
pub(crate) fn kept(dataset: &Dataset) -> Option<&Sums> {
    let sums = dataset.sums.as_ref()?;
    (dataset.id.is_none() && sums.of.len() == SUMMED.len()).then_some(sums)
}

/// SQL: the import is of a dataset whose sums are kept. As words, for the index on them.
const IS_SUMMED: Sql = Sql(|f| {
    let mut separator = "dataset IN (";
    for dataset in catalog::all().into_iter().filter(|it| kept(it).is_some()) {
        write!(f, "{separator}{}", Word(&dataset.name))?;
        separator = ", ";
    }
    f.write_str(")")
});

/// Memory for the sums while they are made: with less they are sorted on disk.
const WORK_MEMORY: &str = "SET LOCAL work_mem = '64MB'";

/// Adds the import's rows to its owner's sums, unless they are in them; the import must be a
/// completed one of a dataset whose sums are kept. One transaction, the lock on the import last.
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
             WHERE {IS_SUMMED} AND state = {COMPLETED} AND NOT summed \
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
            Change::Add => format!("{IS_SUMMED} AND state = {COMPLETED} AND NOT summed"),
            Change::Remove => format!("state <> {COMPLETED} AND summed"),
        }
    }
}

async fn move_rows(client: &mut Client, uid: Uuid, change: Change) -> Result<(), Error> {
    let transaction = client.transaction().await?;
    let asked = format!(
        "SELECT id, owner, dataset FROM import WHERE uid = $1 AND {}",
        change.condition()
    );
    let Some(import) = transaction.query_opt(&asked, &[&uid]).await? else {
        return Ok(transaction.rollback().await?);
    };
    let (id, owner): (i64, Uuid) = (import.try_get(0)?, import.try_get(1)?);
    let dataset = catalog::known(import.try_get(2)?);
    let dataset = dataset.map_err(|error| Error::Stored(error.to_string()))?;
    let Some(moved) = moved(&dataset, change) else {
        return Ok(transaction.rollback().await?);
    };
    transaction.batch_execute(WORK_MEMORY).await?;
    let sums: i64 = transaction
        .query_one(&moved, &[&id, &owner])
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

/// Every transaction that changes sums locks them in the order of their key. `None`: no sums of the
/// dataset are kept.
fn moved(dataset: &Dataset, change: Change) -> Option<String> {
    let (sums, order) = (kept(dataset)?, dataset.sorted_by?);
    let name = |column: usize| dataset.columns[column].name.as_str();
    let by: Vec<&str> = sums.by.iter().map(|it| name(*it)).collect();
    let of: Vec<&str> = sums.of.iter().map(|it| name(*it)).collect();
    // Columns are taken two by two: those of a pair are read in one pass.
    let read = by
        .chunks(2)
        .map(|it| read_pair(&dataset.table, name(order), it, &of));
    let added = by
        .chunks(2)
        .flat_map(|pair| pair.iter().map(|it| by_one(it, pair[0])));
    let (read, added): (Vec<_>, Vec<_>) = (read.collect(), added.collect());
    let columns = SUMMED.join(", ");
    let sign = change.sign();
    let (mut moved, mut set) = (
        format!("{sign}rows"),
        "rows = kept.rows + excluded.rows".to_owned(),
    );
    for column in SUMMED {
        let _ = write!(moved, ", {sign}{column}");
        let _ = write!(set, ", {column} = kept.{column} + excluded.{column}");
    }
    Some(format!(
        "WITH {read}, sums AS MATERIALIZED ({added}), \
         moved AS (INSERT INTO owner_sum AS kept (owner, by, month, value, rows, {columns}) \
             SELECT $2, by, month, value, {moved} \
             FROM sums WHERE (SELECT count(*) FROM sums) <= {SUMS_AT_MOST} ORDER BY by, month, value \
             ON CONFLICT (owner, by, month, value) DO UPDATE SET {set}) \
         SELECT count(*) FROM sums",
        read = read.join(", "),
        added = added.join(" UNION ALL "),
    ))
}

/// One pass over the rows for one or two columns.
fn read_pair(table: &str, day: &str, pair: &[&str], of: &[&str]) -> String {
    let sums: String = of
        .iter()
        .zip(SUMMED)
        .map(|(column, summed)| format!(", sum({column}) AS {summed}"))
        .collect();
    let columns = pair.join(", ");
    format!(
        "by_{} AS MATERIALIZED (SELECT date_trunc('month', {day}::timestamp)::date AS month, \
             {columns}, count(*) AS rows{sums} \
         FROM {table} WHERE import_id = $1 GROUP BY month, {columns})",
        pair[0]
    )
}

fn by_one(column: &str, first_of_pair: &str) -> String {
    let sums: String = SUMMED
        .iter()
        .map(|it| format!(", sum({it}) AS {it}"))
        .collect();
    format!(
        "SELECT '{column}' AS by, month, {column} AS value, sum(rows)::bigint AS rows{sums} \
         FROM by_{first_of_pair} GROUP BY month, {column}"
    )
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
