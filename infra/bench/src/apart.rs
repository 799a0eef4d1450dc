//! What was tried and not taken: a table that one import has for itself.

use std::sync::LazyLock;

use anyhow::Result;
use domain::catalog::BASELINE;
use domain::dataset::Dataset;
use tokio_postgres::Client;

/// No row is put in order: the index is built at the end, and sorts then.
static APART: LazyLock<Dataset> = LazyLock::new(|| Dataset {
    table: "sales_record_apart".to_owned(),
    sorted_by: None,
    ..(**BASELINE).clone()
});

/// The dataset as it goes there.
pub fn dataset() -> &'static Dataset {
    &APART
}

/// The table, without an index.
pub async fn create(client: &Client) -> Result<()> {
    let sql = format!("CREATE TABLE {} (LIKE {})", APART.table, BASELINE.table);
    Ok(client.batch_execute(&sql).await?)
}

/// The index that the rows' readers and the rollback would want.
pub async fn index(client: &Client) -> Result<()> {
    let key = BASELINE.key().join(", ");
    let sql = format!("CREATE UNIQUE INDEX ON {} (import_id, {key})", APART.table);
    Ok(client.batch_execute(&sql).await?)
}
