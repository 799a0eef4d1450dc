//! Any bytes as a cell of every column: the value is exactly what the bytes say, or there is an
//! error that says why there is no value.

use domain::catalog;
use domain::cell::{self, Kind, Value};
use domain::money;

/// Every code a cell can be refused with.
const CODES: [&str; 9] = [
    "nul_character",
    "not_utf8",
    "too_long",
    "required",
    "not_an_integer",
    "not_a_number",
    "too_many_decimals",
    "out_of_range",
    "bad_date",
];

pub fn check(input: &[u8]) {
    for column in catalog::all().into_iter().flat_map(|it| &it.columns) {
        match cell::parse(&column.kind, input) {
            Ok(value) => is_exact(&column.kind, input, value),
            Err(error) => {
                assert!(CODES.contains(&error.code()), "{error:?}");
                let message = error.to_string();
                assert!(message.ends_with('.'), "{error:?}");
                assert!(message.len() < 200, "{error:?}");
            }
        }
    }
}

fn is_exact(kind: &Kind, cell: &[u8], value: Value<'_>) {
    let text = std::str::from_utf8(cell).expect("only text has a value");
    let trimmed = text.trim_ascii();
    match (kind, value) {
        (Kind::Text { max_chars, .. }, Value::Text(kept)) => {
            assert_eq!(kept, text);
            assert!(kept.chars().count() <= *max_chars && !kept.contains('\0'));
        }
        (Kind::Integer { min, max, .. }, Value::Integer(number)) => {
            assert_eq!(trimmed.parse(), Ok(i128::from(number)));
            assert!((*min..=*max).contains(&number));
        }
        (Kind::Money { .. }, Value::Money(cents)) => {
            assert_eq!(cents_of(trimmed), i128::from(cents));
            let shortest = money::format(cents);
            assert_eq!(cell::parse(kind, shortest.as_bytes()), Ok(value));
        }
        (Kind::Date { .. }, Value::Date(date)) => {
            let (year, month, day) = (date.year(), date.month(), date.day());
            assert!((1..=9999).contains(&year));
            let american = format!("{month}/{day}/{year:04}");
            assert_eq!(cell::parse(kind, american.as_bytes()), Ok(value));
            let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).count();
            assert!((6..=8).contains(&digits(trimmed)), "{trimmed}");
        }
        other => panic!("a value of another kind: {other:?}"),
    }
}

/// Moves the decimal point in the text, so that no arithmetic is shared with the parser.
fn cents_of(text: &str) -> i128 {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let cents = format!("{whole}{decimals:0<2}");
    cents.parse().expect("an amount is digits and a point")
}
