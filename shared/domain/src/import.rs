//! An import: its states, its row as every crate sees it, and its next step.

mod event;
mod next_step;
mod prepared;
mod state;

pub use event::{Event, Situation, after};
#[cfg(test)]
pub(crate) use next_step::tests as samples;
pub use next_step::{Outstanding, Step, may_run_again, next_step, rollback_pause};
pub use prepared::{Prepared, ReadObject, Whole};
pub use state::{Goal, State};

use jiff::Timestamp;
use uuid::Uuid;

use crate::dataset::{Dataset, DatasetVersion};
use crate::limits::ORIGINAL_KEPT_FOR;
use crate::max_errors::MaxErrors;
use crate::reading::{Reading, ReadingRequest};
use crate::reason::StoredReason;

/// One row of table `import`, without the columns that only its creation needs.
#[derive(Clone, Debug, PartialEq)]
pub struct Import {
    /// Internal key; never leaves the service.
    pub id: i64,
    /// The names of its executions and its object keys derive from it.
    pub uid: Uuid,
    /// The account's random uuid.
    pub owner: Uuid,
    /// Name of the dataset.
    pub dataset: String,
    /// Which version of a declared dataset it is of; null for one that is built in.
    pub declared: Option<DatasetVersion>,
    /// What the user sees as id: counts from 1 per owner and dataset.
    pub number: i32,
    /// Where the import stands.
    pub state: State,
    /// Where its rollback is to end; null while the import goes forward.
    pub goal: Option<Goal>,
    /// Raised by the UPDATE that decides to start an execution again; part of its name.
    pub run: i32,
    /// Runs that were used up before the import was last resumed from `held`.
    pub runs_before: i32,
    /// Whether it is to be held if it fails and resuming might help.
    pub holds: bool,
    /// Whether its file is only to be validated: no row of it is ever seen.
    pub validate_only: bool,
    /// How much may be rejected before it fails; null only if it was asked for when there was no
    /// limit unless one was said.
    pub max_errors: Option<MaxErrors>,
    /// What was said of its reading with the upload.
    pub said: ReadingRequest,
    /// How its file is read; null until the first look at it, and in an import that was planned
    /// before readings were pinned.
    pub reading: Option<Reading>,
    /// The object's key in the upload bucket.
    pub object_key: String,
    /// The version of the object that is imported; null until it has arrived.
    pub object_version: Option<String>,
    /// Bytes: as declared by the uploader, then as pinned.
    pub object_size: i64,
    /// What is read in its place, if it is packed or not UTF-8; null until it is being prepared.
    pub prepared: Option<Prepared>,
    /// Version of the rules the plan is made with (`plan::PLAN_VERSION`); null until pinned.
    pub plan_version: Option<i16>,
    /// A chunk ends at the first record boundary at or after this many bytes; null until pinned.
    pub chunk_bytes: Option<i32>,
    /// File column → index in the dataset's columns, -1 = ignored; null until the heading is read.
    pub column_order: Option<Vec<i16>>,
    /// First byte and first line after the heading; null until the heading is read.
    pub heading_end: Option<(i64, i64)>,
    /// Null until the planner has seen the end of the object.
    pub chunks_total: Option<i32>,
    /// Chunks with a receipt.
    pub chunks_done: i32,
    /// Rows stored by chunks with a receipt.
    pub rows_imported: i64,
    /// Records rejected in chunks with a receipt.
    pub rows_rejected: i64,
    /// Physical lines of the records rejected in chunks with a receipt.
    pub lines_rejected: i64,
    /// Physical lines of the whole plan; null until the planner has seen the end of the object.
    pub lines_total: Option<i64>,
    /// Bytes of chunks with a receipt.
    pub bytes_done: i64,
    /// The task token to answer when the last chunk is done: that of the execution of `run`, or
    /// null.
    pub task_token: Option<String>,
    /// Why it failed.
    pub error: Option<StoredReason>,
    /// What the user should know, although it is no reason to fail.
    pub warnings: Vec<StoredReason>,
    /// The proof of a rollback: rows deleted, rows remaining.
    pub rollback: Option<Rollback>,
    /// When the row was written.
    pub created_at: Timestamp,
    /// When the object was pinned.
    pub started_at: Option<Timestamp>,
    /// When it reached an end state.
    pub finished_at: Option<Timestamp>,
    /// The last time a step of it was committed or its execution was checked.
    pub progressed_at: Timestamp,
    /// When a chunk of it got its receipt for the last time: by the clock at its fence. A rollback leaves
    /// it as it is.
    pub last_stored_at: Option<Timestamp>,
    /// The wait for its object ends at this time.
    pub upload_expires_at: Timestamp,
    /// A pause ends at this time.
    pub pause_expires_at: Option<Timestamp>,
    /// If it is at work (and not paused) at this time, it fails with `run_expired`.
    pub run_expires_at: Option<Timestamp>,
    /// A hold ends at this time.
    pub hold_expires_at: Option<Timestamp>,
    /// Number of the import that this one replaces.
    pub replaces: Option<i32>,
    /// Number of the import that replaces this one.
    pub replaced_by: Option<i32>,
    /// Number of the completed import that goes when this one completes.
    pub swaps: Option<i32>,
    /// When its rows became visible; stays when they are taken back.
    pub completed_at: Option<Timestamp>,
    /// Number of the import whose original this one reads again.
    pub retry_of: Option<i32>,
    /// Number of the last import that reads this one's original again.
    pub retried_by: Option<i32>,
    /// When its original and its rejects file were removed.
    pub object_expired_at: Option<Timestamp>,
    /// Where its object is copied from, if it is a retry.
    pub source: Option<Source>,
}

/// The original that the object of a retry is copied from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its key in the upload bucket.
    pub key: String,
    /// Its version.
    pub version: String,
    /// Whether a copy of it was begun: it may be there, on its way, or lost.
    pub copy_begun: bool,
}

/// What an import is asked for in a state in which it has it not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotYet {
    /// The version of its object.
    #[error("no version is pinned")]
    Pinned,
    /// The end of its heading.
    #[error("no heading is stored")]
    HeadingRead,
}

/// The proof of a rollback, counted by the database after the last slice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rollback {
    /// Rows of the import that the rollback deleted.
    pub rows_deleted: i64,
    /// Rows of the import that were left when it ended: 0, or it has not ended.
    pub rows_remaining: i64,
}

impl Import {
    /// Name of the import's execution: `import-{uid}-{run}`.
    pub fn execution_name(&self) -> String {
        format!("import-{}-{}", self.uid, self.run)
    }

    /// Name of the rollback's execution: `rollback-{uid}-{run}`.
    pub fn rollback_name(&self) -> String {
        format!("rollback-{}-{}", self.uid, self.run)
    }

    /// Key of its rejects file: not below `uploads/`, so that no import is made of it.
    pub fn rejected_key(&self) -> String {
        format!("rejected/{}.csv", self.uid)
    }

    /// True if its rejects file was stored, which happens before the proof, and is still kept: as
    /// long as the original.
    pub fn has_rejected_file(&self, now: Timestamp) -> bool {
        let was_stored = match self.state {
            State::Completed => true,
            // It may have its answer before it is read to its end.
            State::Validated => self.all_chunks_done(),
            _ => self.completed_at.is_some(),
        };
        was_stored && self.rows_rejected > 0 && !self.is_object_expired(now)
    }

    /// When an active import ends by itself if nothing happens to it: the wait for its object, its
    /// pause or its run is over.
    pub fn active_until(&self) -> Option<Timestamp> {
        match self.state {
            State::AwaitingUpload => Some(self.upload_expires_at),
            State::Paused => self.pause_expires_at,
            state if state.is_active() => self.run_expires_at,
            _ => None,
        }
    }

    /// Whether its object is not kept any more, because it was removed, or because it has ended
    /// without being completed and long enough ago.
    pub fn is_object_expired(&self, now: Timestamp) -> bool {
        let over = |end: Timestamp| now.duration_since(end) >= ORIGINAL_KEPT_FOR;
        self.object_expired_at.is_some()
            || self.state.may_be_retried() && self.finished_at.is_some_and(over)
    }

    /// Runs since the import began or was last resumed from `held`.
    pub fn runs_used(&self) -> i32 {
        self.run - self.runs_before
    }

    /// How its file is read: as was pinned or, if it began before readings were pinned, by the
    /// rules of then.
    pub fn reading(&self) -> Reading {
        self.reading.clone().unwrap_or_else(Reading::before)
    }

    /// What its dataset declares and what was said with the upload: the first look goes on from it.
    pub fn said_reading(&self, dataset: &Dataset) -> Reading {
        let said = self.said.reading(dataset);
        // What clashes was refused with the upload; a dataset may have changed since.
        said.unwrap_or_else(|_| Reading::declared(dataset))
    }

    /// True if more was rejected than may be, whatever is still to come; once nothing is, the
    /// verdict at the end decides. A percentage is of the whole plan, so it can be exceeded only once
    /// that is known, with a last line that no break ends.
    pub fn has_too_many_errors(&self) -> bool {
        let Some(limit) = self.max_errors else {
            return false;
        };
        if self.all_chunks_done() {
            return false;
        }
        let all = match limit {
            MaxErrors::Count(_) => Some(0),
            MaxErrors::Percent(_) => self.lines_total.map(|it| it + 1),
        };
        let (records, lines) = (self.rows_rejected, self.lines_rejected);
        let count = i64::unsigned_abs;
        all.is_some_and(|all| limit.are_exceeded(count(records), count(lines), count(all)))
    }

    /// The version of the object that it is made from.
    ///
    /// # Errors
    /// The object has not arrived.
    pub fn pinned_version(&self) -> Result<&str, NotYet> {
        self.object_version.as_deref().ok_or(NotYet::Pinned)
    }

    /// First byte and first line after the heading.
    ///
    /// # Errors
    /// The planner has not read it.
    pub fn after_heading(&self) -> Result<(i64, i64), NotYet> {
        self.heading_end.ok_or(NotYet::HeadingRead)
    }

    /// True if the plan is complete and every chunk of it has its receipt.
    pub fn all_chunks_done(&self) -> bool {
        self.chunks_total == Some(self.chunks_done)
    }
}
