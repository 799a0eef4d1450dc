//! The export row from its creation to its end, the receipts of its parts, and its rows as they
//! are read for the file.
//!
//! Lock order: `export_part`, then `export`, last and alone.

mod ask;
mod create;
mod estimate;
mod export_row;
mod receipts;
mod rows;
mod upkeep;

pub use ask::{Asked, cancel, confirm, delete};
pub use create::{Created, NewExport, create, over_quota, seen_before, without_room};
pub use estimate::{Pinned, pin};
pub use receipts::{
    Position, Receipt, Stop, add_part, begin, complete, keep_upload, parts, prove, stopped,
    why_stopped,
};
pub use rows::RowStream;
pub use upkeep::{
    end_removal, expire, fail, files_of, files_with, mark_checked, mark_swept, raise_run,
    unfinished, unswept,
};

use std::sync::Arc;

use domain::dataset::Dataset;
use domain::export::{Export, State};
use domain::filter::Filter;
use domain::limits::EXPORT_RUN_WITHIN;
use tokio_postgres::{Client, GenericClient};
use uuid::Uuid;

use crate::Error;
use crate::datasets;
use crate::imports::a_moment_in_time;
use crate::sql::{self, Interval, Sql, THERE};
use export_row::{COLUMNS, read, read_optional};

/// What an execution has from now on.
const RUN: Interval = Interval(EXPORT_RUN_WITHIN);

/// Every import the rows come from is still completed, and the dataset is not dropped. Neither ever
/// comes back to it.
pub(crate) const UNCHANGED: Sql = Sql(|f| {
    write!(
        f,
        "(NOT EXISTS (SELECT FROM import i \
              WHERE i.id = ANY(export.imports) AND i.state <> {}) \
          AND (export.dataset_id IS NULL OR EXISTS (SELECT FROM dataset d \
              WHERE d.id = export.dataset_id AND d.state = 'live')))",
        sql::of_import::COMPLETED
    )
});

/// The dataset whose rows it holds, as it was when the export was asked for.
///
/// # Errors
/// The server or the connection is at fault, the dataset is dropped, or another version of the code
/// has stored something that this one does not know.
pub async fn dataset(client: &Client, export: &Export) -> Result<Arc<Dataset>, Error> {
    datasets::pinned(client, export.owner, &export.dataset, export.declared).await
}

/// Which of its dataset's rows it holds.
///
/// # Errors
/// Another version has stored its filter.
pub fn filter(export: &Export, dataset: &Dataset) -> Result<Filter, Error> {
    let filter = export.filters.filter(dataset);
    filter.map_err(|error| Error::Stored(error.to_string()))
}

/// The export its owner knows by this number; `None` once it is deleted or about to be.
pub async fn by_number(client: &Client, owner: Uuid, number: i32) -> Result<Option<Export>, Error> {
    let sql = format!("SELECT {COLUMNS} FROM export WHERE owner = $1 AND number = $2 AND {THERE}");
    read_optional(client.query_opt(&sql, &[&owner, &number]).await?)
}

/// The export of this uid, whatever its state.
pub async fn by_uid(client: &Client, uid: Uuid) -> Result<Option<Export>, Error> {
    let sql = format!("SELECT {COLUMNS} FROM export WHERE uid = $1");
    read_optional(client.query_opt(&sql, &[&uid]).await?)
}

/// The owner's exports of these uids, in any order.
pub(crate) async fn by_uids(
    client: &impl GenericClient,
    owner: Uuid,
    uids: &[Uuid],
) -> Result<Vec<Export>, Error> {
    let sql = format!("SELECT {COLUMNS} FROM export WHERE owner = $1 AND uid = ANY($2)");
    let rows = client.query(&sql, &[&owner, &uids]).await?;
    rows.iter().map(read).collect()
}

/// The numbers of the owner's exports that hold rows of an import: their files, whole or on their
/// way, are removed once it is no longer completed.
pub async fn that_hold(
    client: &Client,
    owner: Uuid,
    dataset: &str,
    number: i32,
) -> Result<Vec<i32>, Error> {
    let have_file = sql::exports(State::has_or_awaits_file);
    let sql = format!(
        "SELECT number FROM export WHERE owner = $1 AND {THERE} AND state IN {have_file} \
         AND (SELECT id FROM import WHERE owner = $1 AND dataset = $2 AND number = $3) \
             = ANY(imports) ORDER BY number"
    );
    let rows = client.query(&sql, &[&owner, &dataset, &number]).await?;
    Ok(rows
        .iter()
        .map(|it| it.try_get(0))
        .collect::<Result<_, _>>()?)
}

/// Count and page of an owner's exports, newest first, both of the same moment.
pub async fn list(
    client: &mut Client,
    owner: Uuid,
    limit: i64,
    offset: i64,
) -> Result<(i64, Vec<Export>), Error> {
    let moment = a_moment_in_time(client).await?;
    let sql = format!("SELECT count(*) FROM export WHERE owner = $1 AND {THERE}");
    let count = moment.query_one(&sql, &[&owner]).await?.get(0);
    let sql = format!(
        "SELECT {COLUMNS} FROM export WHERE owner = $1 AND {THERE} \
         ORDER BY number DESC LIMIT $2 OFFSET $3"
    );
    let rows = moment.query(&sql, &[&owner, &limit, &offset]).await?;
    moment.commit().await?;
    Ok((count, rows.iter().map(read).collect::<Result<_, _>>()?))
}
