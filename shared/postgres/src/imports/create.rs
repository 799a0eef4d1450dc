use domain::import::Import;
use jiff::Timestamp;
use tokio_postgres::{Client, Transaction};
use uuid::Uuid;

use crate::Error;
use crate::import_row::{COLUMNS, read};

/// What an uploader asks for.
#[derive(Clone, Debug)]
pub struct NewImport {
    /// Chosen by the caller; the object's key derives from it.
    pub uid: Uuid,
    /// The account's uuid.
    pub owner: Uuid,
    /// Name of the dataset.
    pub dataset: &'static str,
    /// Where the object is to be.
    pub object_key: String,
    /// Bytes, as declared.
    pub object_size: i64,
    /// Waiting for the object ends here.
    pub upload_expires_at: Timestamp,
    /// The caller's key for this request, if it gave one.
    pub idempotency: Option<Idempotency>,
}

/// A caller's key, unique per owner, and a digest of the request it came with.
#[derive(Clone, Debug)]
pub struct Idempotency {
    /// The header's value.
    pub key: String,
    /// Digest of the request.
    pub fingerprint: Vec<u8>,
}

/// What became of a [`NewImport`].
#[derive(Debug)]
pub enum Created {
    /// The row is written.
    Import(Box<Import>),
    /// The same key came with the same request before: this is its import.
    Again(Box<Import>),
    /// The same key came with another request before.
    KeyReused,
    /// A baseline of the owner is active.
    ActiveBaseline,
}

/// Writes the import row and gives it its number, unless the key or the baseline rule says no.
pub async fn create(client: &mut Client, new: &NewImport) -> Result<Created, Error> {
    if let Some(answer) = seen_before(client, new).await? {
        return Ok(answer);
    }
    match insert(client, new).await {
        Ok(import) => Ok(Created::Import(Box::new(import))),
        Err(error) => refused(client, new, error).await,
    }
}

async fn refused(client: &Client, new: &NewImport, error: Error) -> Result<Created, Error> {
    match error.violated_constraint() {
        Some("import_one_active_baseline") => Ok(Created::ActiveBaseline),
        Some("import_owner_idempotency_key_key") => seen_before(client, new).await?.ok_or(error),
        _ => Err(error),
    }
}

/// What the same key got before, looked up before any other rule.
pub async fn seen_before(client: &Client, new: &NewImport) -> Result<Option<Created>, Error> {
    let Some(idempotency) = &new.idempotency else {
        return Ok(None);
    };
    let sql = format!(
        "SELECT {COLUMNS}, fingerprint FROM import WHERE owner = $1 AND idempotency_key = $2 \
         AND goal IS DISTINCT FROM 'deleted'"
    );
    let row = client
        .query_opt(&sql, &[&new.owner, &idempotency.key])
        .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let fingerprint: &[u8] = row.try_get("fingerprint")?;
    if fingerprint != idempotency.fingerprint {
        return Ok(Some(Created::KeyReused));
    }
    Ok(Some(Created::Again(Box::new(read(&row)?))))
}

async fn insert(client: &mut Client, new: &NewImport) -> Result<Import, Error> {
    let transaction = client.transaction().await?;
    match insert_in(&transaction, new).await {
        Ok(import) => {
            transaction.commit().await?;
            Ok(import)
        }
        Err(error) => {
            transaction.rollback().await?;
            Err(error)
        }
    }
}

async fn insert_in(transaction: &Transaction<'_>, new: &NewImport) -> Result<Import, Error> {
    let number: i32 = transaction
        .query_one(
            "INSERT INTO import_number (owner, dataset, last) VALUES ($1, $2, 1) \
             ON CONFLICT (owner, dataset) DO UPDATE SET last = import_number.last + 1 RETURNING last",
            &[&new.owner, &new.dataset],
        )
        .await?
        .get(0);
    let key = new.idempotency.as_ref().map(|it| it.key.as_str());
    let fingerprint = new.idempotency.as_ref().map(|it| it.fingerprint.as_slice());
    let sql = format!(
        "INSERT INTO import (uid, owner, dataset, number, object_key, object_size, upload_expires_at, \
         idempotency_key, fingerprint) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING {COLUMNS}"
    );
    let row = transaction
        .query_one(
            &sql,
            &[
                &new.uid,
                &new.owner,
                &new.dataset,
                &number,
                &new.object_key,
                &new.object_size,
                &new.upload_expires_at,
                &key,
                &fingerprint,
            ],
        )
        .await?;
    read(&row)
}
