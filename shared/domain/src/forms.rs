//! What numbers and dates look like in the cells of a file.

mod date_forms;
mod other_numbers;

pub use date_forms::{DateForms, DateOrder};
pub(crate) use other_numbers::{is_shortened, words_for_numbers};

/// What numbers and dates look like in the cells of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Forms {
    /// The character before the decimals.
    pub decimal: u8,
    /// The character between groups of three digits, if there may be one.
    pub group: Option<Group>,
    /// The sign before or after an amount, if there may be one.
    pub currency: Option<Currency>,
    /// The forms of dates.
    pub dates: DateForms,
    /// True if these forms were said: they take the place of those that a column declares.
    pub dates_said: bool,
}

impl Forms {
    /// A decimal point, nothing between digits, no sign, M/D/YYYY or YYYY-MM-DD.
    pub const PLAIN: Forms = Forms {
        decimal: b'.',
        group: None,
        currency: None,
        dates: DateForms::BEFORE,
        dates_said: false,
    };
}

/// The character between groups of three digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// `1,234`
    Comma,
    /// `1.234`
    Point,
    /// `1'234`, or with the apostrophe U+2019.
    Apostrophe,
    /// `1 234`, also with the blanks U+00A0, U+2009 and U+202F that do not break a line.
    Blank,
    /// `1_234`
    Underscore,
}

impl Group {
    /// Every group character.
    pub const ALL: [Group; 5] = [
        Group::Comma,
        Group::Point,
        Group::Apostrophe,
        Group::Blank,
        Group::Underscore,
    ];

    /// The word for a blank where it is said.
    pub const BLANK: &str = "blank";

    /// The character.
    pub fn char(self) -> char {
        match self {
            Group::Comma => ',',
            Group::Point => '.',
            Group::Apostrophe => '\'',
            Group::Blank => ' ',
            Group::Underscore => '_',
        }
    }

    /// The group character of this text, if it is one.
    pub fn of(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|it| it.spellings().contains(&text))
    }

    /// Every way to write it in a file.
    pub(crate) fn spellings(self) -> &'static [&'static str] {
        match self {
            Group::Comma => &[","],
            Group::Point => &["."],
            Group::Apostrophe => &["'", "\u{2019}"],
            Group::Blank => &[" ", "\u{a0}", "\u{2009}", "\u{202f}"],
            Group::Underscore => &["_"],
        }
    }
}

/// A currency sign, at most eight bytes: `$`, `€`, `EUR`, `kr.`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Currency {
    bytes: [u8; 8],
    length: u8,
}

impl Currency {
    /// The sign of this text: one to eight bytes without digits, blanks at its ends, minus,
    /// quotes or line breaks.
    pub fn of(text: &str) -> Option<Self> {
        let unfit = |it: char| it.is_ascii_digit() || it.is_control() || "-\"".contains(it);
        let ends_blank = text.trim() != text;
        let only_points = text.chars().all(|it| ",.'_".contains(it));
        if ends_blank || only_points || text.len() > 8 || text.contains(unfit) {
            return None;
        }
        let mut bytes = [0; 8];
        bytes[..text.len()].copy_from_slice(text.as_bytes());
        let length = u8::try_from(text.len()).ok()?;
        Some(Self { bytes, length })
    }

    /// The sign.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.length)]
    }
}
