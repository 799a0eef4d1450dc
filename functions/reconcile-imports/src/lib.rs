//! Each minute: ends workers that have gone silent, asks every unfinished import what it wants
//! next, and looks once more at what deleted imports may have left. Whatever was lost on the way
//! is found here.

mod sweep;

use std::sync::Arc;

use aws::objects::Objects;
use conduct::Conductor;
use lambda::Failure;
use postgres::{Database, upkeep};

/// The name import-chunk gives its database sessions.
const WORKER: &str = "import-chunk";

/// What the function works with.
pub struct ReconcileImports {
    database: Arc<Database>,
    conductor: Conductor,
    objects: Objects,
    chunk_timeout_seconds: i32,
}

impl ReconcileImports {
    /// With the database, the workflows, the bucket and the longest time a worker may take.
    pub fn new(
        database: Arc<Database>,
        conductor: Conductor,
        objects: Objects,
        chunk_timeout_seconds: i32,
    ) -> Self {
        Self {
            database,
            conductor: conductor.looking_for(objects.clone()),
            objects,
            chunk_timeout_seconds,
        }
    }

    /// One pass. What started it (the schedule, or the end of an execution) does not matter.
    pub async fn reconcile(&self, _event: serde_json::Value) -> Result<(), Failure> {
        let connection = self.database.connection().await?;
        match upkeep::end_silent_workers(&connection, WORKER, self.chunk_timeout_seconds).await {
            Ok(0) => {}
            Ok(ended) => tracing::error!(ended, "silent workers ended"),
            Err(cause) => tracing::error!(%cause, "silent workers could not be ended"),
        }
        let unfinished = upkeep::unfinished(&connection).await?;
        connection.keep().await;
        let mut failed = 0;
        for uid in &unfinished {
            if let Err(cause) = self.conductor.advance(*uid).await {
                failed += 1;
                tracing::error!(import = %uid, %cause, "could not advance");
            }
        }
        let swept = sweep::sweep(&self.database, &self.objects).await;
        tracing::info!(unfinished = unfinished.len(), failed, ?swept, "reconciled");
        swept?;
        // Every import has had its turn; the alarm is to hear of those that could not take it.
        if failed > 0 {
            return Err(format!("{failed} imports could not be advanced").into());
        }
        Ok(())
    }
}
