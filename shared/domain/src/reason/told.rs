use serde::{Deserialize, Serialize};

use crate::rejection::RowError;

/// Sentences about a file, with the places they speak of.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct Told {
    /// One or more sentences for people.
    pub detail: String,
    /// The places, for programs.
    pub found: Vec<Found>,
    /// The row errors of a few records that it speaks of, in the order of the file: kept with the
    /// import, which no worker reads.
    pub examples: Vec<RowError>,
}

/// A place in a file that a reason speaks of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// Heading of the column; `None` if a whole line is meant.
    pub column: Option<String>,
    /// Physical line; 1 is the first line of the file.
    pub line: u64,
    /// The cell, cut at 40 characters; empty where a whole line is meant.
    pub cell: String,
    /// What could be said so that it is read, e.g. `dates=dmy`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub readings: Vec<String>,
}

impl Told {
    pub(crate) fn new(detail: impl Into<String>) -> Self {
        Self {
            detail: detail.into(),
            found: Vec::new(),
            examples: Vec::new(),
        }
    }

    pub(crate) fn at(mut self, found: impl IntoIterator<Item = Found>) -> Self {
        self.found.extend(found);
        self
    }

    pub(crate) fn with_examples(self, examples: Vec<RowError>) -> Self {
        Self { examples, ..self }
    }
}
