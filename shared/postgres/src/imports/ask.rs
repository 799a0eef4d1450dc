//! What a user asks of an import: each is one UPDATE conditional on owner and state, and its
//! commit is the moment at which it has happened.

use domain::import::{Import, State};
use tokio_postgres::Client;
use trial::point;
use uuid::Uuid;

use super::{ACTIVE, by_number};
use crate::Error;
use crate::import_row::{COLUMNS, read_optional};

/// The answer to what a user asked.
#[derive(Debug)]
pub enum Asked {
    /// It has happened; the import as it is now.
    Done(Box<Import>),
    /// The import is in a state that does not allow it.
    WrongState(State),
    /// It may be resumed, but not while another baseline of the owner is active.
    ActiveBaseline,
    /// The owner has no such import.
    NotFound,
}

/// Cancels an active or held import: from this commit on nobody sees a row of it.
pub async fn cancel(
    client: &Client,
    owner: Uuid,
    dataset: &str,
    number: i32,
) -> Result<Asked, Error> {
    ask(client, owner, dataset, number, CANCELS, &may_be_cancelled()).await
}

/// What a cancel sets.
pub(super) const CANCELS: &str =
    "state = 'cancelling', goal = 'cancelled', hold_expires_at = NULL, pause_expires_at = NULL";

/// From where an import may be cancelled, or replaced.
pub(super) fn may_be_cancelled() -> String {
    format!("(state IN {ACTIVE} OR state = 'held')")
}

/// Deletes an import from any state but deleted; a baseline not while it is on its way, unless it
/// still awaits its object. A rollback that has ended (or was never needed) has used up its
/// execution's name, so the run is raised. The request's key goes with it: whoever sends the
/// request again wants the import again.
pub async fn delete(
    client: &Client,
    owner: Uuid,
    dataset: &str,
    number: i32,
) -> Result<Asked, Error> {
    let change = "state = 'deleting', goal = 'deleted', idempotency_key = NULL, hold_expires_at = NULL, \
         run = run + (state IN ('completed', 'failed', 'cancelled', 'rollback_failed'))::integer";
    let allowed =
        "NOT (dataset = 'baseline' AND state IN ('planning', 'importing', 'paused', 'finishing'))";
    ask(client, owner, dataset, number, change, allowed).await
}

/// Lets running chunks commit and hands out no more, for a day at most.
pub async fn pause(
    client: &Client,
    owner: Uuid,
    dataset: &str,
    number: i32,
) -> Result<Asked, Error> {
    let change = "state = 'paused', pause_expires_at = now() + interval '24 hours'";
    let allowed = "state IN ('planning', 'importing')";
    ask(client, owner, dataset, number, change, allowed).await
}

/// Carries on where a pause or a failure stopped; the run's deadline moves by a day, as the
/// pause's did. After a failure the old execution is of no use, and what its tries were counted
/// for is forgiven: another run, attempts from 0. A chunk that a worker still holds keeps its own.
pub async fn resume(
    client: &Client,
    owner: Uuid,
    dataset: &str,
    number: i32,
) -> Result<Asked, Error> {
    let change = "pause_expires_at = NULL, run_expires_at = now() + interval '24 hours', \
         hold_expires_at = NULL, \
         error = CASE state WHEN 'held' THEN NULL ELSE error END, \
         task_token = CASE state WHEN 'held' THEN NULL ELSE task_token END, \
         runs_before = CASE state WHEN 'held' THEN run ELSE runs_before END, \
         run = run + (state = 'held')::integer, \
         state = CASE WHEN EXISTS (SELECT FROM import_chunk c WHERE c.import_id = import.id \
             AND (c.queued_at IS NOT NULL OR c.attempts > 0 OR c.done_at IS NOT NULL)) \
         THEN 'importing' ELSE 'planning' END";
    let allowed = "state IN ('paused', 'held') AND (SELECT count(*) FROM forgiven) >= 0";
    ask_with(FORGIVEN, client, owner, dataset, number, change, allowed).await
}

/// Before the import itself: chunks are locked first, everywhere. One that was handed out once
/// waits again and stays marked as such.
const FORGIVEN: &str = "WITH forgiven AS (UPDATE import_chunk c SET attempts = 0, \
         queued_at = CASE WHEN queued_at IS NULL AND attempts = 0 THEN NULL \
             ELSE '-infinity'::timestamptz END \
     WHERE (c.import_id, c.number) IN (SELECT o.import_id, o.number FROM import_chunk o \
         JOIN import i ON i.id = o.import_id WHERE i.owner = $1 AND i.dataset = $2 \
         AND i.number = $3 AND i.state = 'held' AND o.done_at IS NULL \
         FOR UPDATE OF o SKIP LOCKED) RETURNING 1) ";

async fn ask(
    client: &Client,
    owner: Uuid,
    dataset: &str,
    number: i32,
    change: &str,
    allowed: &str,
) -> Result<Asked, Error> {
    ask_with("", client, owner, dataset, number, change, allowed).await
}

async fn ask_with(
    first: &str,
    client: &Client,
    owner: Uuid,
    dataset: &str,
    number: i32,
    change: &str,
    allowed: &str,
) -> Result<Asked, Error> {
    let sql = format!(
        "{first}UPDATE import SET {change}, progressed_at = now() WHERE owner = $1 AND dataset = $2 \
         AND number = $3 AND goal IS DISTINCT FROM 'deleted' AND {allowed} RETURNING {COLUMNS}"
    );
    let row = match client.query_opt(&sql, &[&owner, &dataset, &number]).await {
        Ok(row) => row,
        Err(error) => return refused(error.into()),
    };
    point("asked");
    if let Some(import) = read_optional(row)? {
        return Ok(Asked::Done(Box::new(import)));
    }
    Ok(match by_number(client, owner, dataset, number).await? {
        Some(import) => Asked::WrongState(import.state),
        None => Asked::NotFound,
    })
}

fn refused(error: Error) -> Result<Asked, Error> {
    match error.violated_constraint() {
        Some("import_one_active_baseline") => Ok(Asked::ActiveBaseline),
        _ => Err(error),
    }
}
