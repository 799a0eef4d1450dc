//! The kinds of declared columns, and their rules.

mod moments;
mod numbers;

use std::sync::Arc;

use jiff::civil::{DateTime, date, datetime, time};
use jiff::tz::{Offset, TimeZone};

use super::*;
use crate::cell::pattern::Pattern;

/// Each cell with its value, or with the code of its error.
fn table(kind: &Kind, table: &[(&str, Result<Value<'_>, &str>)]) {
    for (cell, expected) in table {
        let parsed = parse(kind, cell.as_bytes());
        if let Err(error) = &parsed {
            assert!(error.to_string().ends_with('.'), "{error}");
        }
        assert_eq!(
            &parsed.map_err(|it| it.code()),
            expected,
            "{kind:?} {cell:?}"
        );
    }
}

fn says(kind: &Kind, cell: &str) -> String {
    parse(kind, cell.as_bytes()).unwrap_err().to_string()
}

fn one_of<T: Ord>(mut values: Vec<T>) -> OneOf<T> {
    values.sort_unstable();
    Some(values.into())
}

fn number(digits: u8, decimals: Option<u8>, bare: bool) -> Kind {
    Kind::Number(Arc::new(Number {
        digits,
        decimals,
        bare,
        rules: Rules::default(),
    }))
}

fn decimal(mantissa: i128, scale: i16) -> Result<Value<'static>, &'static str> {
    Ok(Value::Number(Decimal::new(mantissa, scale)))
}

#[test]
fn a_value_takes_no_more_room_than_a_text() {
    assert_eq!(size_of::<Value<'_>>(), 24);
    assert!(size_of::<Kind>() <= 40, "{}", size_of::<Kind>());
}

#[test]
fn texts_by_their_rules() {
    let text = |rules| Kind::Text {
        max_chars: 8,
        rules: Some(Arc::new(rules)),
    };
    let at_least = text(TextRules {
        min_chars: 3,
        ..TextRules::default()
    });
    table(
        &at_least,
        &[
            ("abc", Ok(Value::Text("abc"))),
            ("äöü", Ok(Value::Text("äöü"))),
            ("\u{1F600}\u{1F600}", Err("too_short")),
            ("", Err("too_short")),
            ("abcdefghi", Err("too_long")),
            ("a\0b", Err("nul_character")),
        ],
    );
    let pattern = TextPattern::new("[A-Z]{2}[0-9]*", 1 << 20).unwrap();
    let matching = text(TextRules {
        pattern: Some(pattern),
        ..TextRules::default()
    });
    table(
        &matching,
        &[
            ("AB", Ok(Value::Text("AB"))),
            ("AB12", Ok(Value::Text("AB12"))),
            (" AB12", Err("pattern_does_not_match")),
            ("AB12\n", Err("pattern_does_not_match")),
            ("", Err("pattern_does_not_match")),
        ],
    );
    let listed = text(TextRules {
        one_of: one_of(["new", "paid", "sent"].map(str::to_owned).to_vec()),
        ..TextRules::default()
    });
    table(
        &listed,
        &[
            ("paid", Ok(Value::Text("paid"))),
            ("Paid", Err("not_in_enum")),
            ("paid ", Err("not_in_enum")),
        ],
    );
    let sentence = "This is none of the values of its column: new, paid or sent.";
    assert_eq!(says(&listed, "x"), sentence);
    for (format, good, code) in [
        (TextFormat::Email, "a@b.co", "bad_email"),
        (TextFormat::Uri, "urn:a", "bad_uri"),
    ] {
        let format = text(TextRules {
            format: Some(format),
            ..TextRules::default()
        });
        table(&format, &[(good, Ok(Value::Text(good))), ("?", Err(code))]);
    }
}

#[test]
fn uuids() {
    let text = "123e4567-e89b-12d3-a456-426614174000";
    let uuid = Uuid::parse_str(text).unwrap();
    table(
        &Kind::Uuid(None),
        &[
            (text, Ok(Value::Uuid(uuid))),
            (&text.to_uppercase(), Ok(Value::Uuid(uuid))),
            (
                " 123e4567-e89b-12d3-a456-426614174000 ",
                Ok(Value::Uuid(uuid)),
            ),
            (&text.replace('-', ""), Err("not_a_uuid")),
            (&format!("{{{text}}}"), Err("not_a_uuid")),
            (&format!("urn:uuid:{text}"), Err("not_a_uuid")),
            (&text.replace('a', "g"), Err("not_a_uuid")),
            ("", Err("required")),
        ],
    );
    let other = Kind::Uuid(one_of(vec![Uuid::nil()]));
    table(&other, &[(text, Err("not_in_enum"))]);
}

#[test]
fn true_and_false() {
    let texts = |texts: &[&str]| texts.iter().map(|it| (*it).to_owned()).collect();
    let boolean = |one_of| {
        Kind::Boolean(Arc::new(Boolean {
            true_values: texts(&["yes", "1"]),
            false_values: texts(&["no", "0"]),
            one_of,
        }))
    };
    table(
        &boolean(None),
        &[
            ("yes", Ok(Value::Boolean(true))),
            (" 0 ", Ok(Value::Boolean(false))),
            ("Yes", Err("not_a_boolean")),
            ("true", Err("not_a_boolean")),
            ("", Err("required")),
        ],
    );
    let sentence = "Neither true nor false. Use one of these instead: yes, 1, no, 0.";
    assert_eq!(says(&boolean(None), "x"), sentence);
    table(&boolean(one_of(vec![true])), &[("no", Err("not_in_enum"))]);
}

/// Clocks go forward at the end of March and back at the end of October.
pub(super) fn berlin() -> TimeZone {
    TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap()
}
