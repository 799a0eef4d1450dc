//! What `reconcile-imports` looks through.

use tokio_postgres::Client;
use uuid::Uuid;

use crate::Error;

/// Imports looked at in one pass; the rest has its turn a minute later.
const PASS_AT_MOST: i64 = 500;

/// Imports that are on their way somewhere, the longest silent first. A pause is silent for a day
/// and asks for nothing before its deadline: it is left out, or enough of them would crowd out
/// whoever waits for a step.
pub async fn unfinished(client: &Client) -> Result<Vec<Uuid>, Error> {
    let rows = client
        .query(
            "SELECT uid FROM import \
             WHERE state NOT IN ('completed', 'failed', 'cancelled', 'deleted', 'held') \
             AND (state <> 'paused' OR pause_expires_at <= now()) \
             ORDER BY progressed_at LIMIT $1",
            &[&PASS_AT_MOST],
        )
        .await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// Ends the sessions of workers whose transaction is older than a worker may run: a COPY whose
/// client has gone silent is ended by no timeout, and `pg_cancel_backend` does nothing to it.
/// Returns how many were ended.
pub async fn end_silent_workers(
    client: &Client,
    application_name: &str,
    older_than_seconds: i32,
) -> Result<i64, Error> {
    let row = client
        .query_one(
            "SELECT count(*) FILTER (WHERE pg_terminate_backend(pid)) FROM pg_stat_activity \
             WHERE datname = current_database() AND application_name = $1 \
             AND pid <> pg_backend_pid() AND xact_start < now() - make_interval(secs => $2)",
            &[&application_name, &f64::from(older_than_seconds)],
        )
        .await?;
    Ok(row.get(0))
}
