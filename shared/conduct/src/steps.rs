//! One function for each step. A caller that loses a race finds no row to change, and looks again.

use aws::executions::{Answered, Standing, Started};
use aws::objects::Found;
use contracts::workflow::{ChunkMessage, PlanAnswer, Run};
use domain::import::{Import, State, may_run_again};
use domain::limits::RUNS_AT_MOST;
use domain::reason::{Reason, Subject};
use postgres::chunks::{self, HandedOut};
use postgres::{finishing, imports, rollback};
use trial::point;
use uuid::Uuid;

use crate::clock::now;
use crate::{After, Conductor, Error};

impl Conductor {
    pub(crate) async fn look_for_object(&self, import: &Import) -> Result<After, Error> {
        let Some(objects) = &self.objects else {
            return Ok(After::Rest);
        };
        match objects.find(&import.object_key).await? {
            Some(found) => self.pin(import, &found).await,
            None => self.mark_checked(import).await,
        }
    }

    pub(crate) async fn look_a_last_time(&self, import: &Import) -> Result<After, Error> {
        let Some(objects) = &self.objects else {
            return Ok(After::Rest);
        };
        match objects.find(&import.object_key).await? {
            Some(found) => self.pin(import, &found).await,
            None => self.fail(import, &Reason::UploadExpired).await,
        }
    }

    pub(crate) async fn pin(&self, import: &Import, found: &Found) -> Result<After, Error> {
        self.database
            .run(async |client| imports::pin(client, import.uid, &found.version, found.size).await)
            .await?;
        Ok(After::LookAgain)
    }

    async fn mark_checked(&self, import: &Import) -> Result<After, Error> {
        self.database
            .run(async |client| imports::mark_checked(client, import.uid).await)
            .await?;
        Ok(After::Rest)
    }

    pub(crate) async fn start_execution(&self, import: &Import) -> Result<After, Error> {
        let name = import.execution_name();
        let started = self.import_workflow.start(&name, run_of(import)).await?;
        point("execution-started");
        match started {
            Started::Running => Ok(After::Rest),
            Started::Succeeded | Started::Failed
                if may_run_again(import, now(import.progressed_at)) =>
            {
                self.run_again(import).await
            }
            Started::Succeeded | Started::Failed => Ok(After::Rest),
        }
    }

    pub(crate) async fn replace_execution(&self, import: &Import) -> Result<After, Error> {
        let after = self.run_again(import).await?;
        self.stop_execution(import).await?;
        Ok(after)
    }

    async fn stop_execution(&self, import: &Import) -> Result<(), Error> {
        let name = import.execution_name();
        self.import_workflow.stop(&name).await?;
        point("execution-stopped");
        Ok(())
    }

    /// Resuming a held import starts another execution, so this one waits in vain.
    pub(crate) async fn release(&self, import: &Import) -> Result<After, Error> {
        self.stop_execution(import).await?;
        self.database
            .run(async |client| imports::release(client, import).await)
            .await?;
        Ok(After::LookAgain)
    }

    pub(crate) async fn end_hold(&self, import: &Import) -> Result<After, Error> {
        self.database
            .run(async |client| imports::end_hold(client, import).await)
            .await?;
        Ok(After::LookAgain)
    }

    pub(crate) async fn check_execution(&self, import: &Import) -> Result<After, Error> {
        let name = import.execution_name();
        match self.import_workflow.standing(&name).await? {
            Standing::Running => match &import.task_token {
                Some(token) if import.state == State::Finishing => {
                    self.answer_or_replace(import, token).await
                }
                _ => self.mark_checked(import).await,
            },
            Standing::Succeeded | Standing::Failed | Standing::Unknown => {
                self.run_again(import).await
            }
        }
    }

    /// The execution runs and every chunk is done, but nothing has happened for minutes: the
    /// answer was lost, or the stored token is not the one that the execution waits for.
    async fn answer_or_replace(&self, import: &Import, token: &str) -> Result<After, Error> {
        let done = PlanAnswer::DONE;
        match self.task_tokens.answer(token, done).await? {
            Answered::Taken => self.mark_checked(import).await,
            Answered::Gone => self.replace_execution(import).await,
        }
    }

    async fn run_again(&self, import: &Import) -> Result<After, Error> {
        if import.runs_used() >= RUNS_AT_MOST {
            let lost = Reason::ExecutionLost(Subject::Import);
            return self.fail(import, &lost).await;
        }
        self.database
            .run(async |client| imports::raise_run(client, import.uid, import.run).await)
            .await?;
        Ok(After::LookAgain)
    }

    pub(crate) async fn hand_out_with(&self, import: &Import) -> Result<After, Error> {
        let sent = self.hand_out().await?;
        Ok(match sent.iter().any(|it| it.import_id == import.id) {
            true => After::LookAgain,
            false => After::Rest,
        })
    }

    /// Hands out the next chunks of all imports, by turns. Whoever makes room calls it: a worker that
    /// is done may have had the last chunk of its import, and others wait. Returns what was sent.
    pub async fn hand_out(&self) -> Result<Vec<HandedOut>, Error> {
        let (visibility, out_at_most) = (self.visibility_seconds, self.out_at_most);
        let mut handed_out = self
            .database
            .run(async |client| chunks::hand_out(client, visibility, out_at_most).await)
            .await?;
        let messages: Vec<(Uuid, ChunkMessage)> = handed_out.iter().map(message).collect();
        let unsent = self.queue.send(&messages).await;
        point("messages-sent");
        if let Some((_, cause)) = unsent.first() {
            tracing::warn!(unsent = unsent.len(), %cause, "chunks could not be sent");
            let is_unsent = |it: &HandedOut| unsent.iter().any(|(of, _)| *of == message(it).1);
            let (back, sent) = handed_out.into_iter().partition(is_unsent);
            self.hand_back(back).await?;
            handed_out = sent;
        }
        Ok(handed_out)
    }

    async fn hand_back(&self, chunks: Vec<HandedOut>) -> Result<(), Error> {
        self.database
            .run(async |client| chunks::hand_back(client, &chunks).await)
            .await?;
        Ok(())
    }

    pub(crate) async fn answer_token(&self, import: &Import) -> Result<After, Error> {
        let finishing = self
            .database
            .run(async |client| finishing::begin(client, import.uid).await)
            .await?;
        if let Some(token) = finishing.and_then(|it| it.task_token) {
            let done = PlanAnswer::DONE;
            self.task_tokens.answer(&token, done).await?;
            point("token-answered");
        }
        Ok(After::Rest)
    }

    /// The rollback does not need the execution to be stopped, so a stop that fails does not hold
    /// it up. The stop is tried again as long as the rollback runs.
    pub(crate) async fn roll_back(&self, import: &Import) -> Result<After, Error> {
        let stopped = self.stop_execution(import).await;
        let name = import.rollback_name();
        let started = self.rollback_workflow.start(&name, run_of(import)).await?;
        point("rollback-started");
        stopped?;
        match started {
            Started::Running => Ok(After::Rest),
            Started::Succeeded => self.roll_back_again(import).await,
            Started::Failed => self.rollback_failed(import).await,
        }
    }

    /// The name is taken by an execution that rolled back for an earlier goal.
    async fn roll_back_again(&self, import: &Import) -> Result<After, Error> {
        self.database
            .run(async |client| imports::raise_run(client, import.uid, import.run).await)
            .await?;
        Ok(After::LookAgain)
    }

    async fn rollback_failed(&self, import: &Import) -> Result<After, Error> {
        let marked = self
            .database
            .run(async |client| rollback::mark_failed(client, import).await)
            .await?;
        if marked.is_some() {
            tracing::error!(import = %import.uid, run = import.run, "rollback_failed");
        }
        Ok(After::LookAgain)
    }

    pub(crate) async fn fail(&self, import: &Import, reason: &Reason) -> Result<After, Error> {
        self.database
            .run(async |client| imports::fail_unchanged(client, import, reason).await)
            .await?;
        Ok(After::LookAgain)
    }
}

fn message(chunk: &HandedOut) -> (Uuid, ChunkMessage) {
    let message = ChunkMessage {
        import: chunk.import,
        chunk: chunk.number,
    };
    (chunk.owner, message)
}

fn run_of(import: &Import) -> Run {
    Run {
        import: import.uid,
        run: import.run,
    }
}
