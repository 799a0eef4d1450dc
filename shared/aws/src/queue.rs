//! SQS: the chunk queue. It only delivers.

use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::SendMessageBatchRequestEntry;
use contracts::workflow::ChunkMessage;
use uuid::Uuid;

use crate::{Error, SdkConfig};

/// The most messages SQS takes in one call.
const BATCH: usize = 10;

/// A queue of chunk messages.
#[derive(Clone)]
pub struct ChunkQueue {
    client: Client,
    url: String,
}

impl ChunkQueue {
    /// The queue with this URL.
    pub fn new(config: &SdkConfig, url: String) -> Self {
        let client = Client::new(config);
        Self { client, url }
    }

    /// Sends messages. The owner of a message's import is its group, so that who has many imports does
    /// not hold up who has one. Returns the messages that could not be sent.
    pub async fn send(&self, messages: &[(Uuid, ChunkMessage)]) -> Vec<(ChunkMessage, Error)> {
        let mut unsent = Vec::new();
        for batch in messages.chunks(BATCH) {
            match self.send_batch(batch).await {
                Ok(refused) => unsent.extend(refused),
                Err(error) => {
                    let words = error.to_string();
                    let again = || Error::new("send chunks", std::io::Error::other(words.clone()));
                    unsent.extend(batch.iter().map(|(_, message)| (*message, again())));
                }
            }
        }
        unsent
    }

    async fn send_batch(
        &self,
        batch: &[(Uuid, ChunkMessage)],
    ) -> Result<Vec<(ChunkMessage, Error)>, Error> {
        let mut request = self.client.send_message_batch().queue_url(&self.url);
        for (index, (owner, message)) in batch.iter().enumerate() {
            request = request.entries(entry(index, *owner, message)?);
        }
        let answer = request
            .send()
            .await
            .map_err(|error| Error::new("send chunks", error))?;
        let refused = answer.failed().iter().filter_map(|failed| {
            let index: usize = failed.id().parse().ok()?;
            let words = failed.message().unwrap_or("refused").to_owned();
            let error = Error::new("send a chunk", std::io::Error::other(words));
            Some((batch.get(index)?.1, error))
        });
        Ok(refused.collect())
    }

    /// Makes a message that was received come again after this many seconds.
    pub async fn return_after(&self, receipt_handle: &str, seconds: i32) -> Result<(), Error> {
        self.client
            .change_message_visibility()
            .queue_url(&self.url)
            .receipt_handle(receipt_handle)
            .visibility_timeout(seconds)
            .send()
            .await
            .map_err(|error| Error::new("return a message", error))?;
        Ok(())
    }
}

fn entry(
    index: usize,
    owner: Uuid,
    message: &ChunkMessage,
) -> Result<SendMessageBatchRequestEntry, Error> {
    const WHAT: &str = "write a chunk message";
    let body = serde_json::to_string(message).map_err(|error| Error::new(WHAT, error))?;
    SendMessageBatchRequestEntry::builder()
        .id(index.to_string())
        .message_body(body)
        .message_group_id(owner.to_string())
        .build()
        .map_err(|error| Error::new(WHAT, error))
}
