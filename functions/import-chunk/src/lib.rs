//! The worker: stores one chunk, exactly once, unless its import no longer wants it.
//! `Err` and a failed item mean "try again"; bad data is a result.

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
use lambda::Failure;
use postgres::Database;
use postgres::copy::RowBuffer;
use rand::Rng;
use tokio::sync::Mutex;

/// A message that failed for a passing reason comes again after so many seconds, at random, so
/// that those that failed together do not come back together.
const COME_AGAIN: std::ops::RangeInclusive<i32> = 5..=60;

/// Another delivery is at the chunk: time enough for it to end.
const TAKEN_COMES_AGAIN: i32 = 60;

/// What the function works with.
pub struct ImportChunk {
    pub(crate) database: Arc<Database>,
    pub(crate) conductor: Conductor,
    pub(crate) objects: Objects,
    queue: ChunkQueue,
    /// What one chunk's rows were sorted in, the next one's are.
    pub(crate) buffer: Mutex<RowBuffer>,
}

/// What is to become of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It has had its effect, or can have none.
    Acknowledge,
    /// It comes again after so many seconds.
    ComeAgain(i32),
}

impl ImportChunk {
    /// With the database, the workflows, the bucket and the queue.
    pub fn new(
        database: Arc<Database>,
        conductor: Conductor,
        objects: Objects,
        queue: ChunkQueue,
    ) -> Self {
        Self {
            database,
            conductor,
            objects,
            queue,
            buffer: Mutex::default(),
        }
    }

    /// Takes a batch (of one message, as the template has it).
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

    /// What would fail again fails the import now; everything else comes again.
    async fn after(&self, failure: &Failure, message: ChunkMessage) -> Outcome {
        if let Fault::Lasting(reason) = Fault::of(failure.as_ref()) {
            match self.conductor.fail_import(message.import, &reason).await {
                Ok(()) => return Outcome::Acknowledge,
                Err(cause) => tracing::error!(import = %message.import, %cause, "not failed yet"),
            }
        }
        Outcome::ComeAgain(rand::rng().random_range(COME_AGAIN))
    }

    /// Late is better than lost: if the queue does not take it, the message's own visibility does.
    async fn return_after(&self, message: &SqsMessage, seconds: i32) {
        let handle = message.receipt_handle.as_deref().unwrap_or_default();
        if let Err(cause) = self.queue.return_after(handle, seconds).await {
            tracing::warn!(%cause, "a message comes again only when its visibility ends");
        }
    }

    pub(crate) fn come_again_when_free() -> Outcome {
        Outcome::ComeAgain(TAKEN_COMES_AGAIN)
    }
}
