//! The planner: reads the pinned object once, commits its chunks as soon as their ends are known,
//! and hands them out.

mod planner;

use std::sync::Arc;
use std::time::Duration;

use aws::objects::Objects;
use conduct::{Conductor, Fault};
use contracts::workflow::{PlanAnswer, PlanRequest};
use domain::import::Import;
use domain::limits::LONG_FUNCTION_BUDGET;
use domain::reason::Reason;
use lambda::{Failure, Role, settings};
use planner::Planned;
use postgres::{Database, planning};

/// Plans imports: see [`PlanChunks::plan`].
pub struct PlanChunks {
    database: Arc<Database>,
    conductor: Conductor,
    objects: Objects,
    budget: Duration,
}

impl PlanChunks {
    /// Reads the settings and secrets that the environment names.
    ///
    /// # Errors
    /// A setting is missing or a secret cannot be read.
    pub async fn from_environment() -> Result<Self, Failure> {
        let config = aws::config().await;
        let database = Arc::new(lambda::database("plan-chunks", Role::Worker, &config).await?);
        let conductor = Conductor::from_environment(&config, database.clone())?;
        let objects = Objects::new(&config, settings::required("UPLOAD_BUCKET")?);
        Ok(Self::new(
            database,
            conductor,
            objects,
            LONG_FUNCTION_BUDGET,
        ))
    }

    /// `budget` is the time after which an invocation asks to be entered again.
    pub fn new(
        database: Arc<Database>,
        conductor: Conductor,
        objects: Objects,
        budget: Duration,
    ) -> Self {
        Self {
            database,
            conductor,
            objects,
            budget,
        }
    }

    /// Plans the import. A failure is always sent to the task token: it depends on the caller
    /// whether it looks at the error of a function that was given one.
    pub async fn plan(&self, request: PlanRequest) -> Result<(), Failure> {
        match self.plan_import(&request).await {
            Ok(()) => Ok(()),
            Err(failure) => {
                let cause = lambda::chain(failure.as_ref());
                let fault = Fault::of(failure.as_ref());
                if let Fault::Lasting(reason) = fault {
                    return self.give_up(&request, &reason, &cause).await;
                }
                let tokens = self.conductor.task_tokens();
                let told = tokens.refuse(&request.task_token, fault.name(), &cause);
                told.await?;
                Err(failure)
            }
        }
    }

    /// Another planner would meet the same fault: the import fails now and its execution ends.
    async fn give_up(
        &self,
        request: &PlanRequest,
        reason: &Reason,
        cause: &str,
    ) -> Result<(), Failure> {
        tracing::error!(import = %request.import, code = reason.code(), cause, "given up");
        self.conductor.fail_import(request.import, reason).await?;
        let tokens = self.conductor.task_tokens();
        tokens
            .refuse(&request.task_token, reason.code(), cause)
            .await?;
        Ok(())
    }

    async fn plan_import(&self, request: &PlanRequest) -> Result<(), Failure> {
        let outcome = match self.begin(request).await? {
            None => Planned::NotActive,
            Some(import) if import.chunks_total.is_some() => Planned::Whole,
            Some(import) => self.plan_object(import).await?,
        };
        let tokens = self.conductor.task_tokens();
        let token = &request.task_token;
        match outcome {
            Planned::Whole => {}
            Planned::More => {
                tokens.answer(token, PlanAnswer::MORE).await?;
            }
            Planned::Prepare => {
                tokens.answer(token, PlanAnswer::PREPARE).await?;
            }
            Planned::NotActive => tokens.refuse(token, "not_active", "").await?,
            Planned::Refused(reason) => {
                tracing::info!(import = %request.import, code = reason.code(), "refused");
                tokens.refuse(token, reason.code(), "").await?;
            }
        }
        Ok(self.conductor.advance(request.import).await?)
    }

    async fn begin(&self, request: &PlanRequest) -> Result<Option<Import>, Failure> {
        let (uid, run, token) = (request.import, request.run, &request.task_token);
        self.database
            .run(async |client| Ok(planning::begin(client, uid, run, token).await?))
            .await
    }
}
