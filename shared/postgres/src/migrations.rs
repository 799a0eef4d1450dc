//! The schema, in numbered steps, each applied once.

use std::error::Error as StdError;
use std::time::Duration;

use domain::limits::{MIGRATION_LOCK_PAUSE, MIGRATION_LOCK_TRIES, MIGRATION_LOCK_WITHIN};
use tokio_postgres::Client;
use tokio_postgres::error::SqlState;

use crate::Error;

mod embedded {
    refinery::embed_migrations!("migrations");
}

/// The key of the lock that makes one migration wait for another: any number.
const MIGRATION_LOCK: i64 = 0x636f_6c6c_6563_7401;

/// How a step waits for locks that others hold.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// So long for one, while whoever comes after waits behind it.
    pub lock_within: Duration,
    /// So often.
    pub tries: u32,
    /// With so long between two tries.
    pub pause: Duration,
}

impl Patience {
    /// That of a deploy.
    pub const USUAL: Patience = Patience {
        lock_within: MIGRATION_LOCK_WITHIN,
        tries: MIGRATION_LOCK_TRIES,
        pause: MIGRATION_LOCK_PAUSE,
    };
}

/// Applies every migration that was not yet applied, and grants each role what it may do with the
/// schema as it is then; returns how many were applied.
///
/// # Errors
/// The server or the connection is at fault, a step does not fit, or others held a lock that it needs
/// at each try.
pub async fn run(client: &mut Client) -> Result<usize, Error> {
    run_with(client, Patience::USUAL).await
}

/// The same with another patience.
///
/// # Errors
/// As [`run`].
pub async fn run_with(client: &mut Client, patience: Patience) -> Result<usize, Error> {
    client
        .execute("SELECT pg_advisory_lock($1)", &[&MIGRATION_LOCK])
        .await?;
    // From here on: another deploy is waited for, however long it takes.
    let within = patience.lock_within.as_millis();
    let set = format!("SET lock_timeout = {within}");
    client.batch_execute(&set).await?;
    let applied = try_to_apply(client, patience).await;
    client.batch_execute("RESET lock_timeout").await?;
    client
        .execute("SELECT pg_advisory_unlock($1)", &[&MIGRATION_LOCK])
        .await?;
    applied
}

/// Each step is a transaction of its own: one that gives up has changed nothing, and those before it
/// stay.
async fn try_to_apply(client: &mut Client, patience: Patience) -> Result<usize, Error> {
    let (mut applied, mut tries) = (0, 1);
    loop {
        match apply(client, &mut applied).await {
            Err(error) if is_lock_taken(&error) && tries == patience.tries => {
                return Err(Error::Locked { tries });
            }
            Err(error) if is_lock_taken(&error) => {
                tries += 1;
                tokio::time::sleep(patience.pause).await;
            }
            Err(error) => return Err(error),
            Ok(()) => return Ok(applied),
        }
    }
}

/// The runner hides the driver's error among the causes of its own.
fn is_lock_taken(error: &Error) -> bool {
    let Error::Migration(failed) = error else {
        return error.is_lock_taken();
    };
    let mut cause: Option<&(dyn StdError + 'static)> = Some(failed);
    while let Some(error) = cause {
        let of_server = error.downcast_ref::<tokio_postgres::Error>();
        if of_server.and_then(tokio_postgres::Error::code) == Some(&SqlState::LOCK_NOT_AVAILABLE) {
            return true;
        }
        cause = error.source();
    }
    false
}

async fn apply(client: &mut Client, applied: &mut usize) -> Result<(), Error> {
    // A stack that is rolled back runs the previous code on the newer schema: steps that this code
    // does not know are no error. A step that it knows with other bytes still is.
    let runner = embedded::migrations::runner().set_abort_missing(false);
    let report = runner.run_async(client).await;
    let done = match &report {
        Ok(report) => Some(report),
        Err(error) => error.report(),
    };
    *applied += done.map_or(0, |it| it.applied_migrations().len());
    report?;
    if let Some(step) = skipped(client).await? {
        return Err(Error::Stored(format!(
            "step {step} of the schema is missing, but later ones are applied"
        )));
    }
    client.execute("SELECT grant_rights()", &[]).await?;
    Ok(())
}

/// A step that is not applied although one with a higher number is. The runner says nothing of it.
async fn skipped(client: &Client) -> Result<Option<i32>, Error> {
    let migrations = embedded::migrations::runner();
    let known: Vec<i32> = migrations
        .get_migrations()
        .iter()
        .map(|step| step.version())
        .collect();
    let sql = "SELECT min(step) FROM unnest($1::integer[]) AS step \
         WHERE step NOT IN (SELECT version FROM refinery_schema_history)";
    Ok(client.query_one(sql, &[&known]).await?.try_get(0)?)
}

#[cfg(test)]
mod tests {
    /// A gap could be filled later, and its step would be applied after steps with higher numbers.
    #[test]
    fn steps_are_numbered_without_a_gap() {
        let mut numbers: Vec<_> = super::embedded::migrations::runner()
            .get_migrations()
            .iter()
            .map(|step| i64::from(step.version()))
            .collect();
        numbers.sort_unstable();
        let last = numbers.last().copied().unwrap_or_default();
        let expected: Vec<i64> = (1..=last).collect();
        assert_eq!(numbers, expected);
    }
}
