//! A chunk's message has become a dead letter: the import fails, or the chunk is handed out again.

use std::sync::Arc;

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use conduct::Conductor;
use contracts::workflow::ChunkMessage;
use domain::reason::Reason;
use lambda::{Failure, Role};
use postgres::chunks::{DeadLetter, bury, give_up};
use postgres::{Client, Database};

/// Judges dead letters: fails their imports or hands their chunks out again.
pub struct FailChunk {
    database: Arc<Database>,
    conductor: Conductor,
}

impl FailChunk {
    /// Reads the settings and secrets that the environment names.
    ///
    /// # Errors
    /// A setting is missing or a secret cannot be read.
    pub async fn from_environment() -> Result<Self, Failure> {
        let config = aws::config().await;
        let database = Arc::new(lambda::database("fail-chunk", Role::Worker, &config).await?);
        Ok(Self {
            conductor: Conductor::from_environment(&config, database.clone())?,
            database,
        })
    }

    /// Judges each dead letter; one that could not be judged is delivered again.
    pub async fn receive(&self, event: SqsEvent) -> Result<SqsBatchResponse, Failure> {
        let mut answer = SqsBatchResponse::default();
        for message in event.records {
            if let Err(cause) = self.judge(&message).await {
                tracing::error!(%cause, "a dead letter could not be judged");
                answer.add_failure(message.message_id.unwrap_or_default());
            }
        }
        Ok(answer)
    }

    async fn judge(&self, message: &SqsMessage) -> Result<(), Failure> {
        let body = message.body.as_deref().unwrap_or_default();
        let Ok(chunk) = serde_json::from_str::<ChunkMessage>(body) else {
            tracing::error!("a dead letter that is no chunk message");
            return Ok(());
        };
        self.database
            .run(async |client| judge(client, chunk).await)
            .await?;
        Ok(self.conductor.advance(chunk.import).await?)
    }
}

async fn judge(client: &Client, chunk: ChunkMessage) -> Result<(), postgres::Error> {
    let verdict = bury(client, chunk.import, chunk.chunk).await?;
    tracing::error!(import = %chunk.import, chunk = chunk.chunk, ?verdict, "dead letter");
    if verdict == DeadLetter::GivenUp {
        give_up(client, chunk.import, chunk.chunk, &Reason::ChunkFailed).await?;
    }
    Ok(())
}
