//! Why an import or export ended in failure, and what was odd about one that went on: one table of
//! codes and sentences.

mod archive;
mod file;
mod heading;
mod names;
mod stored;
mod told;
mod warning;

use std::fmt;

pub use archive::{BadArchive, TooLarge};
pub use file::{NoRecords, NotText};
pub use heading::BadHeading;
pub use stored::StoredReason;
pub(crate) use told::advice;
pub use told::{Found, Told};
pub use warning::Warning;

use crate::limits::RECORD_BYTES_AT_MOST;
use crate::rejection::RowError;

/// Why an import or export ended in failure. A variant is a code, stable and for programs; shown, it
/// is one or more sentences for people. Of a cell of the file, it never shows more than its beginning.
#[derive(
    Clone, Debug, PartialEq, Eq, thiserror::Error, strum::IntoStaticStr, strum::VariantNames,
)]
pub enum Reason {
    /// The file has no record to import.
    #[strum(serialize = "no_records")]
    #[error("{0}")]
    NoRecords(NoRecords),

    /// The file is no UTF-8 text.
    #[strum(serialize = "not_text")]
    #[error("{0}")]
    NotText(NotText),

    /// It is packed, and cannot be unpacked.
    #[strum(serialize = "bad_archive")]
    #[error("{0}")]
    BadArchive(BadArchive),

    /// Unpacked, it is larger than what is taken.
    #[strum(serialize = "unpacked_too_large")]
    #[error("{0}")]
    UnpackedTooLarge(TooLarge),

    /// The first record is not the heading of the dataset.
    #[strum(serialize = "bad_heading")]
    #[error("{0}")]
    BadHeading(BadHeading),

    /// Hardly any of the first records fits the heading: what was found instead, in sentences.
    #[strum(serialize = "columns_do_not_fit")]
    #[error("{0}")]
    ColumnsDoNotFit(Told),

    /// Not one cell with bytes above ASCII is UTF-8, or the heading is not.
    #[strum(serialize = "not_utf8")]
    #[error("{0}")]
    NotUtf8(Told),

    /// Another encoding was said, and the text is UTF-8.
    #[strum(serialize = "looks_like_utf8")]
    #[error("{0}")]
    LooksLikeUtf8(Told),

    /// No line is a heading, and the first is a record.
    #[strum(serialize = "no_heading")]
    #[error("{0}")]
    NoHeading(Told),

    /// It has the heading of another dataset.
    #[strum(serialize = "other_dataset")]
    #[error("{0}")]
    OtherDataset(Told),

    /// A quote is open at the end of the file.
    #[strum(serialize = "open_quote")]
    #[error("{0}")]
    OpenQuote(Told),

    /// Dates are written month first, and would be read day first.
    #[strum(serialize = "dates_month_first")]
    #[error("{0}")]
    DatesMonthFirst(Told),

    /// Dates are written day first, and would be read month first.
    #[strum(serialize = "dates_day_first")]
    #[error("{0}")]
    DatesDayFirst(Told),

    /// Dates are written in both orders.
    #[strum(serialize = "dates_mixed")]
    #[error("{0}")]
    DatesMixed(Told),

    /// Every record was rejected.
    #[strum(serialize = "no_rows_fit")]
    #[error("{0}")]
    NoRowsFit(Told),

    /// A record is longer than any that is taken.
    #[strum(serialize = "record_too_large")]
    #[error(
        "The record that starts on line {line} is longer than {} MiB. \
         A quote there may never be closed.",
        RECORD_BYTES_AT_MOST / (1024 * 1024)
    )]
    RecordTooLarge {
        /// The physical line it starts on.
        line: i64,
    },

    /// More records were rejected than the user allows.
    #[strum(serialize = "too_many_errors")]
    #[error("{0}")]
    TooManyErrors(TooManyErrors),

    /// Our checks let a value pass that the database does not take: it never will.
    #[strum(serialize = "not_storable")]
    #[error("A part of the file has a value that the database does not take.")]
    NotStorable,

    /// The object did not arrive.
    #[strum(serialize = "upload_expired")]
    #[error("The file was not uploaded within its time.")]
    UploadExpired,

    /// The user did not come back.
    #[strum(serialize = "pause_expired")]
    #[error("The import was paused until its deadline and not resumed.")]
    PauseExpired,

    /// The pinned version of the object was deleted.
    #[strum(serialize = "object_gone")]
    #[error("The uploaded file is not in the store any more. Upload it again.")]
    ObjectGone,

    /// The rest of the file would be cut by other rules than its beginning.
    #[strum(serialize = "plan_outdated")]
    #[error("The service was updated while it read the file. Upload it again.")]
    PlanOutdated,

    /// A chunk was tried as often as it may be.
    #[strum(serialize = "chunk_failed")]
    #[error("A part of the file could not be stored although it was tried several times.")]
    ChunkFailed,

    /// Its execution was lost too often.
    #[strum(serialize = "execution_lost")]
    #[error("The {0} was started several times and did not get to its end.")]
    ExecutionLost(Subject),

    /// The deadline of the whole run has passed.
    #[strum(serialize = "run_expired")]
    #[error("The {0} did not get to its end within its time.")]
    RunExpired(Subject),

    /// What was counted in the end is not what it should be.
    #[strum(serialize = "not_proven")]
    #[error("{0}")]
    NotProven(NotProven),

    /// Its owner may not have its rows beside those that there are.
    #[strum(serialize = "quota_rows")]
    #[error(
        "The import has {rows} rows. You have {used} others stored, and may have {allowed} in all: \
         cancel or delete imports that are not needed any more, then retry this one."
    )]
    QuotaRows {
        /// Rows of the import.
        rows: i64,
        /// Rows that are stored beside them.
        used: i64,
        /// Rows that an owner may have stored.
        allowed: i64,
    },

    /// An export holds rows that no one is to see any more.
    #[strum(serialize = "source_changed")]
    #[error("An import whose rows it holds was deleted.")]
    SourceChanged,

    /// The multipart upload of an export was ended by someone else.
    #[strum(serialize = "upload_lost")]
    #[error("The parts that were stored are gone; the export has to be asked for again.")]
    UploadLost,

    /// An object has no more parts.
    #[strum(serialize = "export_too_large")]
    #[error("The rows do not fit into one file; export fewer of them at a time.")]
    ExportTooLarge,
}

impl Reason {
    /// Every code, in the order of the table.
    pub const CODES: &[&str] = <Self as strum::VariantNames>::VARIANTS;

    /// The code: stable, for programs.
    pub fn code(&self) -> &'static str {
        self.into()
    }

    /// The places in the file that it speaks of, for programs.
    pub fn found(&self) -> &[Found] {
        self.told().map_or(&[], |told| &told.found)
    }

    /// The row errors of a few records that it speaks of.
    pub fn row_errors(&self) -> &[RowError] {
        self.told().map_or(&[], |told| &told.examples)
    }

    fn told(&self) -> Option<&Told> {
        match self {
            Self::BadHeading(BadHeading::Look(told))
            | Self::ColumnsDoNotFit(told)
            | Self::NotUtf8(told)
            | Self::LooksLikeUtf8(told)
            | Self::NoHeading(told)
            | Self::OtherDataset(told)
            | Self::OpenQuote(told)
            | Self::DatesMonthFirst(told)
            | Self::DatesDayFirst(told)
            | Self::DatesMixed(told)
            | Self::NoRowsFit(told)
            | Self::TooManyErrors(TooManyErrors::Judged(told)) => Some(told),
            _ => None,
        }
    }

    /// Whether the file is the reason, as its user would meet it again with every import of it. The
    /// others are ours, or come from what was or was not done in time.
    pub fn is_about_the_file(&self) -> bool {
        !matches!(
            self,
            Self::UploadExpired
                | Self::PauseExpired
                | Self::ObjectGone
                | Self::PlanOutdated
                | Self::ChunkFailed
                | Self::ExecutionLost(_)
                | Self::RunExpired(_)
                | Self::NotProven(_)
                | Self::QuotaRows { .. }
                | Self::SourceChanged
                | Self::UploadLost
                | Self::ExportTooLarge
        )
    }

    /// Whether it is a fault, of ours or of AWS, and nothing that a user did, left or may not have:
    /// whoever runs the service is told (`EndedByFaultAlarm`).
    pub fn is_a_fault(&self) -> bool {
        matches!(
            self,
            Self::NotStorable
                | Self::ObjectGone
                | Self::ChunkFailed
                | Self::ExecutionLost(_)
                | Self::RunExpired(_)
                | Self::NotProven(_)
                | Self::UploadLost
        )
    }

    /// Whether the import might get to another end if it went on from its receipts: the machinery
    /// failed it, not its file, not its user, and what is stored can be trusted. Only such a failure
    /// can be held (`on_failure=hold`).
    pub fn resuming_can_help(&self) -> bool {
        matches!(
            self,
            Self::ChunkFailed | Self::ExecutionLost(_) | Self::RunExpired(_)
        )
    }
}

/// What a reason speaks of, where one code has a sentence for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// An import.
    Import,
    /// An export.
    Export,
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Import => "import",
            Self::Export => "export",
        })
    }
}

/// What is said of rejected records that are too many.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TooManyErrors {
    /// Counted when the import was stopped.
    #[error(
        "{rejected} records were rejected when the import was stopped; at most {allowed} may be."
    )]
    Stopped {
        /// Records that were rejected.
        rejected: i64,
        /// Records that may be.
        allowed: i64,
    },
    /// Judged by records and lines, in sentences.
    #[error("{0}")]
    Judged(Told),
}

/// A count that is not what it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotProven {
    /// Of an import.
    #[error("The stored rows and the rejected records do not add up to the file's records.")]
    Import,
    /// Of an export.
    #[error("{written} rows were written where {counted} were counted.")]
    Export {
        /// Rows in its parts.
        written: i64,
        /// Rows that match, as the database counts them.
        counted: i64,
    },
}

#[cfg(test)]
mod tests;
