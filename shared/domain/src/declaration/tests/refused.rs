//! What is refused, each with its path and code, and with a sentence that says what is allowed.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{of, one, problems, told};

/// A document, and what is said of it.
type Refused = (Value, &'static str);

/// The codes that a document can have.
pub(super) fn codes() -> BTreeSet<&'static str> {
    let tables = [structure(), values(), several(), dialects()];
    let refused = tables.into_iter().flatten();
    refused
        .flat_map(|(document, _)| problems(&document))
        .map(|it| it.code)
        .collect()
}

fn constraints(of_type: &str, constraints: Value) -> Value {
    one(of_type, json!({ "constraints": constraints }))
}

fn with(properties: Value) -> Value {
    let mut document = one("string", json!({}));
    let all = document.as_object_mut().unwrap();
    all.extend(properties.as_object().unwrap().clone());
    document
}

fn structure() -> Vec<Refused> {
    let long = "x".repeat(201);
    vec![
        (json!([]), " wrong_type"),
        (json!({}), "fields required"),
        (of(json!([])), "fields blank"),
        (of(json!({})), "fields wrong_type"),
        (of(json!([7])), "fields[0] wrong_type"),
        (of(json!([{ "type": "string" }])), "fields[0].name required"),
        (of(json!([{ "name": "a" }])), "fields[0].type required"),
        (
            of(json!([{ "name": " ", "type": "string" }])),
            "fields[0].name blank",
        ),
        (
            of(json!([{ "name": long, "type": "string" }])),
            "fields[0].name too_long",
        ),
        (
            of(json!([{ "name": "a\0", "type": "string" }])),
            "fields[0].name nul_character",
        ),
        (
            of(json!([{ "name": 1, "type": "string" }])),
            "fields[0].name wrong_type",
        ),
        (one("any", json!({})), "fields[0].type not_supported"),
        (one("geopoint", json!({})), "fields[0].type not_supported"),
        (one("text", json!({})), "fields[0].type not_a_choice"),
        (
            one("string", json!({ "format": "binary" })),
            "fields[0].format not_a_choice",
        ),
        (
            one("string", json!({ "rdfType": "x" })),
            "fields[0].rdfType not_supported",
        ),
        (
            one("string", json!({ "we ird": 1 })),
            "fields[0][\"we ird\"] not_supported",
        ),
        (
            one("string", json!({ "decimals": 2 })),
            "fields[0].decimals not_supported",
        ),
        (
            one("string", json!({ "titles": "x" })),
            "fields[0].titles wrong_type",
        ),
        (
            one("string", json!({ "titles": [1] })),
            "fields[0].titles[0] wrong_type",
        ),
        (
            one("string", json!({ "constraints": [] })),
            "fields[0].constraints wrong_type",
        ),
        (
            constraints("string", json!({ "unique": true })),
            "fields[0].constraints.unique not_supported",
        ),
        (
            constraints("integer", json!({ "exclusiveMinimum": 1 })),
            "fields[0].constraints.exclusiveMinimum not_supported",
        ),
        (
            constraints("integer", json!({ "pattern": "a" })),
            "fields[0].constraints.pattern not_supported",
        ),
        (
            constraints("string", json!({ "required": "yes" })),
            "fields[0].constraints.required wrong_type",
        ),
        (
            constraints("string", json!({ "maxLength": -1 })),
            "fields[0].constraints.maxLength out_of_range",
        ),
        (
            constraints("string", json!({ "enum": [] })),
            "fields[0].constraints.enum blank",
        ),
        (
            constraints("boolean", json!({ "enum": ["yes"] })),
            "fields[0].constraints.enum[0] wrong_type",
        ),
        (
            one("number", json!({ "digits": 39 })),
            "fields[0].digits out_of_range",
        ),
        (
            one("number", json!({ "decimalChar": ";" })),
            "fields[0].decimalChar not_a_choice",
        ),
        (
            with(json!({ "primaryKey": ["a"] })),
            "primaryKey not_supported",
        ),
        (
            with(json!({ "uniqueKeys": [["a"]] })),
            "uniqueKeys not_supported",
        ),
        (
            with(json!({ "foreignKeys": [] })),
            "foreignKeys not_supported",
        ),
        (
            with(json!({ "fieldsMatch": "exact" })),
            "fieldsMatch not_a_choice",
        ),
        (
            with(json!({ "missingValues": vec![""; 21] })),
            "missingValues too_many",
        ),
        (
            with(json!({ "missingValues": [{ "value": "" }] })),
            "missingValues[0] wrong_type",
        ),
        (
            with(json!({ "maxErrors": "101%" })),
            "maxErrors not_a_choice",
        ),
        (with(json!({ "maxErrors": -1 })), "maxErrors out_of_range"),
        (with(json!({ "maxErrors": true })), "maxErrors wrong_type"),
        (with(json!({ "$schema": "x" })), "$schema not_a_choice"),
    ]
}

fn values() -> Vec<Refused> {
    let bounds = |of_type: &str, min: Value, max: Value| {
        constraints(of_type, json!({ "minimum": min, "maximum": max }))
    };
    let minimum = "fields[0].constraints.minimum bad_bounds";
    vec![
        (bounds("integer", json!(5), json!(4)), minimum),
        (bounds("integer", json!(1.5), json!(4)), minimum),
        (bounds("integer", json!("1e3"), json!("9999")), minimum),
        (bounds("number", json!("1,5"), json!(4)), minimum),
        (
            bounds("date", json!("2026-02-30"), json!("2026-03-01")),
            minimum,
        ),
        (
            bounds("date", json!("2026-03-02"), json!("2026-03-01")),
            minimum,
        ),
        (
            bounds("time", json!("25:00:00"), json!("23:00:00")),
            minimum,
        ),
        (bounds("year", json!(0), json!(1)), minimum),
        (
            bounds("yearmonth", json!("2026-13"), json!("2027-01")),
            minimum,
        ),
        (
            bounds(
                "datetime",
                json!("2026-01-01"),
                json!("2026-01-02T00:00:00"),
            ),
            minimum,
        ),
        (
            constraints("number", json!({ "minimum": 0.123_456_789_012_345_67 })),
            "fields[0].constraints.minimum inexact",
        ),
        (
            constraints("integer", json!({ "maximum": 1e20 })),
            "fields[0].constraints.maximum inexact",
        ),
        (
            constraints("integer", json!({ "minimum": 1, "enum": [1, 0] })),
            "fields[0].constraints.enum[1] bad_bounds",
        ),
        (
            constraints("string", json!({ "minLength": 5, "maxLength": 4 })),
            "fields[0].constraints.minLength bad_bounds",
        ),
        (
            constraints("string", json!({ "maxLength": 2, "enum": ["no", "yes"] })),
            "fields[0].constraints.enum[1] bad_bounds",
        ),
        (
            one(
                "string",
                json!({ "format": "uuid", "constraints": { "enum": ["x"] } }),
            ),
            "fields[0].constraints.enum[0] bad_bounds",
        ),
        (
            one("number", json!({ "digits": 3, "decimals": 4 })),
            "fields[0].decimals bad_bounds",
        ),
        (
            constraints("string", json!({ "pattern": "a)|(b" })),
            "fields[0].constraints.pattern bad_pattern",
        ),
        (
            constraints("string", json!({ "pattern": "(?=a)" })),
            "fields[0].constraints.pattern bad_pattern",
        ),
        (
            constraints("string", json!({ "pattern": r"(\w{500}){500}" })),
            "fields[0].constraints.pattern patterns_too_large",
        ),
        (
            one("date", json!({ "format": "any" })),
            "fields[0].format bad_format",
        ),
        (
            one("date", json!({ "format": "%Y" })),
            "fields[0].format bad_format",
        ),
        (
            one("date", json!({ "format": "%Q" })),
            "fields[0].format bad_format",
        ),
        (
            one("date", json!({ "format": "DD.MM.YYYY" })),
            "fields[0].format bad_format",
        ),
        (
            one("time", json!({ "format": "%Y-%m-%d" })),
            "fields[0].format bad_format",
        ),
        (
            one("date", json!({ "formats": ["default", "%Y-%d-%m"] })),
            "fields[0].formats[1] patterns_disagree",
        ),
        (
            one(
                "date",
                json!({ "format": "default", "formats": ["default"] }),
            ),
            "fields[0].format means_two_things",
        ),
        (
            one("datetime", json!({ "timezone": "Berlin" })),
            "fields[0].timezone no_such_zone",
        ),
        (
            one(
                "boolean",
                json!({ "trueValues": ["x"], "falseValues": ["x"] }),
            ),
            "fields[0].falseValues means_two_things",
        ),
        (
            one("number", json!({ "decimalChar": ",", "groupChar": "," })),
            "fields[0].groupChar means_two_things",
        ),
        (
            one("integer", json!({ "example": "x" })),
            "fields[0].example bad_example",
        ),
        (
            one(
                "integer",
                json!({ "example": "", "constraints": { "required": true } }),
            ),
            "fields[0].example bad_example",
        ),
    ]
}

fn several() -> Vec<Refused> {
    let two = |one: Value, other: Value| of(json!([one, other]));
    let text = |name: &str| json!({ "name": name, "type": "string" });
    let fields = json!([
        { "name": "t", "type": "string" },
        { "name": "d", "type": "date" },
        { "name": "m", "type": "number", "decimals": 2, "digits": 14 },
        { "name": "i", "type": "integer", "constraints": { "required": true } },
    ]);
    let said = |properties: Value| {
        let mut document = of(fields.clone());
        let all = document.as_object_mut().unwrap();
        all.extend(properties.as_object().unwrap().clone());
        document
    };
    vec![
        (two(text("a"), text("a")), "fields[1].name duplicate_name"),
        (
            two(text("Order Date"), text("order_date")),
            "fields[1].name same_heading",
        ),
        (
            two(text("a\u{a0}b"), text("ab\u{200b}")),
            "fields[1].name same_heading",
        ),
        (
            two(
                text("a"),
                json!({ "name": "b", "type": "string", "titles": ["x", "A "] }),
            ),
            "fields[1].titles[1] same_heading",
        ),
        (
            two(
                json!({ "name": "a", "type": "number", "decimalChar": "," }),
                json!({ "name": "b", "type": "number" }),
            ),
            "fields[1].decimalChar not_the_same",
        ),
        (
            two(
                json!({ "name": "a", "type": "number", "groupChar": "," }),
                json!({ "name": "b", "type": "integer" }),
            ),
            "fields[1].groupChar not_the_same",
        ),
        (said(json!({ "sortedBy": "x" })), "sortedBy unknown_field"),
        (said(json!({ "sortedBy": 1 })), "sortedBy wrong_type"),
        (said(json!({ "sortedBy": "t" })), "sortedBy wrong_field"),
        (said(json!({ "sortedBy": "d" })), "sortedBy wrong_field"),
        (said(json!({ "sortedBy": "i" })), "sortedBy wrong_field"),
        (
            said(json!({ "totals": [{ "field": "m" }] })),
            "totals[0].product required",
        ),
        (
            said(json!({ "totals": [{ "product": ["i", "m"] }] })),
            "totals[0].field required",
        ),
        (
            said(json!({ "totals": [{ "field": "i", "product": ["i", "m"] }] })),
            "totals[0].field wrong_field",
        ),
        (
            said(json!({ "totals": [{ "field": "m", "product": ["m", "m"] }] })),
            "totals[0].product wrong_field",
        ),
        (
            said(json!({ "totals": [{ "field": "m", "difference": ["m", "i"] }] })),
            "totals[0].difference wrong_field",
        ),
        (
            said(json!({ "totals": [{ "field": "m", "sum": ["m", "m"], "product": ["i", "m"] }] })),
            "totals[0].sum not_supported",
        ),
        (
            said(json!({ "inOrder": [["d", "t"]] })),
            "inOrder[0] wrong_field",
        ),
        (said(json!({ "inOrder": [["d"]] })), "inOrder[0] wrong_type"),
        (
            said(json!({ "sums": { "by": ["t"], "of": ["i"] } })),
            "sums wrong_field",
        ),
        (
            said(json!({ "sums": { "by": ["t"] } })),
            "sums wrong_field\nsums.of required",
        ),
        (
            said(json!({ "sums": { "by": ["m"], "of": ["i", "i"] } })),
            "sums wrong_field\nsums.by[0] wrong_field\nsums.of[1] duplicate_name",
        ),
        (too_many_formats(), "fields[10].formats[0] too_many_formats"),
        (never_fits(), "fields never_fits"),
    ]
}

/// Twenty-one different patterns, two a field.
fn too_many_formats() -> Value {
    let field = |at: usize| {
        let formats = [format!("%Y-%m-%d {at}a"), format!("%Y-%m-%d {at}b")];
        let formats = if at == 10 {
            &formats[..1]
        } else {
            &formats[..]
        };
        json!({ "name": format!("f{at}"), "type": "date", "formats": formats })
    };
    let mut document = of((0..11).map(field).collect());
    document["fields"][10]["formats"] = json!(["%Y-%m-%d 10a", "%Y-%m-%d 0a"]);
    document
}

fn never_fits() -> Value {
    let field = |at: usize| {
        let constraints = json!({ "required": true });
        json!({ "name": format!("f{at}"), "type": "string", "format": "uuid", "constraints": constraints })
    };
    of((0..500).map(field).collect())
}

fn dialects() -> Vec<Refused> {
    let said = |dialect: Value| with(json!({ "dialect": dialect }));
    vec![
        (said(json!("excel")), "dialect wrong_type"),
        (
            said(json!({ "commentChar": "#" })),
            "dialect.commentChar not_supported",
        ),
        (
            said(json!({ "lineTerminator": "\n" })),
            "dialect.lineTerminator not_supported",
        ),
        (
            said(json!({ "delimiter": "::" })),
            "dialect.delimiter not_a_character",
        ),
        (
            said(json!({ "delimiter": null })),
            "dialect.delimiter wrong_type",
        ),
        (
            said(json!({ "quoteChar": "a" })),
            "dialect.quoteChar not_a_character",
        ),
        (
            said(json!({ "encoding": "latin-1" })),
            "dialect.encoding not_a_choice",
        ),
        (
            said(json!({ "headerJoin": "-" })),
            "dialect.headerJoin not_a_choice",
        ),
        (
            said(json!({ "delimiter": "\"" })),
            "dialect.quoteChar means_two_things",
        ),
        (
            said(json!({ "escapeChar": "\\", "doubleQuote": true })),
            "dialect.escapeChar means_two_things",
        ),
        (
            said(json!({ "delimiter": "|", "escapeChar": "|" })),
            "dialect.escapeChar means_two_things",
        ),
        (
            said(json!({ "delimiter": " ", "skipInitialSpace": true })),
            "dialect.skipInitialSpace means_two_things",
        ),
        (
            said(json!({ "headerRows": [1, 3] })),
            "dialect.headerRows bad_bounds",
        ),
        (
            said(json!({ "headerRows": [0] })),
            "dialect.headerRows wrong_type",
        ),
        (
            said(json!({ "commentRows": [2] })),
            "dialect.commentRows bad_bounds",
        ),
        (
            said(json!({ "commentRows": [1], "headerRows": [3] })),
            "dialect.headerRows bad_bounds",
        ),
        (
            said(json!({ "header": false, "headerRows": [1] })),
            "dialect.headerRows means_two_things",
        ),
    ]
}

fn are_told(refused: Vec<Refused>) {
    for (document, expected) in refused {
        assert_eq!(told(&document).join("\n"), expected, "{document:.500}");
    }
}

#[test]
fn what_stands_in_the_wrong_place() {
    are_told(structure());
}

#[test]
fn what_no_cell_could_be() {
    are_told(values());
}

#[test]
fn what_does_not_go_together() {
    are_told(several());
}

#[test]
fn what_no_text_of_a_file_is() {
    are_told(dialects());
}

/// A sentence says what was found or what is allowed, and what could be meant.
#[test]
fn sentences() {
    let message = |document: &Value| problems(document)[0].message.clone();
    for (document, expected) in [
        (
            with(json!({ "sortedby": "a" })),
            "`sortedby` is not supported. Did you mean `sortedBy`?",
        ),
        (
            with(json!({ "sortedBy": "A" })),
            "No field has the name \"A\". Did you mean \"a\"?",
        ),
        (
            one("any", json!({})),
            "`any` is not supported. Say which type it is; `string` takes any text.",
        ),
        (
            one("date", json!({ "formats": ["%m/%d/%Y", "%d/%m/%Y"] })),
            "\"%m/%d/%Y\" and \"%d/%m/%Y\" disagree: one reads 01/02/1990 as 1990-01-02, the other \
             as 1990-02-01. Use one of them.",
        ),
        (
            constraints("string", json!({ "pattern": "(a" })),
            "This is no regular expression that is taken here: unclosed group.",
        ),
        (
            constraints("date", json!({ "minimum": "1/2/2026" })),
            "This is no value of the field: use YYYY-MM-DD (2016-01-27).",
        ),
    ] {
        assert_eq!(message(&document), expected);
    }
}
