//! Runs each minute. It ends workers that have gone silent, takes every unfinished import and
//! export one step on, sweeps what deleted imports and ended exports may have left, removes the
//! originals that are kept no longer, drops the datasets that are marked for it, removes what deleted
//! accounts have left, and adds an import to the summary's sums that was left out of them. Work that was
//! lost on its way is found here.

mod leaving;
mod sweep;

use std::sync::Arc;

use aws::objects::Objects;
use conduct::{Conductor, ExportConductor};
use domain::limits::LONG_FUNCTION_TIMEOUT_SECONDS;
use lambda::{Failure, Role, settings};
use postgres::{Client, Database, exports, lease, sums, upkeep};
use uuid::Uuid;

pub use leaving::{LAST_STEPS, LastStep, Leaving, STEPS, Step};

/// The name that import-chunk gives its database sessions.
const WORKER: &str = "import-chunk";

/// The name write-export gives its own.
const WRITER: &str = "write-export";

/// The name prepare-object gives its own.
const PREPARER: &str = "prepare-object";

/// Finds and continues what was lost or left: see [`ReconcileImports::reconcile`].
pub struct Reconcile {
    database: Arc<Database>,
    conductor: Conductor,
    exports: ExportConductor,
    leaving: Leaving,
    objects: Objects,
    chunk_timeout_seconds: i32,
    /// Days that the original of a completed import is kept.
    upload_days: i32,
}

impl Reconcile {
    /// Reads the settings and secrets that the environment names.
    ///
    /// # Errors
    /// A setting is missing or a secret cannot be read.
    pub async fn from_environment() -> Result<Self, Failure> {
        let config = aws::config().await;
        let database = Arc::new(lambda::database("reconcile", Role::Maker, &config).await?);
        let conductor = Conductor::from_environment(&config, database.clone())?;
        let objects = Objects::new(&config, settings::required("UPLOAD_BUCKET")?);
        Ok(Self {
            conductor: conductor.looking_for(objects.clone()),
            exports: ExportConductor::from_environment(&config, database.clone(), objects.clone())?,
            leaving: Leaving::from_environment(&config)?,
            chunk_timeout_seconds: settings::parsed("CHUNK_TIMEOUT_SECONDS")?,
            upload_days: settings::parsed("UPLOAD_DAYS")?,
            database,
            objects,
        })
    }

    /// One pass, unless another one is under way: then that one is followed by one more. What started
    /// it (the schedule, or the end of an execution) does not matter.
    pub async fn reconcile(&self, _event: serde_json::Value) -> Result<(), Failure> {
        let pass = Uuid::new_v4();
        let begun = self
            .database
            .run(async |client| lease::take(client, pass).await);
        if !begun.await? {
            tracing::info!("another pass is under way");
            return Ok(());
        }
        let done = self.pass(pass).await;
        let asked = self
            .database
            .run(async |client| lease::give_back(client, pass).await)
            .await?;
        done?;
        match asked {
            true => self.another_pass().await,
            false => Ok(()),
        }
    }

    /// Somebody asked for a pass while this one was under way, and may have meant what it had looked at
    /// by then.
    async fn another_pass(&self) -> Result<(), Failure> {
        let pass = Uuid::new_v4();
        let begun = self
            .database
            .run(async |client| lease::take(client, pass).await);
        if begun.await? {
            let done = self.pass(pass).await;
            self.database
                .run(async |client| lease::give_back(client, pass).await)
                .await?;
            done?;
        }
        Ok(())
    }

    async fn pass(&self, pass: Uuid) -> Result<(), Failure> {
        // First, so that what is deleted with an account is taken back in this pass.
        let taken_up = self.leaving.take_up(&self.database).await;
        let (imports, exports) = self
            .database
            .run(async |client| {
                self.end_silent(client).await;
                let imports = upkeep::unfinished(client).await?;
                Ok::<_, postgres::Error>((imports, exports::unfinished(client).await?))
            })
            .await?;
        let failed = self.advance(pass, &imports, &exports).await?;
        self.conductor.hand_out().await?;
        let swept = self.sweep().await;
        let (imports, exports) = (imports.len(), exports.len());
        tracing::info!(imports, exports, failed, ?taken_up, "reconciled");
        taken_up?;
        swept?;
        self.add_left_out().await?;
        // Every import and export has had its turn. An error lets the alarm report those that could
        // not be advanced.
        if failed > 0 {
            return Err(format!("{failed} imports or exports could not be advanced").into());
        }
        Ok(())
    }

    /// Removes what is kept no longer. What cannot be removed keeps nothing else from it.
    async fn sweep(&self) -> Result<(), Failure> {
        let (database, objects) = (&self.database, &self.objects);
        let imports = sweep::sweep(database, objects).await;
        let originals = sweep::expire_originals(database, objects, self.upload_days).await;
        let exports = sweep::sweep_exports(database, &self.exports).await;
        let prepared = sweep::sweep_prepared(database, objects).await;
        let datasets = sweep::drop_datasets(database).await;
        let accounts = self.leaving.finish(database).await;
        tracing::info!(
            ?imports,
            ?originals,
            ?exports,
            ?prepared,
            ?datasets,
            ?accounts,
            "swept"
        );
        imports?;
        originals?;
        exports?;
        prepared?;
        datasets?;
        accounts?;
        Ok(())
    }

    /// Takes each import and export one step on; returns how many could not be. A pass that is so slow
    /// that another one has begun stops.
    async fn advance(
        &self,
        pass: Uuid,
        imports: &[Uuid],
        exports: &[Uuid],
    ) -> Result<usize, Failure> {
        let mut failed = 0;
        for uid in imports {
            self.keep(pass).await?;
            if let Err(cause) = self.conductor.advance(*uid).await {
                failed += 1;
                tracing::error!(import = %uid, %cause, "could not advance");
            }
        }
        for uid in exports {
            self.keep(pass).await?;
            if let Err(cause) = self.exports.advance(*uid).await {
                failed += 1;
                tracing::error!(export = %uid, %cause, "could not advance");
            }
        }
        Ok(failed)
    }

    async fn keep(&self, pass: Uuid) -> Result<(), Failure> {
        let kept = self
            .database
            .run(async |client| lease::keep(client, pass).await);
        match kept.await? {
            true => Ok(()),
            false => Err("another pass has taken over from this one".into()),
        }
    }

    /// The last and longest part of a pass. Nothing waits for it: until it is done, a summary reads
    /// the import's rows.
    async fn add_left_out(&self) -> Result<(), Failure> {
        let added = self
            .database
            .run(async |client| sums::add_left_out(client).await);
        if let Some(import) = added.await? {
            tracing::info!(%import, "left out of the sums, tried again");
        }
        Ok(())
    }

    async fn end_silent(&self, client: &Client) {
        let sessions = [
            (WORKER, self.chunk_timeout_seconds),
            (WRITER, LONG_FUNCTION_TIMEOUT_SECONDS),
            (PREPARER, LONG_FUNCTION_TIMEOUT_SECONDS),
        ];
        for (name, seconds) in sessions {
            match upkeep::end_silent_workers(client, name, seconds).await {
                Ok(0) => {}
                Ok(ended) => tracing::error!(name, ended, "silent sessions ended"),
                Err(cause) => tracing::error!(name, %cause, "silent sessions could not be ended"),
            }
        }
    }
}
