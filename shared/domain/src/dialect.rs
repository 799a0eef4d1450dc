//! What can be said of the text of a file before anything is known of its columns.

use serde::{Deserialize, Serialize};

/// How the text of a file is stored as bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Encoding {
    /// The encoding that is read as it is. Every other one is decoded before the plan.
    #[default]
    #[serde(rename = "utf-8")]
    Utf8,
    /// Two bytes a unit, the lower first: what Excel calls Unicode text.
    #[serde(rename = "utf-16le")]
    Utf16Le,
    /// Two bytes a unit, the higher first.
    #[serde(rename = "utf-16be")]
    Utf16Be,
    /// One byte a character, as Excel saves CSV in western Europe and America. Latin-1 is taken
    /// as this: it differs only in control characters that no file means.
    #[serde(rename = "windows-1252")]
    Windows1252,
}

impl Encoding {
    /// Every encoding, in the order of declaration.
    pub const ALL: [Self; 4] = [Self::Utf8, Self::Utf16Le, Self::Utf16Be, Self::Windows1252];

    /// The encoding of this name.
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }

    /// The name in parameters and answers.
    pub fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 => "utf-8",
            Encoding::Utf16Le => "utf-16le",
            Encoding::Utf16Be => "utf-16be",
            Encoding::Windows1252 => "windows-1252",
        }
    }
}

/// How a quote, and whatever else is syntax, is written inside a cell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Escape {
    /// Two quotes between quotes are one.
    #[default]
    Doubled,
    /// Before a quote, a delimiter, a line break or itself this byte makes them data. Before any
    /// other it is data, too: `C:\temp` keeps its backslash.
    Byte(u8),
    /// Not at all: the next quote closes the cell.
    None,
}

/// What a dataset declares of the text of its files. What is `None` is found in each file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// How the text is stored.
    pub encoding: Option<Encoding>,
    /// The byte between two cells.
    pub delimiter: Option<u8>,
    /// The byte around a cell that holds syntax, or `None` if no byte means that.
    pub quote: Option<u8>,
    /// How syntax is written inside a cell.
    pub escape: Escape,
    /// True if blanks after a delimiter are no part of the next cell.
    pub skip_initial_space: bool,
    /// Physical lines before the heading.
    pub preamble: Option<u32>,
    /// Records that make the heading; 0 if there is none.
    pub heading_lines: Option<u32>,
}

impl Dialect {
    /// Nothing is declared: quotes are doubled, and the rest is found.
    pub const USUAL: Dialect = Dialect {
        encoding: None,
        delimiter: None,
        quote: Some(b'"'),
        escape: Escape::Doubled,
        skip_initial_space: false,
        preamble: None,
        heading_lines: None,
    };

    /// True if cells are written as they usually are: with commas between them, and in double quotes
    /// where they must be.
    pub fn has_usual_cells(&self) -> bool {
        self.delimiter.unwrap_or(b',') == b','
            && self.quote == Some(b'"')
            && self.escape == Escape::Doubled
            && !self.skip_initial_space
    }
}
