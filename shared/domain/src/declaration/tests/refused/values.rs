//! What no cell could be.

use super::*;

pub(super) fn values() -> Vec<Refused> {
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

#[test]
fn what_no_cell_could_be() {
    are_told(values());
}
