use serde::{Deserialize, Serialize};

use crate::forms::is_shortened;
use crate::rejection::RowError;
use crate::words;

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
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
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

impl Found {
    /// Where it is, and what stands there.
    pub(crate) fn in_words(&self) -> String {
        let Self { line, cell, .. } = self;
        match &self.column {
            Some(column) => format!("\"{column}\" on line {line} is \"{cell}\"."),
            None if cell.is_empty() => format!("The first is on line {line}."),
            None => format!("\"{cell}\" on line {line} is not UTF-8."),
        }
    }
}

/// What to do so that these places are read: a sentence for numbers that were shortened, and one
/// with all that could be said.
pub(crate) fn advice(found: &[Found]) -> Vec<String> {
    let mut sentences = Vec::new();
    if found.iter().any(|it| is_shortened(it.cell.as_bytes())) {
        sentences.push(words::SHORTENED.to_owned());
    }
    let mut readings: Vec<&str> = found
        .iter()
        .flat_map(|it| &it.readings)
        .map(String::as_str)
        .collect();
    readings.sort_unstable();
    readings.dedup();
    if !readings.is_empty() {
        sentences.push(words::say(&readings));
    }
    sentences
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
