//! The moment in which rows appear and, if the import swaps another, those of the other go.

use domain::import::{Goal, Import};
use tokio_postgres::{Client, GenericClient, Row};
use uuid::Uuid;

use super::Judged;
use crate::Error;
use crate::import_row::{COLUMNS, read, read_optional, reason_json};
use crate::sql::Word;
use crate::sql::of_import::{COMPLETED, FINISHING};

/// SQL: the id of the import that the import of uid `$1` swaps.
const SWAPPED: &str = "(SELECT o.id FROM import n JOIN import o \
     ON o.owner = n.owner AND o.dataset = n.dataset AND o.number = n.swaps WHERE n.uid = $1)";

/// Lets the rows appear, all at once, for every statement that begins after the commit, and adds
/// the warnings. If the import swaps a completed one, the same UPDATE cancels that one: no statement
/// sees the rows of both, or of neither. In a transaction: [`finish`](super::finish) makes the proof
/// first.
pub async fn complete(
    transaction: &impl GenericClient,
    uid: Uuid,
    judged: &Judged,
) -> Result<Option<Import>, Error> {
    lock(transaction, uid).await?;
    let warnings: Vec<_> = judged.warnings.iter().map(reason_json).collect();
    let warnings = serde_json::Value::Array(warnings);
    let (crc, bytes) = (
        judged.content.crc.cast_signed(),
        judged.content.bytes.cast_signed(),
    );
    let rows = transaction
        .query(&swap(), &[&uid, &warnings, &crc, &bytes])
        .await?;
    let is_new = |row: &&Row| row.get::<_, Uuid>("uid") == uid;
    rows.iter().find(is_new).map(read).transpose()
}

/// Locks the import and the one that it swaps in the order of their key, and before what the UPDATE's
/// triggers count. Without it the UPDATE could wait for one of the two, find it changed, and change
/// the other alone.
pub(super) async fn lock(transaction: &impl GenericClient, uid: Uuid) -> Result<(), Error> {
    let lock = format!(
        "SELECT FROM import WHERE uid = $1 OR id = {SWAPPED} ORDER BY id FOR NO KEY UPDATE"
    );
    transaction.execute(&lock, &[&uid]).await?;
    Ok(())
}

/// Rows that go in the moment in which those of the import appear.
pub(super) async fn rows_swapped(client: &impl GenericClient, uid: Uuid) -> Result<i64, Error> {
    let sql = format!(
        "SELECT coalesce(sum(rows_imported), 0)::bigint FROM import \
         WHERE id = {SWAPPED} AND state = {COMPLETED}"
    );
    Ok(client.query_one(&sql, &[&uid]).await?.try_get(0)?)
}

fn swap() -> String {
    let (cancelling, cancelled) = (Word(Goal::Cancelled.on_the_way()), Word(Goal::Cancelled));
    format!(
        "UPDATE import SET \
             state = CASE uid WHEN $1 THEN {COMPLETED} ELSE {cancelling} END, \
             goal = CASE uid WHEN $1 THEN goal ELSE {cancelled} END, \
             replaced_by = CASE uid WHEN $1 THEN replaced_by \
                 ELSE (SELECT number FROM import WHERE uid = $1) END, \
             run = CASE uid WHEN $1 THEN run ELSE run + 1 END, \
             completed_at = CASE uid WHEN $1 THEN now() ELSE coalesce(completed_at, finished_at) END, \
             finished_at = CASE uid WHEN $1 THEN now() END, \
             warnings = CASE uid WHEN $1 THEN warnings || $2 ELSE warnings END, \
             content_crc = CASE uid WHEN $1 THEN $3 ELSE content_crc END, \
             content_bytes = CASE uid WHEN $1 THEN $4 ELSE content_bytes END, \
             progressed_at = now(), task_token = NULL \
         WHERE (uid = $1 OR id = {SWAPPED} AND state = {COMPLETED}) \
             AND EXISTS (SELECT FROM import \
                 WHERE uid = $1 AND state = {FINISHING} AND NOT validate_only) \
         RETURNING {COLUMNS}"
    )
}

/// The import whose place this completed one has taken; `None` if there is none.
pub async fn swapped(client: &Client, uid: Uuid) -> Result<Option<Import>, Error> {
    let sql = format!(
        "SELECT {COLUMNS} FROM import WHERE id = {SWAPPED} \
         AND EXISTS (SELECT FROM import WHERE uid = $1 AND state = {COMPLETED})"
    );
    read_optional(client.query_opt(&sql, &[&uid]).await?)
}
