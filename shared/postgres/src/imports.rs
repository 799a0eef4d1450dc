//! The import row: how it is written, found, pinned, and changed by the commands of its user.

mod ask;
mod create;
mod held;
mod place;
mod queues;
mod retry;

pub use ask::{Asked, cancel, delete, drop_unsent, pause, resume};
pub use create::{Created, Idempotency, NewImport, create};
pub use held::{end_hold, release};
pub use place::{Place, Placed, place_of};
pub use queues::queues;
pub use retry::begin_copy;

use domain::import::{Goal, Import, Outstanding, State};
use domain::limits::{CHUNKS_OUT_AT_MOST, HOLD_AT_MOST, IMPORT_RUN_WITHIN, QUERY_WITHIN};
use domain::plan::{PLAN_VERSION, chunk_bytes};
use domain::reason::Reason;
use tokio_postgres::{Client, IsolationLevel};
use trial::{Safeguard, is_out, point};
use uuid::Uuid;

use crate::Error;
use crate::datasets;
use crate::faults::note_import;
use crate::import_row::{COLUMNS, read, read_optional, reason_json};
use crate::out::FULL;
use crate::sql::of_import::{AWAITING_UPLOAD, HELD, PLANNING};
use crate::sql::{self, Interval, Sql, States, THERE, Towards, Word};

/// The active states.
pub(crate) const ACTIVE: States<State> = sql::imports(State::is_active);

/// SQL: what a failure for this reason sets, with the reason itself last. The import is rolled back
/// or, if its user asked for that and resuming can help, held. If it was only to be validated and
/// its file is the reason, that is what its user asked for.
pub(crate) fn fails(reason: &Reason) -> Sql {
    if reason.resuming_can_help() {
        FAILS_OR_IS_HELD
    } else if reason.is_about_the_file() {
        FAILS_OR_IS_VALIDATED
    } else {
        FAILS
    }
}

const FAILS: Sql = Sql(|f| {
    let failed = Towards(Goal::Failed);
    write!(f, "{failed}, progressed_at = now(), error")
});

const FAILS_OR_IS_VALIDATED: Sql = Sql(|f| {
    let (failed, validated) = (Goal::Failed, Goal::Validated);
    let [rolling_back, validating] = [failed, validated].map(|it| Word(it.on_the_way()));
    let [failed, validated] = [failed, validated].map(Word);
    write!(
        f,
        "state = CASE WHEN validate_only THEN {validating} ELSE {rolling_back} END, \
         goal = CASE WHEN validate_only THEN {validated} ELSE {failed} END, \
         progressed_at = now(), error"
    )
});

const FAILS_OR_IS_HELD: Sql = Sql(|f| {
    let (rolling_back, failed) = (Word(Goal::Failed.on_the_way()), Word(Goal::Failed));
    let held = Sql(|f| write!(f, "on_failure = 'hold' AND state <> {AWAITING_UPLOAD}"));
    write!(
        f,
        "state = CASE WHEN {held} THEN {HELD} ELSE {rolling_back} END, \
         goal = CASE WHEN {held} THEN NULL ELSE {failed} END, \
         hold_expires_at = CASE WHEN {held} THEN now() + {HOLD} END, \
         progressed_at = now(), error"
    )
});

const HOLD: Interval = Interval(HOLD_AT_MOST);

/// What an execution has from now on.
pub(crate) const RUN: Interval = Interval(IMPORT_RUN_WITHIN);

/// SQL: while this is true of an import of a dataset that is imported one at a time, no other of its
/// owner may be active; the same words as the unique index `import_one_at_a_time`.
const TAKES_THE_PLACE: Sql = Sql(|f| {
    let (validated, rolling_back) = (Word(Goal::Validated), sql::imports(State::is_rolling_back));
    write!(
        f,
        "(state IN {ACTIVE} OR goal = {validated} AND state IN {rolling_back})"
    )
});

/// The import of the owner that is active, or only validated and not taken back yet, of a dataset
/// that is imported one at a time; there is one at most. Of baseline it is the contract's 403.
pub async fn active(client: &Client, owner: Uuid, dataset: &str) -> Result<Option<Import>, Error> {
    let sql = format!(
        "SELECT {COLUMNS} FROM import \
         WHERE owner = $1 AND dataset = $2 AND {ONE_AT_A_TIME} AND {TAKES_THE_PLACE}"
    );
    read_optional(client.query_opt(&sql, &[&owner, &dataset]).await?)
}

/// SQL: no other import of its owner and dataset may be active. A baseline from before V16 does not
/// say so.
const ONE_AT_A_TIME: &str = "(one_at_a_time OR dataset = 'baseline')";

/// Whether one of the indexes is violated that admit one active import at a time. The older one
/// knows baseline alone.
fn is_second_active(error: &Error) -> bool {
    let constraint = error.violated_constraint();
    matches!(
        constraint,
        Some("import_one_at_a_time" | "import_one_active_baseline")
    )
}

/// The import its owner knows by this number; `None` once it is deleted or about to be.
pub async fn by_number(
    client: &Client,
    owner: Uuid,
    dataset: &str,
    number: i32,
) -> Result<Option<Import>, Error> {
    let sql = format!(
        "SELECT {COLUMNS} FROM import WHERE owner = $1 AND dataset = $2 AND number = $3 \
         AND {THERE}"
    );
    read_optional(client.query_opt(&sql, &[&owner, &dataset, &number]).await?)
}

/// The import of this uid, whatever its state.
pub async fn by_uid(client: &Client, uid: Uuid) -> Result<Option<Import>, Error> {
    let sql = format!("SELECT {COLUMNS} FROM import WHERE uid = $1");
    read_optional(client.query_opt(&sql, &[&uid]).await?)
}

/// Count and page of an owner's imports in these states, newest first, both of the same moment.
pub async fn list(
    client: &mut Client,
    owner: Uuid,
    dataset: &str,
    states: &[State],
    limit: i64,
    offset: i64,
) -> Result<(i64, Vec<Import>), Error> {
    let words: Vec<&str> = states.iter().map(|it| it.as_str()).collect();
    let condition = format!("owner = $1 AND dataset = $2 AND state = ANY($3) AND {THERE}");
    let moment = a_moment_in_time(client).await?;
    let count = moment
        .query_one(
            &format!("SELECT count(*) FROM import WHERE {condition}"),
            &[&owner, &dataset, &words],
        )
        .await?
        .get(0);
    let sql = format!(
        "SELECT {COLUMNS} FROM import WHERE {condition} ORDER BY number DESC LIMIT $4 OFFSET $5"
    );
    let rows = moment
        .query(&sql, &[&owner, &dataset, &words, &limit, &offset])
        .await?;
    moment.commit().await?;
    Ok((count, rows.iter().map(read).collect::<Result<_, _>>()?))
}

/// The same for what a user waits for: PostgreSQL ends the session after [`QUERY_WITHIN`], however many
/// statements there are.
pub(crate) async fn a_moment_in_time(
    client: &mut Client,
) -> Result<tokio_postgres::Transaction<'_>, Error> {
    let moment = one_moment(client).await?;
    let seconds = QUERY_WITHIN.as_secs();
    let limit = format!("SET LOCAL transaction_timeout = '{seconds}s'");
    moment.batch_execute(&limit).await?;
    Ok(moment)
}

/// A read-only transaction whose statements all see the same moment: count and page agree.
pub(crate) async fn one_moment(
    client: &mut Client,
) -> Result<tokio_postgres::Transaction<'_>, Error> {
    Ok(client
        .build_transaction()
        .isolation_level(IsolationLevel::RepeatableRead)
        .read_only(true)
        .start()
        .await?)
}

/// What became of an object version that has arrived.
#[derive(Debug)]
pub enum Pinned {
    /// It is the one that is imported now.
    Now(Box<Import>),
    /// It was pinned before: the event is a duplicate.
    Before(Box<Import>),
    /// Another version is pinned, or the import no longer waits: no import is made from this one.
    Unwanted(Box<Import>),
    /// No import has this uid.
    Unknown,
}

/// Pins the version that an awaiting import is to be made from, and its plan settings. Where its
/// rows will go is there before that.
pub async fn pin(client: &Client, uid: Uuid, version: &str, size: i64) -> Result<Pinned, Error> {
    datasets::ensure_table(client, uid).await?;
    let chunk_bytes = trial::chunk_bytes(chunk_bytes(size));
    let chunk_bytes = i32::try_from(chunk_bytes).unwrap_or(i32::MAX);
    let sql = format!(
        "UPDATE import SET state = {PLANNING}, object_version = $2, object_size = $3, \
         plan_version = $4, chunk_bytes = $5, started_at = now(), progressed_at = now(), \
         run_expires_at = now() + {RUN} \
         WHERE uid = $1 AND state = {AWAITING_UPLOAD} RETURNING {COLUMNS}"
    );
    let pinned = client
        .query_opt(&sql, &[&uid, &version, &size, &PLAN_VERSION, &chunk_bytes])
        .await?;
    point("pinned");
    if let Some(row) = pinned {
        return Ok(Pinned::Now(Box::new(read(&row)?)));
    }
    Ok(match by_uid(client, uid).await? {
        None => Pinned::Unknown,
        Some(import) if import.object_version.as_deref() == Some(version) => {
            Pinned::Before(Box::new(import))
        }
        Some(import) => Pinned::Unwanted(Box::new(import)),
    })
}

/// The import and the numbers of its chunks without a receipt, for `next_step`. A chunk that was
/// handed out more than `visibility_seconds` ago waits again: its message must be lost. Neither
/// number is counted beyond [`CHUNKS_OUT_AT_MOST`], so that the cost does not grow with the file. Of all
/// imports together `out_at_most` chunks may be out.
pub async fn snapshot(
    client: &Client,
    uid: Uuid,
    visibility_seconds: i32,
    out_at_most: i64,
) -> Result<Option<(Import, Outstanding)>, Error> {
    let Some(import) = by_uid(client, uid).await? else {
        return Ok(None);
    };
    let visibility_seconds = f64::from(until_lost(visibility_seconds));
    let row = client
        .query_one(
            "SELECT (SELECT count(*) FROM (SELECT FROM import_chunk WHERE import_id = $1 AND done_at IS NULL \
                 AND (queued_at IS NULL OR queued_at < now() - make_interval(secs => $2)) LIMIT $3) AS w), \
             (SELECT count(*) FROM (SELECT FROM import_chunk WHERE import_id = $1 AND done_at IS NULL \
                 AND queued_at >= now() - make_interval(secs => $2) LIMIT $3) AS o)",
            &[
                &import.id,
                &visibility_seconds,
                &CHUNKS_OUT_AT_MOST,
            ],
        )
        .await?;
    let (waiting, out): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
    let outstanding = Outstanding {
        waiting,
        out,
        full: waiting > 0 && is_full(client, &import, visibility_seconds, out_at_most).await?,
    };
    Ok(Some((import, outstanding)))
}

/// Whether as many chunks of all imports are out as may be, so that none of this one is handed out now.
async fn is_full(
    client: &Client,
    import: &Import,
    lost_after: f64,
    out_at_most: i64,
) -> Result<bool, Error> {
    let sql = format!("SELECT {FULL}");
    let row = client
        .query_one(&sql, &[&lost_after, &out_at_most, &import.owner])
        .await?;
    Ok(row.try_get(0)?)
}

/// The seconds after which a message must be lost.
pub(crate) fn until_lost(visibility_seconds: i32) -> i32 {
    match is_out(Safeguard::HandOutRepair) {
        false => visibility_seconds,
        true => i32::MAX,
    }
}

/// Fails an active import: it is rolled back, or held, and keeps this reason.
pub async fn fail(client: &Client, uid: Uuid, reason: &Reason) -> Result<Option<Import>, Error> {
    let sql = format!(
        "UPDATE import SET {} = $2 \
         WHERE uid = $1 AND state IN {ACTIVE} RETURNING {COLUMNS}",
        fails(reason)
    );
    let row = client
        .query_opt(&sql, &[&uid, &reason_json(reason)])
        .await?;
    Ok(note_import(read_optional(row)?, reason))
}

/// Fails an import because of what was read of it. Does nothing if anything has happened to it
/// since.
pub async fn fail_unchanged(
    client: &Client,
    import: &Import,
    reason: &Reason,
) -> Result<Option<Import>, Error> {
    let sql = format!(
        "UPDATE import SET {} = $2 \
         WHERE id = $1 AND state = $3 AND run = $4 AND progressed_at = $5 AND state IN {ACTIVE} \
         RETURNING {COLUMNS}",
        fails(reason)
    );
    let row = client
        .query_opt(
            &sql,
            &[
                &import.id,
                &reason_json(reason),
                &import.state.as_str(),
                &import.run,
                &import.progressed_at,
            ],
        )
        .await?;
    Ok(note_import(read_optional(row)?, reason))
}

/// The states in which an execution works on the import.
pub(crate) const HAVE_EXECUTION: States<State> = sql::imports(State::has_execution);

/// Decides, once per `run`, that an execution is to be started again.
pub async fn raise_run(client: &Client, uid: Uuid, run: i32) -> Result<Option<Import>, Error> {
    point("run-lost");
    let sql = format!(
        "UPDATE import SET run = run + 1, task_token = NULL, progressed_at = now() \
         WHERE uid = $1 AND run = $2 AND state IN {HAVE_EXECUTION} RETURNING {COLUMNS}"
    );
    read_optional(client.query_opt(&sql, &[&uid, &run]).await?)
}

/// Notes that the execution was checked and runs, so that it is not checked again soon.
pub async fn mark_checked(client: &Client, uid: Uuid) -> Result<(), Error> {
    client
        .execute(
            "UPDATE import SET progressed_at = now() WHERE uid = $1",
            &[&uid],
        )
        .await?;
    Ok(())
}
