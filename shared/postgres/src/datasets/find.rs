use std::sync::Arc;

use domain::catalog;
use domain::dataset::{Dataset, DatasetVersion};
use domain::declaration::{Declaration, Place, Problem};
use domain::import::Import;
use serde_json::Value;
use tokio_postgres::Client;
use uuid::Uuid;

use super::{cache, is_name};
use crate::Error;

/// The dataset of this name as the owner may use it: one that is built in, or the current version
/// of what the owner has declared. Another owner's is not found.
pub async fn find(client: &Client, owner: Uuid, name: &str) -> Result<Option<Arc<Dataset>>, Error> {
    if let Some(built_in) = catalog::find(name) {
        return Ok(Some(built_in));
    }
    if !is_name(name) {
        return Ok(None);
    }
    let sql = "SELECT id, version FROM dataset WHERE owner = $1 AND name = $2 AND state = 'live'";
    let Some(row) = client.query_opt(sql, &[&owner, &name]).await? else {
        return Ok(None);
    };
    let current = DatasetVersion {
        id: row.try_get(0)?,
        version: row.try_get(1)?,
    };
    declared(client, owner, name, current).await.map(Some)
}

/// The dataset as it was when the import was asked for: later versions do not change how it is
/// read.
///
/// # Errors
/// The server or the connection is at fault, or another version of the code has stored something
/// that this one does not know.
pub async fn of_import(client: &Client, import: &Import) -> Result<Arc<Dataset>, Error> {
    pinned(client, import.owner, &import.dataset, import.declared).await
}

/// The version of a dataset that an import names; `None` stands for one that is built in.
///
/// # Errors
/// As [`of_import`].
pub async fn pinned(
    client: &Client,
    owner: Uuid,
    name: &str,
    version: Option<DatasetVersion>,
) -> Result<Arc<Dataset>, Error> {
    match version {
        Some(version) => declared(client, owner, name, version).await,
        None => catalog::known(name).map_err(|unknown| Error::Stored(unknown.to_string())),
    }
}

async fn declared(
    client: &Client,
    owner: Uuid,
    name: &str,
    version: DatasetVersion,
) -> Result<Arc<Dataset>, Error> {
    if let Some(kept) = cache::get(owner, version) {
        return Ok(kept);
    }
    let DatasetVersion {
        id,
        version: number,
    } = version;
    let sql = "SELECT v.document, v.column_numbers FROM dataset_version v \
         JOIN dataset d ON d.id = v.dataset_id \
         WHERE d.id = $1 AND d.owner = $2 AND v.version = $3";
    let row = client.query_opt(sql, &[&id, &owner, &number]).await?;
    let stored = |what: &str| Error::Stored(format!("version {number} of dataset {id}: {what}"));
    let row = row.ok_or_else(|| stored("it is not there"))?;
    let (document, numbers): (Value, Vec<i32>) = (row.try_get(0)?, row.try_get(1)?);
    let declaration = Declaration::stored(&document).map_err(|it| stored(&unknown(&it)))?;
    if declaration.fields.len() != numbers.len() {
        return Err(stored("it has other fields than columns"));
    }
    let place = Place::declared(name, id, number, &numbers);
    let dataset = declaration.compile(&place);
    let dataset = Arc::new(dataset);
    cache::keep(owner, version, dataset.clone());
    Ok(dataset)
}

/// What this version of the code does not know of a declaration: without its texts, which are the
/// user's.
fn unknown(problems: &[Problem]) -> String {
    let first = problems.first();
    let first = first.map(|it| format!("{} at {}", it.code, it.path));
    format!("it is not known any more: {}", first.unwrap_or_default())
}
