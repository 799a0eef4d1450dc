use jiff::civil::date;

use super::*;
use crate::catalog::BASELINE;
use crate::words::{NO_NUL, NOT_A_DATE, NOT_AN_INTEGER};

fn names() -> Names<'static> {
    Names(&BASELINE)
}

/// The filter of these parameters.
fn filter(asked: &[(&str, &str)]) -> Filter {
    let mut filter = Filter::default();
    for (name, text) in asked {
        let parameter = names().find(name).unwrap_or_else(|| panic!("{name}"));
        names().add(&mut filter, parameter, text).unwrap();
    }
    filter
}

fn order() -> Order {
    BASELINE.order().unwrap()
}

#[test]
fn the_plain_names_are_those_of_the_original() {
    let plain: Vec<&str> = names().plain().into_iter().map(|it| it.0).collect();
    let expected = [
        "from",
        "to",
        "import",
        "region",
        "country",
        "item_type",
        "sales_channel",
        "order_priority",
    ];
    assert_eq!(plain, expected);
}

#[test]
fn names_as_a_table() {
    let column = |field: &str, operator| {
        let column = BASELINE.columns.iter().position(|it| it.field == field);
        Some(Parameter::Column(column.unwrap(), operator))
    };
    #[rustfmt::skip]
    let table = [
        ("import", Some(Parameter::Import)),
        ("from", Some(Parameter::From)),
        ("to", Some(Parameter::To)),
        ("region", column("region", Operator::Equal)),
        ("f.region", column("region", Operator::Equal)),
        ("region__in", column("region", Operator::In)),
        ("f.units_sold__gte", column("units_sold", Operator::AtLeast)),
        ("units_sold__lte", column("units_sold", Operator::AtMost)),
        ("country__isnull", column("country", Operator::IsNull)),
        ("limit", None),
        ("f.limit", None),
        ("Region", None),
        ("region__like", None),
        ("__gte", None),
        ("f.", None),
    ];
    for (name, expected) in table {
        assert_eq!(names().find(name), expected, "{name}");
    }
}

/// Columns that are called as something else is.
#[test]
fn a_column_of_a_name_that_is_taken_is_asked_for_with_a_prefix() {
    let mut dataset = Dataset::clone(&BASELINE);
    for (index, field) in ["limit", "a", "a__in", "f.a"].into_iter().enumerate() {
        dataset.columns[index].field = field.to_owned();
    }
    let names = Names(&dataset);
    let column = |index, operator| Some(Parameter::Column(index, operator));
    #[rustfmt::skip]
    let table = [
        ("limit", None),
        ("f.limit", column(0, Operator::Equal)),
        ("f.limit__gte", column(0, Operator::AtLeast)),
        ("limit__gte", column(0, Operator::AtLeast)),
        ("a__in", column(1, Operator::In)),
        ("f.a__in", column(2, Operator::Equal)),
        ("f.a__in__in", column(2, Operator::In)),
        ("f.a", column(1, Operator::Equal)),
        ("f.f.a", column(3, Operator::Equal)),
    ];
    for (name, expected) in table {
        assert_eq!(names.find(name), expected, "{name}");
    }
    let operators = [
        Operator::Equal,
        Operator::AtLeast,
        Operator::AtMost,
        Operator::In,
        Operator::IsNull,
    ];
    for index in 0..dataset.columns.len() {
        for operator in operators {
            let name = names.of(index, operator);
            let found = names.find(&name);
            let is_shadowed = (index, operator) == (1, Operator::In);
            assert!(found == column(index, operator) || is_shadowed, "{name}");
        }
    }
}

/// PostgreSQL would round what has more decimals than are stored: to the year 10000, or to 24:00:00.
#[test]
fn times_have_as_many_decimals_as_are_stored() {
    let kind = |field: serde_json::Value| {
        let mut field = field;
        field["name"] = "at".into();
        let document = serde_json::json!({ "fields": [field] });
        crate::declaration::Declaration::parse(&document)
            .unwrap()
            .fields[0]
            .kind
            .clone()
    };
    let kinds = [
        (kind(serde_json::json!({"type": "datetime"})), "9999-12-31T"),
        (
            kind(serde_json::json!({"type": "datetime", "timezone": "UTC"})),
            "9999-12-31T",
        ),
        (kind(serde_json::json!({"type": "time"})), ""),
    ];
    for (kind, day) in kinds {
        for (text, is_read) in [
            ("23:59:59", true),
            ("23:59:59.999999", true),
            ("23:59:59.999999000", true),
            ("23:59:59.9999999", false),
            ("23:59:59.000000001", false),
            ("00:00:00.1234567", false),
        ] {
            let text = format!("{day}{text}");
            let read = Value::read(&kind, &text);
            assert_eq!(read.is_ok(), is_read, "{text}: {read:?}");
            if let Ok(Value::Moment(moment)) = read {
                assert_eq!(moment.as_nanosecond() % 1_000, 0, "{text}");
            }
        }
    }
}

#[test]
fn values_are_read_by_the_type_of_their_column() {
    let asked = filter(&[
        ("from", "2015-8-1"),
        ("units_sold__in", "1, 2"),
        ("unit_price__gte", " 9.50"),
        ("country", "Cote d'Ivoire "),
        ("region__isnull", "True"),
        ("import", " 7 "),
    ]);
    let at = |column, test| Condition { column, test };
    let expected = [
        at(5, Test::AtLeast(Value::Date(date(2015, 8, 1)))),
        at(8, Test::In(vec![Value::Integer(1), Value::Integer(2)])),
        at(9, Test::AtLeast(Value::Number("9.50".to_owned()))),
        at(1, Test::Equal(Value::Text("Cote d'Ivoire ".to_owned()))),
        at(0, Test::IsNull(true)),
    ];
    assert_eq!(
        (asked.import, &asked.conditions[..]),
        (Some(7), &expected[..])
    );
}

#[test]
fn what_is_wrong_with_a_value() {
    let said = |name: &str, text: &str| {
        let mut filter = Filter::default();
        let parameter = names().find(name).unwrap();
        let bad = names().add(&mut filter, parameter, text).unwrap_err();
        (bad, filter)
    };
    let malformed = [
        ("from", "8/1/2015", NOT_A_DATE),
        ("to", "", NOT_A_DATE),
        ("import", "one", NOT_AN_INTEGER),
        ("import", "1.0", NOT_AN_INTEGER),
        ("import", "+", NOT_AN_INTEGER),
        ("import", "\u{661}", NOT_AN_INTEGER),
        ("units_sold", "1.0", NOT_AN_INTEGER),
        ("order_date__in", "2015-08-01,x", NOT_A_DATE),
        ("unit_price", "1e3", "A valid number is required."),
        ("unit_price", ".", "A valid number is required."),
        ("country__isnull", "", "Must be a valid boolean."),
        ("country", "a\0b", NO_NUL),
    ];
    for (name, text, sentence) in malformed {
        let expected = Bad::Malformed(sentence.to_owned());
        assert_eq!(said(name, text).0, expected, "{name}={text}");
    }
    let (bad, filter) = said("import", "-99999999999");
    assert_eq!(bad, Bad::Impossible(NOT_AN_INTEGER.to_owned()));
    assert_eq!(filter.import, Some(0));
    let (bad, filter) = said("region", &"x".repeat(501));
    assert!(matches!(bad, Bad::Impossible(_)));
    assert_eq!(filter.conditions.len(), 1);
    assert!(matches!(
        said("units_sold", "99999999999999999999").0,
        Bad::Impossible(_)
    ));
}

#[test]
fn days_leave_whole_buckets_and_nothing_else_does() {
    let free = |asked: &[(&str, &str)]| filter(asked).is_free(&BASELINE, order());
    assert!(free(&[]) && free(&[("import", "3")]));
    assert!(free(&[
        ("from", "2015-08-01"),
        ("order_date__lte", "2015-08-02")
    ]));
    assert!(free(&[("order_date", "2015-08-01")]));
    assert!(!free(&[("order_date__in", "2015-08-01")]));
    assert!(!free(&[("ship_date__gte", "2015-08-01")]) && !free(&[("region", "")]));
    let asked = filter(&[
        ("from", "2015-08-03"),
        ("to", "2015-08-09"),
        ("order_date__gte", "2015-08-05"),
    ]);
    let number = |day| order().bucket(Key::Date(date(2015, 8, day)));
    assert_eq!(asked.buckets(&BASELINE, order()), (number(5), number(9)));
    let (first, last) =
        filter(&[("from", "2015-08-02"), ("to", "2015-08-01")]).buckets(&BASELINE, order());
    assert!(first > last);
}

#[test]
fn a_stored_filter_is_shown_as_it_was_asked() {
    let json = r#"{"from":"2015-08-01","to":"2016-12-31","country":"Azerbaijan ","import":2}"#;
    let asked = filter(&[
        ("import", "2"),
        ("country", "Azerbaijan "),
        ("to", "2016-12-31"),
        ("from", "2015-08-01"),
    ]);
    let stored = StoredFilter::new(&asked, &BASELINE);
    assert_eq!(serde_json::to_string(&stored).unwrap(), json);
    let mixed = r#"{"import":2,"to":"2016-12-31","from":"2015-08-01","country":"Azerbaijan "}"#;
    let mixed: StoredFilter = serde_json::from_str(mixed).unwrap();
    assert_eq!(mixed.in_order(&BASELINE), stored);
    assert_eq!(
        serde_json::to_string(&StoredFilter::default()).unwrap(),
        "{}"
    );
}

#[test]
fn no_condition_is_lost_where_a_filter_is_stored() {
    let asked = filter(&[
        ("from", "2015-08-01"),
        ("order_date__gte", "2015-08-02"),
        ("f.order_date__gte", "2015-08-03"),
        ("units_sold__in", "1,2"),
        ("region__isnull", "false"),
        ("units_sold", "5"),
        ("f.units_sold", "6"),
    ]);
    let back = StoredFilter::new(&asked, &BASELINE)
        .filter(&BASELINE)
        .unwrap();
    assert_eq!(back.conditions.len(), asked.conditions.len());
    assert!(
        asked
            .conditions
            .iter()
            .all(|it| back.conditions.contains(it))
    );
    let unknown: StoredFilter = serde_json::from_str(r#"{"colour":"red"}"#).unwrap();
    assert_eq!(
        unknown.filter(&BASELINE),
        Err(BadFilter("colour".to_owned()))
    );
}
