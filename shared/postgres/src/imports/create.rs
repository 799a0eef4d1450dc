use domain::import::{Import, State};
use domain::max_errors::MaxErrors;
use jiff::Timestamp;
use tokio_postgres::{Client, Transaction};
use uuid::Uuid;

use super::ask::{CANCELS, MAY_BE_CANCELLED};
use super::by_number;
use super::retry::{Retried, TakenOver, take_over};
use crate::Error;
use crate::import_row::{COLUMNS, read};
use crate::sql::THERE;

/// What a user asks for.
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
    /// The wait for the object ends at this time.
    pub upload_expires_at: Timestamp,
    /// The caller's key for this request, if it gave one.
    pub idempotency: Option<Idempotency>,
    /// Whether it is to be held if it fails and resuming might help.
    pub holds: bool,
    /// How many of its records may be rejected before it fails; `None`: no limit.
    pub max_errors: Option<MaxErrors>,
    /// Whether its file is only to be validated.
    pub validate_only: bool,
    /// Number of the import that it replaces, if it replaces one.
    pub replaces: Option<i32>,
    /// Number of the import whose original it reads again, if it retries one.
    pub retry_of: Option<i32>,
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
    /// The import it was to replace, or to retry, is in a state that does not allow it.
    WrongState(State),
    /// The original of the import it was to retry is not kept (any more).
    ObjectExpired,
    /// The owner has no import of the number it was to replace, or to retry.
    NotFound,
}

/// Writes the import row and gives it its number, unless the idempotency key was used before or
/// another baseline is active. An import that it replaces is cancelled by the same commit, so that
/// a baseline can take the place of an active one.
pub async fn create(client: &mut Client, new: &NewImport) -> Result<Created, Error> {
    if let Some(answer) = seen_before(client, new).await? {
        return Ok(answer);
    }
    match insert(client, new).await {
        Ok(Some(import)) => Ok(Created::Import(Box::new(import))),
        Ok(None) => irreplaceable(client, new).await,
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

/// What the same idempotency key got before. Looked up before any other rule.
pub async fn seen_before(client: &Client, new: &NewImport) -> Result<Option<Created>, Error> {
    let Some(idempotency) = &new.idempotency else {
        return Ok(None);
    };
    let sql = format!(
        "SELECT {COLUMNS}, fingerprint FROM import WHERE owner = $1 AND idempotency_key = $2 \
         AND {THERE}"
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

async fn irreplaceable(client: &Client, new: &NewImport) -> Result<Created, Error> {
    if let Some(answer) = seen_before(client, new).await? {
        return Ok(answer);
    }
    let number = new.replaces.or(new.retry_of).unwrap_or_default();
    let other = by_number(client, new.owner, new.dataset, number).await?;
    Ok(match other {
        Some(import) if new.retry_of.is_some() && import.state.may_be_retried() => {
            Created::ObjectExpired
        }
        Some(import) => Created::WrongState(import.state),
        None => Created::NotFound,
    })
}

async fn insert(client: &mut Client, new: &NewImport) -> Result<Option<Import>, Error> {
    let transaction = client.transaction().await?;
    match insert_in(&transaction, new).await {
        Ok(Some(import)) => {
            transaction.commit().await?;
            Ok(Some(import))
        }
        Ok(None) => {
            transaction.rollback().await?;
            Ok(None)
        }
        Err(error) => {
            transaction.rollback().await?;
            Err(error)
        }
    }
}

/// `None`: the import it was to replace, or to retry, does not allow it (any more).
async fn insert_in(
    transaction: &Transaction<'_>,
    new: &NewImport,
) -> Result<Option<Import>, Error> {
    let number = next_number(transaction, new).await?;
    if !replace(transaction, new, number).await? {
        return Ok(None);
    }
    let Some(taken_over) = retry(transaction, new, number).await? else {
        return Ok(None);
    };
    let key = new.idempotency.as_ref().map(|it| it.key.as_str());
    let fingerprint = new.idempotency.as_ref().map(|it| it.fingerprint.as_slice());
    let sql = format!(
        "INSERT INTO import (uid, owner, dataset, number, object_key, object_size, upload_expires_at, \
         idempotency_key, fingerprint, on_failure, replaces, max_errors, max_errors_percent, \
         validate_only, retry_of, source_key, source_version) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) \
         RETURNING {COLUMNS}"
    );
    let source = taken_over.source.as_ref();
    let (count, percent) = limit(new.max_errors.or(taken_over.max_errors));
    let on_failure = on_failure(new.holds || taken_over.holds);
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
                &on_failure,
                &new.replaces,
                &count,
                &percent,
                &new.validate_only,
                &new.retry_of,
                &source.map(|it| &it.key),
                &source.map(|it| &it.version),
            ],
        )
        .await?;
    read(&row).map(Some)
}

/// What the new import takes over from the one that it retries; nothing if it retries none.
async fn retry(
    transaction: &Transaction<'_>,
    new: &NewImport,
    by: i32,
) -> Result<Option<TakenOver>, Error> {
    let Some(number) = new.retry_of else {
        return Ok(Some(TakenOver::default()));
    };
    let retried = Retried {
        owner: new.owner,
        dataset: new.dataset,
        number,
        by,
    };
    take_over(transaction, retried).await
}

fn on_failure(holds: bool) -> &'static str {
    if holds { "hold" } else { "roll_back" }
}

fn limit(max_errors: Option<MaxErrors>) -> (Option<i64>, Option<i16>) {
    match max_errors {
        None => (None, None),
        Some(MaxErrors::Count(count)) => (Some(count), None),
        Some(MaxErrors::Percent(percent)) => (None, Some(percent)),
    }
}

/// The next number of the owner and dataset; whoever asks for another one waits for this commit.
async fn next_number(transaction: &Transaction<'_>, new: &NewImport) -> Result<i32, Error> {
    let sql = "INSERT INTO import_number (owner, dataset, last) VALUES ($1, $2, 1) \
         ON CONFLICT (owner, dataset) DO UPDATE SET last = import_number.last + 1 RETURNING last";
    let row = transaction
        .query_one(sql, &[&new.owner, &new.dataset])
        .await?;
    Ok(row.try_get(0)?)
}

/// Cancels the import that the new one replaces; true also if it replaces none.
async fn replace(transaction: &Transaction<'_>, new: &NewImport, by: i32) -> Result<bool, Error> {
    let Some(number) = new.replaces else {
        return Ok(true);
    };
    let sql = format!(
        "UPDATE import SET {CANCELS}, replaced_by = $4, progressed_at = now() WHERE owner = $1 \
         AND dataset = $2 AND number = $3 AND {THERE} AND {MAY_BE_CANCELLED}"
    );
    let cancelled = transaction
        .execute(&sql, &[&new.owner, &new.dataset, &number, &by])
        .await?;
    Ok(cancelled == 1)
}
