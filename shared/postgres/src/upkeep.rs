//! What `reconcile` looks for: imports that may need a step, imports to be swept, and
//! silent workers.

use domain::import::{Import, State};
use domain::limits::{EVENT_LOST_AFTER, ORIGINAL_KEPT_FOR, SWEPT_AFTER};
use tokio_postgres::Client;
use trial::{Safeguard, is_out};
use uuid::Uuid;

use crate::Error;
use crate::import_row::{COLUMNS, read};
use crate::imports::HAVE_EXECUTION;
use crate::sql::of_import::{AWAITING_UPLOAD, COMPLETED, DELETED, HELD, PAUSED};
use crate::sql::{self, Interval, States};

/// The most deleted imports that are swept in one pass: two requests to S3 for each.
const UNSWEPT_AT_MOST: i64 = 50;

/// The most imports on their way that are looked at in one pass; the others follow a minute later.
const UNDER_WAY_AT_MOST: i64 = 500;

/// The most imports that await their object and are looked at in one pass: one request to S3 for
/// each.
const AWAITING_AT_MOST: i64 = 100;

/// The most retries whose original is copied in one pass: S3 may take a minute for a large one.
const COPIED_AT_MOST: i64 = 3;

/// The most ended imports, and the most completed ones, whose original is removed in one pass: four
/// requests to S3 for each.
const EXPIRED_AT_MOST: i64 = 50;

/// SQL: one of each owner after the other, what has waited longest first.
pub(crate) const BY_TURNS: &str = "ORDER BY row_number() OVER (PARTITION BY owner ORDER BY progressed_at, id), \
     progressed_at, id";

/// Imports that may need a step: first those under way, then held ones, then those that await their
/// object, retries last. In each of these the owners come by turns, each with what has waited longest:
/// whoever has hundreds of them holds up nobody's first. An import that cannot need a step yet is
/// left out (a pause or a hold before its deadline, an upload that may come any moment); otherwise
/// enough of them would crowd out the others.
pub async fn unfinished(client: &Client) -> Result<Vec<Uuid>, Error> {
    if is_out(Safeguard::Reconcile) {
        return Ok(Vec::new());
    }
    let event_lost_after = EVENT_LOST_AFTER.as_secs_f64() / f64::from(trial::hurry());
    let sql = format!(
        "SELECT uid FROM import WHERE state IN {HAVE_EXECUTION} \
         AND (state <> {PAUSED} OR pause_expires_at <= now()) \
         {BY_TURNS} LIMIT $1"
    );
    let under_way = client.query(&sql, &[&UNDER_WAY_AT_MOST]).await?;
    let sql = format!(
        "SELECT uid FROM import WHERE state = {AWAITING_UPLOAD} \
         AND (progressed_at <= now() - make_interval(secs => $2) OR upload_expires_at <= now()) \
         AND source_key IS NULL {BY_TURNS} LIMIT $1"
    );
    let awaiting = client
        .query(&sql, &[&AWAITING_AT_MOST, &event_lost_after])
        .await?;
    let sql = format!(
        "SELECT uid FROM import WHERE state = {HELD} \
         AND (task_token IS NOT NULL OR coalesce(hold_expires_at, now()) <= now()) \
         {BY_TURNS} LIMIT $1"
    );
    let held = client.query(&sql, &[&UNDER_WAY_AT_MOST]).await?;
    let sql = format!(
        "SELECT uid FROM import WHERE state = {AWAITING_UPLOAD} AND source_key IS NOT NULL \
         AND (copy_begun_at IS NULL OR progressed_at <= now() - make_interval(secs => $2) \
             OR upload_expires_at <= now()) \
         {BY_TURNS} LIMIT $1"
    );
    let copied = client
        .query(&sql, &[&COPIED_AT_MOST, &event_lost_after])
        .await?;
    let all = under_way
        .iter()
        .chain(&held)
        .chain(&awaiting)
        .chain(&copied);
    Ok(all.map(|row| row.get(0)).collect())
}

/// Ends the sessions of workers whose transaction is older than a worker may run: no timeout ends a
/// COPY whose client has gone silent, and `pg_cancel_backend` does nothing to it. Returns how many
/// were ended. Of a role that this one is no member of, the server shows neither the sessions'
/// transactions nor lets them be ended.
pub async fn end_silent_workers(
    client: &Client,
    application_name: &str,
    older_than_seconds: i32,
) -> Result<i64, Error> {
    let row = client
        .query_one(
            "SELECT count(*) FILTER (WHERE pg_terminate_backend(pid)) FROM pg_stat_activity \
             WHERE datname = current_database() AND application_name = $1 \
             AND pg_has_role(usesysid, 'USAGE') AND pid <> pg_backend_pid() \
             AND xact_start < now() - make_interval(secs => $2)",
            &[&application_name, &f64::from(older_than_seconds)],
        )
        .await?;
    Ok(row.get(0))
}

/// Ended imports whose original is kept no longer: they were not completed, and
/// [`ORIGINAL_KEPT_FOR`] has passed since; or they are completed, and it came so many days ago. One
/// that is about to be copied stays until it is.
pub async fn expired(client: &Client, upload_days: i32) -> Result<Vec<Import>, Error> {
    let mut all = expired_without_rows(client).await?;
    let sql = format!(
        "SELECT {COLUMNS} FROM import WHERE state = {COMPLETED} AND object_expired_at IS NULL \
         AND started_at <= now() - make_interval(days => $2) ORDER BY started_at LIMIT $1"
    );
    let rows = client
        .query(&sql, &[&EXPIRED_AT_MOST, &upload_days])
        .await?;
    for row in &rows {
        all.push(read(row)?);
    }
    Ok(all)
}

async fn expired_without_rows(client: &Client) -> Result<Vec<Import>, Error> {
    let (kept, ended) = (Interval(ORIGINAL_KEPT_FOR), ended_without_rows());
    let sql = format!(
        "SELECT {COLUMNS} FROM import e WHERE state IN {ended} AND object_expired_at IS NULL \
         AND finished_at <= now() - {kept} \
         AND NOT EXISTS (SELECT FROM import r WHERE r.owner = e.owner AND r.dataset = e.dataset \
             AND r.retry_of = e.number AND r.state = {AWAITING_UPLOAD}) \
         ORDER BY finished_at LIMIT $1"
    );
    let rows = client.query(&sql, &[&EXPIRED_AT_MOST]).await?;
    rows.iter().map(read).collect()
}

/// Notes that the original of the import is removed.
pub async fn mark_expired(client: &Client, import: &Import) -> Result<(), Error> {
    let sql = "UPDATE import SET object_expired_at = now() WHERE id = $1";
    client.execute(sql, &[&import.id]).await?;
    Ok(())
}

fn ended_without_rows() -> States<State> {
    sql::imports(State::may_be_retried)
}

/// Deleted imports that nobody has looked at since: [`SWEPT_AFTER`] has passed since their end, and
/// the URL of their upload is of no use any more.
pub async fn unswept(client: &Client) -> Result<Vec<Import>, Error> {
    let long_ago = Interval(SWEPT_AFTER);
    let sql = format!(
        "SELECT {COLUMNS} FROM import WHERE state = {DELETED} AND swept_at IS NULL \
         AND finished_at < now() - {long_ago} AND upload_expires_at < now() \
         ORDER BY finished_at LIMIT $1"
    );
    let rows = client.query(&sql, &[&UNSWEPT_AT_MOST]).await?;
    rows.iter().map(read).collect()
}

/// Notes that nothing of the deleted import is left.
pub async fn mark_swept(client: &Client, import: &Import) -> Result<(), Error> {
    let sql = format!("UPDATE import SET swept_at = now() WHERE id = $1 AND state = {DELETED}");
    client.execute(&sql, &[&import.id]).await?;
    Ok(())
}

/// Ended imports whose prepared object, or what was stored of it, may be there: [`SWEPT_AFTER`] has
/// passed since their end, so that no preparer works on them any more, and nothing reads it.
pub async fn unswept_prepared(client: &Client) -> Result<Vec<Import>, Error> {
    let (long_ago, ended) = (Interval(SWEPT_AFTER), sql::imports(State::is_end));
    let sql = format!(
        "SELECT {COLUMNS} FROM import WHERE prepared_key IS NOT NULL \
         AND prepared_swept_at IS NULL AND state IN {ended} AND finished_at < now() - {long_ago} \
         ORDER BY finished_at LIMIT $1"
    );
    let rows = client.query(&sql, &[&UNSWEPT_AT_MOST]).await?;
    rows.iter().map(read).collect()
}

/// Notes that nothing is left of what was prepared for the ended import.
pub async fn mark_prepared_swept(client: &Client, import: &Import) -> Result<(), Error> {
    let sql = "UPDATE import SET prepared_swept_at = now() WHERE id = $1";
    client.execute(sql, &[&import.id]).await?;
    Ok(())
}
