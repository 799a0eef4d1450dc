use jiff::Timestamp;
use serde_json::Value;
use tokio_postgres::{Client, Row};
use uuid::Uuid;

use super::is_name;
use crate::Error;

/// A declared dataset, without its declaration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its number; never leaves the service.
    pub id: i64,
    /// Its name, unique among the owner's.
    pub name: String,
    /// The current version of its declaration.
    pub version: i32,
    /// The number of the SQL column of each field: 3 is `c3`.
    pub column_numbers: Vec<i32>,
    /// The highest number that a column ever had.
    pub columns_used: i32,
    /// The version since which the sums are kept that are; `None`: none are.
    pub sums_since: Option<i32>,
    /// Whether it has its table.
    pub made: bool,
    /// When it was declared.
    pub created_at: Timestamp,
    /// When its current version was declared.
    pub changed_at: Timestamp,
}

/// A version of a declaration, as it was stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Version {
    /// Counted from 1.
    pub version: i32,
    /// The declaration.
    pub document: Value,
    /// When this version was declared.
    pub created_at: Timestamp,
    /// When the dataset was declared first.
    pub declared_at: Timestamp,
}

/// The columns of `dataset` that [`read`] takes by name.
pub(super) const COLUMNS: &str =
    "id, name, version, column_numbers, columns_used, sums_since, made, created_at, changed_at";

pub(super) fn read(row: &Row) -> Result<Entry, Error> {
    Ok(Entry {
        id: row.try_get("id")?,
        name: row.try_get("name")?,
        version: row.try_get("version")?,
        column_numbers: row.try_get("column_numbers")?,
        columns_used: row.try_get("columns_used")?,
        sums_since: row.try_get("sums_since")?,
        made: row.try_get("made")?,
        created_at: row.try_get("created_at")?,
        changed_at: row.try_get("changed_at")?,
    })
}

/// Count and page of what the owner has declared, by name.
pub async fn list(
    client: &Client,
    owner: Uuid,
    limit: i64,
    offset: i64,
) -> Result<(i64, Vec<Entry>), Error> {
    let sql = "SELECT count(*) FROM dataset WHERE owner = $1 AND state = 'live'";
    let count = client.query_one(sql, &[&owner]).await?.try_get(0)?;
    let sql = format!(
        "SELECT {COLUMNS} FROM dataset WHERE owner = $1 AND state = 'live' \
         ORDER BY name LIMIT $2 OFFSET $3"
    );
    let rows = client.query(&sql, &[&owner, &limit, &offset]).await?;
    let page: Result<Vec<_>, _> = rows.iter().map(read).collect();
    Ok((count, page?))
}

/// A version of the owner's dataset of this name, or, if none is asked for, the current one.
pub async fn version(
    client: &Client,
    owner: Uuid,
    name: &str,
    version: Option<i32>,
) -> Result<Option<Version>, Error> {
    if !is_name(name) {
        return Ok(None);
    }
    let sql = "SELECT v.version, v.document, v.created_at, d.created_at \
         FROM dataset d JOIN dataset_version v ON v.dataset_id = d.id \
         WHERE d.owner = $1 AND d.name = $2 AND d.state = 'live' \
         AND v.version = coalesce($3, d.version)";
    let row = client.query_opt(sql, &[&owner, &name, &version]).await?;
    row.map(|row| {
        Ok(Version {
            version: row.try_get(0)?,
            document: row.try_get(1)?,
            created_at: row.try_get(2)?,
            declared_at: row.try_get(3)?,
        })
    })
    .transpose()
}
