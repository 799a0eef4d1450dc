use super::names::list;
use super::{Found, Told};

/// What was odd about an import that went on. A variant is a code, as a [`Reason`](super::Reason)'s
/// is.
#[derive(
    Clone, Debug, PartialEq, Eq, thiserror::Error, strum::IntoStaticStr, strum::VariantNames,
)]
pub enum Warning {
    /// The file has columns that the dataset has not: their names.
    #[strum(serialize = "unknown_columns")]
    #[error("Columns that are not known were ignored: {}.", list(.0))]
    UnknownColumns(Vec<String>),

    /// The file has not all columns of the dataset: those that are not there.
    #[strum(serialize = "columns_missing")]
    #[error("Columns that are not in the file are null in every row: {}.", list(.0))]
    ColumnsMissing(Vec<String>),

    /// Why some records were rejected is not kept.
    #[strum(serialize = "row_errors_not_kept")]
    #[error(
        "{missing} of {rejected} rejected records are counted only: why they were rejected was \
         not kept."
    )]
    RowErrorsNotKept {
        /// Rejected records without a row error.
        missing: i64,
        /// Rejected records.
        rejected: i64,
    },

    /// The file of rejected rows does not hold all of them.
    #[strum(serialize = "rejected_rows_not_kept")]
    #[error("{missing} of {rejected} rejected records are not in the file of rejected rows.")]
    RejectedRowsNotKept {
        /// Rejected records that are not in the file.
        missing: i64,
        /// Rejected records.
        rejected: i64,
    },

    /// Dates are days only month first, and were said to be read in another order.
    #[strum(serialize = "dates_month_first")]
    #[error("{0}")]
    DatesMonthFirst(Told),

    /// Dates are days only day first, and were said to be read in another order.
    #[strum(serialize = "dates_day_first")]
    #[error("{0}")]
    DatesDayFirst(Told),

    /// Dates are written in two orders, and were said to be read in one.
    #[strum(serialize = "dates_mixed")]
    #[error("{0}")]
    DatesMixed(Told),

    /// Nothing tells in which order dates are written.
    #[strum(serialize = "dates_ambiguous")]
    #[error("{0}")]
    DatesAmbiguous(Told),

    /// The second of two dates is before the first in most rows.
    #[strum(serialize = "dates_out_of_order")]
    #[error("{0}")]
    DatesOutOfOrder(Told),

    /// Some records were rejected.
    #[strum(serialize = "rows_rejected")]
    #[error("{0}")]
    RowsRejected(Told),

    /// Records have several lines, as a quote too many makes them.
    #[strum(serialize = "records_of_several_lines")]
    #[error("{0}")]
    RecordsOfSeveralLines(Told),

    /// Blanks around text make two groups of one.
    #[strum(serialize = "blanks_around_text")]
    #[error("{0}")]
    BlanksAroundText(Told),

    /// The same content was imported before.
    #[strum(serialize = "same_content_as")]
    #[error("{0}")]
    SameContentAs(Told),
}

impl Warning {
    /// Every code, in the order of the table.
    pub const CODES: &[&str] = <Self as strum::VariantNames>::VARIANTS;

    /// The code: stable, for programs.
    pub fn code(&self) -> &'static str {
        self.into()
    }

    /// The places in the file that it speaks of, for programs.
    pub fn found(&self) -> &[Found] {
        match self {
            Self::DatesMonthFirst(told)
            | Self::DatesDayFirst(told)
            | Self::DatesMixed(told)
            | Self::DatesAmbiguous(told)
            | Self::DatesOutOfOrder(told)
            | Self::RowsRejected(told)
            | Self::RecordsOfSeveralLines(told)
            | Self::BlanksAroundText(told)
            | Self::SameContentAs(told) => &told.found,
            Self::UnknownColumns(_)
            | Self::ColumnsMissing(_)
            | Self::RowErrorsNotKept { .. }
            | Self::RejectedRowsNotKept { .. } => &[],
        }
    }
}
