//! The versions of a declaration.

use domain::limits::VERSIONS_KEPT;
use serde_json::Value;
use tokio_postgres::Transaction;
use tokio_postgres::types::ToSql;

use super::drop::MAY_BE_LEFT;
use super::entry::Entry;
use crate::Error;

/// Removes versions that nobody reads by any more, except the last ones: a client that declares in a
/// loop leaves no more than these.
pub(super) async fn forget(transaction: &Transaction<'_>, entry: &Entry) -> Result<(), Error> {
    let sql = format!(
        "DELETE FROM dataset_version v WHERE v.dataset_id = $1 AND v.version <= $2::integer \
         AND NOT EXISTS (SELECT FROM import i WHERE i.dataset_id = v.dataset_id \
             AND i.dataset_version = v.version AND {MAY_BE_LEFT}) \
         AND NOT EXISTS (SELECT FROM export e WHERE e.dataset_id = v.dataset_id \
             AND e.dataset_version = v.version)"
    );
    let last = entry.version - VERSIONS_KEPT;
    transaction.execute(&sql, &[&entry.id, &last]).await?;
    Ok(())
}

/// Keeps the document of the entry's current version.
pub(super) async fn keep(
    transaction: &Transaction<'_>,
    entry: &Entry,
    document: &Value,
) -> Result<(), Error> {
    let sql = "INSERT INTO dataset_version (dataset_id, version, document, column_numbers) \
         VALUES ($1, $2, $3, $4)";
    let parameters: [&(dyn ToSql + Sync); 4] =
        [&entry.id, &entry.version, document, &entry.column_numbers];
    transaction.execute(sql, &parameters).await?;
    Ok(())
}
