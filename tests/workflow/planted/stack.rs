//! The secrets of the stack itself: of the database's roles, of tokens and of addresses.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::Planted;
use crate::fixture::cloud;

/// Every secret that a function is told of.
pub fn secrets(planted: &mut Planted) {
    let functions = cloud::functions().iter();
    let variables = functions.filter_map(|it| it["Environment"]["Variables"].as_object());
    let arns: BTreeSet<&str> = variables
        .flatten()
        .filter_map(|(_, value)| value.as_str())
        .filter(|it| it.contains(":secretsmanager:"))
        .collect();
    assert!(arns.len() >= 5, "{arns:?}");
    for arn in arns {
        let body = json!({"SecretId": arn});
        let action = "secretsmanager.GetSecretValue";
        let answer = cloud::call_json(&cloud::operator(), "secretsmanager", action, &body);
        let text = answer.expect(200)["SecretString"].clone();
        let before = planted.0.len();
        plant(planted, "", text.as_str().unwrap());
        assert!(planted.0.len() > before, "nothing of {arn}");
    }
}

/// The texts of a document, or the whole text. A user of the database is no secret.
fn plant(planted: &mut Planted, name: &str, text: &str) {
    match serde_json::from_str(text) {
        Ok(Value::Object(members)) => {
            for (name, value) in members {
                plant(planted, &name, value.as_str().unwrap_or_default());
            }
        }
        _ if text.len() < 12 || ["username", "kid"].contains(&name) => {}
        _ => planted.add("a secret of the stack", text),
    }
}
