use domain::catalog;
use domain::export::{Estimate, Export};
use domain::filter::StoredFilter;
use tokio_postgres::Row;

use super::UNCHANGED;
use crate::Error;
use crate::import_row::{declared, from_json, word};
use crate::sql::Sql;

/// The columns of `export` that [`read`] takes by name, without a table's prefix.
pub(super) const COLUMNS: Sql = Sql(|f| {
    write!(
        f,
        "id, uid, owner, dataset, dataset_id, dataset_version, number, state, goal, run, begun_run, filters, gzip, \
         guard, imports, estimate_rows, estimate_bytes, estimate_exact, object_key, upload_id, \
         parts_done, rows_done, bytes_done, error, created_at, started_at, finished_at, \
         progressed_at, last_stored_at, confirm_expires_at, run_expires_at, expires_at, \
         {UNCHANGED} AS unchanged"
    )
});

/// A row of `export` as the domain sees it.
pub(super) fn read(row: &Row) -> Result<Export, Error> {
    let dataset: String = row.try_get("dataset")?;
    let filters: StoredFilter = from_json(row.try_get("filters")?)?;
    let filters = match catalog::find(&dataset) {
        Some(dataset) => filters.in_order(&dataset),
        None => filters,
    };
    Ok(Export {
        id: row.try_get("id")?,
        uid: row.try_get("uid")?,
        owner: row.try_get("owner")?,
        number: row.try_get("number")?,
        state: word(row.try_get("state")?)?,
        goal: row
            .try_get::<_, Option<&str>>("goal")?
            .map(word)
            .transpose()?,
        run: row.try_get("run")?,
        begun_run: row.try_get("begun_run")?,
        dataset,
        declared: declared(row)?,
        filters,
        gzip: row.try_get("gzip")?,
        guard: row.try_get("guard")?,
        imports: row.try_get("imports")?,
        unchanged: row.try_get("unchanged")?,
        estimate: Estimate {
            rows: row.try_get("estimate_rows")?,
            bytes: row.try_get("estimate_bytes")?,
            exact: row.try_get("estimate_exact")?,
        },
        object_key: row.try_get("object_key")?,
        upload_id: row.try_get("upload_id")?,
        parts_done: row.try_get("parts_done")?,
        rows_done: row.try_get("rows_done")?,
        bytes_done: row.try_get("bytes_done")?,
        error: row
            .try_get::<_, Option<serde_json::Value>>("error")?
            .map(from_json)
            .transpose()?,
        created_at: row.try_get("created_at")?,
        started_at: row.try_get("started_at")?,
        finished_at: row.try_get("finished_at")?,
        progressed_at: row.try_get("progressed_at")?,
        last_stored_at: row.try_get("last_stored_at")?,
        confirm_expires_at: row.try_get("confirm_expires_at")?,
        run_expires_at: row.try_get("run_expires_at")?,
        expires_at: row.try_get("expires_at")?,
    })
}

/// The export of the one row a statement may return.
pub(super) fn read_optional(row: Option<Row>) -> Result<Option<Export>, Error> {
    row.as_ref().map(read).transpose()
}
