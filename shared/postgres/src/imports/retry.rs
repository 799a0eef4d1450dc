//! An import that reads the original of another again.

use domain::import::{Import, Source, State};
use domain::limits::ORIGINAL_KEPT_FOR;
use tokio_postgres::{Client, Transaction};
use trial::point;
use uuid::Uuid;

use crate::Error;
use crate::import_row::{COLUMNS, read_optional, word};
use crate::sql::of_import::AWAITING_UPLOAD;
use crate::sql::{self, Interval, Sql, THERE};

/// SQL: the original of the import is still kept.
const ORIGINAL_IS_KEPT: Sql = Sql(|f| {
    let kept = Interval(ORIGINAL_KEPT_FOR);
    write!(
        f,
        "object_version IS NOT NULL AND object_expired_at IS NULL \
         AND finished_at > now() - {kept}"
    )
});

/// What there is of an import that is to be retried.
#[derive(Debug)]
pub(super) enum Original {
    /// The pinned version of its object.
    Kept(Source),
    /// Nothing any more.
    Expired,
    /// It is in a state in which it cannot be retried.
    WrongState(State),
    /// There is no such import.
    NotFound,
}

/// Links the import that a new one of number `by` retries, if it can be retried (still).
pub(super) async fn take_original(
    transaction: &Transaction<'_>,
    owner: Uuid,
    dataset: &str,
    number: i32,
    by: i32,
) -> Result<Original, Error> {
    let may_be_retried = sql::imports(State::may_be_retried);
    let sql = format!(
        "UPDATE import SET retried_by = $4 WHERE owner = $1 AND dataset = $2 AND number = $3 \
         AND {THERE} AND state IN {may_be_retried} AND {ORIGINAL_IS_KEPT} \
         RETURNING object_key, object_version"
    );
    let retried = transaction
        .query_opt(&sql, &[&owner, &dataset, &number, &by])
        .await?;
    match retried {
        Some(row) => Ok(Original::Kept(Source {
            key: row.try_get(0)?,
            version: row.try_get(1)?,
            copy_begun: false,
        })),
        None => not_retried(transaction, owner, dataset, number).await,
    }
}

async fn not_retried(
    transaction: &Transaction<'_>,
    owner: Uuid,
    dataset: &str,
    number: i32,
) -> Result<Original, Error> {
    let sql = format!(
        "SELECT state FROM import WHERE owner = $1 AND dataset = $2 AND number = $3 AND {THERE}"
    );
    let row = transaction
        .query_opt(&sql, &[&owner, &dataset, &number])
        .await?;
    let state = row.map(|row| word::<State>(row.try_get(0)?)).transpose()?;
    Ok(match state {
        None => Original::NotFound,
        Some(state) if state.may_be_retried() => Original::Expired,
        Some(state) => Original::WrongState(state),
    })
}

/// Notes that a copy of the original is about to be made. `None`: the import awaits its object no
/// more, or another call of `advance` was first.
pub async fn begin_copy(client: &Client, import: &Import) -> Result<Option<Import>, Error> {
    let sql = format!(
        "UPDATE import SET copy_begun_at = now(), progressed_at = now() \
         WHERE id = $1 AND state = {AWAITING_UPLOAD} AND progressed_at = $2 RETURNING {COLUMNS}"
    );
    let row = client
        .query_opt(&sql, &[&import.id, &import.progressed_at])
        .await?;
    point("copy-begun");
    read_optional(row)
}
