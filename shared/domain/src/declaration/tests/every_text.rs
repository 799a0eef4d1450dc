//! Any text of a user, anywhere: nothing panics, none reaches SQL, and the document stays what it
//! is.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{everything_but_pairs, of};
use crate::declaration::{Declaration, Place, evolve, name};

/// Any text, much of it near to what means something.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "\\PC{0,12}",
        "[a-zA-Z_\"'; \\-\u{a0}\u{200b}\u{202e}\0\n%]{0,12}",
        "[()|*+?\\[\\]{}\\\\.^$a-d0-9,]{0,12}",
        "(%[-YmdHMSfbBjpIzyaAFTRD%]|[ ./:-]|[0-9a-z]){0,6}",
    ]
}

/// Any JSON, not deep.
fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(text(), inner, 0..4)
                .prop_map(|it| Value::Object(it.into_iter().collect())),
        ]
    })
}

/// True for the names of SQL that a declared dataset has: a letter or `d_`, and a number.
fn is_numbered(name: &str, prefix: &str) -> bool {
    let number = name.strip_prefix(prefix);
    number.is_some_and(|it| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit()))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn no_json_is_too_odd(document in json()) {
        if let Err(problems) = Declaration::parse(&document) {
            prop_assert!(!problems.is_empty());
        }
    }

    #[test]
    fn no_text_reaches_sql(texts in prop::collection::vec(text(), 12), dataset in text()) {
        let [a, b, c, d, e, f, g, h, i, j, k, l] = texts.try_into().unwrap();
        let document = json!({
            "fields": [
                { "name": a, "title": b, "titles": [c], "description": d, "type": "string",
                  "missingValues": [e], "constraints": { "pattern": f } },
                { "name": g, "type": "string", "constraints": { "enum": [h, "x"] } },
                { "name": i, "type": "date", "format": j },
                { "name": "b", "type": "boolean", "trueValues": [k], "falseValues": [l] },
            ],
        });
        let Ok(declaration) = Declaration::parse(&document) else {
            return Ok(());
        };
        let compiled = declaration.compile(&Place::declared(&dataset, i64::MAX, 1, &[1, 2, 3, i32::MAX]));
        prop_assert!(is_numbered(&compiled.table, "d_"));
        for column in &compiled.columns {
            prop_assert!(is_numbered(&column.name, "c"));
        }
        prop_assert_eq!(Declaration::parse(&declaration.to_json()), Ok(declaration));
    }

    /// One text at a time, so that the rest is fine and what is said of it is kept.
    #[test]
    fn a_document_is_what_it_was(text in text(), at in 0usize..10) {
        let mut document = everything_but_pairs();
        let fields = &mut document["fields"];
        let place = match at {
            0 => &mut fields[0]["title"],
            1 => &mut fields[1]["name"],
            2 => &mut fields[0]["titles"][0],
            3 => &mut fields[3]["description"],
            4 => &mut fields[0]["missingValues"][0],
            5 => &mut fields[0]["constraints"]["pattern"],
            6 => &mut fields[1]["constraints"]["enum"][0],
            7 => &mut fields[11]["format"],
            8 => &mut fields[2]["example"],
            _ => &mut fields[9]["trueValues"][0],
        };
        *place = json!(text);
        if let Ok(declaration) = Declaration::parse(&document) {
            let again = Declaration::parse(&declaration.to_json());
            prop_assert_eq!(again.as_ref(), Ok(&declaration));
            let before = Declaration::parse(&everything_but_pairs()).unwrap();
            evolve(&before, &declaration);
            declaration.template();
            declaration.shown("x", 1);
        }
    }

    #[test]
    fn names_of_datasets_are_letters(name in text()) {
        if name::check(&name).is_ok() {
            prop_assert!(name.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'_'));
        }
    }

    /// A template is read back: one record, whose cells are the examples.
    #[test]
    fn a_template_is_read_back(names in prop::collection::btree_set("[a-z,;\"' \n=é]{1,6}", 1..4), example in "[a-z,;\"' \n=é]{1,6}") {
        let field = |name: &String| json!({ "name": name, "type": "string", "example": example });
        let document = of(names.iter().map(field).collect());
        let Ok(declaration) = Declaration::parse(&document) else {
            return Ok(());
        };
        let file = declaration.template();
        let mut csv = csv::ReaderBuilder::new().has_headers(false).from_reader(&file[..]);
        let records: Vec<csv::StringRecord> = csv.records().map(Result::unwrap).collect();
        let read: Vec<Vec<&str>> = records.iter().map(|it| it.iter().collect()).collect();
        let heading: Vec<&str> = names.iter().map(String::as_str).collect();
        prop_assert_eq!(read, vec![heading, vec![example.as_str(); names.len()]]);
    }
}
