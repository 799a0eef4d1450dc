//! The end of an import: the token is answered, the proof is made, the rows appear.

mod counts;
mod swap;
mod validate;

pub use swap::{complete, swapped};
pub use validate::{end_validating, validate};

use domain::dataset::Dataset;
use domain::import::{Import, State};
use domain::quota::{Exceeded, Quotas, Wish};
use domain::reason::Warning;
use domain::witness::ContentSum;
use tokio_postgres::{Client, GenericClient, Transaction};
use trial::{Safeguard, is_out, point};
use uuid::Uuid;

use crate::Error;
use crate::import_row::{COLUMNS, read_optional};
use crate::sql;
use crate::sql::of_import::{COMPLETED, FINISHING};
use crate::usage;

/// Decides that every chunk is done and nothing may pause the import any more. Returns the import
/// with the token to be answered; `None` if there is nothing to answer.
pub async fn begin(client: &Client, uid: Uuid) -> Result<Option<Import>, Error> {
    let hand_out = sql::imports(State::hands_out);
    let sql = format!(
        "UPDATE import SET state = {FINISHING}, \
             progressed_at = CASE state WHEN {FINISHING} THEN progressed_at ELSE now() END \
         WHERE uid = $1 AND (state = {FINISHING} \
             OR state IN {hand_out} AND chunks_done = chunks_total) RETURNING {COLUMNS}"
    );
    let row = client.query_opt(&sql, &[&uid]).await?;
    point("finishing");
    read_optional(row)
}

/// What the database says about an import whose chunks are all done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// Chunks planned.
    pub chunks: i64,
    /// Chunks with a receipt.
    pub receipts: i64,
    /// Each chunk begins where the one before it ends, in bytes and records; the first begins right
    /// after the heading.
    pub tiles: bool,
    /// First byte not in any chunk.
    pub byte_end: i64,
    /// Records of all chunks.
    pub records: i64,
    /// Rows the receipts speak of.
    pub rows_imported: i64,
    /// Rejected records the receipts speak of.
    pub rows_rejected: i64,
    /// Empty records the receipts speak of.
    pub records_empty: i64,
    /// Physical lines of all chunks.
    pub lines: i64,
    /// Rows found in the table.
    pub rows_stored: i64,
    /// Rows found in the table that are no record of the plan.
    pub rows_astray: i64,
}

impl Proof {
    /// Stored rows + rejected records + empty records = records of the pinned version, each once
    /// (promise 2), and no line of it is left out.
    pub fn holds(&self, import: &Import, judged: &Judged) -> bool {
        is_out(Safeguard::Tiling)
            || self.tiles
                && import.chunks_total.map(i64::from) == Some(self.chunks)
                && self.receipts == self.chunks
                && self.byte_end == import.read_bytes()
                && self.rows_imported + self.rows_rejected + self.records_empty == self.records
                && self.has_all_lines(judged)
                && self.rows_stored == self.rows_imported
                && self.rows_astray == 0
                && import.rows_imported == self.rows_imported
                && import.rows_rejected == self.rows_rejected
    }

    /// A last line without a break is a line of its record, and none that ends in a chunk.
    fn has_all_lines(&self, judged: &Judged) -> bool {
        let unfinished = judged.lines.cast_signed() - self.lines;
        (0..=1).contains(&unfinished)
    }
}

/// What was found when an import was judged, before it completes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Judged {
    /// What its user should know.
    pub warnings: Vec<Warning>,
    /// The checksum of all its chunks.
    pub content: ContentSum,
    /// Physical lines of rows, of rejected and of empty records together.
    pub lines: u64,
}

/// How an attempt to finish an import ended.
#[derive(Debug)]
pub enum Finished {
    /// The rows have appeared.
    Completed(Box<Import>),
    /// It was only to be validated: its report is stored, its rollback has begun.
    Validated(Box<Import>),
    /// It was not finishing any more: cancelled, or another run was faster.
    NotFinishing,
    /// The proof does not hold.
    Refused,
    /// The proof holds, and its owner may not have as many rows.
    OverQuota(Exceeded),
}

/// Proves an import whose chunks are all done, stores the counts its pages are found by, and lets
/// its rows appear: one transaction, whose last lock is the import's.
pub async fn finish(
    client: &mut Client,
    import: &Import,
    dataset: &Dataset,
    judged: &Judged,
    quotas: &Quotas,
) -> Result<(Proof, Finished), Error> {
    let transaction = client.transaction().await?;
    let proof = count_and_prove(&transaction, import, dataset).await?;
    if !proof.holds(import, judged) {
        transaction.rollback().await?;
        return Ok((proof, Finished::Refused));
    }
    counts::mark(&transaction, import, dataset).await?;
    swap::lock(&transaction, import.uid).await?;
    if let Some(exceeded) = judge_rows(&transaction, import, quotas).await? {
        transaction.rollback().await?;
        return Ok((proof, Finished::OverQuota(exceeded)));
    }
    match complete(&transaction, import.uid, judged).await? {
        Some(import) => {
            transaction.commit().await?;
            point("completed");
            Ok((proof, Finished::Completed(Box::new(import))))
        }
        None => {
            transaction.rollback().await?;
            Ok((proof, Finished::NotFinishing))
        }
    }
}

/// Judges whether the rows of an import may appear. The import, and the one that it swaps, are locked.
async fn judge_rows(
    transaction: &Transaction<'_>,
    import: &Import,
    quotas: &Quotas,
) -> Result<Option<Exceeded>, Error> {
    let wish = Wish::Rows {
        rows: import.rows_imported,
        instead_of: swap::rows_swapped(transaction, import.uid).await?,
    };
    usage::judge(transaction, import.owner, quotas, wish).await
}

/// Adds up chunks and rows, and writes the counts that pages are found by. The receipts alone would not do: they are what is to be proved. The
/// rows are counted where they are stored, and their counts by day or by block are kept, in the
/// caller's transaction: to be committed with the import's state or not at all.
pub async fn count_and_prove(
    client: &impl GenericClient,
    import: &Import,
    dataset: &Dataset,
) -> Result<Proof, Error> {
    let heading_end = import.heading_end.map_or(0, |(byte, _)| byte);
    let row = client
        .query_one(
            "SELECT count(*), count(done_at), \
                 coalesce(bool_and(byte_start = expected_byte AND first_record = expected_record \
                     AND number = expected_number AND rows_imported + rows_rejected + coalesce(records_empty, 0) = records), true), \
                 coalesce(max(byte_end), $2), coalesce(sum(records), 0)::bigint, \
                 coalesce(sum(rows_imported), 0)::bigint, coalesce(sum(rows_rejected), 0)::bigint, \
                 coalesce(sum(records_empty), 0)::bigint, coalesce(sum(lines), 0)::bigint \
             FROM (SELECT *, lag(byte_end, 1, $2) OVER w AS expected_byte, \
                       lag(first_record + records, 1, 1::bigint) OVER w AS expected_record, \
                       row_number() OVER w - 1 AS expected_number \
                   FROM import_chunk WHERE import_id = $1 WINDOW w AS (ORDER BY number)) AS c",
            &[&import.id, &heading_end],
        )
        .await?;
    let records: i64 = row.get(4);
    let (rows_stored, rows_astray) =
        counts::count_and_keep(client, import, dataset, records).await?;
    point("proved");
    Ok(Proof {
        chunks: row.get(0),
        receipts: row.get(1),
        tiles: row.get(2),
        byte_end: row.get(3),
        records,
        rows_imported: row.get(5),
        rows_rejected: row.get(6),
        records_empty: row.get(7),
        lines: row.get(8),
        rows_stored,
        rows_astray,
    })
}

/// Number of the owner's completed import of the same dataset whose content, columns and reading
/// are the same; of several, the last. One that this one
/// takes the place of, or would, does not count.
pub async fn same_content_as(
    client: &Client,
    import: &Import,
    content: ContentSum,
) -> Result<Option<i32>, Error> {
    let reading = serde_json::json!(import.reading);
    let sql = format!(
        "SELECT number FROM import WHERE owner = $1 AND dataset = $2 AND content_crc = $3 \
             AND content_bytes = $4 AND column_order = $5 \
             AND reading - 'origins' = $6::jsonb - 'origins' AND state = {COMPLETED} AND id <> $7 \
             AND coalesce(chain, number) <> (SELECT coalesce(chain, number) FROM import WHERE id = $7) \
         ORDER BY number DESC LIMIT 1"
    );
    let row = client
        .query_opt(
            &sql,
            &[
                &import.owner,
                &import.dataset,
                &content.crc.cast_signed(),
                &content.bytes.cast_signed(),
                &import.column_order,
                &reading,
                &import.id,
            ],
        )
        .await?;
    Ok(row.map(|row| row.get(0)))
}
