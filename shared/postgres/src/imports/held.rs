//! A failed import that waits to be resumed.

use domain::import::{Goal, Import};
use tokio_postgres::Client;

use crate::Error;
use crate::import_row::{COLUMNS, read_optional};
use crate::sql::Towards;
use crate::sql::of_import::HELD;

/// Forgets the token of a held import whose execution was stopped and no longer waits for it.
pub async fn release(client: &Client, import: &Import) -> Result<Option<Import>, Error> {
    let sql = format!(
        "UPDATE import SET task_token = NULL WHERE id = $1 AND run = $2 AND state = {HELD} \
         RETURNING {COLUMNS}"
    );
    read_optional(client.query_opt(&sql, &[&import.id, &import.run]).await?)
}

/// Begins the rollback of a held import that was not resumed before its deadline; its reason stays.
pub async fn end_hold(client: &Client, import: &Import) -> Result<Option<Import>, Error> {
    let failed = Towards(Goal::Failed);
    let sql = format!(
        "UPDATE import SET {failed}, hold_expires_at = NULL, progressed_at = now() \
         WHERE id = $1 AND state = {HELD} \
         AND coalesce(hold_expires_at, now()) <= now() RETURNING {COLUMNS}"
    );
    read_optional(client.query_opt(&sql, &[&import.id]).await?)
}
