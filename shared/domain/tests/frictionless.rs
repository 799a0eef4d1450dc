//! The package `frictionless` is the oracle of what a cell of Table Schema is: cases.json holds what
//! it says of each cell (recorded by record.py beside it), and here is what we say. Where the two
//! differ, the reason is listed, and nothing else is.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::cell::{
    Boolean, DateFormats, Datetime, Decimal, Kind, Number, Of, Pattern, Rules, TextFormat,
    TextPattern, TextRules, TimeOfDay,
};
use domain::dataset::Column;
use domain::forms::{Forms, Group};
use jiff::civil::date;
use serde::Deserialize;

const CASES: &str = include_str!("frictionless/cases.json");

#[derive(Deserialize)]
struct Case {
    name: String,
    field: serde_json::Value,
    cells: BTreeMap<String, String>,
}

fn text(rules: TextRules) -> Kind {
    Kind::Text {
        max_chars: 4,
        rules: Some(Arc::new(rules)),
    }
}

fn long(rules: TextRules) -> Kind {
    Kind::Text {
        max_chars: 1_000,
        rules: Some(Arc::new(rules)),
    }
}

fn list<T: Ord + Clone>(values: &[T]) -> Option<Arc<[T]>> {
    let mut values = values.to_vec();
    values.sort();
    Some(values.into())
}

fn integer(bare: bool, one_of: &[i64]) -> Kind {
    let one_of = list(one_of).filter(|it| !it.is_empty());
    Kind::Integer {
        min: i64::MIN,
        max: i64::MAX,
        bare,
        one_of,
    }
}

fn number(bare: bool, bounds: Option<i128>) -> Kind {
    Kind::Number(Arc::new(Number {
        bare,
        rules: Rules {
            min: bounds.map(|it| Decimal::from(-it)),
            max: bounds.map(Decimal::from),
            one_of: None,
        },
        ..Number::any()
    }))
}

fn boolean(true_values: &[&str], false_values: &[&str]) -> Kind {
    let texts = |it: &[&str]| it.iter().map(|it| (*it).to_owned()).collect();
    Kind::Boolean(Arc::new(Boolean {
        true_values: texts(true_values),
        false_values: texts(false_values),
        one_of: None,
    }))
}

fn dates(format: &str, rules: Rules<jiff::civil::Date>) -> Kind {
    Kind::Date {
        formats: Some(Arc::new(
            DateFormats::new(&[format]).expect("a pattern of dates"),
        )),
        rules: rules.kept(),
    }
}

fn patterns(format: &str, of: Of) -> Vec<Pattern> {
    vec![Pattern::new(format, of).expect("a pattern")]
}

fn datetime(format: &str) -> Kind {
    let patterns = patterns(format, Of::Datetime);
    let rules = Rules::default();
    Kind::Datetime(Arc::new(Datetime { patterns, rules }))
}

fn time(format: &str) -> Kind {
    let patterns = patterns(format, Of::Time);
    let rules = Rules::default();
    Kind::Time(Arc::new(TimeOfDay { patterns, rules }))
}

/// The kind that the field of a case is.
fn kind(name: &str) -> Kind {
    let format = |format| {
        long(TextRules {
            format: Some(format),
            ..TextRules::default()
        })
    };
    match name {
        "string" | "required string" => Kind::text(1_000),
        "string of 2 to 4" => text(TextRules {
            min_chars: 2,
            ..TextRules::default()
        }),
        "string by pattern" => long(TextRules {
            pattern: Some(TextPattern::new("[A-Z]{2}[0-9]+", 1 << 20).expect("a pattern")),
            ..TextRules::default()
        }),
        "string of a list" => long(TextRules {
            one_of: list(&["new".to_owned(), "paid".to_owned()]),
            ..TextRules::default()
        }),
        "email" => format(TextFormat::Email),
        "uri" => format(TextFormat::Uri),
        "uuid" => Kind::Uuid(None),
        "integer" => integer(true, &[]),
        "integer of 0 to 100" => Kind::integer(0, 100),
        "integer of a list" => integer(true, &[7, 100]),
        "integer with characters" => integer(false, &[]),
        "number" | "number with a comma" => number(true, None),
        "number of -90 to 90" => number(true, Some(90)),
        "number with characters" => number(false, None),
        "boolean" => boolean(
            &["true", "True", "TRUE", "1"],
            &["false", "False", "FALSE", "0"],
        ),
        "boolean in words" => boolean(&["yes"], &["no"]),
        "date" => dates("default", Rules::default()),
        "date by %d/%m/%Y" => dates("%d/%m/%Y", Rules::default()),
        "date by %d %b %Y" => dates("%d %b %Y", Rules::default()),
        "date from 2016-01-28" => dates(
            "default",
            Rules {
                min: Some(date(2016, 1, 28)),
                ..Rules::default()
            },
        ),
        "datetime" => datetime("default"),
        "datetime by %d.%m.%Y %H:%M" => datetime("%d.%m.%Y %H:%M"),
        "time" => time("default"),
        "time by %I:%M %p" => time("%I:%M %p"),
        "year" => Kind::Year(None),
        "yearmonth" => Kind::Yearmonth(None),
        other => panic!("no kind for {other}"),
    }
}

fn forms(name: &str) -> Forms {
    match name {
        "number with a comma" => Forms {
            decimal: b',',
            group: Some(Group::Point),
            ..Forms::PLAIN
        },
        _ => Forms::PLAIN,
    }
}

/// What we say, in the words of the oracle.
fn ours(case: &Case, cell: &str) -> &'static str {
    const RULES: [&str; 6] = [
        "too_short",
        "too_long",
        "pattern_does_not_match",
        "not_in_enum",
        "out_of_range",
        "too_many_digits",
    ];
    let column = Column {
        heading: String::new(),
        field: String::new(),
        titles: Vec::new(),
        name: String::new(),
        kind: kind(&case.name),
        required: case.field["constraints"]["required"] == true,
        missing: vec![String::new(), "n/a".to_owned()],
    };
    match column.parse(cell.as_bytes(), &forms(&case.name)) {
        Ok(_) => "ok",
        // Blanks that mean no value by nothing that is declared are none of the type.
        Err(error) if error.code() == "required" => match column.missing.contains(&cell.to_owned())
        {
            true => "rule",
            false => "type",
        },
        Err(error) if RULES.contains(&error.code()) => "rule",
        Err(_) => "type",
    }
}

/// Why we say something else: a reason, and the cells.
const DIFFERENCES: &[(&str, &[&str])] = &[
    (
        "Blanks around a value are dropped, as files of the original have them.",
        &[
            r#"boolean: " true " is type, ours ok"#,
            r#"date from 2016-01-28: " 2016-01-27 " is type, ours rule"#,
            r#"date: " 2016-01-27 " is type, ours ok"#,
            r#"year: " 2016 " is type, ours ok"#,
        ],
    ),
    (
        "A date of ISO 8601 has all its digits, and so has a month of a year.",
        &[
            r#"date from 2016-01-28: "2016-1-27" is rule, ours type"#,
            r#"date: "2016-1-27" is ok, ours type"#,
            r#"yearmonth: "16-01" is ok, ours type"#,
            r#"yearmonth: "2016-1" is ok, ours type"#,
        ],
    ),
    (
        "There is no year 0, and no day has an hour 24.",
        &[
            r#"year: "0000" is ok, ours type"#,
            r#"yearmonth: "0000-01" is ok, ours type"#,
            r#"datetime: "2024-02-01T24:00:00" is ok, ours type"#,
            r#"time: "24:00:00" is ok, ours type"#,
        ],
    ),
    (
        "A time without seconds is clear.",
        &[
            r#"datetime: "2024-02-01T10:00" is type, ours ok"#,
            r#"time: "10:00" is type, ours ok"#,
        ],
    ),
    (
        "An offset that is not stored would be lost: declare a `timezone`.",
        &[
            r#"datetime: "2024-02-01T10:00:00+02:00" is ok, ours type"#,
            r#"datetime: "2024-02-01T10:00:00Z" is ok, ours type"#,
            r#"time: "10:00:00Z" is ok, ours type"#,
        ],
    ),
    (
        "PostgreSQL has microseconds; a seventh decimal would be cut.",
        &[r#"datetime: "2024-02-01T10:00:00.1234567" is ok, ours type"#],
    ),
    (
        "Python's int() and Decimal() take what no file means: signs of other scripts and underscores.",
        &[
            r#"integer of 0 to 100: "1_000" is rule, ours type"#,
            r#"integer of 0 to 100: "٣" is ok, ours type"#,
            r#"integer of a list: "1_000" is rule, ours type"#,
            r#"integer of a list: "٣" is rule, ours type"#,
            r#"integer: "1_000" is ok, ours type"#,
            r#"integer: "٣" is ok, ours type"#,
            r#"number of -90 to 90: "1_000" is rule, ours type"#,
            r#"number of -90 to 90: "٣" is ok, ours type"#,
            r#"number: "1_000" is ok, ours type"#,
            r#"number: "٣" is ok, ours type"#,
        ],
    ),
    (
        "A whole number has no plus before it, as in the files of the original.",
        &[
            r#"integer of 0 to 100: "+7" is ok, ours type"#,
            r#"integer of a list: "+7" is ok, ours type"#,
            r#"integer: "+7" is ok, ours type"#,
        ],
    ),
    (
        "A whole number without bounds is a bigint, and a number has 38 significant digits.",
        &[
            r#"integer: "12345678901234567890123456789012345678901" is ok, ours rule"#,
            r#"integer: "9223372036854775808" is ok, ours rule"#,
            r#"number: "12345678901234567890123456789012345678901" is ok, ours rule"#,
        ],
    ),
    (
        "What is no number is not stored as one.",
        &[
            r#"number of -90 to 90: "-INF" is rule, ours type"#,
            r#"number of -90 to 90: "INF" is rule, ours type"#,
            r#"number of -90 to 90: "Infinity" is rule, ours type"#,
            r#"number of -90 to 90: "NaN" is rule, ours type"#,
            r#"number of -90 to 90: "inf" is rule, ours type"#,
            r#"number of -90 to 90: "nan" is rule, ours type"#,
            r#"number: "-INF" is ok, ours type"#,
            r#"number: "INF" is ok, ours type"#,
            r#"number: "Infinity" is ok, ours type"#,
            r#"number: "NaN" is ok, ours type"#,
            r#"number: "inf" is ok, ours type"#,
            r#"number: "nan" is ok, ours type"#,
        ],
    ),
    (
        "Characters around a number may mean something: the brackets and the minus of accountants, a point that may be a decimal point. A minus before the sign of a currency is one.",
        &[
            r#"integer with characters: "$.50" is ok, ours type"#,
            r#"integer with characters: "(5)" is ok, ours type"#,
            r#"integer with characters: "-$5" is type, ours ok"#,
            r#"integer with characters: "5-" is ok, ours type"#,
            r#"integer with characters: "kr.5" is ok, ours type"#,
            r#"number with characters: "(5)" is ok, ours type"#,
            r#"number with characters: "-$5" is type, ours ok"#,
            r#"number with characters: "5-" is ok, ours type"#,
            r#"number with characters: "kr.5" is ok, ours type"#,
        ],
    ),
    (
        "Groups have three digits: 1.23 with a decimal comma is not 123.",
        &[
            r#"number with a comma: "1.23" is ok, ours type"#,
            r#"number with a comma: "1.5" is ok, ours type"#,
        ],
    ),
    (
        "A URI is one by RFC 3986.",
        &[
            r#"uri: "http://" is ok, ours type"#,
            r#"uri: "http://a b" is ok, ours type"#,
            r#"uri: "http://a/%zz" is ok, ours type"#,
        ],
    ),
    (
        "A UUID is written in one way.",
        &[
            r#"uuid: "123e4567e89b12d3a456426614174000" is ok, ours type"#,
            r#"uuid: "urn:uuid:123e4567-e89b-12d3-a456-426614174000" is ok, ours type"#,
            r#"uuid: "{123e4567-e89b-12d3-a456-426614174000}" is ok, ours type"#,
        ],
    ),
];

#[test]
fn cells_are_what_the_oracle_says_or_it_is_told_why_not() {
    let cases: Vec<Case> = serde_json::from_str(CASES).unwrap();
    let mut found = BTreeSet::new();
    for case in &cases {
        for (cell, oracle) in &case.cells {
            let ours = ours(case, cell);
            if ours != oracle {
                found.insert(format!("{}: {cell:?} is {oracle}, ours {ours}", case.name));
            }
        }
    }
    let listed: BTreeSet<String> = DIFFERENCES
        .iter()
        .flat_map(|(_, cells)| cells.iter().map(|it| (*it).to_owned()))
        .collect();
    let new: Vec<_> = found.difference(&listed).collect();
    let gone: Vec<_> = listed.difference(&found).collect();
    assert!(
        new.is_empty() && gone.is_empty(),
        "new: {new:#?}\ngone: {gone:#?}"
    );
}
