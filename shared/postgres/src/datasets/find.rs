use std::collections::HashMap;
use std::sync::Arc;

use domain::catalog;
use domain::dataset::{Dataset, DatasetVersion};
use domain::declaration::{Declaration, Place, Problem};
use domain::import::Import;
use serde_json::Value;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Row};
use uuid::Uuid;

use super::{cache, is_name};
use crate::Error;

/// How often a dataset is looked for that changes between two looks.
const LOOKS: u32 = 3;

/// The dataset of this name as the owner may use it: one that is built in, or the current version
/// of what the owner has declared. Another owner's is not found.
pub async fn find(client: &Client, owner: Uuid, name: &str) -> Result<Option<Arc<Dataset>>, Error> {
    if let Some(built_in) = catalog::find(name) {
        return Ok(Some(built_in));
    }
    if !is_name(name) {
        return Ok(None);
    }
    // It may be dropped between a look for its version and one at its declaration.
    for _ in 0..LOOKS {
        let Some(current) = current(client, owner, name).await? else {
            return Ok(None);
        };
        if let Some(found) = declared(client, owner, name, current).await? {
            return Ok(Some(found));
        }
    }
    Err(Error::Stored(format!("a version is missing of {LOOKS}")))
}

/// The current version of what the owner has declared by this name.
async fn current(
    client: &Client,
    owner: Uuid,
    name: &str,
) -> Result<Option<DatasetVersion>, Error> {
    let sql = "SELECT id, version FROM dataset WHERE owner = $1 AND name = $2 AND state = 'live'";
    let row = client.query_opt(sql, &[&owner, &name]).await?;
    row.map(|row| {
        Ok(DatasetVersion {
            id: row.try_get(0)?,
            version: row.try_get(1)?,
        })
    })
    .transpose()
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

/// The datasets of an owner's imports, each as [`of_import`]: however many of them are of one version,
/// it is read and compiled once, and all versions are read in one statement.
///
/// # Errors
/// As [`of_import`].
pub async fn of_imports(
    client: &Client,
    owner: Uuid,
    imports: &[Import],
) -> Result<Vec<Arc<Dataset>>, Error> {
    let found = versions(client, owner, imports).await?;
    let one = |import: &Import| match import.declared {
        Some(version) => {
            let found = found.get(&version).cloned();
            found.ok_or_else(|| stored(version, "it is not there"))
        }
        None => built_in(&import.dataset),
    };
    imports.iter().map(one).collect()
}

async fn versions(
    client: &Client,
    owner: Uuid,
    imports: &[Import],
) -> Result<HashMap<DatasetVersion, Arc<Dataset>>, Error> {
    let mut found = HashMap::new();
    let mut missing: HashMap<DatasetVersion, &str> = HashMap::new();
    for import in imports {
        match import.declared.map(|it| (it, cache::get(owner, it))) {
            Some((version, Some(kept))) => drop(found.insert(version, kept)),
            Some((version, None)) => drop(missing.insert(version, &import.dataset)),
            None => {}
        }
    }
    if missing.is_empty() {
        return Ok(found);
    }
    let ids: Vec<i64> = missing.keys().map(|it| it.id).collect();
    let numbers: Vec<i32> = missing.keys().map(|it| it.version).collect();
    let sql = "SELECT v.dataset_id, v.version, v.document, v.column_numbers \
         FROM unnest($1::bigint[], $2::integer[]) AS asked (id, version) \
         JOIN dataset d ON d.id = asked.id AND d.owner = $3 \
         JOIN dataset_version v ON v.dataset_id = asked.id AND v.version = asked.version";
    for row in client.query(sql, &[&ids, &numbers, &owner]).await? {
        let version = DatasetVersion {
            id: row.try_get("dataset_id")?,
            version: row.try_get("version")?,
        };
        let name = missing.get(&version).copied().unwrap_or_default();
        found.insert(version, compiled(owner, name, version, &row)?);
    }
    Ok(found)
}

fn built_in(name: &str) -> Result<Arc<Dataset>, Error> {
    catalog::known(name).map_err(|unknown| Error::Stored(unknown.to_string()))
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
        Some(version) => {
            let found = declared(client, owner, name, version).await?;
            found.ok_or_else(|| stored(version, "it is not there"))
        }
        None => built_in(name),
    }
}

/// A version; `None` if it is not there.
async fn declared(
    client: &Client,
    owner: Uuid,
    name: &str,
    version: DatasetVersion,
) -> Result<Option<Arc<Dataset>>, Error> {
    if let Some(kept) = cache::get(owner, version) {
        return Ok(Some(kept));
    }
    let sql = "SELECT v.document, v.column_numbers FROM dataset_version v \
         JOIN dataset d ON d.id = v.dataset_id \
         WHERE d.id = $1 AND d.owner = $2 AND v.version = $3";
    let parameters: [&(dyn ToSql + Sync); 3] = [&version.id, &owner, &version.version];
    let Some(row) = client.query_opt(sql, &parameters).await? else {
        return Ok(None);
    };
    compiled(owner, name, version, &row).map(Some)
}

/// Compiles what a row has of a version, and keeps it.
fn compiled(
    owner: Uuid,
    name: &str,
    version: DatasetVersion,
    row: &Row,
) -> Result<Arc<Dataset>, Error> {
    let (document, numbers): (Value, Vec<i32>) =
        (row.try_get("document")?, row.try_get("column_numbers")?);
    let declaration = Declaration::stored(&document);
    let declaration = declaration.map_err(|it| stored(version, &unknown(&it)))?;
    if declaration.fields.len() != numbers.len() {
        return Err(stored(version, "it has other fields than columns"));
    }
    let place = Place::declared(name, version.id, version.version, &numbers);
    let dataset = Arc::new(declaration.compile(&place));
    cache::keep(owner, version, dataset.clone());
    Ok(dataset)
}

fn stored(DatasetVersion { id, version }: DatasetVersion, what: &str) -> Error {
    Error::Stored(format!("version {version} of dataset {id}: {what}"))
}

/// What this version of the code does not know of a declaration: without its texts, which are the
/// user's.
fn unknown(problems: &[Problem]) -> String {
    let first = problems.first();
    let first = first.map(|it| format!("{} at {}", it.code, it.path));
    format!("it is not known any more: {}", first.unwrap_or_default())
}
