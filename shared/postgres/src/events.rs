//! What has happened to an import or export: a row for each change of its state, written by a trigger
//! in the transaction of the change (`V19__events.sql`). Nothing here writes one.

use jiff::Timestamp;
use tokio_postgres::{Client, Row};
use uuid::Uuid;

use crate::Error;
use crate::imports::one_moment;

/// A change of state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Counts from 1.
    pub number: i32,
    /// When the statement changed it, a moment before its commit.
    pub at: Timestamp,
    /// The state before; `None` of the first.
    pub was: Option<String>,
    /// The state after it.
    pub state: String,
    /// `user`, or the function that changed it.
    pub actor: String,
    /// The code of the reason, if there was one.
    pub code: Option<String>,
}

/// Count and page of what has happened to an owner's import or export, in its order, both of the same
/// moment.
pub async fn page(
    client: &mut Client,
    owner: Uuid,
    uid: Uuid,
    limit: i64,
    offset: i64,
) -> Result<(i64, Vec<Event>), Error> {
    let moment = one_moment(client).await?;
    let sql = "SELECT count(*) FROM import_event WHERE owner = $1 AND uid = $2";
    let count = moment.query_one(sql, &[&owner, &uid]).await?.try_get(0)?;
    let sql = "SELECT number, at, was, state, actor, code FROM import_event \
         WHERE owner = $1 AND uid = $2 ORDER BY number LIMIT $3 OFFSET $4";
    let rows = moment.query(sql, &[&owner, &uid, &limit, &offset]).await?;
    moment.commit().await?;
    Ok((count, rows.iter().map(read).collect::<Result<_, _>>()?))
}

fn read(row: &Row) -> Result<Event, Error> {
    Ok(Event {
        number: row.try_get("number")?,
        at: row.try_get("at")?,
        was: row.try_get("was")?,
        state: row.try_get("state")?,
        actor: row.try_get("actor")?,
        code: row.try_get("code")?,
    })
}
