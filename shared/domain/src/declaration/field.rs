//! The fields of a declaration.

mod read;
mod values;

use super::known::Type;
use crate::cell::Kind;
use crate::forms::Group;

pub(super) use read::{Draft, MISSING_VALUES, read};

/// One field of a declaration.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// The key in answers and filters, and a heading in files.
    pub name: String,
    /// What it is called where people read it, and another heading.
    pub title: Option<String>,
    /// Other headings of it in files.
    pub titles: Vec<String>,
    /// What it means, for people.
    pub description: Option<String>,
    /// A cell as it may be.
    pub example: Option<String>,
    /// The cells that mean no value; `None` is as the document says.
    pub missing_values: Option<Vec<String>>,
    /// True if every row has a value.
    pub required: bool,
    /// What is declared of its cells.
    pub form: Form,
    /// What its cells may hold, made from `form`.
    pub kind: Kind,
}

/// What a declaration says of the cells of a field, as it says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// The type.
    pub of: Type,
    /// What a string must be.
    pub text: TextForm,
    /// The patterns of dates and times, `default` among them; empty for the default alone.
    pub formats: Vec<String>,
    /// The zone of times.
    pub timezone: Option<String>,
    /// The character before decimals, if it is said.
    pub decimal: Option<u8>,
    /// The character between groups of digits, if there may be one.
    pub group: Option<Group>,
    /// False if other characters may stand around a number.
    pub bare: bool,
    /// The most decimals of a number.
    pub decimals: Option<u8>,
    /// The most significant digits of a number.
    pub digits: Option<u8>,
    /// What means true.
    pub true_values: Vec<String>,
    /// What means false.
    pub false_values: Vec<String>,
    /// The fewest characters.
    pub min_length: usize,
    /// The most characters.
    pub max_length: Option<usize>,
    /// What the whole of a text must match.
    pub pattern: Option<String>,
    /// The smallest value.
    pub minimum: Option<String>,
    /// The largest value.
    pub maximum: Option<String>,
    /// The only values.
    pub choices: Vec<String>,
}

/// What a string must be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TextForm {
    /// Any text.
    #[default]
    Any,
    /// An address of email.
    Email,
    /// A URI with its scheme.
    Uri,
    /// A UUID, stored as one.
    Uuid,
}

impl TextForm {
    /// The words for it.
    pub const WORDS: [(&str, TextForm); 4] = [
        ("default", TextForm::Any),
        ("email", TextForm::Email),
        ("uri", TextForm::Uri),
        ("uuid", TextForm::Uuid),
    ];

    /// The word for it.
    pub fn name(self) -> &'static str {
        let known = Self::WORDS.iter().find(|(_, it)| *it == self);
        known.map_or("default", |(name, _)| name)
    }
}

/// What means true, unless something else is declared.
pub const TRUE_VALUES: [&str; 4] = ["true", "True", "TRUE", "1"];
/// What means false, unless something else is declared.
pub const FALSE_VALUES: [&str; 4] = ["false", "False", "FALSE", "0"];

/// The word for the form of ISO 8601 among the formats.
pub const DEFAULT_FORMAT: &str = "default";

impl Form {
    /// Nothing but the type is said.
    pub fn new(of: Type) -> Self {
        let words = |words: &[&str]| match of {
            Type::Boolean => words.iter().map(|it| (*it).to_owned()).collect(),
            _ => Vec::new(),
        };
        Self {
            of,
            text: TextForm::Any,
            formats: Vec::new(),
            timezone: None,
            decimal: None,
            group: None,
            bare: true,
            decimals: None,
            digits: None,
            true_values: words(&TRUE_VALUES),
            false_values: words(&FALSE_VALUES),
            min_length: 0,
            max_length: None,
            pattern: None,
            minimum: None,
            maximum: None,
            choices: Vec::new(),
        }
    }
}
