//! What a writer stores and asks: its upload, the receipts of its parts, the proof.

use domain::dataset::Dataset;
use domain::export::Export;
use domain::order::Key;
use jiff::civil::Date;
use tokio_postgres::{Client, Row, Transaction};
use trial::point;
use uuid::Uuid;

use super::UNCHANGED;
use super::estimate::count;
use super::export_row::{COLUMNS, read_optional};
use super::filter;
use crate::Error;
use crate::imports::one_moment;
use crate::sql::of_export::{COMPLETED, EXPORTING};
use crate::sql::{self, Sql};

/// The statement's run is still the one that writes.
const MINE: Sql = Sql(|f| write!(f, "uid = $1 AND run = $2 AND state = {EXPORTING}"));

/// A row's place in the order in which rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The import it came with.
    pub import_id: i64,
    /// Its value in the column that rows are sorted by, if they are.
    pub key: Option<Key>,
    /// Its record.
    pub record: i64,
}

/// The receipt of a part that was uploaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Counts from 1.
    pub number: i32,
    /// The ETag that S3 gave its content.
    pub etag: String,
    /// Rows in it.
    pub rows: i64,
    /// Bytes of it.
    pub bytes: i64,
    /// Its last row; if it has no rows, that of the part before.
    pub last: Position,
}

/// Why a writer is to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The export is no longer to be written, or is written by another run.
    NotActive,
    /// An import it takes rows from is no longer completed.
    SourceChanged,
}

/// Marks the run as begun, so that its execution is not started again. `None`: the run is not
/// wanted.
pub async fn begin(client: &Client, uid: Uuid, run: i32) -> Result<Option<Export>, Error> {
    let sql = format!(
        "UPDATE export SET begun_run = $2, progressed_at = now() WHERE {MINE} RETURNING {COLUMNS}"
    );
    read_optional(client.query_opt(&sql, &[&uid, &run]).await?)
}

/// Stores the upload that its parts go to, unless it has one. Returns the export as it is now.
pub async fn keep_upload(
    client: &Client,
    export: &Export,
    upload_id: &str,
) -> Result<Option<Export>, Error> {
    let sql = format!(
        "UPDATE export SET upload_id = coalesce(upload_id, $3), progressed_at = now() \
         WHERE {MINE} RETURNING {COLUMNS}"
    );
    let row = client
        .query_opt(&sql, &[&export.uid, &export.run, &upload_id])
        .await?;
    point("upload-kept");
    read_optional(row)
}

/// The receipts so far, in their order.
pub async fn parts(
    client: &Client,
    export: &Export,
    dataset: &Dataset,
) -> Result<Vec<Receipt>, Error> {
    let rows = client
        .query(
            "SELECT number, etag, rows, bytes, import_id, order_date, key, record FROM export_part \
             WHERE export_id = $1 ORDER BY number",
            &[&export.id],
        )
        .await?;
    rows.iter().map(|row| receipt(row, dataset)).collect()
}

fn receipt(row: &Row, dataset: &Dataset) -> Result<Receipt, Error> {
    let day: Option<Date> = row.try_get(5)?;
    let number: Option<i64> = row.try_get(6)?;
    let key = number
        .zip(dataset.order())
        .and_then(|(it, order)| order.key_of(it));
    Ok(Receipt {
        number: row.try_get(0)?,
        etag: row.try_get(1)?,
        rows: row.try_get(2)?,
        bytes: row.try_get(3)?,
        last: Position {
            import_id: row.try_get(4)?,
            key: day.map(Key::Date).or(key),
            record: row.try_get(7)?,
        },
    })
}

/// Commits the receipt of an uploaded part, if it is the next part of a run that is still wanted
/// and every import is still completed. `None`: it is not; see [`why_stopped`].
pub async fn add_part(
    client: &mut Client,
    export: &Export,
    part: &Receipt,
) -> Result<Option<Export>, Error> {
    let sql = format!(
        "UPDATE export SET parts_done = $3, rows_done = rows_done + $4, \
             bytes_done = bytes_done + $5, progressed_at = now(), \
             last_stored_at = clock_timestamp() \
         WHERE {MINE} AND parts_done = $3 - 1 AND {UNCHANGED} RETURNING {COLUMNS}"
    );
    point("part-stored");
    let transaction = client.transaction().await?;
    insert_part(&transaction, export, part).await?;
    let row = transaction
        .query_opt(
            &sql,
            &[
                &export.uid,
                &export.run,
                &part.number,
                &part.rows,
                &part.bytes,
            ],
        )
        .await?;
    let counted = read_optional(row)?;
    match counted {
        Some(_) => {
            transaction.commit().await?;
            point("part-committed");
        }
        None => transaction.rollback().await?,
    }
    Ok(counted)
}

/// If the part has a receipt already, another writer wrote it, and this inserts nothing: the UPDATE
/// that follows finds no row.
async fn insert_part(
    transaction: &Transaction<'_>,
    export: &Export,
    part: &Receipt,
) -> Result<(), Error> {
    // A date is kept as such, any other key as a number.
    let (day, number) = match part.last.key {
        Some(Key::Date(day)) => (Some(day), None),
        key => (None, key.map(Key::number)),
    };
    transaction
        .execute(
            "INSERT INTO export_part (export_id, number, etag, rows, bytes, import_id, order_date, \
             key, record) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING",
            &[
                &export.id,
                &part.number,
                &part.etag,
                &part.rows,
                &part.bytes,
                &part.last.import_id,
                &day,
                &number,
                &part.last.record,
            ],
        )
        .await?;
    Ok(())
}

/// Whether this run is to stop, and why.
pub async fn stopped(client: &Client, export: &Export) -> Result<Option<Stop>, Error> {
    let sql = format!("SELECT {UNCHANGED} FROM export WHERE {MINE}");
    let unchanged = client.query_opt(&sql, &[&export.uid, &export.run]).await?;
    Ok(match unchanged.map(|row| row.get(0)) {
        None => Some(Stop::NotActive),
        Some(false) => Some(Stop::SourceChanged),
        Some(true) => None,
    })
}

/// Why a statement of this run found no row.
pub async fn why_stopped(client: &Client, export: &Export) -> Result<Stop, Error> {
    let stopped = stopped(client, export).await?;
    Ok(stopped.unwrap_or(Stop::NotActive))
}

/// How many rows of the pinned imports match, counted by the database; `None` if one of the
/// imports is no longer completed.
pub async fn prove(
    client: &mut Client,
    export: &Export,
    dataset: &Dataset,
) -> Result<Option<i64>, Error> {
    let filter = filter(export, dataset)?;
    let moment = one_moment(client).await?;
    let sql = format!(
        "SELECT count(*) FILTER (WHERE state <> {}), \
             coalesce(sum(rows_imported), 0)::bigint FROM import WHERE id = ANY($1)",
        sql::of_import::COMPLETED
    );
    let row = moment.query_one(&sql, &[&export.imports]).await?;
    let (changed, stored): (i64, i64) = (row.get(0), row.get(1));
    let rows = match changed {
        0 if filter.conditions.is_empty() => Some(stored),
        0 => Some(count(&moment, &export.imports, dataset, &filter).await?),
        _ => None,
    };
    moment.commit().await?;
    Ok(rows)
}

/// The object is complete: from this commit on there is a link to it, until `days` days after it
/// was begun. S3 keeps an object for as many days from the beginning of its upload. `None`: the run
/// is not wanted any more, or an import is no longer completed.
pub async fn complete(
    client: &Client,
    export: &Export,
    days: i32,
) -> Result<Option<Export>, Error> {
    point("parts-joined");
    let sql = format!(
        "UPDATE export SET state = {COMPLETED}, finished_at = now(), progressed_at = now(), \
             expires_at = coalesce(started_at, now()) + make_interval(days => $3) \
         WHERE {MINE} AND {UNCHANGED} RETURNING {COLUMNS}"
    );
    let row = client
        .query_opt(&sql, &[&export.uid, &export.run, &days])
        .await?;
    point("export-completed");
    read_optional(row)
}
