//! Step Functions: executions of the workflows, and the task token. It only schedules; the truth
//! is in PostgreSQL.

use aws_sdk_sfn::Client;
use aws_sdk_sfn::error::SdkError;
use aws_sdk_sfn::operation::describe_execution::DescribeExecutionError;
use aws_sdk_sfn::operation::send_task_failure::SendTaskFailureError;
use aws_sdk_sfn::operation::send_task_success::SendTaskSuccessError;
use aws_sdk_sfn::operation::start_execution::StartExecutionError;
use aws_sdk_sfn::operation::stop_execution::StopExecutionError;
use aws_sdk_sfn::types::ExecutionStatus;
use contracts::workflow::PlanAnswer;
use serde::Serialize;

use crate::{Error, SdkConfig};

/// How an execution stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It runs.
    Running,
    /// It has succeeded.
    Succeeded,
    /// It failed, timed out or was stopped.
    Failed,
    /// There is no execution of this name.
    Unknown,
}

/// The result of starting an execution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Started {
    /// It runs: it was started now, or it ran already.
    Running,
    /// The name is used up by an execution that succeeded.
    Succeeded,
    /// The name is used up by an execution that did not succeed.
    Failed,
}

/// The result of answering a task token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answered {
    /// The execution goes on with the answer.
    Taken,
    /// No execution waits for the answer (any more).
    Gone,
}

/// One state machine: starts and stops its executions, and asks how they stand.
#[derive(Clone)]
pub struct StateMachine {
    client: Client,
    arn: String,
}

impl StateMachine {
    /// The one with this ARN.
    pub fn new(config: &SdkConfig, arn: String) -> Self {
        let client = Client::new(config);
        Self { client, arn }
    }

    /// Starts the execution of this name. The name of an execution that has ended stays taken for
    /// 90 days, so "already exists" is success only if it runs.
    pub async fn start(&self, name: &str, run: impl Serialize) -> Result<Started, Error> {
        const WHAT: &str = "start an execution";
        let input = serde_json::to_string(&run).map_err(|error| Error::new(WHAT, error))?;
        let started = self
            .client
            .start_execution()
            .state_machine_arn(&self.arn)
            .name(name)
            .input(input)
            .send()
            .await;
        match started {
            Ok(_) => Ok(Started::Running),
            Err(error) if is_taken(&error) => Ok(match self.standing(name).await? {
                Standing::Running => Started::Running,
                Standing::Succeeded => Started::Succeeded,
                Standing::Failed | Standing::Unknown => Started::Failed,
            }),
            Err(error) => Err(Error::new(WHAT, error)),
        }
    }

    /// How the execution of this name stands.
    pub async fn standing(&self, name: &str) -> Result<Standing, Error> {
        let described = self
            .client
            .describe_execution()
            .execution_arn(self.execution(name))
            .send()
            .await;
        match described {
            Ok(execution) => Ok(match execution.status() {
                ExecutionStatus::Running | ExecutionStatus::PendingRedrive => Standing::Running,
                ExecutionStatus::Succeeded => Standing::Succeeded,
                _ => Standing::Failed,
            }),
            Err(SdkError::ServiceError(refused))
                if matches!(
                    refused.err(),
                    DescribeExecutionError::ExecutionDoesNotExist(_)
                ) =>
            {
                Ok(Standing::Unknown)
            }
            Err(error) => Err(Error::new("describe an execution", error)),
        }
    }

    /// Stops the execution of this name. If it has ended or never existed, there is nothing to
    /// do. Its functions run on: nothing can stop a running function.
    pub async fn stop(&self, name: &str) -> Result<(), Error> {
        let stopped = self
            .client
            .stop_execution()
            .execution_arn(self.execution(name))
            .error("stopped")
            .send()
            .await;
        match stopped {
            Ok(_) => Ok(()),
            Err(SdkError::ServiceError(refused))
                if matches!(refused.err(), StopExecutionError::ExecutionDoesNotExist(_)) =>
            {
                Ok(())
            }
            Err(error) => Err(Error::new("stop an execution", error)),
        }
    }

    /// The ARN of an execution follows from that of its state machine and from its name.
    fn execution(&self, name: &str) -> String {
        let execution = self.arn.replacen(":stateMachine:", ":execution:", 1);
        format!("{execution}:{name}")
    }
}

/// Answers the task tokens that executions wait for.
#[derive(Clone)]
pub struct TaskTokens {
    client: Client,
}

impl TaskTokens {
    /// Those of the account's executions.
    pub fn new(config: &SdkConfig) -> Self {
        let client = Client::new(config);
        Self { client }
    }

    /// Answers a task token. If no execution waits for it any more, it was answered before or its
    /// execution has ended: either way there is nothing to do here.
    pub async fn answer(&self, task_token: &str, answer: PlanAnswer) -> Result<Answered, Error> {
        const WHAT: &str = "answer a task token";
        let output = serde_json::to_string(&answer).map_err(|error| Error::new(WHAT, error))?;
        let sent = self
            .client
            .send_task_success()
            .task_token(task_token)
            .output(output)
            .send()
            .await;
        match sent {
            Ok(_) => Ok(Answered::Taken),
            Err(SdkError::ServiceError(refused))
                if matches!(
                    refused.err(),
                    SendTaskSuccessError::TaskTimedOut(_)
                        | SendTaskSuccessError::TaskDoesNotExist(_)
                        | SendTaskSuccessError::InvalidToken(_)
                ) =>
            {
                Ok(Answered::Gone)
            }
            Err(error) => Err(Error::new(WHAT, error)),
        }
    }

    /// Answers a task token with a failure. Whether the workflow tries again or ends is decided by
    /// the code; what happens to the import is the caller's decision.
    pub async fn refuse(&self, task_token: &str, code: &str, cause: &str) -> Result<(), Error> {
        let sent = self
            .client
            .send_task_failure()
            .task_token(task_token)
            .error(code)
            .cause(cause)
            .send()
            .await;
        match sent {
            Ok(_) => Ok(()),
            Err(SdkError::ServiceError(refused))
                if matches!(
                    refused.err(),
                    SendTaskFailureError::TaskTimedOut(_)
                        | SendTaskFailureError::TaskDoesNotExist(_)
                        | SendTaskFailureError::InvalidToken(_)
                ) =>
            {
                Ok(())
            }
            Err(error) => Err(Error::new("fail a task token", error)),
        }
    }
}

fn is_taken<R>(error: &SdkError<StartExecutionError, R>) -> bool {
    matches!(error, SdkError::ServiceError(refused)
        if matches!(refused.err(), StartExecutionError::ExecutionAlreadyExists(_)))
}
