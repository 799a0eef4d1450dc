//! Forgetting the entries of an owner: deleted imports and exports, with their events and numbers.

use tokio_postgres::{Client, Transaction};
use trial::point;
use uuid::Uuid;

use crate::Error;

/// Entries that are forgotten in one transaction.
const SLICE: i64 = 1_000;

/// What may be stored of an import, by its id. Sweeps have emptied these; a row that one has left
/// would be found by nobody any more. Rows of datasets are not here: that none is left is proved.
pub const OF_AN_IMPORT: [&str; 8] = [
    "import_block",
    "import_bucket",
    "import_bucket_mark",
    "import_chunk",
    "import_day",
    "import_day_mark",
    "import_part",
    "row_error",
];

/// What may be stored of an export, by its id.
pub const OF_AN_EXPORT: [&str; 1] = ["export_part"];

/// What is kept of an owner beside imports, exports and datasets. The row of `owner_usage` is the
/// last: what else goes is counted in it.
pub const OF_AN_OWNER: [&str; 5] = [
    "import_number",
    "owner_count",
    "owner_month",
    "owner_sum",
    "owner_usage",
];

/// Forgets everything of an owner whose removed rows are counted.
///
/// # Errors
/// The server or the connection is at fault. What was forgotten by then stays so.
pub async fn forget(client: &mut Client, owner: Uuid) -> Result<(), Error> {
    for (entries, of_one, id) in [
        ("import", OF_AN_IMPORT.as_slice(), "import_id"),
        ("export", OF_AN_EXPORT.as_slice(), "export_id"),
    ] {
        while forget_some(client, owner, entries, of_one, id).await? {
            point("entries-forgotten");
        }
    }
    let transaction = client.transaction().await?;
    if has_entries(&transaction, owner).await? {
        return Ok(());
    }
    for table in OF_AN_OWNER {
        let delete = format!("DELETE FROM {table} WHERE owner = $1");
        transaction.execute(&delete, &[&owner]).await?;
    }
    let emptied = "UPDATE owner_end SET emptied_at = now() \
         WHERE owner = $1 AND counted_at IS NOT NULL AND emptied_at IS NULL";
    transaction.execute(emptied, &[&owner]).await?;
    transaction.commit().await?;
    point("owner-emptied");
    Ok(())
}

/// Forgets some entries with what hangs on them; false if there were none. Their events go with them,
/// by a trigger.
async fn forget_some(
    client: &mut Client,
    owner: Uuid,
    entries: &str,
    of_one: &[&str],
    id: &str,
) -> Result<bool, Error> {
    let transaction = client.transaction().await?;
    let sql = format!(
        "SELECT id FROM {entries} WHERE owner = $1 AND EXISTS \
             (SELECT FROM owner_end WHERE owner = $1 AND counted_at IS NOT NULL) \
         ORDER BY id LIMIT $2 FOR UPDATE"
    );
    let rows = transaction.query(&sql, &[&owner, &SLICE]).await?;
    let ids: Vec<i64> = rows.iter().map(|row| row.get(0)).collect();
    for table in of_one {
        let delete = format!("DELETE FROM {table} WHERE {id} = ANY($1)");
        transaction.execute(&delete, &[&ids]).await?;
    }
    let delete = format!("DELETE FROM {entries} WHERE id = ANY($1)");
    transaction.execute(&delete, &[&ids]).await?;
    transaction.commit().await?;
    Ok(!ids.is_empty())
}

/// Whether an import or export of the owner has an entry.
async fn has_entries(transaction: &Transaction<'_>, owner: Uuid) -> Result<bool, Error> {
    let sql = "SELECT EXISTS (SELECT FROM import WHERE owner = $1) \
         OR EXISTS (SELECT FROM export WHERE owner = $1)";
    Ok(transaction.query_one(sql, &[&owner]).await?.try_get(0)?)
}
