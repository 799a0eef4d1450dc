//! The compensating delete: bounded slices, any number of times, anywhere, at any time.

use domain::dataset::Dataset;
use domain::import::{Goal, Import};
use tokio_postgres::Client;

use crate::Error;
use crate::import_row::{COLUMNS, read_optional};

/// Records whose rows go in one statement: a lock and a WAL burst of about a tenth of a second.
pub const SLICE: i64 = 20_000;

/// SQL list of the states in which a rollback is under way or asked for.
const TAKING_BACK: &str = "('rolling_back', 'cancelling', 'deleting', 'rollback_failed')";

/// The first and the last record that have a row; none when nothing is left.
pub async fn records_left(
    client: &Client,
    import: &Import,
    dataset: &Dataset,
) -> Result<Option<(i64, i64)>, Error> {
    let sql = format!(
        "SELECT min(record), max(record) FROM {} WHERE import_id = $1",
        dataset.table
    );
    let row = client.query_one(&sql, &[&import.id]).await?;
    Ok(Option::zip(row.get(0), row.get(1)))
}

/// Deletes the rows of [`SLICE`] records from `first_record` on and counts them in the import.
pub async fn delete_slice(
    client: &Client,
    import: &Import,
    dataset: &Dataset,
    first_record: i64,
) -> Result<(), Error> {
    let sql = format!(
        "WITH gone AS (DELETE FROM {} WHERE import_id = $1 AND record >= $2 AND record < $3 RETURNING 1) \
         UPDATE import SET rows_deleted = coalesce(rows_deleted, 0) + (SELECT count(*) FROM gone), \
             progressed_at = now() WHERE id = $1",
        dataset.table
    );
    let behind = first_record + SLICE;
    client
        .execute(&sql, &[&import.id, &first_record, &behind])
        .await?;
    Ok(())
}

/// Deletes some row errors of an import that is to be deleted; false when none was left.
pub async fn forget_errors(client: &Client, import: &Import) -> Result<bool, Error> {
    let deleted = client
        .execute(
            "DELETE FROM row_error WHERE import_id = $1 AND (record, ordinal) IN \
             (SELECT record, ordinal FROM row_error WHERE import_id = $1 LIMIT $2)",
            &[&import.id, &SLICE],
        )
        .await?;
    Ok(deleted > 0)
}

/// Deletes the plan of an import that is to be deleted. A chunk whose worker still holds it is
/// passed over: it can commit nothing, and its row says nothing any more.
pub async fn forget_plan(client: &Client, import: &Import) -> Result<(), Error> {
    client
        .execute(
            "DELETE FROM import_chunk WHERE import_id = $1 AND number IN (SELECT number \
             FROM import_chunk WHERE import_id = $1 FOR UPDATE SKIP LOCKED)",
            &[&import.id],
        )
        .await?;
    Ok(())
}

/// Counts what remains, records it as the proof, and ends in the goal the rollback worked for if
/// nothing does. None: rows are left, the goal has been raised meanwhile, or another rollback was
/// first; the caller looks again.
pub async fn end(
    client: &Client,
    import: &Import,
    dataset: &Dataset,
    goal: Goal,
) -> Result<Option<Import>, Error> {
    let sql = format!(
        "WITH counted AS (SELECT count(*) AS remaining FROM {} WHERE import_id = $1) \
         UPDATE import SET state = $3, rows_deleted = coalesce(rows_deleted, 0), \
             rows_remaining = counted.remaining, finished_at = now(), progressed_at = now(), \
             task_token = NULL \
         FROM counted WHERE id = $1 AND goal = $2 AND counted.remaining = 0 \
         AND state IN {TAKING_BACK} RETURNING {COLUMNS}",
        dataset.table
    );
    let row = client
        .query_opt(&sql, &[&import.id, &goal.as_str(), &goal.end().as_str()])
        .await?;
    read_optional(row)
}

/// The rollback's execution came to nothing: says so, and makes room for another run.
pub async fn mark_failed(client: &Client, import: &Import) -> Result<Option<Import>, Error> {
    let sql = format!(
        "UPDATE import SET state = 'rollback_failed', run = run + 1, progressed_at = now() \
         WHERE id = $1 AND run = $2 \
         AND state IN {TAKING_BACK} RETURNING {COLUMNS}"
    );
    read_optional(client.query_opt(&sql, &[&import.id, &import.run]).await?)
}
