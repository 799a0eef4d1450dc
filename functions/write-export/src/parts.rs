//! Parts on their way: one is stored, and given its receipt, while the next one is filled.

use std::sync::Arc;

use aws::objects::{Objects, Uploaded};
use bytes::Bytes;
use domain::export::Export;
use domain::limits::EXPORT_PARTS_AT_MOST;
use lambda::Failure;
use postgres::Database;
use postgres::exports::{self, Position, Receipt, Stop};
use tokio::task::JoinSet;

/// Stores parts and commits their receipts, one after the other.
pub struct Parts {
    store: Store,
    next: i32,
    /// At most one. If it is still being stored when this is dropped, it is aborted.
    on_its_way: JoinSet<Result<Sent, Failure>>,
}

/// Where parts and receipts go.
#[derive(Clone)]
struct Store {
    database: Arc<Database>,
    objects: Objects,
    export: Arc<Export>,
}

/// What became of a part.
pub enum Sent {
    /// It has its receipt, or is on its way.
    Going,
    /// The export stops here.
    Stop(Stop),
    /// The upload is gone.
    UploadGone,
    /// The upload takes no more parts.
    TooMany,
}

impl Parts {
    /// Continues after the first `done` parts, which have their receipts.
    pub fn after(database: Arc<Database>, objects: Objects, export: &Export, done: i32) -> Self {
        Self {
            store: Store {
                database,
                objects,
                export: Arc::new(export.clone()),
            },
            next: done + 1,
            on_its_way: JoinSet::new(),
        }
    }

    /// Sends a part off once the one before has its receipt.
    pub async fn send(
        &mut self,
        rows: i64,
        bytes: Vec<u8>,
        last: Position,
    ) -> Result<Sent, Failure> {
        match self.settle().await? {
            Sent::Going if self.next > EXPORT_PARTS_AT_MOST => return Ok(Sent::TooMany),
            Sent::Going => {}
            stopped => return Ok(stopped),
        }
        let receipt = Receipt {
            number: self.next,
            etag: String::new(),
            rows,
            bytes: i64::try_from(bytes.len())?,
            last,
        };
        let store = self.store.clone();
        self.on_its_way
            .spawn(async move { store.part(receipt, bytes.into()).await });
        self.next += 1;
        Ok(Sent::Going)
    }

    /// Waits until the part on its way has its receipt.
    pub async fn settle(&mut self) -> Result<Sent, Failure> {
        match self.on_its_way.join_next().await {
            None => Ok(Sent::Going),
            Some(sent) => sent?,
        }
    }
}

impl Store {
    async fn part(self, receipt: Receipt, bytes: Bytes) -> Result<Sent, Failure> {
        let key = &self.export.object_key;
        let upload_id = self.export.upload_id.as_deref().unwrap_or_default();
        let stored = self
            .objects
            .put_part(key, upload_id, receipt.number, bytes)
            .await?;
        match stored {
            // Another writer of the same run was faster, and its file is whole.
            Uploaded::Gone if self.objects.find(key).await?.is_some() => {
                Ok(Sent::Stop(Stop::NotActive))
            }
            Uploaded::Gone => Ok(Sent::UploadGone),
            Uploaded::Done(part) => {
                let etag = part.etag;
                self.commit(Receipt { etag, ..receipt }).await
            }
        }
    }

    async fn commit(&self, receipt: Receipt) -> Result<Sent, Failure> {
        self.database
            .run(async |client| {
                let added = exports::add_part(client, &self.export, &receipt).await?;
                Ok(match added {
                    Some(_) => Sent::Going,
                    None => Sent::Stop(exports::why_stopped(client, &self.export).await?),
                })
            })
            .await
    }
}
