//! What does not go together.

use super::*;

pub(super) fn several() -> Vec<Refused> {
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

#[test]
fn what_does_not_go_together() {
    are_told(several());
}
