use std::sync::Arc;

use domain::dataset::Dataset;
use domain::export::Export;
use domain::filter::StoredFilter;
use domain::quota::{Exceeded, Quotas, Wish};
use jiff::Timestamp;
use tokio_postgres::{Client, Transaction};
use uuid::Uuid;

use super::export_row::{COLUMNS, read};
use super::{Pinned, RUN};
use crate::Error;
use crate::imports::Idempotency;
use crate::sql::THERE;
use crate::sql::of_export::{EXPORTING, NEEDS_CONFIRMATION};
use crate::usage;

/// What a user asks for.
#[derive(Clone, Debug)]
pub struct NewExport {
    /// Chosen by the caller; the object's key derives from it.
    pub uid: Uuid,
    /// The account's uuid.
    pub owner: Uuid,
    /// The dataset whose rows it is to hold.
    pub dataset: Arc<Dataset>,
    /// Which of them.
    pub filters: StoredFilter,
    /// Whether the file is to be compressed.
    pub gzip: bool,
    /// Whether formulas are to be disarmed.
    pub guard: bool,
    /// Where the object is to be.
    pub object_key: String,
    /// Whether it begins without a confirmation, even if it is large.
    pub confirmed: bool,
    /// The wait for a confirmation ends at this time.
    pub confirm_expires_at: Timestamp,
    /// The caller's key for this request, if it gave one.
    pub idempotency: Option<Idempotency>,
    /// What its owner may have.
    pub quotas: Quotas,
}

/// What became of a [`NewExport`].
#[derive(Debug)]
pub enum Created {
    /// The row is written.
    Export(Box<Export>),
    /// The same key came with the same request before: this is its export.
    Again(Box<Export>),
    /// The same key came with another request before.
    KeyReused,
    /// The owner has as many as an owner may have.
    OverQuota(Exceeded),
}

/// Writes the export row and gives it its number. Call [`seen_before`], [`without_room`] and
/// [`pin`](super::pin) first.
pub async fn create(
    client: &mut Client,
    new: &NewExport,
    pinned: &Pinned,
) -> Result<Created, Error> {
    match insert(client, new, pinned).await {
        Ok(Ok(export)) => Ok(Created::Export(Box::new(export))),
        Ok(Err(exceeded)) => over_quota(client, new, exceeded).await,
        Err(error) if error.violated_constraint() == Some("export_owner_idempotency_key_key") => {
            seen_before(client, new).await?.ok_or(error)
        }
        Err(error) => Err(error),
    }
}

/// What the same idempotency key got before. Looked up before any other rule.
pub async fn seen_before(client: &Client, new: &NewExport) -> Result<Option<Created>, Error> {
    let Some(idempotency) = &new.idempotency else {
        return Ok(None);
    };
    let sql = format!(
        "SELECT {COLUMNS}, fingerprint FROM export \
         WHERE owner = $1 AND idempotency_key = $2 AND {THERE}"
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

/// The answer when the owner has too many exports, unless the last of them came from this same
/// request, sent twice.
pub async fn over_quota(
    client: &Client,
    new: &NewExport,
    exceeded: Exceeded,
) -> Result<Created, Error> {
    let seen = seen_before(client, new).await?;
    Ok(seen.unwrap_or(Created::OverQuota(exceeded)))
}

/// Why the owner may have no further export now, if so. Asked before the rows are counted, which may
/// take long, and again by [`create`].
pub async fn without_room(client: &Client, new: &NewExport) -> Result<Option<Exceeded>, Error> {
    let usage = usage::of(client, new.owner).await?;
    Ok(new.quotas.exceeded(&usage, Wish::Export))
}

async fn insert(
    client: &mut Client,
    new: &NewExport,
    pinned: &Pinned,
) -> Result<Result<Export, Exceeded>, Error> {
    let transaction = client.transaction().await?;
    match insert_in(&transaction, new, pinned).await {
        Ok(Ok(export)) => {
            transaction.commit().await?;
            Ok(Ok(export))
        }
        refused => {
            transaction.rollback().await?;
            refused
        }
    }
}

/// What the owner has comes first: its row stays locked until the transaction ends, so that the
/// exports of one owner are judged and created one at a time.
async fn insert_in(
    transaction: &Transaction<'_>,
    new: &NewExport,
    pinned: &Pinned,
) -> Result<Result<Export, Exceeded>, Error> {
    let exceeded = usage::judge(transaction, new.owner, &new.quotas, Wish::Export).await?;
    if let Some(exceeded) = exceeded {
        return Ok(Err(exceeded));
    }
    let number: i32 = transaction
        .query_one(
            "INSERT INTO import_number (owner, dataset, last) VALUES ($1, 'exports', 1) \
             ON CONFLICT (owner, dataset) DO UPDATE SET last = import_number.last + 1 RETURNING last",
            &[&new.owner],
        )
        .await?
        .get(0);
    insert_row(transaction, new, pinned, number).await.map(Ok)
}

async fn insert_row(
    transaction: &Transaction<'_>,
    new: &NewExport,
    pinned: &Pinned,
    number: i32,
) -> Result<Export, Error> {
    let sql = format!(
        "INSERT INTO export (uid, owner, number, state, filters, gzip, guard, imports, estimate_rows, \
             estimate_bytes, estimate_exact, object_key, confirm_expires_at, idempotency_key, \
             fingerprint, started_at, run_expires_at, dataset, dataset_id, dataset_version) \
         VALUES ($1, $2, $3, CASE WHEN $15 THEN {EXPORTING} ELSE {NEEDS_CONFIRMATION} END, $4, $5, $6, \
             $7, $8, $9, $10, $11, $12, $13, $14, CASE WHEN $15 THEN now() END, \
             CASE WHEN $15 THEN now() + {RUN} END, $16, $17, $18) RETURNING {COLUMNS}"
    );
    let filters =
        serde_json::to_value(&new.filters).map_err(|error| Error::Stored(error.to_string()))?;
    let key = new.idempotency.as_ref().map(|it| it.key.as_str());
    let fingerprint = new.idempotency.as_ref().map(|it| it.fingerprint.as_slice());
    let declared = new.dataset.declared();
    let row = transaction
        .query_one(
            &sql,
            &[
                &new.uid,
                &new.owner,
                &number,
                &filters,
                &new.gzip,
                &new.guard,
                &pinned.imports,
                &pinned.estimate.rows,
                &pinned.estimate.bytes,
                &pinned.estimate.exact,
                &new.object_key,
                &new.confirm_expires_at,
                &key,
                &fingerprint,
                &new.confirmed,
                &new.dataset.name,
                &declared.map(|it| it.id),
                &declared.map(|it| it.version),
            ],
        )
        .await?;
    read(&row)
}
