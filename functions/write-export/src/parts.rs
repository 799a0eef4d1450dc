//! Parts on their way: one is stored while the next one is filled.

use aws::objects::{Objects, Part, Uploaded};
use bytes::Bytes;
use domain::export::Export;
use lambda::Failure;
use postgres::Database;
use postgres::exports::{self, Position, Receipt, Stop};
use tokio::task::JoinHandle;

type Storing = JoinHandle<Result<Uploaded<Part>, aws::Error>>;

/// Stores parts and commits their receipts, one after the other.
pub struct Parts<'a> {
    database: &'a Database,
    objects: Objects,
    export: &'a Export,
    next: i32,
    on_its_way: Option<(Receipt, Storing)>,
}

/// What became of a part.
pub enum Sent {
    /// It has its receipt, or is on its way.
    Going,
    /// The export stops here.
    Stop(Stop),
    /// The upload is gone.
    UploadGone,
}

impl<'a> Parts<'a> {
    /// Behind the parts that have their receipts.
    pub fn behind(database: &'a Database, objects: Objects, export: &'a Export, done: i32) -> Self {
        Self {
            database,
            objects,
            export,
            next: done + 1,
            on_its_way: None,
        }
    }

    /// Sends a part off once the one before has its receipt.
    pub async fn send(
        &mut self,
        rows: i64,
        bytes: Vec<u8>,
        last: Position,
    ) -> Result<Sent, Failure> {
        if let stopped @ (Sent::Stop(_) | Sent::UploadGone) = self.settle().await? {
            return Ok(stopped);
        }
        let receipt = Receipt {
            number: self.next,
            etag: String::new(),
            rows,
            bytes: i64::try_from(bytes.len())?,
            last,
        };
        self.on_its_way = Some((receipt, self.store(bytes.into())));
        self.next += 1;
        Ok(Sent::Going)
    }

    /// Waits for the part on its way and commits its receipt.
    pub async fn settle(&mut self) -> Result<Sent, Failure> {
        let Some((receipt, stored)) = self.on_its_way.take() else {
            return Ok(Sent::Going);
        };
        match stored.await?? {
            Uploaded::Gone => Ok(Sent::UploadGone),
            Uploaded::Done(part) => {
                let etag = part.etag;
                self.commit(Receipt { etag, ..receipt }).await
            }
        }
    }

    fn store(&self, bytes: Bytes) -> Storing {
        let objects = self.objects.clone();
        let key = self.export.object_key.clone();
        let upload_id = self.export.upload_id.clone().unwrap_or_default();
        let number = self.next;
        tokio::spawn(async move { objects.put_part(&key, &upload_id, number, bytes).await })
    }

    async fn commit(&self, receipt: Receipt) -> Result<Sent, Failure> {
        let mut connection = self.database.connection().await?;
        let added = exports::add_part(&mut connection, self.export, &receipt).await?;
        let sent = match added {
            Some(_) => Sent::Going,
            None => Sent::Stop(exports::why_stopped(&connection, self.export).await?),
        };
        connection.keep().await;
        Ok(sent)
    }
}
