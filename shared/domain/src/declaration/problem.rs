//! What can be wrong with a declaration: one table of codes and sentences.

mod examples;

use serde::Serialize;

use crate::limits::{
    DATASET_NAME_CHARS_AT_MOST, DECLARATION_BYTES_AT_MOST, PATTERN_BYTES_AT_MOST,
    PATTERNS_BYTES_AT_MOST, ROW_BYTES_AT_MOST,
};
use crate::words;

/// What is wrong with a declaration, or with the change of one, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Problem {
    /// Where in the document: `fields[3].constraints.pattern`; empty for the whole of it.
    pub path: String,
    /// The code of its [`ProblemKind`].
    pub code: &'static str,
    /// What was found there, what is allowed, what to do.
    pub message: String,
}

impl Problem {
    /// The problem at a place of the document.
    pub fn at(path: impl Into<String>, kind: &ProblemKind) -> Self {
        Self {
            path: path.into(),
            code: kind.code(),
            message: kind.to_string(),
        }
    }
}

/// What can be wrong with a declaration. A variant is a code, stable and for programs; shown, it is
/// a sentence for people.
#[derive(
    Clone, Debug, PartialEq, Eq, thiserror::Error, strum::IntoStaticStr, strum::VariantNames,
)]
#[strum(serialize_all = "snake_case")]
pub enum ProblemKind {
    /// A property, a type or a value that is known elsewhere, or nowhere.
    #[error("`{what}` is not supported. {advice}")]
    NotSupported {
        /// What was found, as it is shown.
        what: String,
        /// What to do instead.
        advice: String,
    },

    /// Something that must be said is not.
    #[error("`{what}` is required: {allowed}.")]
    Required {
        /// The property.
        what: &'static str,
        /// What it may be.
        allowed: String,
    },

    /// A value of another kind of JSON.
    #[error("Use {allowed}.")]
    WrongType {
        /// What it may be.
        allowed: &'static str,
    },

    /// A word that is none of those known.
    #[error("\"{found}\" is none of the words known here: {allowed}.")]
    NotAChoice {
        /// The word, as it is shown.
        found: String,
        /// The words.
        allowed: String,
    },

    /// Nothing, or nothing but blanks.
    #[error("{}", words::NOT_BLANK)]
    Blank,

    /// A text with a character that PostgreSQL cannot hold.
    #[error("{}", words::NO_NUL)]
    NulCharacter,

    /// A text that is too long.
    #[error("Use at most {most} characters.")]
    TooLong {
        /// The most characters.
        most: usize,
    },

    /// A list that is too long.
    #[error("At most {most} are taken.")]
    TooMany {
        /// The most entries.
        most: usize,
    },

    /// The document has too many bytes.
    #[error(
        "The document has more than {most} bytes.",
        most = DECLARATION_BYTES_AT_MOST
    )]
    TooLarge,

    /// A whole number that is not within its bounds.
    #[error("Use a whole number from {least} to {most}.")]
    OutOfRange {
        /// The least.
        least: u64,
        /// The most.
        most: u64,
    },

    /// Something else than one character of those that can be meant.
    #[error("Use {allowed}.")]
    NotACharacter {
        /// The characters.
        allowed: &'static str,
    },

    /// No name of a dataset.
    #[error(
        "Use 1 to {most} lower-case letters of English, digits and underscores, and begin with a \
         letter.",
        most = DATASET_NAME_CHARS_AT_MOST
    )]
    BadName,

    /// A name of a dataset that means something else in a path.
    #[error("`{name}` means something else here: use another name.")]
    TakenName {
        /// The name.
        name: &'static str,
    },

    /// A name that two fields have.
    #[error("{first} has this name, too: each field has its own.")]
    DuplicateName {
        /// The path of the other field.
        first: String,
    },

    /// A heading that two fields would have in a file.
    #[error(
        "{first} is the same heading: headings are compared by their letters and digits alone."
    )]
    SameHeading {
        /// The path of the other heading.
        first: String,
    },

    /// A pattern that is no regular expression.
    #[error("This is no regular expression that is taken here: {why}.")]
    BadPattern {
        /// What is wrong with it.
        why: String,
    },

    /// Patterns that need too much memory.
    #[error(
        "A pattern may need {each} KiB of memory, and all of a declaration {most} MiB: make this one \
         simpler, say \\d as [0-9], or repeat less.",
        each = PATTERN_BYTES_AT_MOST >> 10,
        most = PATTERNS_BYTES_AT_MOST >> 20
    )]
    PatternsTooLarge,

    /// A date pattern that is none.
    #[error("{why}")]
    BadFormat {
        /// A sentence.
        why: String,
    },

    /// More different patterns than can be compared with one another.
    #[error("A declaration has at most {most} different patterns of dates and times.")]
    TooManyFormats {
        /// The most.
        most: usize,
    },

    /// Two date patterns that read one text as two days.
    #[error(
        "\"{one}\" and \"{other}\" disagree: one reads {text} as {first}, the other as {second}. \
         Use one of them."
    )]
    PatternsDisagree {
        /// The first pattern.
        one: String,
        /// The second pattern.
        other: String,
        /// A text that both read.
        text: String,
        /// What the first reads.
        first: String,
        /// What the second reads.
        second: String,
    },

    /// A name of no zone.
    #[error("\"{found}\" is no name of a zone: use one such as Europe/Berlin, or UTC.")]
    NoSuchZone {
        /// The name, as it is shown.
        found: String,
    },

    /// A bound that is no value of its field, or one that leaves nothing.
    #[error("{why}")]
    BadBounds {
        /// A sentence.
        why: String,
    },

    /// An example that the field itself would reject.
    #[error("The field would reject this: {why}")]
    BadExample {
        /// The sentence of the row error.
        why: String,
    },

    /// A number that JSON may have changed.
    #[error("This number may not be exact in JSON: write it as a string, with all of its digits.")]
    Inexact,

    /// A text that would mean two things in one file.
    #[error("{why}")]
    MeansTwoThings {
        /// A sentence.
        why: String,
    },

    /// A property that must be the same on all fields and is not.
    #[error("{first} says another one: it is the same on all numbers of a document.")]
    NotTheSame {
        /// The path of the other one.
        first: String,
    },

    /// A name of no field.
    #[error("No field has the name \"{found}\".{meant}")]
    UnknownField {
        /// The name, as it is shown.
        found: String,
        /// Which name may be meant, or nothing.
        meant: String,
    },

    /// A field that cannot be used for what it is named for.
    #[error("{why}")]
    WrongField {
        /// A sentence.
        why: String,
    },

    /// What no file, or no row of a table, could ever fulfil.
    #[error("{why}")]
    NeverFits {
        /// A sentence.
        why: String,
    },

    /// A field that was there is gone.
    #[error("The field \"{name}\" is gone, and rows have it. A new name is a new field.")]
    FieldRemoved {
        /// Its name.
        name: String,
    },

    /// A field has another type.
    #[error("The type was {old}: rows are stored by it.")]
    TypeChanged {
        /// The type before.
        old: &'static str,
    },

    /// A field would be stored in another way.
    #[error("It would be stored as {new}, and rows are stored as {old}.")]
    StorageChanged {
        /// How it is stored.
        old: &'static str,
        /// How it would be stored.
        new: &'static str,
    },

    /// A text field has other missing values.
    #[error(
        "The missing values of text cannot change: what is stored as text would become null, or \
         the other way round."
    )]
    MissingValuesChanged,

    /// A new field must have a value in every row, and the rows that are there have none.
    #[error("A new field is optional: rows that are stored do not have it.")]
    MustBeOptional,

    /// A part that rows, counts or sums are kept by.
    #[error("`{what}` cannot change: rows, counts or sums are kept by it.")]
    CannotChange {
        /// The part.
        what: &'static str,
    },
}

impl ProblemKind {
    /// Every code, in the order of the table.
    pub const CODES: &[&str] = <Self as strum::VariantNames>::VARIANTS;

    /// The code: stable, for programs.
    pub fn code(&self) -> &'static str {
        self.into()
    }

    /// True for what the JSON Schema of declarations refuses, too: it knows what stands where, not
    /// what it means.
    pub fn is_structural(code: &str) -> bool {
        const STRUCTURAL: [&str; 9] = [
            "not_supported",
            "required",
            "wrong_type",
            "not_a_choice",
            "blank",
            "too_long",
            "too_many",
            "out_of_range",
            "not_a_character",
        ];
        STRUCTURAL.contains(&code)
    }
}

/// That a row cannot be narrower than a page takes.
pub(super) fn too_wide(bytes: usize) -> ProblemKind {
    ProblemKind::NeverFits {
        why: format!(
            "A row of these required fields has {bytes} bytes or more, and a row that fits a page \
             of the database has {ROW_BYTES_AT_MOST}. Declare fewer, or make some of them optional."
        ),
    }
}
