//! Every chunk is done: prove that rows and rejected records are the file's records, then let the
//! rows appear.

use std::sync::Arc;

use conduct::Conductor;
use contracts::workflow::Run;
use domain::import::{Import, State};
use domain::reason::Reason;
use domain::rejects;
use lambda::Failure;
use postgres::{Client, Database, errors, finishing, imports};

/// What the function works with.
pub struct FinishImport {
    database: Arc<Database>,
    conductor: Conductor,
}

impl FinishImport {
    /// With the database and the workflows.
    pub fn new(database: Arc<Database>, conductor: Conductor) -> Self {
        Self {
            database,
            conductor,
        }
    }

    /// Finishes the import, if it is still finishing: a cancel may have come first, or another
    /// run of the workflow may have been faster.
    pub async fn finish(&self, run: Run) -> Result<(), Failure> {
        let connection = self.database.connection().await?;
        let import = imports::by_uid(&connection, run.import).await?;
        connection.keep().await;
        if let Some(import) = import.filter(|it| it.state == State::Finishing) {
            self.finish_import(&import).await?;
        }
        Ok(self.conductor.advance(run.import).await?)
    }

    async fn finish_import(&self, import: &Import) -> Result<(), Failure> {
        let dataset = domain::dataset::find(&import.dataset).ok_or("unknown dataset")?;
        let connection = self.database.connection().await?;
        let proof = finishing::prove(&connection, import, dataset).await?;
        if proof.holds(import) {
            let warning = not_kept(&connection, import).await?;
            let completed = finishing::complete(&connection, import.uid, warning.as_ref()).await?;
            tracing::info!(import = %import.uid, completed = completed.is_some(), ?proof, "finished");
        } else {
            tracing::error!(import = %import.uid, ?proof, "the proof does not hold");
            imports::fail(&connection, import.uid, &not_proven()).await?;
        }
        connection.keep().await;
        Ok(())
    }
}

/// A warning if more records were rejected than have their errors kept.
async fn not_kept(client: &Client, import: &Import) -> Result<Option<Reason>, Failure> {
    let rejected = import.rows_rejected;
    if rejected == 0 {
        return Ok(None);
    }
    let missing = rejected - errors::records_kept(client, import.id).await?;
    Ok((missing > 0).then(|| rejects::not_kept(missing, rejected)))
}

fn not_proven() -> Reason {
    Reason::new(
        "not_proven",
        "The stored rows and the rejected records do not add up to the file's records.",
    )
}
