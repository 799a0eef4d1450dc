//! Dropping a dataset is a take-back too: it is marked first, and goes once nothing of its imports
//! can be left. Whatever is done here may be done twice.

use domain::limits::DATASETS_DROPPED_AT_MOST;
use jiff::Timestamp;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Transaction};
use trial::point;
use uuid::Uuid;

use super::is_name;
use super::tries::{Tries, begin};
use crate::Error;
use crate::sql::of_import::DELETED;
use crate::sql::{AS_ASKED, DELETES, Sql, THERE};

/// What became of the wish to drop a dataset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DropBegun {
    /// It is marked: nobody finds it any more, and its name is free.
    Marked(i64),
    /// It has as many imports that are not deleted, nor about to be, and they are to stay.
    InUse(i64),
    /// Others hold its lock: the same wish may be granted soon.
    Busy,
    /// The owner has no such dataset.
    NotFound,
}

/// What became of a dataset that is marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DropEnded {
    /// There is neither table nor entry.
    Gone,
    /// An import is not deleted yet, or not swept yet.
    Waits,
    /// Others hold its locks: it is tried again.
    Busy,
    /// It is live: nobody has marked it.
    Live,
}

/// Marks the owner's dataset of this name, if it has no imports or they are all to be taken back:
/// then each is deleted in the same commit, so that none of them is ever met under a later dataset
/// of the same name.
///
/// With `declared_at`, no other dataset than the one that was declared at this time: a wish that comes
/// twice does not mean what was declared under the free name in between.
pub async fn begin_drop(
    client: &mut Client,
    owner: Uuid,
    name: &str,
    declared_at: Option<Timestamp>,
    take_back: bool,
) -> Result<DropBegun, Error> {
    if !is_name(name) {
        return Ok(DropBegun::NotFound);
    }
    let mut tries = Tries::new();
    loop {
        match try_to_begin(client, owner, name, declared_at, take_back).await {
            Err(error) if error.is_lock_taken() => {
                if !tries.again().await {
                    return Ok(DropBegun::Busy);
                }
            }
            done => return done,
        }
    }
}

/// The lock on the entry comes first: an import that is created meanwhile is counted, or finds the
/// dataset marked.
async fn try_to_begin(
    client: &mut Client,
    owner: Uuid,
    name: &str,
    declared_at: Option<Timestamp>,
    take_back: bool,
) -> Result<DropBegun, Error> {
    let transaction = begin(client).await?;
    let sql = "SELECT id FROM dataset WHERE owner = $1 AND name = $2 AND state = 'live' \
         AND coalesce(created_at = $3, true) FOR UPDATE";
    let parameters: [&(dyn ToSql + Sync); 3] = [&owner, &name, &declared_at];
    let Some(row) = transaction.query_opt(sql, &parameters).await? else {
        return Ok(DropBegun::NotFound);
    };
    let id: i64 = row.try_get(0)?;
    let sql = format!("SELECT count(*) FROM import WHERE dataset_id = $1 AND {THERE}");
    let imports: i64 = transaction.query_one(&sql, &[&id]).await?.try_get(0)?;
    if imports > 0 && !take_back {
        return Ok(DropBegun::InUse(imports));
    }
    delete_imports(&transaction, id).await?;
    let mark = "UPDATE dataset SET state = 'dropping', dropped_at = now() WHERE id = $1";
    transaction.execute(mark, &[&id]).await?;
    transaction.commit().await?;
    point("dataset-marked");
    Ok(DropBegun::Marked(id))
}

/// Deletes what there is of imports, in whatever state: one that is under way, too, though its user
/// would have to cancel it first. Locked in one order, as whoever locks several does.
async fn delete_imports(transaction: &Transaction<'_>, dataset: i64) -> Result<(), Error> {
    let lock =
        format!("SELECT FROM import WHERE dataset_id = $1 AND {THERE} ORDER BY id FOR UPDATE");
    transaction.execute(&lock, &[&dataset]).await?;
    let delete = format!(
        "UPDATE import SET {DELETES}, {AS_ASKED}, progressed_at = now() \
         WHERE dataset_id = $1 AND {THERE}"
    );
    transaction.execute(&delete, &[&dataset]).await?;
    point("imports-deleted");
    Ok(())
}

/// SQL: the import may have left something, or may be written to by someone who does not know yet
/// that it is gone.
pub(super) const MAY_BE_LEFT: Sql =
    Sql(|f| write!(f, "(i.state <> {DELETED} OR i.swept_at IS NULL)"));

/// The datasets that are marked and wait for no import any more.
pub async fn dropping(client: &Client) -> Result<Vec<i64>, Error> {
    let sql = format!(
        "SELECT id FROM dataset d WHERE state = 'dropping' \
         AND NOT EXISTS (SELECT FROM import i WHERE i.dataset_id = d.id AND {MAY_BE_LEFT}) \
         ORDER BY dropped_at LIMIT $1"
    );
    let rows = client.query(&sql, &[&DATASETS_DROPPED_AT_MOST]).await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

/// Drops the table of a dataset that is marked, and its entry, in one transaction.
pub async fn end_drop(client: &mut Client, id: i64) -> Result<DropEnded, Error> {
    let mut tries = Tries::new();
    loop {
        match try_to_end(client, id).await {
            Err(error) if error.is_lock_taken() => {
                if !tries.again().await {
                    return Ok(DropEnded::Busy);
                }
            }
            done => return done,
        }
    }
}

async fn try_to_end(client: &mut Client, id: i64) -> Result<DropEnded, Error> {
    let transaction = begin(client).await?;
    let sql = "SELECT state = 'dropping' FROM dataset WHERE id = $1 FOR UPDATE";
    let Some(row) = transaction.query_opt(sql, &[&id]).await? else {
        return Ok(DropEnded::Gone);
    };
    if !row.try_get::<_, bool>(0)? {
        return Ok(DropEnded::Live);
    }
    let sql =
        format!("SELECT EXISTS (SELECT FROM import i WHERE i.dataset_id = $1 AND {MAY_BE_LEFT})");
    if transaction.query_one(&sql, &[&id]).await?.try_get(0)? {
        return Ok(DropEnded::Waits);
    }
    remove(&transaction, id).await?;
    transaction.commit().await?;
    point("dataset-dropped");
    Ok(DropEnded::Gone)
}

async fn remove(transaction: &Transaction<'_>, id: i64) -> Result<(), Error> {
    let table = "SELECT drop_dataset_table($1)";
    transaction.execute(table, &[&id]).await?;
    // Each import was taken out of them before its rows went; of those of before some may be left.
    let sums = "DELETE FROM dataset_sum WHERE dataset_id = $1";
    transaction.execute(sums, &[&id]).await?;
    let versions = "DELETE FROM dataset_version WHERE dataset_id = $1";
    transaction.execute(versions, &[&id]).await?;
    let entry = "DELETE FROM dataset WHERE id = $1";
    transaction.execute(entry, &[&id]).await?;
    Ok(())
}
