//! A user's commands to an export. Each is one UPDATE, conditional on owner and state; its commit
//! is the moment at which the command has happened.

use domain::export::{Export, State};
use tokio_postgres::Client;
use uuid::Uuid;

use super::export_row::{COLUMNS, read_optional};
use super::{THERE, by_number};
use crate::Error;

/// The answer to a command.
#[derive(Debug)]
pub enum Asked {
    /// The command has happened; the export as it is now.
    Done(Box<Export>),
    /// The export is in a state that does not allow it.
    WrongState(State),
    /// The owner has no such export.
    NotFound,
}

/// Confirms an export that waits for it: it begins.
pub async fn confirm(client: &Client, owner: Uuid, number: i32) -> Result<Asked, Error> {
    let change =
        "state = 'exporting', started_at = now(), run_expires_at = now() + interval '24 hours'";
    let allowed = "state = 'needs_confirmation' AND confirm_expires_at > now()";
    ask(client, owner, number, change, allowed).await
}

/// Cancels an export that is not at its end: there will never be a link to its file.
pub async fn cancel(client: &Client, owner: Uuid, number: i32) -> Result<Asked, Error> {
    let change = "state = 'cancelling', goal = 'cancelled'";
    let allowed = "state IN ('needs_confirmation', 'exporting')";
    ask(client, owner, number, change, allowed).await
}

/// Deletes an export in any state. Its idempotency key is removed too: the same request, sent
/// again, asks for a new export.
pub async fn delete(client: &Client, owner: Uuid, number: i32) -> Result<Asked, Error> {
    let change = "state = 'deleting', goal = 'deleted', idempotency_key = NULL";
    ask(client, owner, number, change, "true").await
}

async fn ask(
    client: &Client,
    owner: Uuid,
    number: i32,
    change: &str,
    allowed: &str,
) -> Result<Asked, Error> {
    let sql = format!(
        "UPDATE export SET {change}, progressed_at = now() WHERE owner = $1 AND number = $2 \
         AND {THERE} AND {allowed} RETURNING {COLUMNS}"
    );
    let row = client.query_opt(&sql, &[&owner, &number]).await?;
    if let Some(export) = read_optional(row)? {
        return Ok(Asked::Done(Box::new(export)));
    }
    Ok(match by_number(client, owner, number).await? {
        Some(export) => Asked::WrongState(export.state),
        None => Asked::NotFound,
    })
}
