//! Parts on their way: one is stored, and given its receipt, while the next one is filled.

use std::sync::Arc;

use aws::objects::{Objects, Uploaded};
use bytes::Bytes;
use domain::import::Import;
use lambda::Failure;
use postgres::Database;
use postgres::preparing::{self, Receipt};
use tokio::task::JoinSet;

use crate::upload_of;

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
    import: Arc<Import>,
}

/// What became of a part.
pub enum Sent {
    /// It has its receipt, or is on its way.
    Going,
    /// This run is not wanted any more, or another preparer of it was faster.
    NotActive,
    /// The upload is gone.
    UploadGone,
}

impl Parts {
    /// Continues after the first `done` parts, which have their receipts.
    pub fn after(database: Arc<Database>, objects: Objects, import: &Import, done: i32) -> Self {
        Self {
            store: Store {
                database,
                objects,
                import: Arc::new(import.clone()),
            },
            next: done + 1,
            on_its_way: JoinSet::new(),
        }
    }

    /// Sends a part off once the one before has its receipt. The text up to byte `text_end` is
    /// stored with it, which came from the first `from_bytes` of the object.
    pub async fn send(
        &mut self,
        bytes: Vec<u8>,
        text_end: i64,
        from_bytes: i64,
    ) -> Result<Sent, Failure> {
        match self.settle().await? {
            Sent::Going => {}
            stopped => return Ok(stopped),
        }
        let receipt = Receipt {
            number: self.next,
            text_end,
            etag: String::new(),
        };
        let store = self.store.clone();
        self.on_its_way
            .spawn(async move { store.part(receipt, bytes.into(), from_bytes).await });
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

    /// Says that this preparer is at work, which finds what was stored before it.
    pub async fn mark_at_work(&self) -> Result<Sent, Failure> {
        let import = &self.store.import;
        let marked = self
            .store
            .database
            .run(async |client| preparing::mark_at_work(client, import).await);
        Ok(match marked.await? {
            true => Sent::Going,
            false => Sent::NotActive,
        })
    }
}

impl Store {
    async fn part(self, receipt: Receipt, bytes: Bytes, from_bytes: i64) -> Result<Sent, Failure> {
        let key = self.import.prepared_key();
        let upload_id = upload_of(&self.import).map_or("", String::as_str);
        let stored = self
            .objects
            .put_part(&key, upload_id, receipt.number, bytes)
            .await?;
        match stored {
            // Another preparer of the same run was faster, and its object is whole.
            Uploaded::Gone if self.objects.find(&key).await?.is_some() => Ok(Sent::NotActive),
            Uploaded::Gone => Ok(Sent::UploadGone),
            Uploaded::Done(part) => {
                let etag = part.etag;
                self.commit(Receipt { etag, ..receipt }, from_bytes).await
            }
        }
    }

    async fn commit(&self, receipt: Receipt, from_bytes: i64) -> Result<Sent, Failure> {
        let import = &self.import;
        let added = self
            .database
            .run(async |client| preparing::add_part(client, import, &receipt, from_bytes).await);
        Ok(match added.await? {
            Some(_) => Sent::Going,
            None => Sent::NotActive,
        })
    }
}
