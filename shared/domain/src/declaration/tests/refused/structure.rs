//! What stands in the wrong place.

use super::*;

pub(super) fn structure() -> Vec<Refused> {
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

#[test]
fn what_stands_in_the_wrong_place() {
    are_told(structure());
}
