use std::fmt;

use super::Told;
use super::names::list;
use crate::limits::{COLUMNS_AT_MOST, HEADING_BYTES_AT_MOST};

/// What is wrong with a heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadHeading {
    /// It has not ended where it should have.
    TooLong,
    /// The first bytes of the file do not tell where it ends.
    NoEnd,
    /// Its quote is closed nowhere in the file.
    OpenQuote,
    /// It has more columns than are taken.
    TooManyColumns(usize),
    /// It has more columns than are taken; they were not counted to the end.
    MoreColumns,
    /// What the first look at the file says of it.
    Look(Told),
    /// Its names stand between other signs than commas.
    OtherDelimiter {
        /// The dataset it should be of.
        dataset: &'static str,
        /// The signs, in words.
        delimiter: &'static str,
    },
    /// It does not have each column of the dataset once.
    Columns {
        /// The dataset it should be of.
        dataset: &'static str,
        /// Columns of the dataset that it lacks.
        missing: Vec<&'static str>,
        /// Columns of the dataset that it has more than once.
        repeated: Vec<&'static str>,
        /// Its names that are no columns of the dataset.
        unknown: Vec<String>,
    },
}

impl fmt::Display for BadHeading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong => write!(
                f,
                "The heading is longer than {} KiB. A quote in it may never be closed.",
                HEADING_BYTES_AT_MOST / 1024
            ),
            Self::NoEnd => f.write_str("The first line is too long to be a heading."),
            Self::OpenQuote => f.write_str(
                "A quote in the heading is never closed: the whole file was read as part of it.",
            ),
            Self::TooManyColumns(found) => write!(
                f,
                "The heading has {found} columns; at most {COLUMNS_AT_MOST} are taken."
            ),
            Self::MoreColumns => write!(
                f,
                "The heading has more than {COLUMNS_AT_MOST} columns; at most {COLUMNS_AT_MOST} are taken."
            ),
            Self::Look(told) => told.fmt(f),
            Self::OtherDelimiter { dataset, delimiter } => write!(
                f,
                "{} Its columns are separated by {delimiter}; use commas, and a point in decimals.",
                does_not_fit(dataset)
            ),
            Self::Columns {
                dataset,
                missing,
                repeated,
                unknown,
            } => {
                f.write_str(&does_not_fit(dataset))?;
                sentence(f, "Missing", missing)?;
                sentence(f, "More than once", repeated)?;
                sentence(f, "Unknown", unknown)
            }
        }
    }
}

fn does_not_fit(dataset: &str) -> String {
    format!("The heading does not fit a {dataset} file.")
}

/// A sentence that lists names, if there are any.
fn sentence(f: &mut fmt::Formatter<'_>, label: &str, names: &[impl AsRef<str>]) -> fmt::Result {
    if names.is_empty() {
        return Ok(());
    }
    write!(f, " {label}: {}.", list(names))
}
