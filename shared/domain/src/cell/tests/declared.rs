//! The kinds of declared columns, and their rules.

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
fn numbers_are_exact() {
    let digits = "12345678901234567890123456789012345678";
    let most: i128 = digits.parse().unwrap();
    table(
        &number(38, None, true),
        &[
            ("0", decimal(0, 0)),
            ("-0.00", decimal(0, 0)),
            ("1.50", decimal(15, 1)),
            ("-.5", decimal(-5, 1)),
            ("5.", decimal(5, 0)),
            ("+5", decimal(5, 0)),
            (" 1200 ", decimal(12, -2)),
            ("1e3", decimal(1, -3)),
            ("1.5E-300", decimal(15, 301)),
            ("-2.5e+2", decimal(-25, -1)),
            (digits, decimal(most, 0)),
            (&format!("-0.{digits}000"), decimal(-most, 38)),
            (&format!("{digits}9"), Err("too_many_digits")),
            (&format!("{}{digits}", "0".repeat(50)), decimal(most, 0)),
            ("1e400", Err("out_of_range")),
            ("1e399", decimal(1, -399)),
            ("1e-401", Err("out_of_range")),
            ("1e131071", Err("not_a_number")),
            ("0e9999", decimal(0, 0)),
            ("1e9999", Err("out_of_range")),
            ("NaN", Err("not_a_number")),
            ("INF", Err("not_a_number")),
            ("-Infinity", Err("not_a_number")),
            (".", Err("not_a_number")),
            ("e5", Err("not_a_number")),
            ("1e", Err("not_a_number")),
            ("1e5.5", Err("not_a_number")),
            ("+-5", Err("not_a_number")),
            ("--5", Err("not_a_number")),
            ("1,5", Err("not_a_number")),
            ("1_000", Err("not_a_number")),
            ("0x1", Err("not_a_number")),
            ("5%", Err("not_a_number")),
            ("", Err("required")),
        ],
    );
    table(
        &number(3, Some(2), true),
        &[
            ("1.23", decimal(123, 2)),
            ("1.5e1", decimal(15, 0)),
            ("1.5e-1", decimal(15, 2)),
            ("1.234", Err("too_many_digits")),
            ("0.001", Err("too_many_decimals")),
            ("1.500", Err("too_many_decimals")),
            ("1234", Err("too_many_digits")),
            ("1230", decimal(123, -1)),
        ],
    );
}

#[test]
fn numbers_in_other_forms() {
    by(
        &[("decimal", ","), ("group", "."), ("currency", "€")],
        &number(38, None, true),
        &[
            (",5", decimal(5, 1)),
            ("1.234,5", decimal(12_345, 1)),
            ("-1234,", decimal(-1_234, 0)),
            ("1.234e2", decimal(1_234, -2)),
            ("€ 1.234", decimal(1_234, 0)),
            ("1.5", Err("not_a_number")),
            ("1.23", Err("not_a_number")),
        ],
    );
}

#[test]
fn numbers_within_bounds() {
    let rules = Rules {
        min: Some(Decimal::new(-9, -1)),
        max: Some(Decimal::new(905, 1)),
        one_of: None,
    };
    let kind = Kind::Number(Arc::new(Number {
        rules,
        ..Number::any()
    }));
    table(
        &kind,
        &[
            ("-90", decimal(-90, 0)),
            ("90.5", decimal(905, 1)),
            ("90.50000000001", Err("out_of_range")),
            ("-90.01", Err("out_of_range")),
            ("1e300", Err("out_of_range")),
        ],
    );
    assert_eq!(
        says(&kind, "91"),
        "Ensure this value is between -90 and 90.5."
    );
    let rules = Rules {
        one_of: one_of(vec![Decimal::new(5, 1), Decimal::new(2, 0)]),
        ..Rules::default()
    };
    let kind = Kind::Number(Arc::new(Number {
        rules,
        ..Number::any()
    }));
    table(
        &kind,
        &[
            ("0.50", decimal(5, 1)),
            ("2e0", decimal(2, 0)),
            ("3", Err("not_in_enum")),
        ],
    );
}

#[test]
fn characters_around_a_number() {
    let integer = Kind::Integer {
        min: -100,
        max: 100,
        bare: false,
        one_of: None,
    };
    let whole = |it| Ok(Value::Integer(it));
    let no = Err("not_an_integer");
    table(
        &integer,
        &[
            ("95%", whole(95)),
            ("€95", whole(95)),
            ("EUR 95", whole(95)),
            ("-95 %", whole(-95)),
            ("-$5", whole(-5)),
            ("$-5", whole(-5)),
            ("5", whole(5)),
            ("(5)", no),
            ("5-", no),
            ("--5", no),
            ("\u{2212}5", no),
            ("5 m2", no),
            ("kr.5", no),
            ("$,5", no),
            ("%", no),
            ("101 %", Err("out_of_range")),
        ],
    );
    let number = number(38, None, false);
    table(
        &number,
        &[
            ("$.50", decimal(5, 1)),
            ("kr.50", Err("not_a_number")),
            ("-1.5e3 kg", decimal(-1_500, 0)),
            ("12.50 EUR", decimal(125, 1)),
        ],
    );
    let money = Kind::Money {
        bare: false,
        rules: None,
    };
    table(&money, &[("CHF 12.50", Ok(Value::Money(1_250)))]);
}

#[test]
fn whole_numbers_of_any_size() {
    let most = 10i128.pow(38) - 1;
    let kind = Kind::BigInteger(Arc::new(BigInteger {
        min: -5,
        max: most,
        bare: true,
        one_of: None,
    }));
    let nines = "9".repeat(38);
    table(
        &kind,
        &[
            (&nines, decimal(most, 0)),
            ("-5", decimal(-5, 0)),
            ("00012", decimal(12, 0)),
            ("-6", Err("out_of_range")),
            (&format!("{nines}0"), Err("out_of_range")),
            (&"9".repeat(60), Err("out_of_range")),
            ("1.0", Err("not_an_integer")),
            ("+1", Err("not_an_integer")),
        ],
    );
    let listed = Kind::Integer {
        min: 0,
        max: 9,
        bare: true,
        one_of: one_of(vec![1, 2, 3, 5, 7, 8]),
    };
    table(
        &listed,
        &[
            ("07", Ok(Value::Integer(7))),
            ("4", Err("not_in_enum")),
            ("10", Err("out_of_range")),
        ],
    );
    let sentence = "This is none of the values of its column: 1, 2, 3, 5, 7 or 1 more.";
    assert_eq!(says(&listed, "4"), sentence);
    let rules = Rules {
        min: Some(50),
        ..Rules::default()
    };
    let money = Kind::Money {
        bare: true,
        rules: rules.kept(),
    };
    assert_eq!(says(&money, "0.49"), "Ensure this value is at least 0.5.");
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

fn dates(formats: &[&str]) -> Kind {
    Kind::Date {
        formats: Some(Arc::new(DateFormats::new(formats).unwrap())),
        rules: None,
    }
}

#[test]
fn dates_in_declared_forms() {
    let day = Ok(Value::Date(date(2016, 1, 27)));
    let other = Err("bad_date");
    table(
        &dates(&["%d/%m/%Y", "%d %b %Y"]),
        &[
            ("27/1/2016", day),
            ("27 Jan 2016", day),
            ("2016-01-27", other),
            ("1/27/2016", other),
            ("30/2/2016", other),
            ("27.01.2016", other),
        ],
    );
    table(
        &dates(&["default"]),
        &[("2016-01-27", day), ("27/1/2016", other)],
    );
    table(
        &dates(&["%Y-%d-%m"]),
        &[("2016-27-01", day), ("2016-01-27", other)],
    );
    let kind = dates(&["%d/%m/%Y", "default"]);
    let sentence = "Date has wrong format. Use one of these formats instead: \
                    %d/%m/%Y (27/01/2016), YYYY-MM-DD (2016-01-27).";
    assert_eq!(says(&kind, "x"), sentence);
    let sentence = "There is no such date. It is read as %d/%m/%Y (27/01/2016), \
                    YYYY-MM-DD (2016-01-27).";
    assert_eq!(says(&kind, "30/2/2016"), sentence);
    let late = Kind::Date {
        formats: None,
        rules: Rules {
            max: Some(date(2016, 1, 26)),
            ..Rules::default()
        }
        .kept(),
    };
    table(&late, &[("1/27/2016", Err("out_of_range"))]);
    assert_eq!(
        says(&late, "1/27/2016"),
        "Ensure this value is at most 2016-01-26."
    );
}

#[test]
fn an_order_that_is_said_takes_the_place_of_numeric_forms() {
    let kind = dates(&["%m/%d/%Y", "%m.%d.%y", "%d %b %Y", "%Y%m%d"]);
    by(
        &[("dates", "dmy")],
        &kind,
        &[
            ("27/1/2016", Ok(Value::Date(date(2016, 1, 27)))),
            ("3.4.2016", Ok(Value::Date(date(2016, 4, 3)))),
            ("27 Jan 2016", Ok(Value::Date(date(2016, 1, 27)))),
            ("20160127", Ok(Value::Date(date(2016, 1, 27)))),
            ("2016-01-27", Ok(Value::Date(date(2016, 1, 27)))),
            ("1/27/2016", Err("bad_date")),
            ("01.27.16", Err("bad_date")),
        ],
    );
}

#[test]
fn datetimes_are_stored_as_written() {
    let kind = Kind::Datetime(Arc::new(Datetime {
        patterns: Vec::new(),
        rules: Rules::default(),
    }));
    let at = |it: DateTime| Ok(Value::Datetime(it));
    table(
        &kind,
        &[
            ("2024-02-01T10:00:00", at(datetime(2024, 2, 1, 10, 0, 0, 0))),
            ("2024-02-01 10:00", at(datetime(2024, 2, 1, 10, 0, 0, 0))),
            (
                "2024-02-01T10:00:00.000001",
                at(datetime(2024, 2, 1, 10, 0, 0, 1_000)),
            ),
            (
                "2024-03-31T02:30:00",
                at(datetime(2024, 3, 31, 2, 30, 0, 0)),
            ),
            ("2024-02-01T10:00:00.0000001", Err("bad_datetime")),
            ("2024-02-01T10:00:60", Err("bad_datetime")),
            ("2024-02-01T10:00:00Z", Err("bad_datetime")),
            ("2024-02-30T10:00:00", Err("bad_datetime")),
            ("2024-02-01", Err("bad_datetime")),
            ("", Err("required")),
        ],
    );
    let sentence = "Datetime has wrong format. Use one of these formats instead: \
                    YYYY-MM-DDThh:mm:ss (2016-01-27T14:05:09).";
    assert_eq!(says(&kind, "x"), sentence);
    let patterns = ["%d.%m.%Y %H:%M", "%d.%m.%Y"];
    let german = Kind::Datetime(Arc::new(Datetime {
        patterns: patterns
            .map(|it| Pattern::new(it, Of::Datetime).unwrap())
            .to_vec(),
        rules: Rules {
            min: Some(datetime(2024, 1, 1, 0, 0, 0, 0)),
            ..Rules::default()
        },
    }));
    table(
        &german,
        &[
            ("1.2.2024 9:05", at(datetime(2024, 2, 1, 9, 5, 0, 0))),
            ("1.2.2024", at(datetime(2024, 2, 1, 0, 0, 0, 0))),
            ("2024-02-01T10:00:00", Err("bad_datetime")),
            ("31.12.2023 23:59", Err("out_of_range")),
        ],
    );
}

/// Clocks go forward at the end of March and back at the end of October.
pub(super) fn berlin() -> TimeZone {
    TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap()
}

#[test]
fn times_of_a_zone_are_points_in_time() {
    let kind = Kind::Timestamp(Arc::new(Zoned {
        patterns: Vec::new(),
        zone: berlin(),
        rules: Rules::default(),
    }));
    let utc = |it: DateTime| Ok(Value::Timestamp(Offset::UTC.to_timestamp(it).unwrap()));
    table(
        &kind,
        &[
            ("2024-02-01T10:00:00", utc(datetime(2024, 2, 1, 9, 0, 0, 0))),
            ("2024-07-01T10:00:00", utc(datetime(2024, 7, 1, 8, 0, 0, 0))),
            (
                "2024-07-01T10:00:00Z",
                utc(datetime(2024, 7, 1, 10, 0, 0, 0)),
            ),
            (
                "2024-07-01T10:00:00-05:00",
                utc(datetime(2024, 7, 1, 15, 0, 0, 0)),
            ),
            (
                "2024-03-31T01:59:59",
                utc(datetime(2024, 3, 31, 0, 59, 59, 0)),
            ),
            ("2024-03-31T02:30:00", Err("no_such_time")),
            (
                "2024-03-31T03:00:00",
                utc(datetime(2024, 3, 31, 1, 0, 0, 0)),
            ),
            ("2024-10-27T02:30:00", Err("time_exists_twice")),
            (
                "2024-10-27T02:30:00+01:00",
                utc(datetime(2024, 10, 27, 1, 30, 0, 0)),
            ),
            (
                "2024-10-27T02:30:00+02:00",
                utc(datetime(2024, 10, 27, 0, 30, 0, 0)),
            ),
            ("9999-12-31T23:59:59-18:00", Err("bad_datetime")),
            // In UTC this is a day of the year before the first.
            ("0001-01-01T00:00:00", Err("bad_datetime")),
            ("0001-01-01T01:00:00", utc(datetime(1, 1, 1, 0, 0, 0, 0))),
            ("2024-02-01T10:00:60", Err("bad_datetime")),
        ],
    );
}

#[test]
fn times_of_day_years_and_months() {
    let time_of_day = Kind::Time(Arc::new(TimeOfDay {
        patterns: Vec::new(),
        rules: Rules {
            max: Some(time(18, 0, 0, 0)),
            ..Rules::default()
        },
    }));
    table(
        &time_of_day,
        &[
            ("10:00:00", Ok(Value::Time(time(10, 0, 0, 0)))),
            ("10:00:00.5", Ok(Value::Time(time(10, 0, 0, 500_000_000)))),
            ("10:00:60", Err("bad_time")),
            ("25:00:00", Err("bad_time")),
            ("10 am", Err("bad_time")),
            ("18:00:00.000001", Err("out_of_range")),
        ],
    );
    table(
        &Kind::Year(None),
        &[
            ("2016", Ok(Value::Year(2016))),
            (" 0001 ", Ok(Value::Year(1))),
            ("0000", Err("bad_year")),
            ("16", Err("bad_year")),
            ("-2016", Err("bad_year")),
            ("20160", Err("bad_year")),
        ],
    );
    let from_2000 = Rules {
        min: Some(2_000),
        ..Rules::default()
    };
    table(
        &Kind::Year(from_2000.kept()),
        &[("1999", Err("out_of_range"))],
    );
    table(
        &Kind::Yearmonth(None),
        &[
            ("2016-01", Ok(Value::Date(date(2016, 1, 1)))),
            ("2016-13", Err("bad_yearmonth")),
            ("2016-1", Err("bad_yearmonth")),
            ("0000-01", Err("bad_yearmonth")),
            ("201601", Err("bad_yearmonth")),
        ],
    );
}
