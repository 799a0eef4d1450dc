//! What a sample leaves open.

use serde::Serialize;

use crate::words::shown;

/// What a person should look at before the declaration is used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Doubt {
    /// Where in the declaration.
    pub path: String,
    /// The code of its [`DoubtKind`].
    pub code: &'static str,
    /// What was found, and what to do.
    pub message: String,
}

impl Doubt {
    pub(super) fn at(path: impl Into<String>, kind: &DoubtKind) -> Self {
        Self {
            path: path.into(),
            code: kind.into(),
            message: kind.to_string(),
        }
    }
}

/// What a sample leaves open. A variant is a code; shown, it is a sentence.
#[derive(
    Clone, Debug, PartialEq, Eq, thiserror::Error, strum::IntoStaticStr, strum::VariantNames,
)]
#[strum(serialize_all = "snake_case")]
pub enum DoubtKind {
    /// Two delimiters cut the records alike.
    #[error("The file may be separated by `{other}` as well.")]
    DelimiterOpen {
        /// The other one.
        other: char,
    },
    /// The first record looks like data.
    #[error("The first line looks like a record: the columns are declared by their order.")]
    NoHeadingFound,
    /// A column has no heading.
    #[error("A column has no heading: it is ignored.")]
    ColumnWithoutName,
    /// Two columns have the same heading.
    #[error(
        "Another column has the heading \"{heading}\", too: give each its own in the file, or say that columns go by their order{}: \"dialect\": {{\"header\": false, \"commentRows\": [1]}}.",
        by_order(.others_unnamed)
    )]
    HeadingTwice {
        /// The heading.
        heading: String,
        /// Whether there is a column without a heading, which has no field.
        others_unnamed: bool,
    },
    /// Some records have another number of cells.
    #[error("{records} records have another number of cells, first in line {line}.")]
    OtherWidths {
        /// How many.
        records: usize,
        /// The line of the first.
        line: u64,
    },
    /// The text is not UTF-8.
    #[error(
        "The file is not UTF-8. It is taken for windows-1252, as Excel saves it: look at its names."
    )]
    NotUtf8,
    /// Nothing is in the column.
    #[error("The column is empty: nothing says what it holds.")]
    NothingSeen,
    /// Numbers with leading zeros.
    #[error("\"{cell}\" has a leading zero, so the column is text: as a number it would lose it.")]
    LeadingZeros {
        /// Such a cell.
        cell: String,
    },
    /// Digits with a plus before them or a power of ten, and no decimals.
    #[error(
        "\"{cell}\" may be a number or a name made of digits, such as a telephone number or a part number, so the column is text. If it is to be a number: \"type\": \"number\"{form}."
    )]
    NumberOrName {
        /// Such a cell.
        cell: String,
        /// What more is to be said of how it is written.
        form: String,
    },
    /// Days that can be read in two ways.
    #[error(
        "\"{cell}\" and all others can be read as {forms}. Say which: \"type\": \"date\" and one of them as \"format\"."
    )]
    DateOrderOpen {
        /// Such a cell.
        cell: String,
        /// The forms.
        forms: String,
    },
    /// Numbers that can be read in two ways.
    #[error(
        "\"{cell}\" may be a number with decimals or with groups of digits. Say which: \"type\": \"number\" with \"decimalChar\" or \"groupChar\"."
    )]
    DecimalOpen {
        /// Such a cell.
        cell: String,
    },
    /// Numbers in another form than those of other columns.
    #[error(
        "\"{cell}\" is a number written otherwise than in other columns, so the column is text."
    )]
    NumbersDiffer {
        /// Such a cell.
        cell: String,
    },
    /// Numbers with a sign of a currency, a percent sign or a unit.
    #[error(
        "\"{cell}\" is a number with something around it, so the column is text. If it is to be a number: \"type\": \"number\", \"bareNumber\": false{form}."
    )]
    NumberWithSigns {
        /// Such a cell.
        cell: String,
        /// What more is to be said of how it is written.
        form: String,
    },
    /// Most cells are of a type.
    #[error(
        "Most cells are of the type {of}, \"{cell}\" in line {line} is not, so the column is text."
    )]
    Mixed {
        /// The type.
        of: &'static str,
        /// A cell that is not.
        cell: String,
        /// Its line.
        line: u64,
    },
    /// Words that seem to mean nothing.
    #[error("It seems that no value is meant by {words}.")]
    MissingWords {
        /// The words.
        words: String,
    },
    /// Words of a text column that may mean nothing.
    #[error(
        "Perhaps no value is meant by {words}, which is text here. If so: \"missingValues\": [\"\", {words}]."
    )]
    WordsInText {
        /// The words.
        words: String,
    },
    /// A row that adds up the others.
    #[error("Line {line} looks like a row of totals, which is no record: remove it from the file.")]
    RowOfTotals {
        /// Its line.
        line: u64,
    },
    /// The heading is not at the beginning.
    #[error("The heading is on line {line}: the lines before it are no records.")]
    LinesBeforeHeading {
        /// Its line.
        line: u64,
    },
}

/// Doubts that say the same of several columns are one.
pub(super) fn merged(doubts: Vec<Doubt>) -> Vec<Doubt> {
    let mut counted: Vec<(Doubt, usize)> = Vec::new();
    for doubt in doubts {
        let same =
            |it: &&mut (Doubt, usize)| it.0.code == doubt.code && it.0.message == doubt.message;
        match counted.iter_mut().find(same) {
            Some((_, more)) => *more += 1,
            None => counted.push((doubt, 0)),
        }
    }
    let told = |(mut doubt, more): (Doubt, usize)| {
        match more {
            0 => {}
            1 => doubt.message.push_str(" So it is in another column."),
            more => doubt
                .message
                .push_str(&format!(" So it is in {more} other columns.")),
        }
        doubt
    };
    counted.into_iter().map(told).collect()
}

/// By their order, each column goes to the next field: also one that was to be ignored.
fn by_order(others_unnamed: &bool) -> &'static str {
    match others_unnamed {
        true => ", with a field for each that has no heading",
        false => "",
    }
}

impl DoubtKind {
    /// Every code.
    pub const CODES: &[&str] = <Self as strum::VariantNames>::VARIANTS;

    /// One of every code, for documents and tests.
    pub fn examples() -> Vec<Self> {
        let cell = || "1,234".to_owned();
        vec![
            Self::DelimiterOpen { other: '|' },
            Self::NoHeadingFound,
            Self::ColumnWithoutName,
            Self::HeadingTwice {
                heading: "Name".to_owned(),
                others_unnamed: false,
            },
            Self::OtherWidths {
                records: 2,
                line: 17,
            },
            Self::NotUtf8,
            Self::NothingSeen,
            Self::LeadingZeros {
                cell: "00123".to_owned(),
            },
            Self::NumberOrName {
                cell: "+4915112345678".to_owned(),
                form: String::new(),
            },
            Self::DateOrderOpen {
                cell: "1/2/2026".to_owned(),
                forms: "%m/%d/%Y or %d/%m/%Y".to_owned(),
            },
            Self::DecimalOpen { cell: cell() },
            Self::NumbersDiffer { cell: cell() },
            Self::NumberWithSigns {
                cell: "9,50 €".to_owned(),
                form: ", \"decimalChar\": \",\"".to_owned(),
            },
            Self::Mixed {
                of: "integer",
                cell: "12a".to_owned(),
                line: 17,
            },
            Self::MissingWords {
                words: "\"n/a\"".to_owned(),
            },
            Self::WordsInText {
                words: "\"n/a\"".to_owned(),
            },
            Self::RowOfTotals { line: 17 },
            Self::LinesBeforeHeading { line: 4 },
        ]
    }
}

/// A cell, as it is shown.
pub(super) fn cell(text: &str) -> String {
    shown(text.as_bytes())
}
