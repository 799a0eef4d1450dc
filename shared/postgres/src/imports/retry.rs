//! An import that reads the original of another again.

use domain::import::{Import, Source, State};
use domain::limits::ORIGINAL_KEPT_FOR;
use domain::max_errors::MaxErrors;
use tokio_postgres::{Client, Transaction};
use trial::point;
use uuid::Uuid;

use crate::Error;
use crate::import_row::{COLUMNS, read_optional};
use crate::sql::of_import::AWAITING_UPLOAD;
use crate::sql::{self, Interval, Sql, THERE};

/// What an import takes over from the one that it retries.
#[derive(Debug, Default)]
pub(super) struct TakenOver {
    /// The pinned version of the other's object; `None` if it retries none.
    pub source: Option<Source>,
    /// The limit of rejected records, unless the request said another.
    pub max_errors: Option<MaxErrors>,
    /// Whether it is to be held if it fails.
    pub holds: bool,
}

/// SQL: the original of the import is still kept.
const ORIGINAL_IS_KEPT: Sql = Sql(|f| {
    let kept = Interval(ORIGINAL_KEPT_FOR);
    write!(
        f,
        "object_version IS NOT NULL AND finished_at > now() - {kept}"
    )
});

/// Which import is retried, and the number of the new one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Retried<'d> {
    pub owner: Uuid,
    pub dataset: &'d str,
    pub number: i32,
    pub by: i32,
}

/// Links the import that a new one retries, and returns what the new one takes over from it: all
/// that the request does not say in another way, but for `validate_only`. `None`: it cannot be
/// retried (any more).
pub(super) async fn take_over(
    transaction: &Transaction<'_>,
    Retried {
        owner,
        dataset,
        number,
        by,
    }: Retried<'_>,
) -> Result<Option<TakenOver>, Error> {
    let may_be_retried = sql::imports(State::may_be_retried);
    let sql = format!(
        "UPDATE import SET retried_by = $4 WHERE owner = $1 AND dataset = $2 AND number = $3 \
         AND {THERE} AND state IN {may_be_retried} AND {ORIGINAL_IS_KEPT} \
         RETURNING object_key, object_version, on_failure, max_errors, max_errors_percent"
    );
    let retried = transaction
        .query_opt(&sql, &[&owner, &dataset, &number, &by])
        .await?;
    let Some(row) = retried else {
        return Ok(None);
    };
    let source = Source {
        key: row.try_get("object_key")?,
        version: row.try_get("object_version")?,
        copy_begun: false,
    };
    let count: Option<i64> = row.try_get("max_errors")?;
    let percent: Option<i16> = row.try_get("max_errors_percent")?;
    let percent = percent.map(MaxErrors::Percent);
    Ok(Some(TakenOver {
        source: Some(source),
        max_errors: percent.or(count.map(MaxErrors::Count)),
        holds: row.try_get::<_, &str>("on_failure")? == "hold",
    }))
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
