//! What a receipt says of a chunk beside that it is stored: its counts, and what the chunk says
//! about its own reading.

use domain::plan::Chunk;
use domain::witness::{ContentSum, Witness};
use tokio_postgres::{Client, Row};

use super::read_chunk;
use crate::Error;
use crate::import_row::from_json;

/// The counts of a chunk that is stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    /// Rows stored.
    pub rows_imported: i64,
    /// Records rejected.
    pub rows_rejected: i64,
    /// What it says about its own reading; its empty records and its lines are counted there.
    pub witness: Witness,
    /// The checksum of its bytes.
    pub content: ContentSum,
}

impl Receipt {
    pub(super) fn records_empty(&self) -> i64 {
        self.witness.empty.cast_signed()
    }

    pub(super) fn lines_rejected(&self) -> i64 {
        self.witness.lines.rejected.cast_signed()
    }
}

/// A chunk with its receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The chunk as it was planned.
    pub chunk: Chunk,
    /// What it says about its own reading, and the checksum of its bytes; `None` of a receipt from
    /// before these were counted.
    pub witness: Option<(Witness, ContentSum)>,
}

/// The chunks of an import that are stored, in the order of the file.
pub async fn receipts(client: &Client, import_id: i64) -> Result<Vec<Stored>, Error> {
    let rows = client
        .query(
            "SELECT number, byte_start, byte_end, first_record, first_line, records, lines, \
             witness, content_crc, content_bytes FROM import_chunk \
             WHERE import_id = $1 AND done_at IS NOT NULL ORDER BY number",
            &[&import_id],
        )
        .await?;
    rows.iter().map(stored).collect()
}

fn stored(row: &Row) -> Result<Stored, Error> {
    let witness: Option<serde_json::Value> = row.try_get("witness")?;
    Ok(Stored {
        chunk: read_chunk(row),
        witness: match witness {
            None => None,
            Some(witness) => Some((from_json(witness)?, content(row)?)),
        },
    })
}

fn content(row: &Row) -> Result<ContentSum, Error> {
    Ok(ContentSum {
        crc: row.try_get::<_, i64>("content_crc")?.cast_unsigned(),
        bytes: row.try_get::<_, i64>("content_bytes")?.cast_unsigned(),
    })
}
