//! A user's commands to an import. Each is one UPDATE, conditional on owner and state; its commit
//! is the moment at which the command has happened.

use domain::import::{Goal, Import, State};
use domain::limits::PAUSE_AT_MOST;
use tokio_postgres::Client;
use trial::point;
use uuid::Uuid;

use super::{RUN, by_number, is_second_active};
use crate::Error;
use crate::import_row::{COLUMNS, read_optional};
use crate::sql::of_import::{COMPLETED, HELD, IMPORTING, PAUSED, PLANNING};
use crate::sql::{self, ANOTHER_RUN, AS_ASKED, DELETES, Interval, Sql, THERE, Towards};

/// The answer to a command.
#[derive(Debug)]
pub enum Asked {
    /// The command has happened; the import as it is now.
    Done(Box<Import>),
    /// The import is in a state that does not allow it.
    WrongState(State),
    /// It may be resumed, but not while another import of a dataset that is imported one at a time is active.
    AnotherActive,
    /// The owner has no such import.
    NotFound,
}

/// Cancels an active, held or completed import: from this commit on no row of it is visible.
pub async fn cancel(
    client: &Client,
    owner: Uuid,
    dataset: &str,
    number: i32,
) -> Result<Asked, Error> {
    let change = CANCELS.to_string();
    let allowed = format!("state IN {}", sql::imports(State::may_be_cancelled));
    ask(client, owner, dataset, number, &change, &allowed).await
}

/// SQL: what a cancel sets.
pub(super) const CANCELS: Sql = Sql(|f| {
    let cancelled = Towards(Goal::Cancelled);
    write!(
        f,
        "{cancelled}, {AS_ASKED}, {ANOTHER_RUN}, {KEEPS_ITS_END}, finished_at = NULL, \
         hold_expires_at = NULL, pause_expires_at = NULL"
    )
});

/// SQL: when it was completed is known after its end, also of one that code from before
/// `completed_at` has completed.
const KEEPS_ITS_END: Sql = Sql(|f| {
    write!(
        f,
        "completed_at = CASE state WHEN {COMPLETED} THEN coalesce(completed_at, finished_at) \
         ELSE completed_at END"
    )
});

/// Deletes an import in any state but deleted. A baseline that is on its way is not deleted, unless
/// it still awaits its object. The idempotency key is removed too: the same request, sent again, asks
/// for a new import.
pub async fn delete(
    client: &Client,
    owner: Uuid,
    dataset: &str,
    number: i32,
) -> Result<Asked, Error> {
    let change = format!("{DELETES}, {AS_ASKED}");
    ask(
        client,
        owner,
        dataset,
        number,
        &change,
        &MAY_BE_DELETED.to_string(),
    )
    .await
}

const MAY_BE_DELETED: Sql = Sql(|f| {
    let under_way = sql::imports(State::is_under_way);
    write!(f, "NOT (dataset = 'baseline' AND state IN {under_way})")
});

/// Deletes an import whose object could not be stored: its user was told so, and has not asked for
/// it.
pub async fn drop_unsent(client: &Client, import: &Import) -> Result<(), Error> {
    let sql = format!(
        "UPDATE import SET {DELETES}, progressed_at = now() \
         WHERE id = $1 AND {THERE} AND {MAY_BE_DELETED}"
    );
    client.execute(&sql, &[&import.id]).await?;
    Ok(())
}

/// Lets running chunks commit and hands out no more, for [`PAUSE_AT_MOST`].
pub async fn pause(
    client: &Client,
    owner: Uuid,
    dataset: &str,
    number: i32,
) -> Result<Asked, Error> {
    let pause = Interval(PAUSE_AT_MOST);
    let change = format!("state = {PAUSED}, {AS_ASKED}, pause_expires_at = now() + {pause}");
    let allowed = format!("state IN {}", sql::imports(State::hands_out));
    ask(client, owner, dataset, number, &change, &allowed).await
}

/// Carries on where a pause or a failure stopped, with a whole run's time again. After a failure
/// the old execution is of no use, and what its tries were counted for is forgiven: another run,
/// attempts from 0. A chunk that a worker still holds keeps its own.
pub async fn resume(
    client: &Client,
    owner: Uuid,
    dataset: &str,
    number: i32,
) -> Result<Asked, Error> {
    let change = format!(
        "{AS_ASKED}, pause_expires_at = NULL, run_expires_at = now() + {RUN}, \
         hold_expires_at = NULL, \
         error = CASE state WHEN {HELD} THEN NULL ELSE error END, \
         task_token = CASE state WHEN {HELD} THEN NULL ELSE task_token END, \
         runs_before = CASE state WHEN {HELD} THEN run ELSE runs_before END, \
         run = run + (state = {HELD})::integer, \
         state = CASE WHEN EXISTS (SELECT FROM import_chunk c WHERE c.import_id = import.id \
             AND (c.queued_at IS NOT NULL OR c.attempts > 0 OR c.done_at IS NOT NULL)) \
         THEN {IMPORTING} ELSE {PLANNING} END"
    );
    let may_be_resumed = sql::imports(State::may_be_resumed);
    // The last condition is always true. It makes the UPDATE of the import read `forgiven`: a WITH
    // that is not read may run after the main statement, but chunks are locked before the import.
    let allowed = format!("state IN {may_be_resumed} AND (SELECT count(*) FROM forgiven) >= 0");
    let first = forgiven();
    ask_with(&first, client, owner, dataset, number, &change, &allowed).await
}

/// SQL: sets the attempts of a held import's chunks to 0, before the import itself is changed:
/// chunks are locked first, everywhere. A chunk that was handed out waits again, and `queued_at`
/// still shows that it was handed out.
fn forgiven() -> String {
    format!(
        "WITH forgiven AS (UPDATE import_chunk c SET attempts = 0, \
             queued_at = CASE WHEN queued_at IS NULL AND attempts = 0 THEN NULL \
                 ELSE '-infinity'::timestamptz END \
         WHERE (c.import_id, c.number) IN (SELECT o.import_id, o.number FROM import_chunk o \
             JOIN import i ON i.id = o.import_id WHERE i.owner = $1 AND i.dataset = $2 \
             AND i.number = $3 AND i.state = {HELD} AND o.done_at IS NULL \
             FOR UPDATE OF o SKIP LOCKED) RETURNING 1) "
    )
}

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
         AND number = $3 AND {THERE} AND {allowed} RETURNING {COLUMNS}"
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
    match is_second_active(&error) {
        true => Ok(Asked::AnotherActive),
        false => Err(error),
    }
}
