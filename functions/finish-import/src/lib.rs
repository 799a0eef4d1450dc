//! Finishes an import whose chunks are all stored: judges it by what its file says about its own
//! reading, stores the rejects file, proves that the stored
//! rows and the rejected records are the file's records, makes the rows visible, and adds them up.

mod judging;
mod object;
mod rejected;

use std::sync::Arc;

use aws::objects::Objects;
use conduct::{Conductor, ExportConductor};
use contracts::workflow::Run;
use domain::dataset::Dataset;
use domain::import::{Import, State};
use domain::quota::{Exceeded, Quotas};
use domain::reason::{NotProven, Reason, Warning};
use lambda::{Failure, Role, settings};
use postgres::finishing::{self, Finished, Judged};
use postgres::{Client, Database, datasets, imports, row_errors, sums};

/// Finishes imports: see [`FinishImport::finish`].
pub struct FinishImport {
    database: Arc<Database>,
    conductor: Conductor,
    exports: ExportConductor,
    objects: Objects,
    /// What each owner may have.
    quotas: Quotas,
}

impl FinishImport {
    /// Reads the settings and secrets that the environment names.
    ///
    /// # Errors
    /// A setting is missing or a secret cannot be read.
    pub async fn from_environment() -> Result<Self, Failure> {
        let config = aws::config().await;
        let database = Arc::new(lambda::database("finish-import", Role::Worker, &config).await?);
        let objects = Objects::new(&config, settings::required("UPLOAD_BUCKET")?);
        Ok(Self {
            conductor: Conductor::from_environment(&config, database.clone())?,
            exports: ExportConductor::from_environment(&config, database.clone(), objects.clone())?,
            objects,
            quotas: settings::parsed("QUOTAS")?,
            database,
        })
    }

    /// Finishes the import, if it is still finishing: a cancel may have come first, or another
    /// run of the workflow may have been faster.
    pub async fn finish(&self, run: Run) -> Result<(), Failure> {
        let import = self
            .database
            .run(async |client| imports::by_uid(client, run.import).await)
            .await?;
        if let Some(import) = import.filter(|it| it.state == State::Finishing) {
            self.finish_import(&import).await?;
        }
        self.conductor.advance(run.import).await?;
        self.roll_back_swapped(run).await?;
        self.add_up(run).await
    }

    /// The import whose place this one has taken is cancelled already: exported files that hold its
    /// rows go, and its rollback is started. If this fails, `reconcile` does it.
    async fn roll_back_swapped(&self, run: Run) -> Result<(), Failure> {
        let swapped = self
            .database
            .run(async |client| finishing::swapped(client, run.import).await)
            .await?;
        if let Some(swapped) = swapped {
            tracing::info!(import = %run.import, swapped = %swapped.uid, "swapped");
            self.exports.remove_files_with(&swapped).await?;
            self.conductor.advance(swapped.uid).await?;
        }
        Ok(())
    }

    /// Adds the rows, which are visible by now, to the sums that the summary reads. A second call
    /// changes nothing.
    async fn add_up(&self, run: Run) -> Result<(), Failure> {
        self.database
            .run(async |client| sums::add(client, run.import).await)
            .await?;
        Ok(())
    }

    async fn finish_import(&self, import: &Import) -> Result<(), Failure> {
        let dataset = self
            .database
            .run(async |client| datasets::of_import(client, import).await)
            .await?;
        let dataset = &*dataset;
        let (failure, mut judged) = self.judge(import, dataset).await?;
        if let Some(reason) = failure.as_ref().filter(|_| !import.validate_only) {
            return self.fail(import, reason).await;
        }
        // This comes before the transaction that proves and completes, because it reads the object,
        // and no transaction waits for an object.
        let not_kept = self.see_to_rejected(import, dataset).await?;
        if failure.is_none() {
            judged.warnings.extend(not_kept);
        }
        self.database
            .run(async |client| {
                let end = end(
                    client,
                    import,
                    dataset,
                    failure.as_ref(),
                    &judged,
                    &self.quotas,
                );
                Ok(end.await?)
            })
            .await
    }

    async fn fail(&self, import: &Import, reason: &Reason) -> Result<(), Failure> {
        tracing::info!(import = %import.uid, code = reason.code(), "refused");
        self.database
            .run(async |client| imports::fail(client, import.uid, reason).await)
            .await?;
        Ok(())
    }

    /// Stores the rejects file. Returns a warning if row errors were not kept, and one if records
    /// are missing from the file.
    async fn see_to_rejected(
        &self,
        import: &Import,
        dataset: &Dataset,
    ) -> Result<Vec<Warning>, Failure> {
        let rejected = import.rows_rejected;
        if rejected == 0 {
            return Ok(Vec::new());
        }
        let kept = self
            .database
            .run(async |client| {
                row_errors::trim(client, import.id).await?;
                row_errors::records_kept(client, import.id).await
            })
            .await?;
        let missing = rejected - kept;
        let not_kept = Warning::RowErrorsNotKept { missing, rejected };
        let not_kept = (missing > 0).then_some(not_kept);
        let missing = rejected - self.store_rejected(import, dataset).await?;
        let not_in_file = Warning::RejectedRowsNotKept { missing, rejected };
        let not_in_file = (missing > 0).then_some(not_in_file);
        Ok(not_kept.into_iter().chain(not_in_file).collect())
    }
}

/// Completes the import if the proof holds and its owner may have the rows, and fails it if not. One
/// that is only to be validated gets its report, which says why it would have failed, and is taken
/// back.
async fn end(
    client: &mut Client,
    import: &Import,
    dataset: &Dataset,
    failure: Option<&Reason>,
    judged: &Judged,
    quotas: &Quotas,
) -> Result<(), postgres::Error> {
    let (proof, finished) = if import.validate_only {
        finishing::validate(client, import, dataset, failure, judged).await?
    } else {
        finishing::finish(client, import, dataset, judged, quotas).await?
    };
    match finished {
        Finished::Refused => {
            tracing::error!(import = %import.uid, ?proof, "the proof does not hold");
            let reason = Reason::NotProven(NotProven::Import);
            imports::fail(client, import.uid, &reason).await?;
        }
        Finished::OverQuota(exceeded) => {
            tracing::warn!(import = %import.uid, ?exceeded, "over a quota");
            imports::fail(client, import.uid, &too_many_rows(exceeded)).await?;
        }
        _ => {
            let completed = matches!(finished, Finished::Completed(_));
            tracing::info!(import = %import.uid, completed, ?proof, "finished");
        }
    }
    Ok(())
}

fn too_many_rows(exceeded: Exceeded) -> Reason {
    Reason::QuotaRows {
        rows: exceeded.wanted,
        used: exceeded.used,
        allowed: exceeded.allowed,
    }
}
