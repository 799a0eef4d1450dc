//! What was taken once is read for ever: no limit that was lowered since, and no check that was
//! added, makes a dataset unreadable.

use serde_json::{Value, json};

use super::{Declaration, everything, of, one, parsed, told};
use crate::limits::{
    CHOICES_AT_MOST, DATASET_FIELDS_AT_MOST, DATE_FORMATS_AT_MOST, DATE_PATTERNS_AT_MOST,
    DESCRIPTION_CHARS_AT_MOST, FORMAT_CHARS_AT_MOST, HEADING_CHARS_AT_MOST, HEADING_LINES_AT_MOST,
    MISSING_VALUE_CHARS_AT_MOST, MISSING_VALUES_AT_MOST, PATTERN_CHARS_AT_MOST,
    RECORD_BYTES_AT_MOST, SKIPPED_LINES_AT_MOST, SUMMED_COLUMNS_AT_MOST, TITLES_AT_MOST,
    TOTALS_AT_MOST,
};

/// A text with more characters than these.
fn longer(chars_at_most: usize) -> String {
    "x".repeat(chars_at_most + 1)
}

/// A list with more entries than these.
fn more(at_most: usize) -> Vec<String> {
    (0..=at_most).map(|it| format!("v{it}")).collect()
}

fn constraints(of_type: &str, constraints: Value) -> Value {
    one(of_type, json!({ "constraints": constraints }))
}

/// Fields of this type, and properties of the document that name them.
fn several(count: usize, of_type: &str, properties: Value) -> Value {
    let name = |it: usize| json!({ "name": format!("f{it}"), "type": of_type });
    let fields: Vec<Value> = (0..count).map(name).collect();
    let mut document = of(json!(fields));
    let all = document.as_object_mut().unwrap();
    all.extend(properties.as_object().unwrap().clone());
    document
}

/// Documents that were within limits that are lower now, with the code that is told of a new one.
fn above_a_limit() -> Vec<(Value, &'static str)> {
    let texts = [
        one("string", json!({ "title": longer(HEADING_CHARS_AT_MOST) })),
        one(
            "string",
            json!({ "titles": [longer(HEADING_CHARS_AT_MOST)] }),
        ),
        one(
            "string",
            json!({ "description": longer(DESCRIPTION_CHARS_AT_MOST) }),
        ),
        one("string", json!({ "example": longer(500) })),
        one(
            "string",
            json!({ "missingValues": [longer(MISSING_VALUE_CHARS_AT_MOST)] }),
        ),
        one(
            "boolean",
            json!({ "trueValues": [longer(MISSING_VALUE_CHARS_AT_MOST)] }),
        ),
        one(
            "date",
            json!({ "format": format!("%F{}", "-".repeat(FORMAT_CHARS_AT_MOST)) }),
        ),
        constraints("string", json!({ "enum": [longer(500)] })),
        constraints(
            "string",
            json!({ "pattern": longer(PATTERN_CHARS_AT_MOST) }),
        ),
        constraints("integer", json!({ "minimum": "0".repeat(101) })),
    ];
    let lists = [
        one("string", json!({ "titles": more(TITLES_AT_MOST) })),
        one(
            "string",
            json!({ "missingValues": more(MISSING_VALUES_AT_MOST) }),
        ),
        one(
            "boolean",
            json!({ "falseValues": more(MISSING_VALUES_AT_MOST) }),
        ),
        one(
            "date",
            json!({ "formats": vec!["%F"; DATE_FORMATS_AT_MOST + 1] }),
        ),
        constraints("string", json!({ "enum": more(CHOICES_AT_MOST) })),
        several(DATASET_FIELDS_AT_MOST + 1, "string", json!({})),
        several(
            2,
            "date",
            json!({ "inOrder": vec![["f0", "f1"]; TOTALS_AT_MOST + 1] }),
        ),
        sums_of(SUMMED_COLUMNS_AT_MOST + 1),
        said(json!({ "headerRows": (1..=HEADING_LINES_AT_MOST + 1).collect::<Vec<_>>() })),
        said(json!({ "commentRows": (1..=SKIPPED_LINES_AT_MOST + 1).collect::<Vec<_>>() })),
    ];
    let counts = [
        several(1, "string", json!({ "maxErrors": 1_000_000_000_000_i64 })),
        constraints("string", json!({ "maxLength": RECORD_BYTES_AT_MOST + 1 })),
    ];
    let texts = texts.into_iter().map(|it| (it, "too_long"));
    let lists = lists.into_iter().map(|it| (it, "too_many"));
    let counts = counts.into_iter().map(|it| (it, "out_of_range"));
    let others = [
        (
            constraints("string", json!({ "pattern": r"\w{100}" })),
            "patterns_too_large",
        ),
        (formats(DATE_PATTERNS_AT_MOST + 1), "too_many_formats"),
    ];
    texts.chain(lists).chain(counts).chain(others).collect()
}

/// Documents that are refused today for what they do not say of a row: an added check may be one such.
fn judged() -> Vec<(Value, &'static str)> {
    let two = |one: Value, other: Value| of(json!([one, other]));
    let uuid = json!({ "type": "string", "format": "uuid", "constraints": { "required": true } });
    let wide = (0..500).map(|it| {
        let mut field = uuid.clone();
        field["name"] = json!(format!("f{it}"));
        field
    });
    vec![
        (
            one("date", json!({ "formats": ["%m/%d/%Y", "%d/%m/%Y"] })),
            "patterns_disagree",
        ),
        (one("integer", json!({ "example": "x" })), "bad_example"),
        (
            two(
                json!({ "name": "Order Date", "type": "string" }),
                json!({ "name": "order_date", "type": "string" }),
            ),
            "same_heading",
        ),
        (
            two(
                json!({ "name": "a", "type": "number", "decimalChar": "," }),
                json!({ "name": "b", "type": "number" }),
            ),
            "not_the_same",
        ),
        (of(json!(wide.collect::<Vec<_>>())), "never_fits"),
    ]
}

fn said(dialect: Value) -> Value {
    let mut document = one("string", json!({}));
    document["dialect"] = dialect;
    document
}

fn sums_of(fields: usize) -> Value {
    let names: Vec<String> = (0..fields).map(|it| format!("f{it}")).collect();
    let day = json!({ "name": "day", "type": "date", "constraints": { "required": true } });
    let sums = json!({ "sortedBy": "day", "sums": { "by": ["f0"], "of": names } });
    let mut document = several(fields, "integer", sums);
    document["fields"][0]["type"] = json!("year");
    document["sums"]["by"] = json!(["f0"]);
    document["sums"]["of"].as_array_mut().unwrap()[0] = json!("more");
    let fields = document["fields"].as_array_mut().unwrap();
    fields.extend([day, json!({ "name": "more", "type": "integer" })]);
    document
}

/// As many different patterns that agree, each of a field of its own.
fn formats(count: usize) -> Value {
    let field = |it: usize| json!({ "name": format!("f{it}"), "type": "date", "format": format!("%F {it}a") });
    of(json!((0..count).map(field).collect::<Vec<_>>()))
}

#[test]
fn no_limit_makes_what_is_stored_unreadable() {
    for (document, code) in above_a_limit().into_iter().chain(judged()) {
        let told = told(&document).join("\n");
        assert!(told.contains(code), "{told}: {document:.300}");
        let stored = Declaration::stored(&document);
        let fields = stored.map(|it| it.fields.len());
        let declared = document["fields"].as_array().unwrap().len();
        assert_eq!(fields, Ok(declared), "{document:.300}");
    }
    let large = of(json!((0..450)
        .map(|it| json!({ "name": format!("f{it}"), "type": "string", "description": "x".repeat(900) }))
        .collect::<Vec<_>>()));
    assert_eq!(told(&large), [" too_large"]);
    assert!(Declaration::stored(&large).is_ok());
}

#[test]
fn what_is_stored_means_what_it_meant() {
    assert_eq!(
        Declaration::stored(&everything()),
        Ok(parsed(&everything()))
    );
}

/// What this version of the code does not know may change what a row means: it is not passed over.
#[test]
fn what_is_not_known_is_still_told() {
    for document in [
        one("string", json!({ "primaryKey": true })),
        one("geopoint", json!({})),
        constraints("string", json!({ "unique": true })),
    ] {
        let problems = Declaration::stored(&document).unwrap_err();
        assert_eq!(problems[0].code, "not_supported", "{document}");
    }
}
