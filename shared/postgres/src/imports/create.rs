use std::sync::Arc;

use domain::dataset::Dataset;
use domain::import::{Import, Source, State};
use domain::max_errors::MaxErrors;
use domain::quota::{Exceeded, Quotas, Wish};
use domain::reading::ReadingRequest;
use jiff::Timestamp;
use tokio_postgres::{Client, Transaction};
use uuid::Uuid;

use super::is_second_active;
use super::place::{Place, Placed, lock, place_of, take_place};
use super::retry::{Original, take_original};
use crate::Error;
use crate::import_row::{COLUMNS, read};
use crate::sql::THERE;
use crate::usage;

/// What a user asks for.
#[derive(Clone, Debug)]
pub struct NewImport {
    /// Chosen by the caller; the object's key derives from it.
    pub uid: Uuid,
    /// The account's uuid.
    pub owner: Uuid,
    /// The dataset, in the version that it is to be read by.
    pub dataset: Arc<Dataset>,
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
    /// How many of its records may be rejected before it fails.
    pub max_errors: MaxErrors,
    /// What is said of its reading.
    pub said: ReadingRequest,
    /// Whether its file is only to be validated.
    pub validate_only: bool,
    /// Number of the import that it replaces, if it replaces one.
    pub replaces: Option<i32>,
    /// Number of the import whose original it reads again, if it retries one.
    pub retry_of: Option<i32>,
    /// What its owner may have.
    pub quotas: Quotas,
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
    /// Another import of the owner is active, and the dataset is imported one at a time.
    AnotherActive,
    /// The import it was to replace, or to retry, is in a state that does not allow it.
    WrongState(State),
    /// The import it was to replace is being replaced by this one already.
    BeingReplaced(i32),
    /// The original of the import it was to retry is not kept (any more).
    ObjectExpired,
    /// The owner has no import of the number it was to replace, or to retry; or the dataset is
    /// dropped.
    NotFound,
    /// The dataset has another version by now: to be looked for again.
    DatasetChanged,
    /// The owner has as much as an owner may have.
    OverQuota(Exceeded),
}

/// Writes the import row and gives it its number, unless the idempotency key was used before or
/// another baseline is active. An import that it replaces gives up its place in the same commit
/// (`place.rs`), so that a baseline can take the place of an active one.
pub async fn create(client: &mut Client, new: &NewImport) -> Result<Created, Error> {
    if let Some(answer) = seen_before(client, new).await? {
        return Ok(answer);
    }
    match insert(client, new).await {
        Ok(Ok(import)) => Ok(Created::Import(Box::new(import))),
        Ok(Err(no_place)) => Ok(seen_before(client, new).await?.unwrap_or(no_place)),
        Err(error) => refused(client, new, error).await,
    }
}

async fn refused(client: &Client, new: &NewImport, error: Error) -> Result<Created, Error> {
    if is_second_active(&error) {
        return Ok(Created::AnotherActive);
    }
    match error.violated_constraint() {
        Some("import_dataset_is_there") => Ok(Created::NotFound),
        Some("import_dataset_is_current") => Ok(Created::DatasetChanged),
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

/// The import, or why it cannot replace, or retry, the one it was to.
type Inserted = Result<Import, Created>;

async fn insert(client: &mut Client, new: &NewImport) -> Result<Inserted, Error> {
    let transaction = client.transaction().await?;
    match insert_in(&transaction, new).await {
        Ok(Ok(import)) => {
            transaction.commit().await?;
            Ok(Ok(import))
        }
        Ok(no_place) => {
            transaction.rollback().await?;
            Ok(no_place)
        }
        Err(error) => {
            transaction.rollback().await?;
            Err(error)
        }
    }
}

async fn insert_in(transaction: &Transaction<'_>, new: &NewImport) -> Result<Inserted, Error> {
    hold_dataset(transaction, new).await?;
    let (placed, exceeded) = judge(transaction, new).await?;
    if let Some(exceeded) = exceeded {
        return Ok(Err(Created::OverQuota(exceeded)));
    }
    let number = next_number(transaction, new).await?;
    let source = match original(transaction, new, number).await? {
        Ok(source) => source,
        Err(refused) => return Ok(Err(refused)),
    };
    let place = match placed {
        None => None,
        Some(Placed::Free(place)) => Some(place),
        Some(Placed::WrongState(state)) => return Ok(Err(Created::WrongState(state))),
        Some(Placed::BeingReplaced(by)) => return Ok(Err(Created::BeingReplaced(by))),
        Some(Placed::NotFound) => return Ok(Err(Created::NotFound)),
    };
    if let (Some(replaced), Some(place)) = (new.replaces, place) {
        let (owner, dataset) = (new.owner, new.dataset.name.as_str());
        take_place(transaction, owner, dataset, (replaced, place), number).await?;
    }
    write(transaction, new, number, place, source).await.map(Ok)
}

/// The original that it reads again, if it retries an import.
async fn original(
    transaction: &Transaction<'_>,
    new: &NewImport,
    number: i32,
) -> Result<Result<Option<Source>, Created>, Error> {
    let (None, Some(retried)) = (new.replaces, new.retry_of) else {
        return Ok(Ok(None));
    };
    let (owner, dataset) = (new.owner, new.dataset.name.as_str());
    let original = take_original(transaction, owner, dataset, retried, number).await?;
    Ok(match original {
        Original::Kept(source) => Ok(Some(source)),
        Original::Expired => Err(Created::ObjectExpired),
        Original::WrongState(state) => Err(Created::WrongState(state)),
        Original::NotFound => Err(Created::NotFound),
    })
}

/// Locks the entry of a declared dataset before anything else: a drop locks it before the imports,
/// and the trigger that looks at it comes after the import that is replaced was locked.
async fn hold_dataset(transaction: &Transaction<'_>, new: &NewImport) -> Result<(), Error> {
    if let Some(id) = new.dataset.id {
        let hold = "SELECT hold_dataset($1)";
        transaction.execute(hold, &[&id]).await?;
    }
    Ok(())
}

/// The place that it takes, and why it may not be created, if so. Before anything is written, and after
/// the lock on the import that is replaced or retried: whoever changes an import counts it after that.
/// The place is looked for under the lock on what the owner uses: no other import of the chain is
/// created meanwhile.
async fn judge(
    transaction: &Transaction<'_>,
    new: &NewImport,
) -> Result<(Option<Placed>, Option<Exceeded>), Error> {
    let (owner, dataset) = (new.owner, new.dataset.name.as_str());
    let other = new.replaces.or(new.retry_of);
    let open = match other {
        Some(other) => lock(transaction, owner, dataset, other).await?,
        None => None,
    };
    let usage = usage::lock(transaction, owner).await?;
    let placed = match other {
        Some(other) => Some(place_of(transaction, owner, dataset, other).await?),
        None => None,
    };
    let wish = Wish::Import {
        bytes: new.object_size,
        adds_rows: !new.validate_only && stands_beside(placed),
        instead_of: open.filter(|_| new.replaces.is_some()),
    };
    Ok((placed, new.quotas.exceeded(&usage, wish)))
}

/// Whether its rows are to stand beside all that there are: it swaps no completed import of its chain.
/// If there is no place for it, that is why it is refused.
fn stands_beside(placed: Option<Placed>) -> bool {
    match placed {
        None => true,
        Some(Placed::Free(place)) => place.swaps.is_none(),
        Some(_) => false,
    }
}

/// The next number of the owner and dataset; whoever asks for another one waits for this commit.
async fn next_number(transaction: &Transaction<'_>, new: &NewImport) -> Result<i32, Error> {
    let sql = "INSERT INTO import_number (owner, dataset, last) VALUES ($1, $2, 1) \
         ON CONFLICT (owner, dataset) DO UPDATE SET last = import_number.last + 1 RETURNING last";
    let row = transaction
        .query_one(sql, &[&new.owner, &new.dataset.name])
        .await?;
    Ok(row.try_get(0)?)
}

/// Writes the row. What is only validated swaps nothing, and leaves its place to what retries it.
async fn write(
    transaction: &Transaction<'_>,
    new: &NewImport,
    number: i32,
    place: Option<Place>,
    source: Option<Source>,
) -> Result<Import, Error> {
    let key = new.idempotency.as_ref().map(|it| it.key.as_str());
    let fingerprint = new.idempotency.as_ref().map(|it| it.fingerprint.as_slice());
    let swaps = place.and_then(|it| it.swaps).filter(|_| !new.validate_only);
    let (count, percent) = match new.max_errors {
        MaxErrors::Count(count) => (Some(count), None),
        MaxErrors::Percent(percent) => (None, Some(percent)),
    };
    let declared = new.dataset.declared();
    let on_failure = if new.holds { "hold" } else { "roll_back" };
    let row = transaction
        .query_one(
            &insert_sql(),
            &[
                &new.uid,
                &new.owner,
                &new.dataset.name,
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
                &serde_json::json!(new.said),
                &swaps,
                &place.map(|it| it.chain),
                &new.validate_only,
                &new.retry_of,
                &source.as_ref().map(|it| &it.key),
                &source.as_ref().map(|it| &it.version),
                &declared.map(|it| it.id),
                &declared.map(|it| it.version),
                &new.dataset.one_at_a_time,
            ],
        )
        .await?;
    read(&row)
}

fn insert_sql() -> String {
    format!(
        "INSERT INTO import (uid, owner, dataset, number, object_key, object_size, upload_expires_at, \
         idempotency_key, fingerprint, on_failure, replaces, max_errors, max_errors_percent, \
         said, swaps, chain, validate_only, retry_of, source_key, source_version, dataset_id, \
         dataset_version, one_at_a_time) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, \
             $19, $20, $21, $22, $23) RETURNING {COLUMNS}"
    )
}
