//! The schema, in numbered steps, each applied once.

use tokio_postgres::Client;

use crate::Error;

mod embedded {
    refinery::embed_migrations!("migrations");
}

/// Any number; the same for everyone who migrates, so that one waits for the other.
const MIGRATION_LOCK: i64 = 0x636f_6c6c_6563_7401;

/// Applies every migration that was not yet applied; returns how many were.
pub async fn run(client: &mut Client) -> Result<usize, Error> {
    client
        .execute("SELECT pg_advisory_lock($1)", &[&MIGRATION_LOCK])
        .await?;
    let report = embedded::migrations::runner().run_async(client).await;
    client
        .execute("SELECT pg_advisory_unlock($1)", &[&MIGRATION_LOCK])
        .await?;
    Ok(report?.applied_migrations().len())
}
