//! Why a record, or one cell of it, was rejected: one table of codes and sentences.

mod examples;

use std::fmt;

use crate::forms::DateForms;
use crate::limits::{RECORD_LINES_AT_MOST, ROW_BYTES_AT_MOST};
use crate::words;

/// Why a record, or one cell of it, was rejected. A variant is a code, stable and for programs;
/// shown, it is a sentence for people. Neither ever holds the cell's value.
#[derive(
    Clone, Debug, PartialEq, Eq, thiserror::Error, strum::IntoStaticStr, strum::VariantNames,
)]
pub enum Rejection {
    /// A cell that must have a value has none.
    #[strum(serialize = "required")]
    #[error("{}", words::NOT_BLANK)]
    Required,

    /// A text has a NUL, which PostgreSQL cannot hold.
    #[strum(serialize = "nul_character")]
    #[error("{}", words::NO_NUL)]
    NulCharacter,

    /// A text is not UTF-8.
    #[strum(serialize = "not_utf8")]
    #[error("This text is not valid UTF-8.")]
    NotUtf8,

    /// A cell has bytes that are nothing in the encoding of the file.
    #[strum(serialize = "not_decodable")]
    #[error("This cell has bytes that mean nothing in the encoding the file is read by.")]
    NotDecodable,

    /// A text has more characters than its column takes.
    #[strum(serialize = "too_long")]
    #[error("{}", words::too_long(*chars_at_most))]
    TooLong {
        /// The most characters.
        chars_at_most: usize,
    },

    /// A text has fewer characters than its column takes.
    #[strum(serialize = "too_short")]
    #[error("Ensure this field has at least {chars_at_least} characters.")]
    TooShort {
        /// The fewest characters.
        chars_at_least: usize,
    },

    /// A text is not as the pattern of its column says.
    #[strum(serialize = "pattern_does_not_match")]
    #[error("This does not match the pattern {0} of its column.")]
    PatternDoesNotMatch(Box<str>),

    /// A text of addresses has something else.
    #[strum(serialize = "bad_email")]
    #[error("Enter a valid email address, such as ada@example.org.")]
    BadEmail,

    /// A text of URIs has something else.
    #[strum(serialize = "bad_uri")]
    #[error("Enter a valid URI with its scheme, such as https://example.org/.")]
    BadUri,

    /// A cell of UUIDs has something else.
    #[strum(serialize = "not_a_uuid")]
    #[error("Enter a valid UUID, such as 123e4567-e89b-12d3-a456-426614174000.")]
    NotAUuid,

    /// A value is none of those that its column lists.
    #[strum(serialize = "not_in_enum")]
    #[error("This is none of the values of its column: {0}.")]
    NotInEnum(Box<str>),

    /// A cell of true and false has something else.
    #[strum(serialize = "not_a_boolean")]
    #[error("Neither true nor false. Use one of these instead: {0}.")]
    NotABoolean(Box<str>),

    /// A cell of whole numbers has something else.
    #[strum(serialize = "not_an_integer")]
    #[error("A valid integer is required, such as {0}")]
    NotAnInteger(Box<NoNumber>),

    /// A cell of amounts has something else.
    #[strum(serialize = "not_a_number")]
    #[error("A valid number is required, such as {0}")]
    NotANumber(Box<NoNumber>),

    /// An amount has parts of a cent, or a number more decimals than its column takes.
    #[strum(serialize = "too_many_decimals")]
    #[error("Ensure that there are no more than {0} decimal places.")]
    TooManyDecimals(u8),

    /// A number has more significant digits than its column takes.
    #[strum(serialize = "too_many_digits")]
    #[error("Ensure that there are no more than {0} significant digits.")]
    TooManyDigits(u8),

    /// A number does not fit its column.
    #[strum(serialize = "out_of_range")]
    #[error("{0}")]
    OutOfRange(OutOfRange),

    /// A cell of dates has something else.
    #[strum(serialize = "bad_date")]
    #[error("{0}")]
    BadDate(BadDate),

    /// A cell of dates with times has something else.
    #[strum(serialize = "bad_datetime")]
    #[error("{0}")]
    BadDatetime(BadForm),

    /// A cell of times has something else.
    #[strum(serialize = "bad_time")]
    #[error("{0}")]
    BadTime(BadForm),

    /// A cell of years has something else.
    #[strum(serialize = "bad_year")]
    #[error("Year has wrong format. Use this format instead: YYYY (2016).")]
    BadYear,

    /// A cell of months has something else.
    #[strum(serialize = "bad_yearmonth")]
    #[error("Month has wrong format. Use this format instead: YYYY-MM (2016-01).")]
    BadYearmonth,

    /// Clocks were put forward over this time.
    #[strum(serialize = "no_such_time")]
    #[error("There is no such time in {0}: clocks were put forward over it.")]
    NoSuchTime(Box<str>),

    /// Clocks were put back over this time.
    #[strum(serialize = "time_exists_twice")]
    #[error("This time was twice in {0}: clocks were put back. Write its offset, such as +02:00.")]
    TimeExistsTwice(Box<str>),

    /// A file that ends inside quotes has lost a quote somewhere: whatever comes after it was taken
    /// for part of one field, so the record is not to be trusted even where its columns are as many.
    #[strum(serialize = "open_quote")]
    #[error(
        "A quote opens in this record and is never closed: the rest of the file was read as part \
         of it."
    )]
    OpenQuote,

    /// A quote in the record does not mean what it says.
    #[strum(serialize = "broken_quotes")]
    #[error("{}", broken(.0))]
    BrokenQuotes(BrokenQuotes),

    /// The record has more lines than any that is taken, in a dataset whose cells have one.
    #[strum(serialize = "too_many_lines")]
    #[error(
        "This record has {0} lines; at most {most} are taken. A quote in it may be wrong.",
        most = RECORD_LINES_AT_MOST
    )]
    TooManyLines(u64),

    /// The record has more or fewer columns than the heading.
    #[strum(serialize = "wrong_column_count")]
    #[error(
        "Expected {expected} {} as in the heading, found {found}.",
        if *expected == 1 { "column" } else { "columns" }
    )]
    WrongColumnCount {
        /// Columns of the heading.
        expected: usize,
        /// Columns of the record.
        found: usize,
    },

    /// The sum of the records above it, as reports have it.
    #[strum(serialize = "row_of_totals")]
    #[error("This looks like a row of totals, not like a record. Remove it.")]
    RowOfTotals,

    /// A column of the dataset is not in the file.
    #[strum(serialize = "missing_column")]
    #[error("The file does not have this column.")]
    MissingColumn,

    /// PostgreSQL has no room for the row.
    #[strum(serialize = "row_too_wide")]
    #[error(
        "This row needs {0} bytes; at most {most} are taken. Shorten its texts, or leave more of \
         its cells empty.",
        most = ROW_BYTES_AT_MOST
    )]
    RowTooWide(usize),

    /// A total is not what it should be.
    #[strum(serialize = "wrong_total")]
    #[error("This is not {expected}.")]
    WrongTotal {
        /// What it should be, in words: `Units Sold × Unit Price`.
        expected: String,
    },
}

/// Why a record, or one cell of it, was rejected, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowError {
    /// Number of the record; 1 is the first after the heading.
    pub record: i64,
    /// Physical line the record starts on; 1 is the first line of the file.
    pub line: i64,
    /// Heading of the column, or empty if the whole record is meant.
    pub column: String,
    /// The cell (or the record, its fields joined by commas), at most 200 characters, with
    /// U+FFFD for NUL (PostgreSQL's text cannot hold it) and for what is not UTF-8.
    pub value: String,
    /// The code of its [`Rejection`].
    pub code: &'static str,
    /// A sentence for people, without the value.
    pub message: String,
}

impl Rejection {
    /// Every code, in the order of the table.
    pub const CODES: &[&str] = <Self as strum::VariantNames>::VARIANTS;

    /// The code: stable, for programs.
    pub fn code(&self) -> &'static str {
        self.into()
    }

    /// What to do about a cell that is no number.
    pub(crate) fn help(&self) -> Option<&NumberHelp> {
        match self {
            Self::NotAnInteger(it) | Self::NotANumber(it) => Some(&it.help),
            _ => None,
        }
    }
}

/// What is said of a cell that is no number. It is boxed: every cell that is one is returned in the
/// place of a rejection.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{example}.{help}")]
pub struct NoNumber {
    /// One as the reading takes it.
    pub example: String,
    /// What to do about it.
    pub help: NumberHelp,
}

/// What to do about a cell that is no number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum NumberHelp {
    /// Nothing that could be said reads it.
    #[default]
    None,
    /// These words, said with the upload, would read it: `decimal=,`.
    Say(Vec<String>),
    /// Nothing reads it, because its digits are gone.
    Shortened,
}

impl fmt::Display for NumberHelp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => Ok(()),
            Self::Say(readings) => write!(f, " {}", words::say(readings)),
            Self::Shortened => write!(f, " {}", words::SHORTENED),
        }
    }
}

/// Where a number should be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OutOfRange {
    /// Between these, both included.
    #[error("Ensure this value is between {min} and {max}.")]
    Integer {
        /// The smallest.
        min: i64,
        /// The largest.
        max: i64,
    },
    /// The most digits of an amount before its point.
    #[error("Ensure that there are no more than {0} digits before the decimal point.")]
    Money(usize),
    /// Between these, both included, as they are written.
    #[error("Ensure this value is between {} and {}.", .0.0, .0.1)]
    Between(Box<(String, String)>),
    /// This or more.
    #[error("Ensure this value is at least {0}.")]
    AtLeast(Box<str>),
    /// This or less.
    #[error("Ensure this value is at most {0}.")]
    AtMost(Box<str>),
    /// The most digits of a number on either side of its point.
    #[error("Ensure that there are no more than {0} digits before and after the decimal point.")]
    Places(i16),
}

/// What is wrong with a date.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadDate {
    /// It is not written as one.
    #[error("Date has wrong format. Use one of these formats instead: {}.", .0.in_words())]
    Format(DateForms),
    /// It is written as one.
    #[error("There is no such day in the calendar. Dates are read as {}.", .0.in_words())]
    NoSuchDay(DateForms),
    /// It is not written as its column declares, or there is no such day.
    #[error("{0}")]
    Declared(BadForm),
}

/// What is wrong with a cell whose forms its column declares; the forms in words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadForm {
    /// It is not written so.
    #[error("{what} has wrong format. Use one of these formats instead: {forms}.", what = .0.what, forms = .0.forms)]
    Format(Box<Expected>),
    /// It is written so.
    #[error("There is no such {lower}. It is read as {forms}.", lower = .0.what.to_lowercase(), forms = .0.forms)]
    NoSuch(Box<Expected>),
}

/// What a cell should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    /// `Date`, `Datetime` or `Time`.
    pub what: &'static str,
    /// The forms of the column, each with an example.
    pub forms: String,
}

/// Where the first quote of a record stands that does not mean what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BrokenQuotes {
    /// Number of the field, from 0.
    pub field: usize,
    /// Physical line of the quote.
    pub line: u64,
    /// What is wrong.
    pub kind: BrokenKind,
}

/// What is wrong with a quote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BrokenKind {
    /// Text follows the closing quote: `"a" b`.
    TextAfter,
    /// Blanks stand before an opening quote, which is therefore data: ` "a"`.
    BlankBefore,
    /// A quote behind other text opens what a quote in a later cell closes: `7"a, b"`.
    Cut,
    /// No quote closes the cell on its line, and the lines after it are records of their own.
    NeverClosed,
}

fn broken(quotes: &BrokenQuotes) -> String {
    let at = format!("(line {}, cell {})", quotes.line, quotes.field + 1);
    match quotes.kind {
        BrokenKind::TextAfter => {
            format!(
                "Text follows the closing quote of a cell {at}. Double each quote that is text."
            )
        }
        BrokenKind::Cut => format!(
            "A quote opens in the middle of a cell {at} and is closed in a later one. Put the \
             whole cell in quotes, or add the delimiter that is missing."
        ),
        BrokenKind::NeverClosed => format!(
            "The quote before a cell {at} is never closed. Close it on that line, or remove it."
        ),
        BrokenKind::BlankBefore => format!(
            "Blanks stand before the opening quote of a cell {at}. Remove them, or say \
             skip_initial_space=true."
        ),
    }
}
