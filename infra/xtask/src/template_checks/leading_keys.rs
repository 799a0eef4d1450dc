//! The accounts table: a function reads and writes the items of its work, and no others.

use serde_json::{Value, json};

use super::permissions::statements;
use super::template::{Template, list, text};

const KEYS: &str = "dynamodb:LeadingKeys";

/// Whose a token is, and the public keys that tokens are checked with.
const OF_ALL: [&str; 2] = ["USER#*", "KEY#*"];

/// The function that owns the table. No other may see an account with its hash.
const OWNER: &str = "AuthFunction";

fn of_the_table(template: &Template) -> Vec<(String, Value)> {
    let mut found = statements(template);
    found.retain(|(_, statement)| {
        let mut actions = list(&statement["Action"]).into_iter().map(text);
        actions.any(|it| it.starts_with("dynamodb:"))
    });
    assert!(found.len() > 5, "the statements were not found");
    found
}

/// `ForAllValues` holds where a call names no key, so `Null` must refuse that call.
#[test]
fn every_statement_says_which_keys() {
    for (name, statement) in of_the_table(&Template::load()) {
        let condition = &statement["Condition"];
        let keys = list(&condition["ForAllValues:StringLike"][KEYS]);
        assert!(!keys.is_empty(), "{name}");
        for key in keys.into_iter().map(text) {
            let kind = key.split('#').next().unwrap_or_default();
            let named = !kind.is_empty() && !kind.contains(['*', '?']);
            assert!(named && key.contains('#'), "{name}: {key}");
        }
        assert_eq!(condition["Null"], json!({ KEYS: "false" }), "{name}");
        assert_eq!(condition.as_object().unwrap().len(), 2, "{name}");
    }
}

#[test]
fn no_other_function_than_auth_may_see_an_account_or_write() {
    for (name, statement) in of_the_table(&Template::load()) {
        if name == OWNER {
            continue;
        }
        assert_eq!(statement["Action"], "dynamodb:GetItem", "{name}");
        let keys = list(&statement["Condition"]["ForAllValues:StringLike"][KEYS]);
        let keys: Vec<String> = keys.into_iter().map(text).collect();
        assert_eq!(keys, OF_ALL, "{name}");
    }
}
