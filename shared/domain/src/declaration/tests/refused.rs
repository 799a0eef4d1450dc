//! What is refused, each with its path and code, and with a sentence that says what is allowed.

mod dialects;
mod several;
mod structure;
mod values;

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{of, one, problems, told};
use dialects::dialects;
use several::several;
use structure::structure;
use values::values;

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

fn are_told(refused: Vec<Refused>) {
    for (document, expected) in refused {
        assert_eq!(told(&document).join("\n"), expected, "{document:.500}");
    }
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
