//! An export: its states, its row as every crate sees it, its next step, and the bytes of its
//! file.

mod estimate;
mod next_step;
mod part;
mod state;

pub use estimate::Estimate;
#[cfg(test)]
pub(crate) use next_step::tests as samples;
pub use next_step::{Step, may_run_again, next_step};
pub use part::Part;
pub use state::{Goal, State};

use jiff::Timestamp;
use uuid::Uuid;

use crate::dataset::DatasetVersion;
use crate::filter::StoredFilter;
use crate::reason::StoredReason;

/// One row of table `export`, without the columns that only its creation needs.
#[derive(Clone, Debug, PartialEq)]
pub struct Export {
    /// Internal key; never leaves the service.
    pub id: i64,
    /// The names of its executions and its object key derive from it.
    pub uid: Uuid,
    /// The account's random uuid.
    pub owner: Uuid,
    /// Name of the dataset whose rows it holds.
    pub dataset: String,
    /// The version of a declared dataset that it is written by; `None` for one that is built in.
    pub declared: Option<DatasetVersion>,
    /// What the user sees as id: counts from 1 per owner.
    pub number: i32,
    /// Where the export stands.
    pub state: State,
    /// Where its removal is to end; null while the export goes forward.
    pub goal: Option<Goal>,
    /// Raised by the UPDATE that decides to start an execution again; part of its name.
    pub run: i32,
    /// The run whose writer has begun; null until one has.
    pub begun_run: Option<i32>,
    /// Which rows it holds.
    pub filters: StoredFilter,
    /// Whether the file is compressed.
    pub gzip: bool,
    /// Whether cells that a spreadsheet would take for a formula are disarmed.
    pub guard: bool,
    /// The completed imports whose rows it holds, pinned when it was asked for; ascending.
    pub imports: Vec<i64>,
    /// True while all of these imports are still completed, and the dataset is not dropped.
    pub unchanged: bool,
    /// Its expected size, which its user was told before it began.
    pub estimate: Estimate,
    /// The object's key in the bucket.
    pub object_key: String,
    /// The multipart upload its parts go to; null until there is one.
    pub upload_id: Option<String>,
    /// Parts with a receipt.
    pub parts_done: i32,
    /// Rows in parts with a receipt.
    pub rows_done: i64,
    /// Bytes of parts with a receipt.
    pub bytes_done: i64,
    /// Why it failed, or why its file was removed before its time.
    pub error: Option<StoredReason>,
    /// When the row was written.
    pub created_at: Timestamp,
    /// When it was confirmed, or asked for if no confirmation was needed.
    pub started_at: Option<Timestamp>,
    /// When it reached an end state.
    pub finished_at: Option<Timestamp>,
    /// The last time a step of it was committed or its execution was checked.
    pub progressed_at: Timestamp,
    /// When a part of it got its receipt for the last time.
    pub last_stored_at: Option<Timestamp>,
    /// The wait for a confirmation ends at this time.
    pub confirm_expires_at: Timestamp,
    /// If it is still being written at this time, it fails with `run_expired`.
    pub run_expires_at: Option<Timestamp>,
    /// The file is removed at this time; null until it is complete.
    pub expires_at: Option<Timestamp>,
}

impl Export {
    /// Name of the export's execution: `export-{uid}-{run}`.
    pub fn execution_name(&self) -> String {
        format!("export-{}-{}", self.uid, self.run)
    }

    /// The state that its user sees. Once one of its imports is no longer completed, its file
    /// counts as gone, even if it has yet to be removed.
    pub fn seen_as(&self) -> State {
        match self.state {
            State::Completed if !self.unchanged => State::Expiring,
            state => state,
        }
    }

    /// The name under which a client saves the file: that of the object, with the export's number.
    pub fn file_name(&self) -> String {
        let name = self.object_key.rsplit('/').next().unwrap_or_default();
        let (stem, end) = name.split_once('.').unwrap_or((name, "csv"));
        format!("{stem}-{}.{end}", self.number)
    }
}
