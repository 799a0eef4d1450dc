//! What a user asks of an import: each is one UPDATE conditional on owner and state, and its
//! commit is the moment at which it has happened.

use domain::import::{Import, State};
use tokio_postgres::Client;
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
    let change = "state = 'cancelling', goal = 'cancelled'";
    let allowed = format!("(state IN {ACTIVE} OR state = 'held')");
    ask(client, owner, dataset, number, change, &allowed).await
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
    let change = "state = 'deleting', goal = 'deleted', idempotency_key = NULL, \
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

/// Carries on where a pause stopped; the run's deadline moves by a day, as the pause's did.
pub async fn resume(
    client: &Client,
    owner: Uuid,
    dataset: &str,
    number: i32,
) -> Result<Asked, Error> {
    let change = "pause_expires_at = NULL, run_expires_at = now() + interval '24 hours', \
         state = CASE WHEN EXISTS (SELECT FROM import_chunk c WHERE c.import_id = import.id \
             AND (c.queued_at IS NOT NULL OR c.attempts > 0 OR c.done_at IS NOT NULL)) \
         THEN 'importing' ELSE 'planning' END";
    ask(client, owner, dataset, number, change, "state = 'paused'").await
}

async fn ask(
    client: &Client,
    owner: Uuid,
    dataset: &str,
    number: i32,
    change: &str,
    allowed: &str,
) -> Result<Asked, Error> {
    let sql = format!(
        "UPDATE import SET {change}, progressed_at = now() WHERE owner = $1 AND dataset = $2 \
         AND number = $3 AND goal IS DISTINCT FROM 'deleted' AND {allowed} RETURNING {COLUMNS}"
    );
    let row = client.query_opt(&sql, &[&owner, &dataset, &number]).await?;
    if let Some(import) = read_optional(row)? {
        return Ok(Asked::Done(Box::new(import)));
    }
    Ok(match by_number(client, owner, dataset, number).await? {
        Some(import) => Asked::WrongState(import.state),
        None => Asked::NotFound,
    })
}
