//! What an owner uses of what all share: table `owner_usage`, which triggers keep
//! (`V22__owner_usage.sql`, `V26__usage_by_statement.sql`). Nothing here counts.
//!
//! Whatever takes more locks the owner's row, judges what it finds, and counts by what it writes, in
//! one transaction: of many at once, each finds what the ones before it have taken. Imports are
//! locked before this row, and entries of datasets before them.

use domain::quota::{Exceeded, Quotas, Usage, Wish};
use tokio_postgres::{GenericClient, Row, Transaction};
use uuid::Uuid;

use crate::Error;

/// The columns that [`read`] takes by name. The session's day is UTC's.
const COLUMNS: &str = "imports_open, bytes_under_way, bytes_stored, rows_stored, rows_leaving, \
     exports_unfinished, exports_kept, datasets, \
     CASE WHEN exports_day = current_date THEN exports_of_day ELSE 0 END AS exports_today";

/// What the owner uses at this moment.
///
/// # Errors
/// The server or the connection is at fault.
pub async fn of(client: &impl GenericClient, owner: Uuid) -> Result<Usage, Error> {
    let sql = format!("SELECT {COLUMNS} FROM owner_usage WHERE owner = $1");
    let row = client.query_opt(&sql, &[&owner]).await?;
    row.as_ref().map_or(Ok(Usage::default()), read)
}

/// Locks what the owner uses until the transaction ends, and judges the wish by it. `None`: it may be
/// granted.
pub(crate) async fn judge(
    transaction: &Transaction<'_>,
    owner: Uuid,
    quotas: &Quotas,
    wish: Wish,
) -> Result<Option<Exceeded>, Error> {
    let usage = lock(transaction, owner).await?;
    Ok(quotas.exceeded(&usage, wish))
}

/// Locks what the owner uses until the transaction ends. An owner who has nothing yet gets a row.
pub(crate) async fn lock(transaction: &Transaction<'_>, owner: Uuid) -> Result<Usage, Error> {
    let sql = format!(
        "INSERT INTO owner_usage AS u (owner) VALUES ($1) \
         ON CONFLICT (owner) DO UPDATE SET owner = u.owner RETURNING {COLUMNS}"
    );
    read(&transaction.query_one(&sql, &[&owner]).await?)
}

fn read(row: &Row) -> Result<Usage, Error> {
    Ok(Usage {
        imports_open: row.try_get("imports_open")?,
        bytes_under_way: row.try_get("bytes_under_way")?,
        bytes_stored: row.try_get("bytes_stored")?,
        rows_stored: row.try_get("rows_stored")?,
        rows_leaving: row.try_get("rows_leaving")?,
        exports_unfinished: row.try_get("exports_unfinished")?,
        exports_today: row.try_get("exports_today")?,
        exports_kept: row.try_get("exports_kept")?,
        datasets: row.try_get("datasets")?,
    })
}
