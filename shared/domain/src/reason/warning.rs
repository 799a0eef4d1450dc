use super::names::list;

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
}

impl Warning {
    /// Every code, in the order of the table.
    pub const CODES: &[&str] = <Self as strum::VariantNames>::VARIANTS;

    /// The code: stable, for programs.
    pub fn code(&self) -> &'static str {
        self.into()
    }
}
