//! The end of an owner whose account was deleted: table `owner_end` (`V24__owner_end.sql`).
//!
//! First nothing is created for the owner any more ([`begin`]), then all that there is is deleted at
//! once, as its user might have done it one by one ([`take_back`]). From there on imports, exports and
//! datasets go the way of any that are deleted. When each of them is gone and swept, what was removed is
//! counted ([`count`]), and the entries are forgotten, for the numbers in them are never given again
//! ([`forget`]). Whatever is done here may be done twice, and may die before any step.

mod forget;

use std::time::Duration;

use domain::leaving::Removed;
use domain::limits::{OWNERS_LOOKED_AT_AT_MOST, REQUEST_OVER_AFTER};
use jiff::Timestamp;
use tokio_postgres::{Client, Row, Transaction};
use trial::point;
use uuid::Uuid;

pub use forget::{OF_AN_EXPORT, OF_AN_IMPORT, OF_AN_OWNER, forget};

use crate::sql::of_import::DELETED as IMPORT_DELETED;
use crate::sql::{AS_ASKED, DELETES, Sql, THERE, Towards, Word};
use crate::{Error, usage};

/// The constraint that is violated by what is created for an owner whose end has begun.
pub const OWNER_IS_THERE: &str = "owner_is_there";

/// What was deleted at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TakenBack {
    /// Imports that are taken back from now on.
    pub imports: i64,
    /// Exports that are removed.
    pub exports: i64,
    /// Datasets that are dropped.
    pub datasets: i64,
}

/// An owner of whom nothing is left in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Emptied {
    /// Who it was.
    pub owner: Uuid,
    /// The id of the user.
    pub user: i64,
    /// What there was.
    pub removed: Removed,
    /// When the last of it was gone.
    pub at: Timestamp,
}

/// Nothing is created for the owner from this commit on. Who creates something holds the owner's row
/// of `owner_usage` until it is there: it is met by [`take_back`], or never is.
///
/// # Errors
/// The server or the connection is at fault.
pub async fn begin(
    client: &mut Client,
    owner: Uuid,
    user: i64,
    asked_at: Timestamp,
) -> Result<(), Error> {
    let transaction = client.transaction().await?;
    usage::lock(&transaction, owner).await?;
    let sql = "INSERT INTO owner_end (owner, user_id, asked_at, rows_before) \
         SELECT $1, $2, $3, coalesce(sum(rows_deleted), 0) FROM import WHERE owner = $1 \
         ON CONFLICT (owner) DO NOTHING";
    let written = transaction
        .execute(sql, &[&owner, &user, &asked_at])
        .await?;
    if written == 0 {
        // The row that was locked may be one that has gone with the owner: it does not come back.
        return Ok(transaction.rollback().await?);
    }
    transaction.commit().await?;
    point("owner-ends");
    Ok(())
}

/// How long the taking back of one owner may keep others waiting for reconcile. It is tried again.
const TAKEN_BACK_WITHIN: Duration = Duration::from_secs(120);

/// Deletes every import, export and dataset of an owner whose end has begun, in whatever state, in one
/// commit: from then on no request sees any of it. Those that are deleted already stay as they are.
///
/// # Errors
/// The server or the connection is at fault.
pub async fn take_back(client: &mut Client, owner: Uuid) -> Result<TakenBack, Error> {
    let transaction = client.transaction().await?;
    let within = TAKEN_BACK_WITHIN.as_millis();
    let set = format!("SET LOCAL statement_timeout = {within}");
    transaction.batch_execute(&set).await?;
    let lock = "SELECT FROM dataset WHERE owner = $1 AND state = 'live' ORDER BY id FOR UPDATE";
    transaction.execute(lock, &[&owner]).await?;
    let originals = format!(
        "SELECT object_version IS NOT NULL AND object_expired_at IS NULL FROM import \
         WHERE owner = $1 AND {THERE} ORDER BY id FOR UPDATE"
    );
    let imports = transaction.query(&originals, &[&owner]).await?;
    let files = format!(
        "SELECT state = {} FROM export WHERE owner = $1 AND {THERE} ORDER BY id FOR UPDATE",
        crate::sql::of_export::COMPLETED
    );
    let exports = transaction.query(&files, &[&owner]).await?;
    let files = imports
        .iter()
        .chain(&exports)
        .filter(|it| it.get(0))
        .count();
    let taken_back = delete_all(&transaction, owner).await?;
    note(&transaction, owner, taken_back, files as i64).await?;
    transaction.commit().await?;
    point("owner-taken-back");
    Ok(taken_back)
}

/// Everything is locked, in the order in which whoever locks several of these does it.
async fn delete_all(transaction: &Transaction<'_>, owner: Uuid) -> Result<TakenBack, Error> {
    let drops = "UPDATE dataset SET state = 'dropping', dropped_at = now() \
         WHERE owner = $1 AND state = 'live'";
    let datasets = transaction.execute(drops, &[&owner]).await?;
    let delete = format!(
        "UPDATE import SET {DELETES}, {AS_ASKED}, progressed_at = now() \
         WHERE owner = $1 AND {THERE}"
    );
    let imports = transaction.execute(&delete, &[&owner]).await?;
    let towards = Towards(domain::export::Goal::Deleted);
    let delete = format!(
        "UPDATE export SET {towards}, idempotency_key = NULL, {AS_ASKED}, progressed_at = now() \
         WHERE owner = $1 AND {THERE}"
    );
    let exports = transaction.execute(&delete, &[&owner]).await?;
    Ok(TakenBack {
        imports: imports as i64,
        exports: exports as i64,
        datasets: datasets as i64,
    })
}

async fn note(
    transaction: &Transaction<'_>,
    owner: Uuid,
    taken_back: TakenBack,
    files: i64,
) -> Result<(), Error> {
    let TakenBack {
        imports,
        exports,
        datasets,
    } = taken_back;
    let sql = "UPDATE owner_end SET imports = imports + $2, exports = exports + $3, \
             datasets = datasets + $4, files = files + $5 WHERE owner = $1";
    let counts = [
        &owner as _,
        &imports as _,
        &exports as _,
        &datasets as _,
        &files as _,
    ];
    transaction.execute(sql, &counts).await?;
    Ok(())
}

/// SQL: something of the owner of `e`, a row of `owner_end`, is there, or may have left something.
const SOMETHING_IS_LEFT: Sql = Sql(|f| {
    let export_deleted = Word(domain::export::State::Deleted);
    write!(
        f,
        "(EXISTS (SELECT FROM import i WHERE i.owner = e.owner \
             AND (i.state <> {IMPORT_DELETED} OR i.swept_at IS NULL \
                 OR i.prepared_key IS NOT NULL AND i.prepared_swept_at IS NULL)) \
         OR EXISTS (SELECT FROM export x WHERE x.owner = e.owner \
             AND (x.state <> {export_deleted} OR x.swept_at IS NULL)) \
         OR EXISTS (SELECT FROM dataset d WHERE d.owner = e.owner))"
    )
});

/// Owners of whom nothing but entries is left, and whose removed rows are not counted yet.
///
/// # Errors
/// The server or the connection is at fault.
pub async fn to_count(client: &Client) -> Result<Vec<Uuid>, Error> {
    let sql = format!(
        "SELECT owner FROM owner_end e WHERE ended_at IS NULL AND counted_at IS NULL \
         AND NOT {SOMETHING_IS_LEFT} ORDER BY asked_at LIMIT $1"
    );
    owners(client, &sql).await
}

/// Owners whose entries are still there although nothing else is.
///
/// # Errors
/// The server or the connection is at fault.
pub async fn to_forget(client: &Client) -> Result<Vec<Uuid>, Error> {
    let sql = "SELECT owner FROM owner_end WHERE ended_at IS NULL AND counted_at IS NOT NULL \
         AND emptied_at IS NULL ORDER BY asked_at LIMIT $1";
    owners(client, sql).await
}

async fn owners(client: &Client, sql: &str) -> Result<Vec<Uuid>, Error> {
    let rows = client.query(sql, &[&OWNERS_LOOKED_AT_AT_MOST]).await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

/// Counts what was removed, and looks that no row is left. False: something is there still.
///
/// # Errors
/// Rows are left of imports that are proved to have none; or the server or the connection is at fault.
pub async fn count(client: &Client, owner: Uuid) -> Result<bool, Error> {
    let waits =
        format!("SELECT EXISTS (SELECT FROM owner_end e WHERE owner = $1 AND {SOMETHING_IS_LEFT})");
    if client.query_one(&waits, &[&owner]).await?.try_get(0)? {
        return Ok(false);
    }
    let remaining = remaining(client, owner).await?;
    if remaining > 0 {
        return Err(Error::Stored(format!(
            "{remaining} rows of an owner whose imports are taken back"
        )));
    }
    let sql = format!(
        "UPDATE owner_end e SET counted_at = now(), rows_remaining = $2, rows_deleted = \
             (SELECT coalesce(sum(rows_deleted), 0) FROM import WHERE owner = $1) - rows_before \
         WHERE owner = $1 AND counted_at IS NULL AND NOT {SOMETHING_IS_LEFT}"
    );
    let counted = client.execute(&sql, &[&owner, &remaining]).await?;
    point("owner-counted");
    Ok(counted == 1)
}

/// Rows of the owner's imports in the tables of built-in datasets. Those of declared ones went with their
/// tables.
async fn remaining(client: &Client, owner: Uuid) -> Result<i64, Error> {
    let tables = domain::catalog::all().map(|it| {
        let table = &it.table;
        format!(
            "(SELECT count(*) FROM import i JOIN {table} r ON r.import_id = i.id WHERE i.owner = $1)"
        )
    });
    let sql = format!("SELECT {}", tables.join(" + "));
    Ok(client.query_one(&sql, &[&owner]).await?.try_get(0)?)
}

/// Owners of whom nothing is left here, and whose account is. Nobody who was let in before it was
/// deleted writes to it any more.
///
/// # Errors
/// The server or the connection is at fault.
pub async fn emptied(client: &Client) -> Result<Vec<Emptied>, Error> {
    let over_after = REQUEST_OVER_AFTER.as_secs_f64() / f64::from(trial::hurry());
    let sql = "SELECT owner, user_id, imports, rows_deleted, files, datasets, exports, emptied_at \
         FROM owner_end WHERE ended_at IS NULL AND emptied_at IS NOT NULL \
         AND asked_at <= now() - make_interval(secs => $2) ORDER BY asked_at LIMIT $1";
    let rows = client
        .query(sql, &[&OWNERS_LOOKED_AT_AT_MOST, &over_after])
        .await?;
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Emptied, Error> {
    Ok(Emptied {
        owner: row.try_get("owner")?,
        user: row.try_get("user_id")?,
        removed: Removed {
            imports: row.try_get("imports")?,
            rows: row.try_get("rows_deleted")?,
            files: row.try_get("files")?,
            datasets: row.try_get("datasets")?,
            exports: row.try_get("exports")?,
        },
        at: row.try_get("emptied_at")?,
    })
}

/// Notes that the account is gone, too.
///
/// # Errors
/// The server or the connection is at fault.
pub async fn end(client: &Client, owner: Uuid) -> Result<(), Error> {
    let sql = "UPDATE owner_end SET ended_at = now() \
         WHERE owner = $1 AND emptied_at IS NOT NULL AND ended_at IS NULL";
    client.execute(sql, &[&owner]).await?;
    point("owner-ended");
    Ok(())
}

/// How many owners are on their way to their end.
///
/// # Errors
/// The server or the connection is at fault.
pub async fn under_way(client: &Client) -> Result<i64, Error> {
    let sql = "SELECT count(*) FROM owner_end WHERE ended_at IS NULL";
    Ok(client.query_one(sql, &[]).await?.try_get(0)?)
}
