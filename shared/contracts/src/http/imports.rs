//! An import as the API shows it: a "file" for clients of the original service.

mod progress;
mod read_as;

use std::collections::BTreeMap;

use domain::dataset::Dataset;
use domain::import::{Import, Rollback};
use domain::paging::change::Kind;
use domain::reason::StoredReason;
use domain::waiting::{self, Queue};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value};

use super::id::ObjectId;
use super::waiting::WaitingFor;

pub use progress::{Preparing, Progress, ask_again_after};
pub use read_as::{ReadAs, ReadPart};

/// The object of an import.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FileObject {
    /// Counts from 1 per user and dataset.
    #[schema(value_type = i32)]
    pub id: ObjectId,
    /// `import`; only in the list of all.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub kind: Option<&'static str>,
    /// When its state changed for the last time; only in the list of all.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub changed_at: Option<Timestamp>,
    /// The object's S3 address: a name, not a link that opens.
    pub file: String,
    /// Where the import stands.
    pub status: &'static str,
    /// How much of it is done.
    pub progress: Progress,
    /// When the import was asked for.
    pub created_at: Timestamp,
    /// When its object had arrived.
    pub started_at: Option<Timestamp>,
    /// When it reached an end.
    pub finished_at: Option<Timestamp>,
    /// Why it failed.
    pub error: Option<StoredReason>,
    /// What its user should know about it.
    pub warnings: Vec<StoredReason>,
    /// When a pause ends by itself.
    pub pause_expires_at: Option<Timestamp>,
    /// The proof of its rollback.
    pub rollback: Option<RollbackProof>,
    /// Where its rejects file can be fetched, if it has one.
    pub rejected_rows_url: Option<String>,
    /// When its hold ends and its rollback begins.
    pub hold_expires_at: Option<Timestamp>,
    /// Whether its file is only validated: no row of it is ever seen.
    pub validate_only: bool,
    /// The import of the same dataset whose original this one reads again.
    pub retry_of: Option<i32>,
    /// The last import of the same dataset that reads this one's original again.
    pub retried_by: Option<i32>,
    /// The import of the same dataset that this one replaces.
    pub replaces: Option<i32>,
    /// The import of the same dataset that replaces this one.
    pub replaced_by: Option<i32>,
    /// How its file is read; null until the first look at it.
    #[schema(value_type = Option<BTreeMap<String, ReadPart<'static>>>)]
    pub read_as: Option<ReadAs>,
    /// Why it is not moving; null while it moves, and at its end.
    pub waiting_for: Option<WaitingFor>,
    /// The completed import whose rows go when this one completes; only if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub swaps: Option<i32>,
    /// The exports that hold rows of the import in `swaps` and are removed with them; only in the
    /// answer to a replacement that has `swaps`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub removes_exports: Option<Vec<i32>>,
    /// How to send the object; only in the answer to a request for an upload URL.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub upload: Option<Upload>,
    #[serde(skip)]
    #[schema(ignore)]
    ask_again_after: Option<u32>,
}

/// How many rows a rollback deleted, and how many it left.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct RollbackProof {
    /// Rows that were deleted.
    pub rows_deleted: i64,
    /// Rows that are left: 0 once the rollback has ended.
    pub rows_remaining: i64,
}

/// A request that stores the object, exactly as it must be sent.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Upload {
    /// `PUT`.
    pub method: String,
    /// Signed: the signature fixes key and size.
    pub url: String,
    /// Headers that are part of the signature.
    #[schema(value_type = BTreeMap<String, String>)]
    pub headers: Map<String, Value>,
    /// The URL stops working at this time.
    pub expires_at: Timestamp,
}

impl FileObject {
    /// The object of `import` as it is at `now`; `file` is the address of its object in S3, and
    /// `dataset` the one it is of, in the version that it is read by.
    pub fn new(import: Import, dataset: &Dataset, file: String, now: Timestamp) -> Self {
        Self::with_queue(import, dataset, file, &Queue::default(), now)
    }

    /// The same where it is known what its chunks wait for.
    pub fn with_queue(
        import: Import,
        dataset: &Dataset,
        file: String,
        queue: &Queue,
        now: Timestamp,
    ) -> Self {
        Self {
            id: ObjectId::Number(import.number),
            kind: None,
            changed_at: None,
            ask_again_after: ask_again_after(&import, now),
            waiting_for: waiting::of_import(&import, queue, now).map(WaitingFor::from),
            file,
            status: import.state.as_str(),
            progress: Progress::of(&import, now),
            read_as: ReadAs::of(&import, dataset),
            created_at: import.created_at,
            started_at: import.started_at,
            finished_at: import.finished_at,
            error: import.error,
            warnings: import.warnings,
            pause_expires_at: import.pause_expires_at,
            rollback: import.rollback.map(RollbackProof::from),
            rejected_rows_url: None,
            hold_expires_at: import.hold_expires_at,
            validate_only: import.validate_only,
            retry_of: import.retry_of,
            retried_by: import.retried_by,
            replaces: import.replaces,
            replaced_by: import.replaced_by,
            swaps: import.swaps,
            removes_exports: None,
            upload: None,
        }
    }

    /// Seconds after which a client looks again; `None` at its end.
    pub fn ask_again_after(&self) -> Option<u32> {
        self.ask_again_after
    }

    /// The object as an entry of the list of all: its id names the dataset.
    #[must_use]
    pub fn of_all(self, dataset: &str, changed_at: Timestamp) -> Self {
        Self {
            id: self.id.of_all(dataset),
            kind: Some(Kind::Import.as_str()),
            changed_at: Some(changed_at),
            ..self
        }
    }

    /// Adds the request that stores the object.
    pub fn with_upload(self, upload: Upload) -> Self {
        let upload = Some(upload);
        Self { upload, ..self }
    }
}

impl Upload {
    /// From the parts of a signed request.
    pub fn new(
        method: String,
        url: String,
        headers: Vec<(String, String)>,
        expires_at: Timestamp,
    ) -> Self {
        let sorted: BTreeMap<_, _> = headers.into_iter().collect();
        let text = |(name, value): (String, String)| (name, Value::from(value));
        Self {
            method,
            url,
            headers: sorted.into_iter().map(text).collect(),
            expires_at,
        }
    }
}

impl From<Rollback> for RollbackProof {
    fn from(rollback: Rollback) -> Self {
        Self {
            rows_deleted: rollback.rows_deleted,
            rows_remaining: rollback.rows_remaining,
        }
    }
}

#[cfg(test)]
mod tests;
