//! Why a record is rejected.

use std::collections::BTreeSet;

use domain::rejection::Rejection;

use super::table::{code, examples_of, table};

const ROW_ERRORS: &str = "## Row errors

`code` of a row error. A record has either one of the first six, or one for each cell that does not fit, or one for each total that does not add up.

";

const CODES: [(&str, &str); 32] = [
    (
        "open_quote",
        "A quote opens in the record and is not closed before the end of the file.",
    ),
    (
        "broken_quotes",
        "Text follows a closing quote, blanks stand before an opening one, or one opens in the middle of a cell or is never closed.",
    ),
    (
        "too_many_lines",
        "The record has too many lines; a quote in it may be wrong.",
    ),
    (
        "wrong_column_count",
        "The record has more or fewer cells than the heading.",
    ),
    (
        "row_of_totals",
        "The record begins with `Total`, or another word for it, and lacks cells: the sum of a report, not a record.",
    ),
    (
        "row_too_wide",
        "The row has so many short values that no page of the database has room for it.",
    ),
    (
        "required",
        "The cell is empty and its column is not text, or it is one of the texts that mean no value and the column must have one.",
    ),
    ("not_utf8", "The text is not UTF-8."),
    (
        "not_decodable",
        "The cell has bytes that mean nothing in the encoding of the file.",
    ),
    ("nul_character", "The text has a null character."),
    ("too_long", "The text has too many characters."),
    ("too_short", "The text has too few characters."),
    (
        "pattern_does_not_match",
        "The whole text is not as the `pattern` of its column says.",
    ),
    ("bad_email", "The text is no email address."),
    ("bad_uri", "The text is no URI with a scheme."),
    ("not_a_uuid", "The cell is no UUID with its hyphens."),
    (
        "not_in_enum",
        "The value is none of those that its column lists (`enum`).",
    ),
    (
        "not_a_boolean",
        "The cell is none of the texts that mean true or false in its column.",
    ),
    ("not_an_integer", "The cell is not a whole number."),
    ("not_a_number", "The cell is not an amount or a number."),
    (
        "too_many_decimals",
        "The amount has more than two decimals, or the number more than its column takes.",
    ),
    (
        "too_many_digits",
        "The number has more significant digits than its column takes.",
    ),
    (
        "out_of_range",
        "The value is too small or too large for its column.",
    ),
    (
        "bad_date",
        "The date has another form, or is not in the calendar.",
    ),
    (
        "bad_datetime",
        "The date with its time has another form (also more than six decimals), or there is no such moment (also a second of 60).",
    ),
    (
        "bad_time",
        "The time has another form, or is none of a day.",
    ),
    ("bad_year", "The year has not four digits, or is 0."),
    (
        "bad_yearmonth",
        "The month is not a year, a hyphen and a month.",
    ),
    (
        "no_such_time",
        "Clocks of the column's zone were put forward over this time.",
    ),
    (
        "time_exists_twice",
        "Clocks of the column's zone were put back over this time, and the cell has no offset.",
    ),
    (
        "wrong_total",
        "The amount is not what the other cells of its record add up or multiply to.",
    ),
    (
        "missing_column",
        "The file lacks a column that must have a value. It cannot happen once the heading was accepted.",
    ),
];

/// The table, each code with its sentences.
pub fn page() -> String {
    let examples = Rejection::examples();
    let rows = CODES.map(|(word, why)| {
        let says = examples.iter().filter(|it| it.code() == word);
        [code(word), why.to_owned(), examples_of(says)]
    });
    format!("{ROW_ERRORS}{}", table(["code", "why", "sentence"], rows))
}

#[test]
fn these_are_the_codes_of_the_enum() {
    let listed = BTreeSet::from(CODES.map(|it| it.0));
    assert_eq!(listed, Rejection::CODES.iter().copied().collect());
}
