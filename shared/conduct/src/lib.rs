//! Carries out the steps that `domain` decides with `next_step`, for imports and exports. They
//! change PostgreSQL and call AWS, so this crate knows both.
#![deny(missing_docs)]

mod clock;
mod copy_object;
mod errors;
mod exports;
mod fault;
mod settings;
mod steps;

pub use exports::ExportConductor;
pub use fault::Fault;
pub use settings::Settings;

use std::sync::Arc;

use ::settings::SettingError;
use aws::SdkConfig;
use aws::executions::{StateMachine, TaskTokens};
use aws::objects::Objects;
use aws::queue::ChunkQueue;
use domain::import::{Import, Outstanding, Step, next_step};
use domain::limits::CHUNKS_OUT_PER_WORKER;
use domain::reason::Reason;
use postgres::{Database, imports};
use uuid::Uuid;

use clock::now;

/// More steps than one advance ever takes: if each execution fails at its start, it takes two steps
/// for each run.
const STEPS_AT_MOST: usize = 20;

/// Why a step could not be carried out. Every step may be tried again.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A call to PostgreSQL did not succeed.
    #[error(transparent)]
    Database(#[from] postgres::Error),
    /// A call to AWS did not succeed.
    #[error(transparent)]
    Aws(#[from] aws::Error),
}

/// Carries out what an import needs next.
pub struct Conductor {
    database: Arc<Database>,
    import_workflow: StateMachine,
    rollback_workflow: StateMachine,
    task_tokens: TaskTokens,
    queue: ChunkQueue,
    /// Only `reconcile` may look for objects, and copies originals of any size.
    objects: Option<Objects>,
    /// Whoever takes the request for a retry copies its original at once, if it is small.
    copies: Option<Objects>,
    visibility_seconds: i32,
    /// The most chunks of all imports that are out at a time.
    out_at_most: i64,
}

/// What follows a step: a look at what is needed next, or nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum After {
    LookAgain,
    Rest,
}

impl Conductor {
    /// A conductor for the workflows and the queue that these settings name.
    pub fn new(config: &SdkConfig, database: Arc<Database>, settings: Settings) -> Self {
        Self {
            database,
            import_workflow: StateMachine::new(config, settings.import_arn),
            rollback_workflow: StateMachine::new(config, settings.rollback_arn),
            task_tokens: TaskTokens::new(config),
            queue: ChunkQueue::new(config, settings.queue_url),
            objects: None,
            copies: None,
            visibility_seconds: settings.visibility_seconds,
            out_at_most: settings.workers * CHUNKS_OUT_PER_WORKER,
        }
    }

    /// A conductor for the workflows and the queue that the environment names.
    pub fn from_environment(
        config: &SdkConfig,
        database: Arc<Database>,
    ) -> Result<Self, SettingError> {
        Ok(Self::new(config, database, Settings::from_environment()?))
    }

    /// Lets the conductor also look for objects whose event was lost.
    pub fn looking_for(mut self, objects: Objects) -> Self {
        self.objects = Some(objects);
        self
    }

    /// Lets the conductor also copy small originals for imports that have just been asked for.
    pub fn copying(mut self, objects: Objects) -> Self {
        self.copies = Some(objects);
        self
    }

    /// What answers the import workflow's task tokens.
    pub fn task_tokens(&self) -> &TaskTokens {
        &self.task_tokens
    }

    /// Carries out what the import needs until it needs nothing or has to wait. Any function may
    /// call this at any time, also several at once: each step is conditional on what was read.
    pub async fn advance(&self, uid: Uuid) -> Result<(), Error> {
        self.carry_out(uid).await.map(|_| ())
    }

    /// The same for a worker that is done: its place is free, and the next chunk may be another
    /// import's. A step of this one that hands out does so for all.
    pub async fn advance_and_hand_out(&self, uid: Uuid) -> Result<(), Error> {
        if !self.carry_out(uid).await? {
            self.hand_out().await?;
        }
        Ok(())
    }

    /// Whether its last step handed out chunks: then no place has become free since.
    async fn carry_out(&self, uid: Uuid) -> Result<bool, Error> {
        let mut hands_out_last = false;
        for _ in 0..STEPS_AT_MOST {
            let Some((import, outstanding)) = self.snapshot(uid).await? else {
                return Ok(hands_out_last);
            };
            let step = next_step(&import, outstanding, now(import.progressed_at));
            if step == Step::Nothing {
                return Ok(hands_out_last);
            }
            tracing::info!(import = %uid, run = import.run, state = %import.state, step = ?step, "next step");
            hands_out_last = step == Step::HandOut;
            if self.take(step, &import).await? == After::Rest {
                return Ok(hands_out_last);
            }
        }
        tracing::warn!(import = %uid, "an import asks for more than one advance carries out");
        Ok(hands_out_last)
    }

    /// Fails the import for a permanent fault, and carries out what follows.
    pub async fn fail_import(&self, uid: Uuid, reason: &Reason) -> Result<(), Error> {
        self.database
            .run(async |client| imports::fail(client, uid, reason).await)
            .await?;
        self.advance(uid).await
    }

    async fn snapshot(&self, uid: Uuid) -> Result<Option<(Import, Outstanding)>, Error> {
        self.database
            .run(async |client| {
                let (visibility, out) = (self.visibility_seconds, self.out_at_most);
                Ok(imports::snapshot(client, uid, visibility, out).await?)
            })
            .await
    }

    async fn take(&self, step: Step, import: &Import) -> Result<After, Error> {
        match step {
            Step::Nothing => Ok(After::Rest),
            Step::CopyObject => self.copy_object(import).await,
            Step::LookForObject => self.look_for_object(import).await,
            Step::LastLookForObject => self.look_a_last_time(import).await,
            Step::StartExecution => self.start_execution(import).await,
            Step::ReplaceExecution => self.replace_execution(import).await,
            Step::CheckExecution => self.check_execution(import).await,
            Step::HandOut => self.hand_out_with(import).await,
            Step::AnswerToken => self.answer_token(import).await,
            Step::RollBack => self.roll_back(import).await,
            Step::Release => self.release(import).await,
            Step::EndHold => self.end_hold(import).await,
            Step::StopForErrors => self.stop_for_errors(import).await,
            Step::Fail(reason) => self.fail(import, &reason).await,
        }
    }
}
