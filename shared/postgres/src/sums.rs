//! Rows added up by month and by the values of a few columns, for the summary: an owner's sales
//! records, and those of each declared dataset that says so. An import's rows go in after it is
//! completed and out before the first of them is deleted; in between, readers make up for the
//! difference: infra/adr/0010.

mod built_in;
mod declared;

use domain::catalog;
use domain::dataset::{Dataset, Sums};
use domain::limits::{LEFT_OUT_OF_SUMS_AFTER, LEFT_OUT_TRIED_EVERY};
use tokio_postgres::{Client, Transaction};
use uuid::Uuid;

use crate::Error;
use crate::sql::of_import::COMPLETED;
use crate::sql::{Interval, Sql, Word};

pub(crate) use built_in::SUMMED;
pub(crate) use declared::{begin_anew, forget_before, since};

/// An import with more sums than this keeps none: a column is as good as unique, and its sums would
/// not be shorter than its rows.
const SUMS_AT_MOST: i64 = 100_000;

/// The most tries for one import: one with too many sums is read to its end each time.
const TRIES_AT_MOST: i16 = 3;

/// The sums that are kept of a dataset: in `dataset_sum` if it is declared, else in `owner_sum`, if it
/// has its place there.
pub(crate) fn kept(dataset: &Dataset) -> Option<&Sums> {
    let sums = dataset.sums.as_ref()?;
    (dataset.id.is_some() || sums.of.len() == SUMMED.len()).then_some(sums)
}

/// SQL: the import is of a dataset whose sums are kept. As words, for the index on them.
const IS_SUMMED: Sql = Sql(|f| {
    let mut separator = "(dataset IN (";
    for dataset in catalog::all().into_iter().filter(|it| kept(it).is_some()) {
        write!(f, "{separator}{}", Word(&dataset.name))?;
        separator = ", ";
    }
    f.write_str(") OR keeps_sums)")
});

/// Memory for the sums while they are made: with less they are sorted on disk.
const WORK_MEMORY: &str = "SET LOCAL work_mem = '64MB'";

/// Adds the import's rows to the sums of its dataset, unless they are in them; the import must be a
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
         RETURNING uid, dataset_id"
    );
    let Some(import) = client.query_opt(&sql, &[]).await? else {
        return Ok(None);
    };
    let uid = import.try_get(0)?;
    add(client, uid).await?;
    if let Some(dataset) = import.try_get(1)? {
        forget_before(client, dataset).await?;
    }
    Ok(Some(uid))
}

/// Takes the import's rows out of the sums if they are in them. All of them must still be stored,
/// and must no longer be visible.
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

/// The import whose rows are moved.
struct Moved<'a> {
    transaction: &'a Transaction<'a>,
    id: i64,
    change: Change,
}

impl Moved<'_> {
    /// False if another transaction was faster, or the import's state has changed. `since` tells the
    /// sums that the import is in from now on, if its dataset is declared.
    async fn turn(&self, since: Option<i32>) -> Result<bool, Error> {
        let sql = format!(
            "UPDATE import SET summed = NOT summed, sums_since = $2 WHERE id = $1 AND {}",
            self.change.condition()
        );
        let turned = self.transaction.execute(&sql, &[&self.id, &since]).await?;
        Ok(turned == 1)
    }
}

async fn move_rows(client: &mut Client, uid: Uuid, change: Change) -> Result<(), Error> {
    let transaction = client.transaction().await?;
    let asked = format!(
        "SELECT id, owner, dataset, dataset_id, sums_since FROM import WHERE uid = $1 AND {}",
        change.condition()
    );
    let Some(import) = transaction.query_opt(&asked, &[&uid]).await? else {
        return Ok(transaction.rollback().await?);
    };
    transaction.batch_execute(WORK_MEMORY).await?;
    let moved = Moved {
        transaction: &transaction,
        id: import.try_get(0)?,
        change,
    };
    let done = match import.try_get(3)? {
        Some(dataset) => declared::move_rows(&moved, dataset, import.try_get(4)?).await?,
        None => built_in::move_rows(&moved, import.try_get(1)?, import.try_get(2)?).await?,
    };
    match done {
        true => Ok(transaction.commit().await?),
        false => Ok(transaction.rollback().await?),
    }
}
