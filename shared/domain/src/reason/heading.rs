use std::fmt;

use super::Told;
use crate::limits::COLUMNS_AT_MOST;

/// What is wrong with a heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadHeading {
    /// The first bytes of the file do not tell where it ends.
    NoEnd,
    /// It has more columns than are taken; they were not counted to the end.
    MoreColumns,
    /// What the first look at the file says of it.
    Look(Told),
}

impl fmt::Display for BadHeading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoEnd => f.write_str("The first line is too long to be a heading."),
            Self::MoreColumns => write!(
                f,
                "The heading has more than {COLUMNS_AT_MOST} columns; at most {COLUMNS_AT_MOST} are taken."
            ),
            Self::Look(told) => told.fmt(f),
        }
    }
}
