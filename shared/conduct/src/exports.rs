//! Carries out the steps of exports, as [`crate::Conductor`] does those of imports.

use std::sync::Arc;

use aws::SdkConfig;
use aws::executions::{Standing, Started, StateMachine};
use aws::objects::Objects;
use contracts::workflow::ExportRun;
use domain::export::{Export, Step, may_run_again, next_step};
use domain::import::Import;
use domain::limits::RUNS_AT_MOST;
use domain::reason::{Reason, Subject};
use postgres::{Database, exports};
use settings::SettingError;
use trial::point;
use uuid::Uuid;

use crate::clock::now;
use crate::{After, Error, STEPS_AT_MOST};

/// Carries out what an export needs next.
pub struct ExportConductor {
    database: Arc<Database>,
    workflow: StateMachine,
    objects: Objects,
}

impl ExportConductor {
    /// A conductor for the workflow that EXPORT_STATE_MACHINE_ARN names.
    ///
    /// # Errors
    /// The variable is missing.
    pub fn from_environment(
        config: &SdkConfig,
        database: Arc<Database>,
        objects: Objects,
    ) -> Result<Self, SettingError> {
        let export_arn = settings::required("EXPORT_STATE_MACHINE_ARN")?;
        Ok(Self {
            database,
            workflow: StateMachine::new(config, export_arn),
            objects,
        })
    }

    /// Carries out what the export needs until it needs nothing or has to wait. Any function may
    /// call this at any time: each step is conditional on what was read.
    pub async fn advance(&self, uid: Uuid) -> Result<(), Error> {
        for _ in 0..STEPS_AT_MOST {
            let Some(export) = self.read(uid).await? else {
                return Ok(());
            };
            let step = next_step(&export, now(export.progressed_at));
            if step == Step::Nothing {
                return Ok(());
            }
            tracing::info!(export = %uid, run = export.run, state = %export.state, step = ?step, "next step");
            if self.take(step, &export).await? == After::Rest {
                return Ok(());
            }
        }
        tracing::warn!(export = %uid, "an export asks for more than one advance carries out");
        Ok(())
    }

    /// Removes every exported file that holds rows of this import, which is being taken back: no link
    /// that was handed out leads to them any more.
    ///
    /// # Errors
    /// The database or S3 does not answer; [`advance`](Self::advance) of each export does the same.
    pub async fn remove_files_with(&self, import: &Import) -> Result<(), Error> {
        let exports = self
            .database
            .run(async |client| Ok::<_, Error>(exports::files_with(client, import).await?))
            .await?;
        self.advance_all(exports).await
    }

    /// Removes every exported file of a declared dataset, which is being dropped, also those without
    /// a row.
    ///
    /// # Errors
    /// As [`remove_files_with`](Self::remove_files_with).
    pub async fn remove_files_of(&self, dataset: i64) -> Result<(), Error> {
        let exports = self
            .database
            .run(async |client| Ok::<_, Error>(exports::files_of(client, dataset).await?))
            .await?;
        self.advance_all(exports).await
    }

    async fn advance_all(&self, exports: Vec<Uuid>) -> Result<(), Error> {
        for uid in exports {
            self.advance(uid).await?;
        }
        Ok(())
    }

    async fn read(&self, uid: Uuid) -> Result<Option<Export>, Error> {
        self.database
            .run(async |client| Ok(exports::by_uid(client, uid).await?))
            .await
    }

    async fn take(&self, step: Step, export: &Export) -> Result<After, Error> {
        match step {
            Step::Nothing => Ok(After::Rest),
            Step::StartExecution => self.start_execution(export).await,
            Step::CheckExecution => self.check_execution(export).await,
            Step::Expire(reason) => self.expire(export, reason.as_ref()).await,
            Step::Remove => self.remove(export).await,
            Step::Fail(reason) => self.fail(export, &reason).await,
        }
    }

    async fn start_execution(&self, export: &Export) -> Result<After, Error> {
        let run = ExportRun {
            export: export.uid,
            run: export.run,
        };
        let name = export.execution_name();
        let started = self.workflow.start(&name, run).await?;
        point("export-started");
        match started {
            Started::Succeeded | Started::Failed
                if may_run_again(export, now(export.progressed_at)) =>
            {
                self.run_again(export).await
            }
            Started::Running | Started::Succeeded | Started::Failed => Ok(After::Rest),
        }
    }

    async fn check_execution(&self, export: &Export) -> Result<After, Error> {
        let name = export.execution_name();
        match self.workflow.standing(&name).await? {
            Standing::Running => self.mark_checked(export).await,
            Standing::Succeeded | Standing::Failed | Standing::Unknown => {
                self.run_again(export).await
            }
        }
    }

    async fn run_again(&self, export: &Export) -> Result<After, Error> {
        if export.run >= RUNS_AT_MOST {
            let lost = Reason::ExecutionLost(Subject::Export);
            return self.fail(export, &lost).await;
        }
        self.database
            .run(async |client| exports::raise_run(client, export).await)
            .await?;
        Ok(After::LookAgain)
    }

    async fn mark_checked(&self, export: &Export) -> Result<After, Error> {
        self.database
            .run(async |client| exports::mark_checked(client, export).await)
            .await?;
        Ok(After::Rest)
    }

    async fn expire(&self, export: &Export, reason: Option<&Reason>) -> Result<After, Error> {
        self.database
            .run(async |client| exports::expire(client, export, reason).await)
            .await?;
        Ok(After::LookAgain)
    }

    async fn fail(&self, export: &Export, reason: &Reason) -> Result<After, Error> {
        self.database
            .run(async |client| exports::fail(client, export, reason).await)
            .await?;
        Ok(After::LookAgain)
    }

    /// A removal is a few calls, so it needs no workflow. A writer that still runs cannot store a
    /// part of an upload that is aborted, and removes what it has stored when it finds out.
    async fn remove(&self, export: &Export) -> Result<After, Error> {
        let Some(goal) = export.goal else {
            return Ok(After::Rest);
        };
        let stopped = self.stop_execution(export).await;
        self.remove_object(export).await?;
        point("export-removed");
        stopped?;
        let ended = self
            .database
            .run(async |client| exports::end_removal(client, export, goal).await)
            .await?;
        tracing::info!(export = %export.uid, %goal, ended = ended.is_some(), "removed");
        Ok(After::LookAgain)
    }

    /// Stops the execution if it runs; one that has ended cannot be stopped any more.
    async fn stop_execution(&self, export: &Export) -> Result<(), Error> {
        let name = export.execution_name();
        let standing = self.workflow.standing(&name).await?;
        if standing == Standing::Running {
            self.workflow.stop(&name).await?;
        }
        Ok(())
    }

    /// Removes every byte that was uploaded. The parts first, because they may be joined to an
    /// object in the meantime.
    pub async fn remove_object(&self, export: &Export) -> Result<(), Error> {
        self.objects.abort_uploads(&export.object_key).await?;
        self.objects.delete_all_versions(&export.object_key).await?;
        Ok(())
    }
}
