//! The worker: stores one chunk, exactly once, unless its import no longer wants it.
//! `Err` and a failed batch item mean "try again"; bad data is a result, not an error.

mod chunk_rows;
mod transaction;

pub use chunk_rows::ChunkRows;
pub use transaction::copy_rows;

use std::sync::Arc;

use aws::objects::Objects;
use aws::queue::ChunkQueue;
use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use conduct::{Conductor, Fault};
use contracts::workflow::ChunkMessage;
use domain::limits::{COMES_AGAIN_AFTER_SECONDS, TAKEN_COMES_AGAIN_AFTER_SECONDS};
use lambda::{Failure, Role, settings};
use postgres::Database;
use postgres::copy::RowBuffer;
use tokio::sync::Mutex;

/// Stores chunks: see [`ImportChunk::receive`].
pub struct ImportChunk {
    pub(crate) database: Arc<Database>,
    pub(crate) conductor: Conductor,
    pub(crate) objects: Objects,
    queue: ChunkQueue,
    /// The memory that one chunk's rows were sorted in; the next chunk uses it again.
    pub(crate) buffer: Mutex<RowBuffer>,
}

/// What happens to a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is removed: it has had its effect, or can have none.
    Acknowledge,
    /// It is delivered again after this number of seconds.
    ComeAgain(i32),
}

impl ImportChunk {
    /// Reads the settings and secrets that the environment names.
    ///
    /// # Errors
    /// A setting is missing or a secret cannot be read.
    pub async fn from_environment() -> Result<Self, Failure> {
        let config = aws::config().await;
        let database = Arc::new(lambda::database("import-chunk", Role::Worker, &config).await?);
        Ok(Self {
            conductor: Conductor::from_environment(&config, database.clone())?,
            objects: Objects::new(&config, settings::required("UPLOAD_BUCKET")?),
            queue: ChunkQueue::new(&config, settings::required("CHUNK_QUEUE_URL")?),
            buffer: Mutex::default(),
            database,
        })
    }

    /// Takes a batch of messages; the template sets the size of a batch to one.
    pub async fn receive(&self, event: SqsEvent) -> Result<SqsBatchResponse, Failure> {
        let mut answer = SqsBatchResponse::default();
        for message in event.records {
            if let Outcome::ComeAgain(seconds) = self.take(&message).await {
                self.return_after(&message, seconds).await;
                answer.add_failure(message.message_id.unwrap_or_default());
            }
        }
        Ok(answer)
    }

    async fn take(&self, message: &SqsMessage) -> Outcome {
        let body = message.body.as_deref().unwrap_or_default();
        let Ok(message) = serde_json::from_str::<ChunkMessage>(body) else {
            tracing::error!("a message that is no chunk message");
            return Outcome::ComeAgain(0); // on to the dead letters, where a person finds it
        };
        match self.store(message).await {
            Ok(outcome) => outcome,
            Err(failure) => {
                let cause = lambda::chain(failure.as_ref());
                tracing::error!(import = %message.import, chunk = message.chunk, cause, "could not store a chunk");
                self.after(&failure, message).await
            }
        }
    }

    /// A permanent fault fails the import now; after any other fault the message comes again.
    async fn after(&self, failure: &Failure, message: ChunkMessage) -> Outcome {
        if let Fault::Lasting(reason) = Fault::of(failure.as_ref()) {
            match self.conductor.fail_import(message.import, &reason).await {
                Ok(()) => return Outcome::Acknowledge,
                Err(cause) => tracing::error!(import = %message.import, %cause, "not failed yet"),
            }
        }
        Outcome::ComeAgain(rand::random_range(COMES_AGAIN_AFTER_SECONDS))
    }

    /// If the queue does not accept the delay, the message still comes again, later: when its
    /// visibility timeout ends.
    async fn return_after(&self, message: &SqsMessage, seconds: i32) {
        let handle = message.receipt_handle.as_deref().unwrap_or_default();
        if let Err(cause) = self.queue.return_after(handle, seconds).await {
            tracing::warn!(%cause, "a message comes again only when its visibility ends");
        }
    }

    pub(crate) fn come_again_when_free() -> Outcome {
        Outcome::ComeAgain(TAKEN_COMES_AGAIN_AFTER_SECONDS)
    }
}
