//! A value that is written in the form of its column is read again as the same value.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::{Date, Time, date, time};
use proptest::prelude::*;

use super::declared::berlin;
use super::*;
use crate::cell::pattern::{Of, Pattern};

fn forms() -> impl Strategy<Value = Forms> {
    let orders = prop_oneof![Just("mdy"), Just("dmy"), Just("ymd")];
    (prop_oneof![Just(b'.'), Just(b',')], orders, any::<bool>()).prop_map(
        |(decimal, order, said)| {
            let said = [("dates", order)].into_iter().filter(|_| said);
            let forms = super::forms(&said.collect::<Vec<_>>());
            Forms { decimal, ..forms }
        },
    )
}

/// A value with a kind that has it.
fn values() -> impl Strategy<Value = (Kind, Value<'static>)> {
    prop_oneof![numbers(), days(), moments(), others()]
}

fn numbers() -> impl Strategy<Value = (Kind, Value<'static>)> {
    let most = 10i128.pow(38) - 1;
    let mantissa = prop_oneof![-most..=most, -1_000i128..=1_000];
    let decimal = (mantissa, -300i16..=300).prop_map(|(it, scale)| Decimal::new(it, scale));
    let whole = -most..=most;
    let big = Kind::BigInteger(Arc::new(BigInteger {
        min: -most,
        max: most,
        bare: true,
        one_of: None,
    }));
    prop_oneof![
        any::<i64>().prop_map(|it| (ANY, Value::Integer(it))),
        (-99_999_999_999_999i64..=99_999_999_999_999)
            .prop_map(|it| (Kind::MONEY, Value::Money(it))),
        decimal.prop_map(|it| (Kind::Number(Arc::new(Number::any())), Value::Number(it))),
        whole.prop_map(move |it| (big.clone(), Value::Number(Decimal::from(it)))),
    ]
}

fn day() -> impl Strategy<Value = Date> {
    (1..=9_999i16, 1..=365i16)
        .prop_map(|(year, day)| date(year, 1, 1).with().day_of_year(day).build().unwrap())
}

fn clock() -> impl Strategy<Value = Time> {
    let micros = prop_oneof![0..1_000_000i32, Just(0)];
    let seconds = prop_oneof![0..60i8, Just(0)];
    (0..24i8, 0..60i8, seconds, micros).prop_map(|(h, m, s, it)| time(h, m, s, it * 1_000))
}

fn days() -> impl Strategy<Value = (Kind, Value<'static>)> {
    let formats = prop::sample::select(vec![
        vec!["%d.%m.%Y"],
        vec!["%-m/%-d/%Y", "default"],
        vec!["%d/%m/%y", "%d %b %Y"],
        vec!["%Y%m%d"],
        vec!["%A, %B %d, %Y"],
        vec!["%y.%j", "%Y.%j"],
    ]);
    let declared = (formats, day()).prop_map(|(formats, day)| {
        let formats = Some(Arc::new(DateFormats::new(&formats).unwrap()));
        let rules = None;
        (Kind::Date { formats, rules }, Value::Date(day))
    });
    prop_oneof![
        declared,
        day().prop_map(|it| (Kind::DATE, Value::Date(it))),
        day().prop_map(|it| (Kind::Yearmonth(None), Value::Date(it.first_of_month()))),
        (1..=9_999i16).prop_map(|it| (Kind::Year(None), Value::Year(it))),
    ]
}

fn patterns(texts: &[&str], of: Of) -> Vec<Pattern> {
    let pattern = |it: &&str| Pattern::new(it, of).unwrap();
    texts.iter().map(pattern).collect()
}

fn moments() -> impl Strategy<Value = (Kind, Value<'static>)> {
    let texts = prop::sample::select(vec![
        vec![],
        vec!["%d.%m.%Y %H:%M", "default"],
        vec!["%m/%d/%Y", "%m/%d/%Y %I:%M:%S.%f %p"],
    ]);
    let datetime = (texts, day(), clock()).prop_map(|(texts, day, clock)| {
        let patterns = patterns(&texts, Of::Datetime);
        let rules = Rules::default();
        let kind = Kind::Datetime(Arc::new(Datetime { patterns, rules }));
        (kind, Value::Datetime(day.to_datetime(clock)))
    });
    let texts = prop::sample::select(vec![
        vec![],
        vec!["%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M:%S.%f %z"],
        vec!["%d.%m.%Y", "default"],
    ]);
    // From 1900 to 2199, and the hours in which clocks go back.
    let micros = prop_oneof![
        -2_208_988_800_000_000i64..7_258_118_400_000_000,
        (1_729_980_000i64..1_729_995_000).prop_map(|it| it / 60 * 60_000_000),
    ];
    let timestamp = (texts, micros).prop_map(|(texts, micros)| {
        let kind = Kind::Timestamp(Arc::new(Zoned {
            patterns: patterns(&texts, Of::Zoned),
            zone: berlin(),
            rules: Rules::default(),
        }));
        (
            kind,
            Value::Timestamp(Timestamp::from_microsecond(micros).unwrap()),
        )
    });
    let texts = prop::sample::select(vec![vec![], vec!["%H:%M", "%H:%M:%S.%f"]]);
    let time = (texts, clock()).prop_map(|(texts, clock)| {
        let patterns = patterns(&texts, Of::Time);
        let rules = Rules::default();
        (
            Kind::Time(Arc::new(TimeOfDay { patterns, rules })),
            Value::Time(clock),
        )
    });
    prop_oneof![datetime, timestamp, time]
}

fn others() -> impl Strategy<Value = (Kind, Value<'static>)> {
    let boolean = Kind::Boolean(Arc::new(Boolean {
        true_values: vec!["ja".to_owned(), "1".to_owned()],
        false_values: vec!["nein".to_owned(), "0".to_owned()],
        one_of: None,
    }));
    prop_oneof![
        any::<bool>().prop_map(move |it| (boolean.clone(), Value::Boolean(it))),
        any::<u128>().prop_map(|it| (Kind::Uuid(None), Value::Uuid(Uuid::from_u128(it)))),
        prop::sample::select(vec!["", " a ", "é", "a\r\nb"])
            .prop_map(|it| (Kind::text(500), Value::Text(it))),
    ]
}

/// The value of a kind, in answers.
fn said_in_json(kind: &Kind, value: &Value<'_>) -> String {
    match json(kind, value) {
        Json::Null => "null".to_owned(),
        Json::Boolean(value) => value.to_string(),
        Json::Number(digits) => digits,
        Json::Text(text) => format!("\"{text}\""),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 4_000, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read_as_the_same((kind, value) in values(), forms in forms()) {
        // A date of a year that its only form has two digits of was said in another order.
        let forms = match kind {
            Kind::Date { formats: Some(_), .. } => Forms { dates_said: false, ..forms },
            _ => forms,
        };
        let mut text = Vec::new();
        write(&kind, &value, &forms, &mut text);
        let read = parse_as(&kind, &text, &forms);
        prop_assert_eq!(read, Ok(value), "{:?}", String::from_utf8_lossy(&text));
    }

    #[test]
    fn any_cell_of_any_kind_is_a_value_or_a_sentence(
        (kind, _) in values(),
        forms in forms(),
        cell in prop_oneof!["[-+0-9a-zA-Z:.,/ %€]{0,12}".prop_map(String::into_bytes), any::<Vec<u8>>()],
    ) {
        match parse_as(&kind, &cell, &forms) {
            Err(error) => {
                let sentence = error.to_string();
                prop_assert!(sentence.ends_with('.') && sentence.len() < 1_000, "{}", sentence);
            }
            Ok(value) => {
                let mut text = Vec::new();
                write(&kind, &value, &forms, &mut text);
                let again = parse_as(&kind, &text, &forms);
                prop_assert_eq!(again, Ok(value), "{:?}", String::from_utf8_lossy(&text));
            }
        }
    }
}

#[test]
fn values_in_answers() {
    let number = |decimals, min: i128, max: i128| {
        Kind::Number(Arc::new(Number {
            decimals,
            rules: Rules {
                min: Some(Decimal::from(min)),
                max: Some(Decimal::from(max)),
                one_of: None,
            },
            ..Number::any()
        }))
    };
    let half = Value::Number(Decimal::new(-5, 1));
    let moment = Value::Timestamp(Timestamp::from_second(1_706_778_000).unwrap());
    let zoned = Kind::Timestamp(Arc::new(Zoned {
        patterns: Vec::new(),
        zone: berlin(),
        rules: Rules::default(),
    }));
    let datetime = Value::Datetime(jiff::civil::datetime(2024, 2, 1, 10, 0, 0, 0));
    for (kind, value, expected) in [
        (&ANY, Value::Integer(5), "\"5\""),
        (&SMALL, Value::Integer(5), "5"),
        (&Kind::MONEY, Value::Money(-150), "-1.5"),
        (&number(Some(6), -90, 90), half, "-0.5"),
        (&number(None, -90, 90), half, "\"-0.5\""),
        (
            &number(Some(0), 0, (1 << 53) - 1),
            Value::Number(Decimal::from(7)),
            "7",
        ),
        (
            &number(Some(0), 0, 1 << 53),
            Value::Number(Decimal::from(7)),
            "\"7\"",
        ),
        (&number(Some(2), 0, 1 << 53), half, "\"-0.5\""),
        (&Kind::DATE, Value::Date(date(2024, 2, 1)), "\"2024-02-01\""),
        (
            &Kind::Yearmonth(None),
            Value::Date(date(2024, 2, 1)),
            "\"2024-02\"",
        ),
        (&Kind::Year(None), Value::Year(2024), "2024"),
        (&zoned, moment, "\"2024-02-01T10:00:00+01:00\""),
        (&SMALL, Value::Null, "null"),
        (&Kind::text(5), datetime, "\"2024-02-01T10:00:00\""),
        (
            &Kind::text(5),
            Value::Time(time(10, 0, 0, 1_000)),
            "\"10:00:00.000001\"",
        ),
        (&Kind::text(5), Value::Boolean(true), "true"),
    ] {
        assert_eq!(said_in_json(kind, &value), expected);
    }
}
