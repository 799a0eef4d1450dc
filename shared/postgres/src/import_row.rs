use std::str::FromStr;

use domain::dataset::DatasetVersion;
use domain::import::{Import, Prepared, Rollback, Source, Whole};
use domain::max_errors::MaxErrors;
use domain::preparing::Preparation;
use domain::reading::Encoding;
use domain::reason::StoredReason;
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use tokio_postgres::Row;

use crate::Error;

/// The columns of `import` that [`read`] takes by name, without a table's prefix.
pub(crate) const COLUMNS: &str = "id, uid, owner, dataset, dataset_id, dataset_version, number, state, goal, run, object_key, \
     object_version, object_size, plan_version, chunk_bytes, column_order, heading_end_byte, \
     heading_end_line, chunks_total, chunks_done, rows_imported, rows_rejected, bytes_done, \
     task_token, error, warnings, rows_deleted, rows_remaining, created_at, started_at, \
     finished_at, progressed_at, last_stored_at, upload_expires_at, pause_expires_at, run_expires_at, \
     on_failure, max_errors, max_errors_percent, said, reading, lines_rejected, lines_total, \
     runs_before, hold_expires_at, replaces, replaced_by, swaps, completed_at, validate_only, retry_of, retried_by, object_expired_at, source_key, source_version, copy_begun_at, \
     prepared_key, prepared_upload_id, prepared_from, prepared_version, prepared_size, \
     prepared_packing, prepared_encoding";

/// A row of `import` as the domain sees it.
pub(crate) fn read(row: &Row) -> Result<Import, Error> {
    Ok(Import {
        id: row.try_get("id")?,
        uid: row.try_get("uid")?,
        owner: row.try_get("owner")?,
        dataset: row.try_get("dataset")?,
        declared: declared(row)?,
        number: row.try_get("number")?,
        state: word(row.try_get("state")?)?,
        goal: row
            .try_get::<_, Option<&str>>("goal")?
            .map(word)
            .transpose()?,
        run: row.try_get("run")?,
        runs_before: row.try_get("runs_before")?,
        holds: row.try_get::<_, &str>("on_failure")? == "hold",
        validate_only: row.try_get("validate_only")?,
        max_errors: max_errors(row)?,
        said: from_json(row.try_get("said")?)?,
        reading: row
            .try_get::<_, Option<serde_json::Value>>("reading")?
            .map(from_json)
            .transpose()?,
        object_key: row.try_get("object_key")?,
        object_version: row.try_get("object_version")?,
        object_size: row.try_get("object_size")?,
        prepared: prepared(row)?,
        plan_version: row.try_get("plan_version")?,
        chunk_bytes: row.try_get("chunk_bytes")?,
        column_order: row.try_get("column_order")?,
        heading_end: Option::zip(
            row.try_get("heading_end_byte")?,
            row.try_get("heading_end_line")?,
        ),
        chunks_total: row.try_get("chunks_total")?,
        chunks_done: row.try_get("chunks_done")?,
        rows_imported: row.try_get("rows_imported")?,
        rows_rejected: row.try_get("rows_rejected")?,
        lines_rejected: row.try_get("lines_rejected")?,
        lines_total: row.try_get("lines_total")?,
        bytes_done: row.try_get("bytes_done")?,
        task_token: row.try_get("task_token")?,
        error: row
            .try_get::<_, Option<serde_json::Value>>("error")?
            .map(from_json)
            .transpose()?,
        warnings: from_json(row.try_get("warnings")?)?,
        rollback: rollback(row)?,
        created_at: row.try_get("created_at")?,
        started_at: row.try_get("started_at")?,
        finished_at: row.try_get("finished_at")?,
        progressed_at: row.try_get("progressed_at")?,
        last_stored_at: row.try_get("last_stored_at")?,
        upload_expires_at: row.try_get("upload_expires_at")?,
        pause_expires_at: row.try_get("pause_expires_at")?,
        run_expires_at: row.try_get("run_expires_at")?,
        hold_expires_at: row.try_get("hold_expires_at")?,
        replaces: row.try_get("replaces")?,
        replaced_by: row.try_get("replaced_by")?,
        swaps: row.try_get("swaps")?,
        completed_at: row.try_get("completed_at")?,
        retry_of: row.try_get("retry_of")?,
        retried_by: row.try_get("retried_by")?,
        object_expired_at: row.try_get("object_expired_at")?,
        source: source(row)?,
    })
}

/// The import of the one row a statement may return.
pub(crate) fn read_optional(row: Option<Row>) -> Result<Option<Import>, Error> {
    row.as_ref().map(read).transpose()
}

/// A stored word as the type it names.
pub(crate) fn word<T: FromStr>(word: &str) -> Result<T, Error> {
    word.parse()
        .map_err(|_| Error::Stored(format!("unknown word `{word}`")))
}

/// Stored JSON as the type it holds.
pub(crate) fn from_json<T: DeserializeOwned>(json: serde_json::Value) -> Result<T, Error> {
    serde_json::from_value(json).map_err(|error| Error::Stored(error.to_string()))
}

/// The version of a declared dataset that a row of `import` names.
pub(crate) fn declared(row: &Row) -> Result<Option<DatasetVersion>, Error> {
    let id_and_version = Option::zip(row.try_get("dataset_id")?, row.try_get("dataset_version")?);
    Ok(id_and_version.map(|(id, version)| DatasetVersion { id, version }))
}

/// A percentage of an import that was planned before V12 has become a count.
fn max_errors(row: &Row) -> Result<Option<MaxErrors>, Error> {
    let count: Option<i64> = row.try_get("max_errors")?;
    let percent: Option<i16> = row.try_get("max_errors_percent")?;
    Ok(count
        .map(MaxErrors::Count)
        .or(percent.map(MaxErrors::Percent)))
}

fn source(row: &Row) -> Result<Option<Source>, Error> {
    let key_and_version = Option::zip(row.try_get("source_key")?, row.try_get("source_version")?);
    let copy_begun_at: Option<Timestamp> = row.try_get("copy_begun_at")?;
    Ok(key_and_version.map(|(key, version)| Source {
        key,
        version,
        copy_begun: copy_begun_at.is_some(),
    }))
}

fn prepared(row: &Row) -> Result<Option<Prepared>, Error> {
    let Some(key) = row.try_get("prepared_key")? else {
        return Ok(None);
    };
    let from_bytes: Option<i64> = row.try_get("prepared_from")?;
    Ok(Some(Prepared {
        key,
        upload_id: row.try_get("prepared_upload_id")?,
        from_bytes: from_bytes.unwrap_or(0),
        whole: match row.try_get("prepared_version")? {
            Some(version) => Some(whole(row, version)?),
            None => None,
        },
    }))
}

fn whole(row: &Row, version: String) -> Result<Whole, Error> {
    let encoding: &str = row.try_get("prepared_encoding")?;
    let unknown = || Error::Stored(format!("unknown word `{encoding}`"));
    Ok(Whole {
        version,
        size: row.try_get("prepared_size")?,
        preparation: Preparation {
            packing: word(row.try_get("prepared_packing")?)?,
            encoding: Encoding::of(encoding).ok_or_else(unknown)?,
        },
    })
}

fn rollback(row: &Row) -> Result<Option<Rollback>, Error> {
    let counts = Option::zip(row.try_get("rows_deleted")?, row.try_get("rows_remaining")?);
    Ok(counts.map(|(rows_deleted, rows_remaining)| Rollback {
        rows_deleted,
        rows_remaining,
    }))
}

/// A reason as it is stored.
pub(crate) fn reason_json(reason: impl Into<StoredReason>) -> serde_json::Value {
    let reason = reason.into();
    serde_json::json!(reason)
}
