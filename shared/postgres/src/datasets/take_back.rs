//! The imports of a dataset that is marked.

use domain::import::{Import, State};
use jiff::Timestamp;
use tokio_postgres::Client;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use crate::Error;
use crate::import_row::{self, COLUMNS as IMPORT_COLUMNS};
use crate::sql;
use crate::sql::of_import::DELETED;

/// What is left of the imports of a dataset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    /// Imports that are not deleted yet.
    pub imports: i64,
    /// Rows that were deleted with those that are.
    pub rows_deleted: i64,
    /// Rows that those have left.
    pub rows_remaining: i64,
}

/// The dataset of this name, and declared at this time if one is given, that the owner has marked last
/// and that is not gone yet.
pub async fn marked(
    client: &Client,
    owner: Uuid,
    name: &str,
    declared_at: Option<Timestamp>,
) -> Result<Option<i64>, Error> {
    let sql = "SELECT id FROM dataset WHERE owner = $1 AND name = $2 AND state = 'dropping' \
         AND coalesce(created_at = $3, true) ORDER BY dropped_at DESC, id DESC LIMIT 1";
    let parameters: [&(dyn ToSql + Sync); 3] = [&owner, &name, &declared_at];
    let row = client.query_opt(sql, &parameters).await?;
    row.map(|row| Ok(row.try_get(0)?)).transpose()
}

/// Imports of the dataset that are being taken back, the oldest first.
pub async fn to_take_back(
    client: &Client,
    dataset: i64,
    at_most: i64,
) -> Result<Vec<Import>, Error> {
    let taken_back = sql::imports(State::is_rolling_back);
    let sql = format!(
        "SELECT {IMPORT_COLUMNS} FROM import WHERE dataset_id = $1 AND state IN {taken_back} \
         ORDER BY id LIMIT $2"
    );
    let rows = client.query(&sql, &[&dataset, &at_most]).await?;
    rows.iter().map(import_row::read).collect()
}

/// What is left of the imports of the dataset, and the sum of the proofs of those that are deleted.
pub async fn left(client: &Client, dataset: i64) -> Result<Left, Error> {
    let sql = format!(
        "SELECT count(*) FILTER (WHERE state <> {DELETED}), \
             coalesce(sum(rows_deleted) FILTER (WHERE state = {DELETED}), 0)::bigint, \
             coalesce(sum(rows_remaining) FILTER (WHERE state = {DELETED}), 0)::bigint \
         FROM import WHERE dataset_id = $1"
    );
    let row = client.query_one(&sql, &[&dataset]).await?;
    Ok(Left {
        imports: row.try_get(0)?,
        rows_deleted: row.try_get(1)?,
        rows_remaining: row.try_get(2)?,
    })
}
