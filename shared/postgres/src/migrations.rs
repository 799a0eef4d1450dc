//! The schema, in numbered steps, each applied once.

use tokio_postgres::Client;

use crate::Error;

mod embedded {
    refinery::embed_migrations!("migrations");
}

/// The key of the lock that makes one migration wait for another: any number.
const MIGRATION_LOCK: i64 = 0x636f_6c6c_6563_7401;

/// Applies every migration that was not yet applied, and grants each role what it may do with the
/// schema as it is then; returns how many were applied.
pub async fn run(client: &mut Client) -> Result<usize, Error> {
    client
        .execute("SELECT pg_advisory_lock($1)", &[&MIGRATION_LOCK])
        .await?;
    let applied = apply(client).await;
    client
        .execute("SELECT pg_advisory_unlock($1)", &[&MIGRATION_LOCK])
        .await?;
    applied
}

async fn apply(client: &mut Client) -> Result<usize, Error> {
    // A stack that is rolled back runs the previous code on the newer schema: steps that this code
    // does not know are no error. A step that it knows with other bytes still is.
    let runner = embedded::migrations::runner().set_abort_missing(false);
    let report = runner.run_async(client).await?;
    if let Some(step) = skipped(client).await? {
        return Err(Error::Stored(format!(
            "step {step} of the schema is missing, but later ones are applied"
        )));
    }
    client.execute("SELECT grant_rights()", &[]).await?;
    Ok(report.applied_migrations().len())
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
