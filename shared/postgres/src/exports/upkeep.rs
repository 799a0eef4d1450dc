use domain::export::{Export, Goal, State};
use domain::import::Import;
use domain::limits::SWEPT_AFTER;
use domain::reason::Reason;
use tokio_postgres::Client;
use uuid::Uuid;

use super::UNCHANGED;
use super::export_row::{COLUMNS, read, read_optional};
use crate::Error;
use crate::faults::note_export;
use crate::import_row::reason_json;
use crate::sql::of_export::{COMPLETED, EXPORTING, NEEDS_CONFIRMATION};
use crate::sql::{self, Interval, Sql, Towards};
use crate::upkeep::BY_TURNS;

/// At its end, with nothing left to do. As the indexes of what is looked through have it.
const ENDED: Sql = Sql(|f| write!(f, "state IN {}", sql::exports(State::is_end)));

/// The most exports that are looked at in one pass; the others follow a minute later.
const AT_MOST: i64 = 200;

/// The most ended exports that are swept in one pass: two requests to S3 for each.
const UNSWEPT_AT_MOST: i64 = 50;

/// Exports that may need a step, by turns of their owners, those without progress for the longest time
/// first.
pub async fn unfinished(client: &Client) -> Result<Vec<Uuid>, Error> {
    let sql = format!(
        "SELECT uid FROM export WHERE NOT {ENDED} \
             AND (state <> {NEEDS_CONFIRMATION} OR confirm_expires_at <= now()) \
             AND (state <> {COMPLETED} OR expires_at <= now() OR NOT {UNCHANGED}) \
             {BY_TURNS} LIMIT $1"
    );
    let rows = client.query(&sql, &[&AT_MOST]).await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// Completed exports that hold rows of this import.
pub async fn files_with(client: &Client, import: &Import) -> Result<Vec<Uuid>, Error> {
    let sql = format!(
        "SELECT uid FROM export WHERE owner = $1 AND state = {COMPLETED} \
         AND imports @> ARRAY[$2::bigint]"
    );
    let rows = client.query(&sql, &[&import.owner, &import.id]).await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// Completed exports of a declared dataset.
pub async fn files_of(client: &Client, dataset: i64) -> Result<Vec<Uuid>, Error> {
    let sql = format!("SELECT uid FROM export WHERE dataset_id = $1 AND state = {COMPLETED}");
    let rows = client.query(&sql, &[&dataset]).await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// Begins the removal of an export whose time is over, if its state is still what was read. With a
/// reason if this comes early.
pub async fn expire(
    client: &Client,
    export: &Export,
    reason: Option<&Reason>,
) -> Result<Option<Export>, Error> {
    let expired = Towards(Goal::Expired);
    let may_expire = sql::exports(State::may_expire);
    let sql = format!(
        "UPDATE export SET {expired}, error = $3, progressed_at = now() \
         WHERE id = $1 AND state = $2 AND state IN {may_expire} RETURNING {COLUMNS}"
    );
    let row = client
        .query_opt(
            &sql,
            &[&export.id, &export.state.as_str(), &reason.map(reason_json)],
        )
        .await?;
    read_optional(row)
}

/// Fails an export because of what was read of it. Does nothing if anything has happened to it
/// since.
pub async fn fail(
    client: &Client,
    export: &Export,
    reason: &Reason,
) -> Result<Option<Export>, Error> {
    let failed = Towards(Goal::Failed);
    let sql = format!(
        "UPDATE export SET {failed}, error = $2, progressed_at = now() \
         WHERE id = $1 AND state = {EXPORTING} AND run = $3 AND parts_done = $4 \
         RETURNING {COLUMNS}"
    );
    let row = client
        .query_opt(
            &sql,
            &[
                &export.id,
                &reason_json(reason),
                &export.run,
                &export.parts_done,
            ],
        )
        .await?;
    Ok(note_export(read_optional(row)?, reason))
}

/// Decides, once per `run`, that an execution is to be started again.
pub async fn raise_run(client: &Client, export: &Export) -> Result<Option<Export>, Error> {
    let sql = format!(
        "UPDATE export SET run = run + 1, progressed_at = now() \
         WHERE id = $1 AND run = $2 AND state = {EXPORTING} RETURNING {COLUMNS}"
    );
    read_optional(client.query_opt(&sql, &[&export.id, &export.run]).await?)
}

/// Notes that the execution was checked and runs, so that it is not checked again soon.
pub async fn mark_checked(client: &Client, export: &Export) -> Result<(), Error> {
    client
        .execute(
            "UPDATE export SET progressed_at = now() WHERE id = $1",
            &[&export.id],
        )
        .await?;
    Ok(())
}

/// Nothing of the object is left: deletes the receipts and ends the export in this goal. `None`:
/// its goal has changed meanwhile, or another call was first.
pub async fn end_removal(
    client: &Client,
    export: &Export,
    goal: Goal,
) -> Result<Option<Export>, Error> {
    let removing = sql::exports(State::is_removing);
    let sql = format!(
        "WITH receipts AS (DELETE FROM export_part WHERE export_id = $1) \
         UPDATE export SET state = $3, upload_id = NULL, progressed_at = now(), \
             finished_at = coalesce(finished_at, now()) \
         WHERE id = $1 AND goal = $2 AND state IN {removing} RETURNING {COLUMNS}"
    );
    let row = client
        .query_opt(&sql, &[&export.id, &goal.as_str(), &goal.end().as_str()])
        .await?;
    read_optional(row)
}

/// Exports that ended [`SWEPT_AFTER`] ago, when no writer of theirs can be at work any more, and
/// that nobody has looked at since.
pub async fn unswept(client: &Client) -> Result<Vec<Export>, Error> {
    let long_ago = Interval(SWEPT_AFTER);
    let sql = format!(
        "SELECT {COLUMNS} FROM export \
         WHERE {ENDED} AND swept_at IS NULL \
         AND progressed_at < now() - {long_ago} ORDER BY progressed_at LIMIT $1"
    );
    let rows = client.query(&sql, &[&UNSWEPT_AT_MOST]).await?;
    rows.iter().map(read).collect()
}

/// Notes that nothing of the ended export is left.
pub async fn mark_swept(client: &Client, export: &Export) -> Result<(), Error> {
    let sql = "UPDATE export SET swept_at = now() WHERE id = $1";
    client.execute(sql, &[&export.id]).await?;
    Ok(())
}
