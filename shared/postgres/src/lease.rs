//! The lease of a pass of `reconcile`: one at a time, or many that begin with the ends of executions
//! would do the same work side by side.

use domain::limits::RECONCILE_SILENT_AFTER;
use tokio_postgres::Client;
use uuid::Uuid;

use crate::Error;

/// How long a pass that says nothing of itself holds off others: it may have been killed.
fn seconds() -> f64 {
    RECONCILE_SILENT_AFTER.as_secs_f64() / f64::from(trial::hurry())
}

/// Begins a pass. False: another one is under way, and will be told that one more is wanted.
///
/// # Errors
/// The server or the connection is at fault.
pub async fn take(client: &Client, pass: Uuid) -> Result<bool, Error> {
    let sql = "UPDATE reconcile_lease SET \
             pass = CASE WHEN until <= now() THEN $1 ELSE pass END, \
             asked = until > now(), \
             until = CASE WHEN until <= now() THEN now() + make_interval(secs => $2) ELSE until END \
         RETURNING pass = $1";
    let row = client.query_one(sql, &[&pass, &seconds()]).await?;
    Ok(row.try_get(0)?)
}

/// Goes on with a pass. False: it was silent for so long that another one has begun.
///
/// # Errors
/// The server or the connection is at fault.
pub async fn keep(client: &Client, pass: Uuid) -> Result<bool, Error> {
    let sql =
        "UPDATE reconcile_lease SET until = now() + make_interval(secs => $2) WHERE pass = $1";
    Ok(client.execute(sql, &[&pass, &seconds()]).await? == 1)
}

/// Ends a pass. True: another one was asked for meanwhile.
///
/// # Errors
/// The server or the connection is at fault.
pub async fn give_back(client: &Client, pass: Uuid) -> Result<bool, Error> {
    let sql = "UPDATE reconcile_lease SET until = '-infinity' WHERE pass = $1 RETURNING asked";
    let row = client.query_opt(sql, &[&pass]).await?;
    row.map_or(Ok(false), |row| Ok(row.try_get(0)?))
}
