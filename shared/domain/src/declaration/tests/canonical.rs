//! Equal declarations have equal documents, and a document is read as it was written.

use serde_json::{Value, json};

use super::{everything, of, one, parsed};
use crate::declaration::Declaration;

#[test]
fn a_declaration_is_its_document() {
    let mut documents = vec![everything(), of(json!([{ "name": "a", "type": "string" }]))];
    for name in crate::catalog::NAMES {
        documents.push(crate::catalog::declaration(name).unwrap().to_json());
    }
    for document in documents {
        let declaration = parsed(&document);
        let again = parsed(&declaration.to_json());
        assert_eq!(declaration, again);
        assert_eq!(declaration.to_json(), again.to_json());
    }
}

/// What says nothing is left out, however it was said.
#[test]
fn equal_documents_are_equal() {
    let usual = one("number", json!({}));
    let table = [
        json!({ "missingValues": [""] }),
        json!({ "fieldsMatch": "partial", "maxErrors": "10%", "oneAtATime": false }),
        json!({ "dialect": {} }),
        json!({ "dialect": { "quoteChar": "\"", "doubleQuote": true, "header": true } }),
        json!({ "totals": [], "inOrder": [], "multiline": false }),
    ];
    for properties in table {
        let mut document = usual.clone();
        let all = document.as_object_mut().unwrap();
        all.extend(properties.as_object().unwrap().clone());
        assert_eq!(parsed(&document), parsed(&usual), "{document}");
        assert_eq!(parsed(&document).to_json(), usual);
    }
    let same = |of_type: &str, table: &[(Value, Value)]| {
        for (written, short) in table {
            let written = parsed(&one(of_type, written.clone())).to_json();
            assert_eq!(written, one(of_type, short.clone()));
        }
    };
    same(
        "date",
        &[
            (json!({ "format": "default" }), json!({})),
            (json!({ "formats": ["default"] }), json!({})),
            (
                json!({ "formats": ["%d.%m.%Y"] }),
                json!({ "format": "%d.%m.%Y" }),
            ),
        ],
    );
    same(
        "number",
        &[
            (
                json!({ "constraints": { "minimum": "5" } }),
                json!({ "constraints": { "minimum": 5 } }),
            ),
            (
                json!({ "constraints": { "minimum": 5.0 } }),
                json!({ "constraints": { "minimum": 5 } }),
            ),
            (
                json!({ "constraints": { "minimum": "0.5" } }),
                json!({ "constraints": { "minimum": 0.5 } }),
            ),
            (json!({ "bareNumber": true, "decimalChar": "." }), json!({})),
            (json!({ "constraints": { "required": false } }), json!({})),
        ],
    );
    same(
        "boolean",
        &[(
            json!({ "trueValues": ["true", "True", "TRUE", "1"] }),
            json!({}),
        )],
    );
}

#[test]
fn a_built_in_document_is_canonical() {
    for text in [
        include_str!("../../catalog/baseline.json"),
        include_str!("../../catalog/team.json"),
    ] {
        let document: Value = serde_json::from_str(text).unwrap();
        assert_eq!(parsed(&document).to_json(), document);
        assert_eq!(
            Declaration::stored(&document),
            Declaration::parse(&document)
        );
    }
}
