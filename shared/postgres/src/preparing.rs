//! The preparer's side of an import: its upload, the receipts of its parts, and the object that they
//! become. Every statement demands the preparer's own run, an active state, and an import that is
//! not prepared: a preparer that finds no row is no longer the preparer, and stops.

use domain::import::{Import, State};
use domain::plan::chunk_bytes;
use domain::preparing::Preparation;
use tokio_postgres::{Client, Row};
use trial::point;
use uuid::Uuid;

use crate::Error;
use crate::import_row::{COLUMNS, read_optional};
use crate::sql::{self, Sql};

/// The statement's run is still the one that prepares this key.
const MINE: Sql = Sql(|f| {
    let under_way = sql::imports(State::is_under_way);
    write!(
        f,
        "uid = $1 AND run = $2 AND prepared_key = $3 AND prepared_version IS NULL \
         AND state IN {under_way}"
    )
});

/// The receipt of a part that was stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Counts from 1.
    pub number: i32,
    /// The byte of the text after its last one.
    pub text_end: i64,
    /// The ETag that S3 gave its content.
    pub etag: String,
}

/// An object whose parts are joined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joined {
    /// Its version.
    pub version: String,
    /// Its bytes.
    pub size: i64,
    /// What it was made from.
    pub preparation: Preparation,
}

/// Stores the key that this run prepares, before anything is stored under it. Returns the import,
/// also if it is prepared already; `None`: this run is not wanted.
pub async fn begin(client: &Client, uid: Uuid, run: i32) -> Result<Option<Import>, Error> {
    let under_way = sql::imports(State::is_under_way);
    let sql = format!(
        "UPDATE import SET progressed_at = now(), \
             prepared_key = CASE WHEN {KEEPS} THEN prepared_key ELSE {KEY} END, \
             prepared_upload_id = CASE WHEN {KEEPS} THEN prepared_upload_id END, \
             prepared_from = CASE WHEN {KEEPS} THEN prepared_from ELSE 0 END \
         WHERE uid = $1 AND run = $2 AND state IN {under_way} RETURNING {COLUMNS}"
    );
    let row = client.query_opt(&sql, &[&uid, &run]).await?;
    point("preparing-begun");
    read_optional(row)
}

/// The key of a run, as [`Import::prepared_key`] has it.
const KEY: &str = "'prepared/' || uid || '/' || run";

/// What is there is kept: it is whole, or of this run.
const KEEPS: &str =
    "(prepared_version IS NOT NULL OR prepared_key = 'prepared/' || uid || '/' || run)";

/// Stores the upload that the parts go to, unless there is one. Returns the import as it is now.
pub async fn keep_upload(
    client: &Client,
    import: &Import,
    upload_id: &str,
) -> Result<Option<Import>, Error> {
    let sql = format!(
        "UPDATE import SET prepared_upload_id = coalesce(prepared_upload_id, $4), \
             progressed_at = now() WHERE {MINE} RETURNING {COLUMNS}"
    );
    let key = import.prepared_key();
    let row = client
        .query_opt(&sql, &[&import.uid, &import.run, &key, &upload_id])
        .await?;
    point("prepared-upload-kept");
    read_optional(row)
}

/// The upload is gone: forgets it, and the receipts of its parts.
pub async fn forget_upload(client: &mut Client, import: &Import) -> Result<(), Error> {
    let transaction = client.transaction().await?;
    let parts = "DELETE FROM import_part WHERE import_id = $1 AND run = $2";
    transaction
        .execute(parts, &[&import.id, &import.run])
        .await?;
    let sql = format!(
        "UPDATE import SET prepared_upload_id = NULL, prepared_from = 0 \
         WHERE {MINE} AND prepared_upload_id = $4"
    );
    let upload_id = import.prepared.as_ref().and_then(|it| it.upload_id.clone());
    let key = import.prepared_key();
    let forgotten = transaction
        .execute(&sql, &[&import.uid, &import.run, &key, &upload_id])
        .await?;
    match forgotten {
        0 => transaction.rollback().await?,
        _ => transaction.commit().await?,
    }
    Ok(())
}

/// The receipts of this run so far, in their order.
pub async fn parts(client: &Client, import: &Import) -> Result<Vec<Receipt>, Error> {
    let sql = "SELECT number, text_end, etag FROM import_part WHERE import_id = $1 AND run = $2 \
               ORDER BY number";
    let rows = client.query(sql, &[&import.id, &import.run]).await?;
    rows.iter().map(receipt).collect()
}

fn receipt(row: &Row) -> Result<Receipt, Error> {
    Ok(Receipt {
        number: row.try_get(0)?,
        text_end: row.try_get(1)?,
        etag: row.try_get(2)?,
    })
}

/// Commits the receipt of a stored part, with how much of the object is behind it. `None`: this run
/// is not the preparer any more, or another preparer of it stored the part first.
pub async fn add_part(
    client: &mut Client,
    import: &Import,
    part: &Receipt,
    from_bytes: i64,
) -> Result<Option<Import>, Error> {
    point("prepared-part-stored");
    let transaction = client.transaction().await?;
    let sql = "INSERT INTO import_part (import_id, run, number, text_end, etag) \
               VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
    let inserted = transaction
        .execute(
            sql,
            &[
                &import.id,
                &import.run,
                &part.number,
                &part.text_end,
                &part.etag,
            ],
        )
        .await?;
    let sql = format!(
        "UPDATE import SET prepared_from = $4, progressed_at = now() WHERE {MINE} \
         AND $5 RETURNING {COLUMNS}"
    );
    let (key, is_first) = (import.prepared_key(), inserted == 1);
    let row = transaction
        .query_opt(
            &sql,
            &[&import.uid, &import.run, &key, &from_bytes, &is_first],
        )
        .await?;
    let counted = read_optional(row)?;
    match counted {
        Some(_) => {
            transaction.commit().await?;
            point("prepared-part-committed");
        }
        None => transaction.rollback().await?,
    }
    Ok(counted)
}

/// Says that the preparer is at work. False: it is not wanted any more.
pub async fn mark_at_work(client: &Client, import: &Import) -> Result<bool, Error> {
    let sql = format!("UPDATE import SET progressed_at = now() WHERE {MINE}");
    let key = import.prepared_key();
    let marked = client
        .execute(&sql, &[&import.uid, &import.run, &key])
        .await?;
    Ok(marked > 0)
}

/// The object is whole: it is read from this commit on, in chunks that fit it. `None`: this run is
/// not the preparer any more.
pub async fn end(
    client: &Client,
    import: &Import,
    joined: &Joined,
) -> Result<Option<Import>, Error> {
    point("prepared-parts-joined");
    let chunk_bytes = trial::chunk_bytes(chunk_bytes(joined.size));
    let chunk_bytes = i32::try_from(chunk_bytes).unwrap_or(i32::MAX);
    let sql = format!(
        "UPDATE import SET prepared_version = $4, prepared_size = $5, prepared_packing = $6, \
             prepared_encoding = $7, prepared_upload_id = NULL, prepared_from = object_size, \
             chunk_bytes = $8, progressed_at = now() \
         WHERE {MINE} AND heading_end_byte IS NULL RETURNING {COLUMNS}"
    );
    let preparation = joined.preparation;
    let row = client
        .query_opt(
            &sql,
            &[
                &import.uid,
                &import.run,
                &import.prepared_key(),
                &joined.version,
                &joined.size,
                &preparation.packing.as_str(),
                &preparation.encoding.name(),
                &chunk_bytes,
            ],
        )
        .await?;
    point("prepared");
    read_optional(row)
}

/// Deletes the receipts of every run of an import that is prepared no more.
pub async fn forget_parts(client: &Client, import: &Import) -> Result<(), Error> {
    let sql = "DELETE FROM import_part WHERE import_id = $1";
    client.execute(sql, &[&import.id]).await?;
    Ok(())
}
