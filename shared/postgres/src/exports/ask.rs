//! A user's commands to an export. Each is one UPDATE, conditional on owner and state; its commit
//! is the moment at which the command has happened.

use domain::export::{Export, Goal, State};
use tokio_postgres::Client;
use uuid::Uuid;

use super::export_row::{COLUMNS, read_optional};
use super::{RUN, by_number};
use crate::Error;
use crate::sql::of_export::{EXPORTING, NEEDS_CONFIRMATION};
use crate::sql::{self, AS_ASKED, THERE, Towards};

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
    let change = format!("state = {EXPORTING}, started_at = now(), run_expires_at = now() + {RUN}");
    let allowed = format!("state = {NEEDS_CONFIRMATION} AND confirm_expires_at > now()");
    ask(client, owner, number, &change, &allowed).await
}

/// Cancels an export that is not at its end: there will never be a link to its file.
pub async fn cancel(client: &Client, owner: Uuid, number: i32) -> Result<Asked, Error> {
    let change = Towards(Goal::Cancelled).to_string();
    let allowed = format!("state IN {}", sql::exports(State::is_awaited));
    ask(client, owner, number, &change, &allowed).await
}

/// Deletes an export in any state. Its idempotency key is removed too: the same request, sent
/// again, asks for a new export.
pub async fn delete(client: &Client, owner: Uuid, number: i32) -> Result<Asked, Error> {
    let change = format!("{}, idempotency_key = NULL", Towards(Goal::Deleted));
    ask(client, owner, number, &change, "true").await
}

async fn ask(
    client: &Client,
    owner: Uuid,
    number: i32,
    change: &str,
    allowed: &str,
) -> Result<Asked, Error> {
    let sql = format!(
        "UPDATE export SET {change}, {AS_ASKED}, progressed_at = now() \
         WHERE owner = $1 AND number = $2 AND {THERE} AND {allowed} RETURNING {COLUMNS}"
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
