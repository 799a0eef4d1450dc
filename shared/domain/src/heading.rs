//! The heading of a file: which column is which, and where the records begin.

use crate::plan::Start;
use crate::reason::Warning;

/// A heading that fits its dataset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// For each column of the file, its index in `dataset.columns`; `None` if it is unknown, and
    /// ignored.
    pub column_order: Vec<Option<usize>>,
    /// The headings of the ignored columns, trimmed, in the order of the file.
    pub unknown: Vec<String>,
    /// The object's first byte after the heading and its line break.
    pub byte_end: i64,
    /// Physical line of that byte; 1 is the first line.
    pub next_line: i64,
}

impl Heading {
    /// Where the plan of the file starts.
    pub fn data_start(&self) -> Start {
        Start::after_heading(self.byte_end, self.next_line)
    }

    /// The warning `unknown_columns`, which names the ignored columns; `None` if there are none.
    pub fn warning(&self) -> Option<Warning> {
        let unknown = !self.unknown.is_empty();
        unknown.then(|| Warning::UnknownColumns(self.unknown.clone()))
    }
}
