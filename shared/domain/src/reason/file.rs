use super::{Found, Reason, Told};

/// Where the records of a file should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoRecords {
    /// There is not even a heading.
    #[error("The file is empty.")]
    Empty,
    /// There is only a heading.
    #[error("The file has a heading and nothing else: there is no record to import.")]
    OnlyHeading,
    /// There are records, and all of them are empty.
    #[error("The file has a heading and nothing but empty records: there is none to import.")]
    OnlyEmpty,
    /// It ends within the lines that are to be skipped: how many these are.
    #[error("The file ends within the first {0} lines, which are skipped.")]
    OnlySkipped(u32),
}

/// What a file is that is no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotText {
    /// Something else with a name.
    #[error("The file is {name}. {advice}")]
    Other {
        /// What it is.
        name: &'static str,
        /// What to do, in a sentence.
        advice: &'static str,
    },
    /// Something with NUL in it.
    #[error("The file has null characters in its heading: it is not a CSV text file.")]
    Nulls,
}

impl Reason {
    /// A quote is open at the end of the file.
    pub fn open_quote(line: u64) -> Self {
        let detail = format!(
            "A quote opens on line {line} and is never closed: everything after it would be one \
             cell. Close it, or say that the file has no quotes (quote=)."
        );
        let found = Found {
            line,
            readings: vec!["quote=".into()],
            ..Found::default()
        };
        Self::OpenQuote(Told::new(detail).at([found]))
    }
}
