use domain::export::{Export, Goal};
use domain::reason::Reason;
use tokio_postgres::Client;
use uuid::Uuid;

use super::UNCHANGED;
use super::export_row::{COLUMNS, read, read_optional};
use crate::Error;
use crate::import_row::reason_json;

/// SQL: at its end, with nothing left to do. As the indexes of what is looked through have it.
const ENDED: &str = "state IN ('cancelled', 'failed', 'expired', 'deleted')";

/// Exports looked at in one pass; the rest has its turn a minute later.
const AT_MOST: i64 = 200;

/// Ended exports that are looked at once more in one pass: two requests each to S3.
const UNSWEPT_AT_MOST: i64 = 50;

/// Exports that may ask for something, the longest silent first.
pub async fn unfinished(client: &Client) -> Result<Vec<Uuid>, Error> {
    let sql = format!(
        "SELECT uid FROM export WHERE NOT {ENDED} \
             AND (state <> 'needs_confirmation' OR confirm_expires_at <= now()) \
             AND (state <> 'completed' OR expires_at <= now() OR NOT {UNCHANGED}) \
             ORDER BY progressed_at LIMIT $1"
    );
    let rows = client.query(&sql, &[&AT_MOST]).await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// Its time is over, if it still is what was read; for the reason, if that came early.
pub async fn expire(
    client: &Client,
    export: &Export,
    reason: Option<&Reason>,
) -> Result<Option<Export>, Error> {
    let sql = format!(
        "UPDATE export SET state = 'expiring', goal = 'expired', error = $3, progressed_at = now() \
         WHERE id = $1 AND state = $2 AND state IN ('needs_confirmation', 'completed') \
         RETURNING {COLUMNS}"
    );
    let row = client
        .query_opt(
            &sql,
            &[&export.id, &export.state.as_str(), &reason.map(reason_json)],
        )
        .await?;
    read_optional(row)
}

/// Fails an export for what was read of it: nothing, if anything has happened to it since.
pub async fn fail(
    client: &Client,
    export: &Export,
    reason: &Reason,
) -> Result<Option<Export>, Error> {
    let sql = format!(
        "UPDATE export SET state = 'failing', goal = 'failed', error = $2, progressed_at = now() \
         WHERE id = $1 AND state = 'exporting' AND run = $3 AND parts_done = $4 \
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
    read_optional(row)
}

/// Decides, once per `run`, that an execution is to be started again.
pub async fn raise_run(client: &Client, export: &Export) -> Result<Option<Export>, Error> {
    let sql = format!(
        "UPDATE export SET run = run + 1, progressed_at = now() \
         WHERE id = $1 AND run = $2 AND state = 'exporting' RETURNING {COLUMNS}"
    );
    read_optional(client.query_opt(&sql, &[&export.id, &export.run]).await?)
}

/// The execution was looked at and runs: no need to look again soon.
pub async fn mark_checked(client: &Client, export: &Export) -> Result<(), Error> {
    client
        .execute(
            "UPDATE export SET progressed_at = now() WHERE id = $1",
            &[&export.id],
        )
        .await?;
    Ok(())
}

/// Nothing of the object is left: forgets the receipts and ends in the goal that was worked for.
/// None: the goal has been raised meanwhile, or somebody else was first.
pub async fn end_removal(
    client: &Client,
    export: &Export,
    goal: Goal,
) -> Result<Option<Export>, Error> {
    let sql = format!(
        "WITH receipts AS (DELETE FROM export_part WHERE export_id = $1) \
         UPDATE export SET state = $3, upload_id = NULL, progressed_at = now(), \
             finished_at = coalesce(finished_at, now()) \
         WHERE id = $1 AND goal = $2 \
         AND state IN ('cancelling', 'failing', 'expiring', 'deleting') RETURNING {COLUMNS}"
    );
    let row = client
        .query_opt(&sql, &[&export.id, &goal.as_str(), &goal.end().as_str()])
        .await?;
    read_optional(row)
}

/// Exports that ended an hour ago, when no writer of theirs can be at work any more, and that
/// nobody has looked at since.
pub async fn unswept(client: &Client) -> Result<Vec<Export>, Error> {
    let sql = format!(
        "SELECT {COLUMNS} FROM export \
         WHERE {ENDED} AND swept_at IS NULL \
         AND progressed_at < now() - interval '1 hour' ORDER BY progressed_at LIMIT $1"
    );
    let rows = client.query(&sql, &[&UNSWEPT_AT_MOST]).await?;
    rows.iter().map(read).collect()
}

/// Nothing of the ended export is left.
pub async fn mark_swept(client: &Client, export: &Export) -> Result<(), Error> {
    let sql = "UPDATE export SET swept_at = now() WHERE id = $1";
    client.execute(sql, &[&export.id]).await?;
    Ok(())
}
