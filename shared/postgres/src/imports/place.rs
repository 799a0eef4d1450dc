//! The place of an import: what another import that is uploaded instead of it takes over.
//!
//! Imports that replace one another are a chain. At most one of a chain is completed, and at most
//! one is living: a new one names the completed one in `swaps`, nothing else of the chain can
//! complete before it, and the two change places in one UPDATE
//! ([`finishing::complete`](crate::finishing::complete)). Two imports of a chain are never created
//! at once: the lock on what the owner uses comes first.

use domain::import::State;
use domain::quota::Replaced;
use tokio_postgres::{GenericClient, Transaction};
use uuid::Uuid;

use super::ask::CANCELS;
use crate::Error;
use crate::import_row::word;
use crate::sql::of_import::COMPLETED;
use crate::sql::{self, States, THERE};

const LIVING: States<State> = sql::imports(State::is_living);

/// What an import gets that is uploaded in the place of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Number of the first import of the chain.
    pub chain: i32,
    /// Number of the completed import that goes when the new one completes.
    pub swaps: Option<i32>,
    /// The state of the import that is replaced.
    pub state: State,
}

/// Whether an import may be uploaded in the place of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placed {
    /// It may.
    Free(Place),
    /// Not in the state that the other is in.
    WrongState(State),
    /// Not while this import of the same chain may still complete.
    BeingReplaced(i32),
    /// The owner has no import of this number.
    NotFound,
}

/// The place of the owner's import of this number. Whatever takes it, by `replace` or otherwise,
/// takes over what that import was to replace itself: a corrected file must not stand beside what
/// the first one was to correct.
///
/// # Errors
/// The server or the connection is at fault.
pub async fn place_of(
    client: &impl GenericClient,
    owner: Uuid,
    dataset: &str,
    number: i32,
) -> Result<Placed, Error> {
    let sql = format!(
        "SELECT state, coalesce(chain, number) FROM import WHERE owner = $1 AND dataset = $2 \
         AND number = $3 AND {THERE}"
    );
    let Some(row) = client.query_opt(&sql, &[&owner, &dataset, &number]).await? else {
        return Ok(Placed::NotFound);
    };
    let (state, chain): (State, i32) = (word(row.try_get(0)?)?, row.try_get(1)?);
    let sql = format!(
        "SELECT min(number) FILTER (WHERE number <> $4 AND state IN {LIVING} AND NOT validate_only), \
             min(number) FILTER (WHERE state = {COMPLETED}) \
         FROM import WHERE owner = $1 AND dataset = $2 AND (number = $3 OR chain = $3)"
    );
    let row = client
        .query_one(&sql, &[&owner, &dataset, &chain, &number])
        .await?;
    if let Some(living) = row.try_get(0)? {
        return Ok(Placed::BeingReplaced(living));
    }
    if !state.may_be_replaced() {
        return Ok(Placed::WrongState(state));
    }
    Ok(Placed::Free(Place {
        chain,
        swaps: row.try_get(1)?,
        state,
    }))
}

/// Locks the import that a new one replaces or retries. If it is open: what its cancel frees.
pub(super) async fn lock(
    transaction: &Transaction<'_>,
    owner: Uuid,
    dataset: &str,
    number: i32,
) -> Result<Option<Replaced>, Error> {
    let sql = "SELECT state, object_size, \
             object_version IS NOT NULL AND object_expired_at IS NULL \
         FROM import WHERE owner = $1 AND dataset = $2 AND number = $3 FOR UPDATE";
    let row = transaction
        .query_opt(sql, &[&owner, &dataset, &number])
        .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let state: State = word(row.try_get(0)?)?;
    if !state.is_living() {
        return Ok(None);
    }
    Ok(Some(Replaced {
        bytes: row.try_get(1)?,
        keeps_file: row.try_get(2)?,
    }))
}

/// Gives the place of an import, which is locked, to the new one that replaces it: it is cancelled if
/// it is living, and stays as it is if it is completed, until the swap. `by` is the new one's number.
pub(super) async fn take_place(
    transaction: &Transaction<'_>,
    owner: Uuid,
    dataset: &str,
    (number, place): (i32, Place),
    by: i32,
) -> Result<(), Error> {
    let change = match place.state {
        State::Completed => return Ok(()),
        living if living.is_living() => format!("{CANCELS}, progressed_at = now(), "),
        _ => String::new(),
    };
    let sql = format!(
        "UPDATE import SET {change}replaced_by = $4 \
         WHERE owner = $1 AND dataset = $2 AND number = $3"
    );
    transaction
        .execute(&sql, &[&owner, &dataset, &number, &by])
        .await?;
    Ok(())
}
