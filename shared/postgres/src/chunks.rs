//! The chunk transaction: claim, receipt, fence. It keeps promises 1 (no zombie) and 2 (exactly
//! once). Its steps are separate so that a test can put a cancel between any two of them.

mod attempt;
mod hand_out;
mod receipt;
mod runs;

pub use attempt::{DeadLetter, bury, count_attempt, give_back_attempt, give_up, put_back};
pub use hand_out::{HandedOut, hand_back, hand_out};
pub use receipt::{Receipt, Stored, receipts};
pub use runs::{Run, runs};

use domain::dataset::DatasetVersion;
use domain::import::{Import, State};
use domain::limits::{ROW_ERRORS_KEPT_PER_CHUNK, ROW_ERRORS_KEPT_PER_IMPORT};
use domain::plan::Chunk;
use domain::reading::Reading;
use domain::rejects::errors_kept_per_chunk;
use tokio_postgres::{Client, GenericClient, Row};
use trial::{Safeguard, is_out, point};
use uuid::Uuid;

use crate::Error;
use crate::import_row::{COLUMNS, declared, from_json, read_optional, word};
use crate::sql;

/// A chunk whose row this transaction has locked, with what is needed to import it.
#[derive(Clone, Debug)]
pub struct Claimed {
    /// Internal key of its import.
    pub import_id: i64,
    /// The account's uuid.
    pub owner: Uuid,
    /// Name of the dataset.
    pub dataset: String,
    /// Which version of a declared dataset it is of.
    pub declared: Option<DatasetVersion>,
    /// The object that is read, as `Import::read_object` has it: key and version.
    pub object_key: String,
    /// The pinned version.
    pub object_version: String,
    /// How its file is read.
    pub reading: Reading,
    /// For each column of the file, the index of the dataset's column; -1: ignored.
    pub column_order: Vec<i16>,
    /// The chunk as it was planned.
    pub chunk: Chunk,
    /// The most row errors that are kept of it.
    pub errors_kept: usize,
    /// Attempts so far; this one is included once it is counted.
    pub attempts: i32,
}

/// The result of claiming a chunk.
#[derive(Debug)]
pub enum Claim {
    /// It is ours until the transaction ends.
    Ours(Box<Claimed>),
    /// It is not ours to store.
    Not(Unclaimed),
}

/// Why a chunk is not ours to store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unclaimed {
    /// It has its receipt.
    Done,
    /// The import does not want it: e.g. it has ended or is being rolled back.
    NotWanted,
    /// The import is paused: no chunk is begun.
    Paused,
    /// The import is active and has no such chunk (yet).
    Missing,
    /// A worker with another delivery of its message holds it.
    Taken,
}

/// Locks the chunk's row without waiting. After [`Claim::Taken`] the transaction can only be rolled
/// back.
pub async fn claim(client: &impl GenericClient, uid: Uuid, number: i32) -> Result<Claim, Error> {
    let locked = client
        .query_opt(
            "SELECT i.state, i.id, i.owner, i.dataset, i.dataset_id, i.dataset_version, i.reading, i.column_order, i.chunk_bytes, \
                    CASE WHEN i.prepared_version IS NULL THEN i.object_key ELSE i.prepared_key END \
                        AS object_key, \
                    coalesce(i.prepared_version, i.object_version) AS object_version, \
                    coalesce(i.prepared_size, i.object_size) AS object_size, \
                    c.number, c.byte_start, c.byte_end, c.first_record, c.first_line, c.records, \
                    c.lines, c.attempts, c.done_at IS NOT NULL AS done, \
                    (SELECT coalesce(sum(least(e.rows_rejected, $3)), 0)::bigint FROM import_chunk e \
                     WHERE e.import_id = c.import_id AND e.number < c.number \
                         AND e.done_at IS NOT NULL) AS kept_before \
             FROM import_chunk c JOIN import i ON i.id = c.import_id \
             WHERE i.uid = $1 AND c.number = $2 FOR UPDATE OF c NOWAIT",
            &[&uid, &number, &SURELY_KEPT],
        )
        .await
        .map_err(Error::from);
    match locked {
        Err(error) if error.is_lock_taken() => Ok(Claim::Not(Unclaimed::Taken)),
        Err(error) => Err(error),
        Ok(Some(row)) => claimed(&row),
        Ok(None) => without_chunk(client, uid).await,
    }
}

fn claimed(row: &Row) -> Result<Claim, Error> {
    if row.try_get::<_, bool>("done")? && !is_out(Safeguard::Receipt) {
        return Ok(Claim::Not(Unclaimed::Done));
    }
    Ok(match state(row)? {
        State::Paused => Claim::Not(Unclaimed::Paused),
        state if !state.admits_chunks() => Claim::Not(Unclaimed::NotWanted),
        _ => Claim::Ours(Box::new(Claimed {
            import_id: row.try_get("id")?,
            owner: row.try_get("owner")?,
            dataset: row.try_get("dataset")?,
            declared: declared(row)?,
            object_key: row.try_get("object_key")?,
            object_version: row.try_get("object_version")?,
            reading: reading(row)?,
            column_order: row.try_get("column_order")?,
            chunk: read_chunk(row),
            errors_kept: errors_kept(row)?,
            attempts: row.try_get("attempts")?,
        })),
    })
}

/// An import that was planned before readings were pinned is read by the rules of then.
fn reading(row: &Row) -> Result<Reading, Error> {
    let pinned: Option<serde_json::Value> = row.try_get("reading")?;
    pinned.map_or_else(|| Ok(Reading::before()), from_json)
}

/// A chunk with more rejected records than this has at least as many row errors kept, whatever the
/// records at its limit have.
const SURELY_KEPT: i64 = ROW_ERRORS_KEPT_PER_CHUNK / 2;

/// None if the chunks before it have as many as the import keeps: these come first in the order of
/// the file, so those of this chunk would be dropped at the import's end.
fn errors_kept(row: &Row) -> Result<usize, Error> {
    if row.try_get::<_, i64>("kept_before")? >= ROW_ERRORS_KEPT_PER_IMPORT {
        return Ok(0);
    }
    Ok(errors_kept_per_chunk(
        row.try_get("object_size")?,
        row.try_get::<_, i32>("chunk_bytes")?.into(),
    ))
}

async fn without_chunk(client: &impl GenericClient, uid: Uuid) -> Result<Claim, Error> {
    let row = client
        .query_opt("SELECT state FROM import WHERE uid = $1", &[&uid])
        .await?;
    match row {
        Some(row) if state(&row)?.is_active() => Ok(Claim::Not(Unclaimed::Missing)),
        _ => Ok(Claim::Not(Unclaimed::NotWanted)),
    }
}

fn state(row: &Row) -> Result<State, Error> {
    word(row.try_get("state")?)
}

/// A chunk of the plan, from a row that has its columns.
pub(crate) fn read_chunk(row: &Row) -> Chunk {
    Chunk {
        number: row.get("number"),
        byte_start: row.get("byte_start"),
        byte_end: row.get("byte_end"),
        first_record: row.get("first_record"),
        first_line: row.get("first_line"),
        records: row.get("records"),
        lines: row.get("lines"),
    }
}

/// The chunks of an import in which records were rejected, in order.
pub async fn rejecting(client: &Client, import_id: i64) -> Result<Vec<Chunk>, Error> {
    let rows = client
        .query(
            "SELECT number, byte_start, byte_end, first_record, first_line, records, lines \
             FROM import_chunk WHERE import_id = $1 AND rows_rejected > 0 ORDER BY number",
            &[&import_id],
        )
        .await?;
    Ok(rows.iter().map(read_chunk).collect())
}

/// Writes the receipt: chunk n of import x is stored, if this transaction commits.
pub async fn write_receipt(
    client: &Client,
    claimed: &Claimed,
    receipt: &Receipt,
) -> Result<(), Error> {
    client
        .execute(
            "UPDATE import_chunk SET done_at = now(), rows_imported = $3, rows_rejected = $4, \
             records_empty = $5, lines_rejected = $6, witness = $7, content_crc = $8, \
             content_bytes = $9 WHERE import_id = $1 AND number = $2",
            &[
                &claimed.import_id,
                &claimed.chunk.number,
                &receipt.rows_imported,
                &receipt.rows_rejected,
                &receipt.records_empty(),
                &receipt.lines_rejected(),
                &serde_json::json!(receipt.witness),
                &receipt.content.crc.cast_signed(),
                &receipt.content.bytes.cast_signed(),
            ],
        )
        .await?;
    point("receipt-written");
    Ok(())
}

/// The fence, the last statement before COMMIT: counts the chunk if its import still wants it.
/// `None`: it does not, and the transaction must be rolled back. One UPDATE is the fence, counts
/// the chunk and shows whether it was the last: from here to COMMIT no cancel can come between. The
/// time is that of this statement: `now()` is when the transaction began, before its rows were copied.
pub async fn pass_fence(
    client: &Client,
    claimed: &Claimed,
    receipt: &Receipt,
) -> Result<Option<Import>, Error> {
    let wanted = match is_out(Safeguard::Fence) {
        false => format!("state IN {}", sql::imports(State::admits_chunks)),
        true => "true".to_owned(),
    };
    let sql = format!(
        "UPDATE import SET chunks_done = chunks_done + 1, rows_imported = rows_imported + $2, \
         rows_rejected = rows_rejected + $3, lines_rejected = lines_rejected + $4, \
         bytes_done = bytes_done + $5, progressed_at = now(), \
         last_stored_at = clock_timestamp() \
         WHERE id = $1 AND {wanted} RETURNING {COLUMNS}"
    );
    let bytes = claimed.chunk.byte_end - claimed.chunk.byte_start;
    let row = client
        .query_opt(
            &sql,
            &[
                &claimed.import_id,
                &receipt.rows_imported,
                &receipt.rows_rejected,
                &receipt.lines_rejected(),
                &bytes,
            ],
        )
        .await?;
    point("fence-passed");
    read_optional(row)
}

/// Begins a chunk transaction by hand: its steps are spread over several functions, and its end
/// must be awaited on every path.
pub async fn begin(client: &Client) -> Result<(), Error> {
    Ok(client
        .batch_execute("BEGIN ISOLATION LEVEL READ COMMITTED")
        .await?)
}

/// Commits the chunk transaction.
pub async fn commit(client: &Client) -> Result<(), Error> {
    client.batch_execute("COMMIT").await?;
    point("committed");
    Ok(())
}

/// Rolls the chunk transaction back.
pub async fn rollback(client: &Client) -> Result<(), Error> {
    Ok(client.batch_execute("ROLLBACK").await?)
}
