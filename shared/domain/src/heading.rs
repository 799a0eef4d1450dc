//! The heading of a file: which column is which, and where the records begin.

use crate::plan::Start;
use crate::reason::Warning;

/// What two headings are compared by: their letters and digits alone, in lower case; of one that has
/// none, such as `#`, its characters.
pub fn folded(name: &str) -> String {
    let known = name.chars().filter(|it| it.is_alphanumeric());
    let folded: String = known.flat_map(char::to_lowercase).collect();
    match folded.is_empty() {
        true => name.trim().to_owned(),
        false => folded,
    }
}

/// A heading that fits its dataset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// For each column of the file, its index in `dataset.columns`; `None` if it is unknown, and
    /// ignored.
    pub column_order: Vec<Option<usize>>,
    /// The headings of the ignored columns, trimmed, in the order of the file.
    pub unknown: Vec<String>,
    /// The headings of the dataset's columns that the file does not have.
    pub missing: Vec<String>,
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

    /// The warnings `unknown_columns`, which names the ignored columns, and `columns_missing`, which
    /// names those that are null in every row.
    pub fn warnings(&self) -> Vec<Warning> {
        let some = |names: &[String]| (!names.is_empty()).then(|| names.to_vec());
        let unknown = some(&self.unknown).map(Warning::UnknownColumns);
        let missing = some(&self.missing).map(Warning::ColumnsMissing);
        unknown.into_iter().chain(missing).collect()
    }
}
