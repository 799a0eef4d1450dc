//! Sentences that cells of a file and fields of a request have in common: the contract's, word for
//! word. And how a cell is shown in a sentence.

use crate::limits::SHOWN_CELL_CHARS;

/// There is nothing, or nothing but white space.
pub const NOT_BLANK: &str = "This field may not be blank.";

/// PostgreSQL and file names alike cannot hold NUL.
pub const NO_NUL: &str = "Null characters are not allowed.";

/// It is no whole number.
pub const NOT_AN_INTEGER: &str = "A valid integer is required.";

/// It is no text.
pub const NOT_A_STRING: &str = "Not a valid string.";

/// It is no number.
pub const NOT_A_NUMBER: &str = "A valid number is required.";

/// It is neither true nor false.
pub const NOT_A_BOOLEAN: &str = "Must be a valid boolean.";

/// It is no day of the calendar.
pub const NOT_A_DATE: &str = "Date has wrong format. Use one of these formats instead: YYYY-MM-DD.";

/// It is no day with a time.
pub const NOT_A_DATETIME: &str = "Datetime has wrong format. Use one of these formats instead: \
    YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].";

/// It is no time of day.
pub const NOT_A_TIME: &str =
    "Time has wrong format. Use one of these formats instead: hh:mm[:ss[.uuuuuu]].";

/// It is no UUID.
pub const NOT_A_UUID: &str = "Must be a valid UUID.";

/// It is a number that no column can hold.
pub const TOO_LARGE: &str = "No column holds a whole number this large.";

/// The digits of a number are gone.
pub const SHORTENED: &str = "A spreadsheet has shortened long numbers (8.90E+08): show the column \
    as a number without decimals and save it again.";

/// What to say with the upload so that something is read.
pub fn say(readings: &[impl AsRef<str>]) -> String {
    let readings: Vec<&str> = readings.iter().map(AsRef::as_ref).collect();
    format!("Say {} to read it.", readings.join(" and "))
}

/// It has more characters than these.
pub fn too_long(chars_at_most: usize) -> String {
    format!("Ensure this field has no more than {chars_at_most} characters.")
}

/// The text of a cell, or of what begins like it, as it is shown: cut, and with what cannot be
/// seen written out.
pub fn shown(cell: &[u8]) -> String {
    let start = &cell[..cell.len().min(4 * SHOWN_CELL_CHARS)];
    let text = String::from_utf8_lossy(start);
    let cut = text.chars().nth(SHOWN_CELL_CHARS).is_some() || start.len() < cell.len();
    let mut shown: String = text.chars().take(SHOWN_CELL_CHARS).map(visible).collect();
    if cut {
        shown.push('…');
    }
    shown
}

/// Characters without a shape are written out, so that two names never look alike.
pub fn visible(char: char) -> String {
    let hidden =
        matches!(char as u32, 0xad | 0x200b..=0x200f | 0x2028..=0x202e | 0x2060..=0x2064 | 0xfeff);
    match char {
        '\u{a0}' | '\u{202f}' => format!("\\u{:04x}", char as u32),
        _ if hidden || char.is_control() => format!("\\u{:04x}", char as u32),
        _ => char.to_string(),
    }
}
