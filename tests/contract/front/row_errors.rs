//! Why a record is rejected.

use std::collections::BTreeSet;

use domain::rejection::Rejection;

use super::table::{code, examples_of, table};

const ROW_ERRORS: &str = "## Row errors

`code` of a row error. A record has either one of the first five, or one for each cell that does not fit, or one for each total that does not add up.

";

const CODES: [(&str, &str); 17] = [
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
    ("required", "The cell is empty, and its column is not text."),
    ("not_utf8", "The text is not UTF-8."),
    (
        "not_decodable",
        "The cell has bytes that mean nothing in the encoding of the file.",
    ),
    ("nul_character", "The text has a null character."),
    ("too_long", "The text has too many characters."),
    ("not_an_integer", "The cell is not a whole number."),
    ("not_a_number", "The cell is not an amount."),
    (
        "too_many_decimals",
        "The amount has more than two decimals.",
    ),
    (
        "out_of_range",
        "The number is too small or too large for its column.",
    ),
    (
        "bad_date",
        "The date has another form, or is not in the calendar.",
    ),
    (
        "wrong_total",
        "The amount is not what the other cells of its record add up or multiply to.",
    ),
    (
        "missing_column",
        "The file has no such column. It cannot happen once the heading was accepted.",
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
