use aws::objects::{ObjectReader, Objects};
use conduct::Fault;
use contracts::workflow::ChunkMessage;
use domain::dataset::Dataset;
use lambda::Failure;
use postgres::chunks::{self, Claim, Claimed, Unclaimed};
use postgres::copy::RowBuffer;
use postgres::{Client, Connection, datasets, row_errors};

use crate::{ChunkRows, ImportChunk, Outcome};

/// How a chunk transaction ended.
enum Ended {
    /// Committed with its receipt, or nothing was to be done.
    Settled,
    /// Rolled back: the import does not want the chunk.
    NotWanted,
    /// Rolled back: the import is paused, the chunk waits again.
    Paused,
    /// Rolled back: the message comes again.
    ComeAgain,
}

impl ImportChunk {
    /// Stores the chunk, then advances its import and hands out the next chunks. Idempotent: the
    /// receipt says whether it was stored before.
    pub async fn store(&self, message: ChunkMessage) -> Result<Outcome, Failure> {
        let ended = self.store_and_close(message).await?;
        match ended {
            Ended::ComeAgain => return Ok(Self::come_again_when_free()),
            Ended::NotWanted => {
                self.conductor.hand_out().await?;
            }
            Ended::Settled | Ended::Paused => {
                let import = message.import;
                self.conductor.advance_and_hand_out(import).await?;
            }
        }
        Ok(Outcome::Acknowledge)
    }

    /// Counts the attempt and makes it. An attempt that failed for a reason outside the chunk is
    /// not counted in the end. On every path the transaction is over before this returns: committed
    /// or rolled back, or its session closed.
    async fn store_and_close(&self, message: ChunkMessage) -> Result<Ended, Failure> {
        let mut connection = self.database.connection().await?;
        match chunks::count_attempt(&mut connection, message.import, message.chunk).await {
            Ok(Claim::Ours(_)) => self.make_attempt(connection, message).await,
            Ok(Claim::Not(why)) => {
                let ended = settle(&connection, message, why).await;
                keep_or_close(&ended, connection).await;
                ended
            }
            Err(error) => {
                connection.close().await;
                Err(error.into())
            }
        }
    }

    /// Makes the attempt that was counted, and gives it back if its end had another cause than
    /// the chunk.
    async fn make_attempt(
        &self,
        mut connection: Connection<'_>,
        message: ChunkMessage,
    ) -> Result<Ended, Failure> {
        let ended = self.try_chunk(&mut connection, message).await;
        keep_or_close(&ended, connection).await;
        if is_no_attempt(&ended) {
            self.give_back_attempt(message).await?;
        }
        ended
    }

    async fn give_back_attempt(&self, message: ChunkMessage) -> Result<(), Failure> {
        self.database
            .run(async |client| {
                chunks::give_back_attempt(client, message.import, message.chunk).await
            })
            .await?;
        Ok(())
    }

    async fn try_chunk(
        &self,
        client: &mut Client,
        message: ChunkMessage,
    ) -> Result<Ended, Failure> {
        chunks::begin(client).await?;
        match chunks::claim(client, message.import, message.chunk).await? {
            Claim::Ours(claimed) => self.transact(client, message, &claimed).await,
            Claim::Not(why) => {
                chunks::rollback(client).await?;
                settle(client, message, why).await
            }
        }
    }

    async fn transact(
        &self,
        client: &Client,
        message: ChunkMessage,
        claimed: &Claimed,
    ) -> Result<Ended, Failure> {
        let Claimed {
            owner,
            dataset: name,
            declared,
            ..
        } = claimed;
        let dataset = datasets::pinned(client, *owner, name, *declared).await?;
        // An error loses the buffer: the next chunk makes itself a new one.
        let buffer = std::mem::take(&mut *self.buffer.lock().await);
        let mut rows = copy_rows(client, &self.objects, claimed, &dataset, buffer).await?;
        *self.buffer.lock().await = rows.take_buffer();
        row_errors::store(client, claimed.import_id, &rows.errors).await?;
        let receipt = rows.receipt();
        chunks::write_receipt(client, claimed, &receipt).await?;
        match chunks::pass_fence(client, claimed, &receipt).await? {
            Some(_) => {
                chunks::commit(client).await?;
                tracing::info!(import = %message.import, chunk = message.chunk,
                    rows = rows.imported, rejected = rows.rejected, "stored");
                Ok(Ended::Settled)
            }
            None => {
                chunks::rollback(client).await?;
                let (import, chunk) = (message.import, message.chunk);
                tracing::info!(%import, chunk, "not wanted any more");
                Ok(Ended::NotWanted)
            }
        }
    }
}

/// A session after an error may be in the middle of anything: it is used no more.
async fn keep_or_close(ended: &Result<Ended, Failure>, connection: Connection<'_>) {
    match ended {
        Ok(_) => connection.keep().await,
        Err(_) => connection.close().await,
    }
}

/// What a chunk that is not ours to store means for its message.
async fn settle(client: &Client, message: ChunkMessage, why: Unclaimed) -> Result<Ended, Failure> {
    match why {
        Unclaimed::Done => Ok(Ended::Settled),
        Unclaimed::NotWanted => Ok(Ended::NotWanted),
        Unclaimed::Missing | Unclaimed::Taken => Ok(Ended::ComeAgain),
        Unclaimed::Paused => {
            chunks::put_back(client, message.import, message.chunk).await?;
            Ok(Ended::Paused)
        }
    }
}

/// Streams the chunk's bytes through the parser into the COPY to the dataset's table: what a
/// chunk's transaction does between its claim and its receipt.
///
/// # Errors
/// The bytes cannot be read, the rows cannot be stored, or the chunk is not what was planned.
pub async fn copy_rows<'d>(
    client: &Client,
    objects: &Objects,
    claimed: &Claimed,
    dataset: &'d Dataset,
    buffer: RowBuffer,
) -> Result<ChunkRows<'d>, Failure> {
    let mut reader = open(objects, claimed).await?;
    let mut rows = ChunkRows::open(client, claimed, dataset, buffer).await?;
    while let Some(bytes) = reader.next().await? {
        rows.push(&bytes).await?;
    }
    rows.finish(claimed).await
}

async fn open(objects: &Objects, claimed: &Claimed) -> Result<ObjectReader, Failure> {
    let chunk = &claimed.chunk;
    let reader = objects.read(
        &claimed.object_key,
        &claimed.object_version,
        chunk.byte_start,
        chunk.byte_end,
    );
    Ok(reader.await?)
}

/// Whether the attempt says nothing about the chunk: it was not begun, or the database or AWS could
/// not be reached.
fn is_no_attempt(ended: &Result<Ended, Failure>) -> bool {
    match ended {
        Ok(ended) => matches!(ended, Ended::Paused | Ended::ComeAgain),
        Err(failure) => Fault::of(failure.as_ref()) == Fault::Passing,
    }
}
