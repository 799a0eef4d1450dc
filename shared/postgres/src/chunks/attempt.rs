use domain::import::Import;
use domain::limits::ATTEMPTS_AT_MOST;
use domain::reason::Reason;
use tokio_postgres::Client;
use trial::{Safeguard, is_out, point};
use uuid::Uuid;

use super::{Claim, claim};
use crate::Error;
use crate::faults::note_import;
use crate::import_row::{COLUMNS, read_optional, reason_json};
use crate::imports::{ACTIVE, fails};

/// Counts an attempt in a transaction of its own, so that it stays counted if the worker dies in
/// the next one.
pub async fn count_attempt(client: &mut Client, uid: Uuid, number: i32) -> Result<Claim, Error> {
    let transaction = client.transaction().await?;
    let claim = claim(&transaction, uid, number).await?;
    if let Claim::Ours(claimed) = &claim {
        transaction
            .execute(
                "UPDATE import_chunk SET attempts = attempts + 1 WHERE import_id = $1 AND number = $2",
                &[&claimed.import_id, &number],
            )
            .await?;
        transaction.commit().await?;
        point("attempt-counted");
    } else {
        transaction.rollback().await?;
    }
    Ok(claim)
}

/// Uncounts an attempt that failed for a reason that has nothing to do with the chunk.
pub async fn give_back_attempt(client: &Client, uid: Uuid, number: i32) -> Result<(), Error> {
    client
        .execute(
            "UPDATE import_chunk c SET attempts = greatest(0, attempts - 1) FROM import i \
             WHERE i.id = c.import_id AND i.uid = $1 AND c.number = $2 AND c.done_at IS NULL",
            &[&uid, &number],
        )
        .await?;
    Ok(())
}

/// Makes the chunk wait to be handed out again; its message is gone. `queued_at` becomes long ago
/// and not null: a resume must see that the chunk was handed out.
pub async fn put_back(client: &Client, uid: Uuid, number: i32) -> Result<(), Error> {
    client
        .execute(
            "UPDATE import_chunk c SET queued_at = '-infinity' FROM import i \
             WHERE i.id = c.import_id AND i.uid = $1 AND c.number = $2 AND c.done_at IS NULL",
            &[&uid, &number],
        )
        .await?;
    Ok(())
}

/// What a dead letter means for its import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeadLetter {
    /// The chunk has no attempt left: the import is to fail.
    GivenUp,
    /// The chunk waits for another attempt.
    PutBack,
    /// The chunk is stored, or there is no such chunk.
    Meaningless,
}

/// Fails the import of a chunk that was given up, unless the chunk has been stored meanwhile. If a
/// worker holds the chunk right now, this is an error, and the dead letter comes again.
pub async fn give_up(
    client: &Client,
    uid: Uuid,
    number: i32,
    reason: &Reason,
) -> Result<Option<Import>, Error> {
    let given_up = match is_out(Safeguard::Attempts) {
        false => "c.done_at IS NULL AND c.attempts >= $4",
        true => "$4::integer IS NOT NULL",
    };
    let sql = format!(
        "WITH given_up AS (SELECT 1 AS chunk FROM import_chunk c JOIN import i ON i.id = c.import_id \
             WHERE i.uid = $1 AND c.number = $2 AND {given_up} \
             FOR UPDATE OF c NOWAIT) \
         UPDATE import SET {} = $3 \
         FROM given_up WHERE uid = $1 AND state IN {ACTIVE} RETURNING {COLUMNS}",
        fails(reason)
    );
    let row = client
        .query_opt(
            &sql,
            &[&uid, &number, &reason_json(reason), &ATTEMPTS_AT_MOST],
        )
        .await?;
    Ok(note_import(read_optional(row)?, reason))
}

/// Judges a dead letter by what the chunk's row says, not by what the queue says.
pub async fn bury(client: &Client, uid: Uuid, number: i32) -> Result<DeadLetter, Error> {
    let row = client
        .query_opt(
            "SELECT c.attempts FROM import_chunk c JOIN import i ON i.id = c.import_id \
             WHERE i.uid = $1 AND c.number = $2 AND c.done_at IS NULL",
            &[&uid, &number],
        )
        .await?;
    match row.map(|row| row.get::<_, i32>(0)) {
        _ if is_out(Safeguard::Attempts) => Ok(DeadLetter::GivenUp),
        None => Ok(DeadLetter::Meaningless),
        Some(attempts) if attempts >= ATTEMPTS_AT_MOST => Ok(DeadLetter::GivenUp),
        Some(_) => {
            put_back(client, uid, number).await?;
            Ok(DeadLetter::PutBack)
        }
    }
}
