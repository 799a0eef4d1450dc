//! The accounts table: a function reads and writes the items of its work, and no others.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::permissions::statements;
use super::template::{Template, list, text};

const KEYS: &str = "dynamodb:LeadingKeys";

/// What a function may do with which items. None but `auth` may see an account with its hash, or
/// write one; `reconcile` removes those that are deleted. Those that hold users to quotas write down
/// that one was reached.
const RIGHTS: [(&str, &str, &[&str]); 22] = [
    (
        "AuthFunction",
        "GetItem",
        &["USERNAME#*", "USER#*", "FAMILY#*", "KEY#*", "REPORT#*"],
    ),
    (
        "AuthFunction",
        "PutItem",
        &["USERNAME#*", "USER#*", "REPORT#*"],
    ),
    (
        "AuthFunction",
        "UpdateItem",
        &[
            "COUNTER#user",
            "USERNAME#*",
            "USER#*",
            "FAMILY#*",
            "TRIES#*",
            "LEAVING#users",
        ],
    ),
    ("AuthFunction", "PutItem", ACTS),
    ("UploadFileFunction", "GetItem", USERS),
    ("UploadFileFunction", "PutItem", ACTS),
    ("ControlExportFunction", "GetItem", USERS),
    ("ControlExportFunction", "PutItem", ACTS),
    ("DeclareDatasetFunction", "GetItem", USERS),
    ("DeclareDatasetFunction", "PutItem", ACTS),
    ("QueryDataFunction", "GetItem", USERS),
    ("QueryDataFunction", "PutItem", ACTS),
    ("ShowAuditFunction", "GetItem", USERS),
    ("ShowAuditFunction", "Query", &["OWNER#*"]),
    ("ReconcileFunction", "GetItem", &["LEAVING#users", "USER#*"]),
    (
        "ReconcileFunction",
        "UpdateItem",
        &["LEAVING#users", "REPORT#*"],
    ),
    ("ReconcileFunction", "DeleteItem", &["USERNAME#*", "USER#*"]),
    ("ReconcileFunction", "Query", &["OWNER#*"]),
    ("ReconcileFunction", "PutItem", &["OWNER#*"]),
    ("ReconcileFunction", "UpdateItem", &["OWNER#*"]),
    ("RotateSigningKeyFunction", "GetItem", &["KEY#ring"]),
    ("RotateSigningKeyFunction", "PutItem", &["KEY#ring"]),
];

/// What any other function may that knows users: see whose a token is, and the public keys that tokens
/// are checked with.
const OF_ANY_OTHER: (&str, &[&str]) = ("GetItem", USERS);

const USERS: &[&str] = &["USER#*", "KEY#*"];

/// What was done, and that it was in this hour.
const ACTS: &[&str] = &["OWNER#*", "HOUR#*"];

/// A right to call something of the table, as it stands in the template.
struct Right {
    function: String,
    action: String,
    condition: Value,
}

fn rights(template: &Template) -> Vec<Right> {
    let mut found = Vec::new();
    for (function, statement) in statements(template) {
        for action in list(&statement["Action"]).into_iter().map(text) {
            if let Some(action) = action.strip_prefix("dynamodb:") {
                found.push(Right {
                    function: function.clone(),
                    action: action.to_owned(),
                    condition: statement["Condition"].clone(),
                });
            }
        }
    }
    assert!(found.len() > 5, "the rights were not found");
    found
}

/// `ForAllValues` holds where a call names no key, so `Null` must refuse that call.
#[test]
fn every_right_is_to_some_keys_and_demands_one() {
    for right in rights(&Template::load()) {
        let condition = right.condition.as_object().unwrap();
        let names: Vec<&String> = condition.keys().collect();
        assert_eq!(
            names,
            ["ForAllValues:StringLike", "Null"],
            "{}",
            right.function
        );
        assert_eq!(
            condition["Null"],
            json!({ KEYS: "false" }),
            "{}",
            right.function
        );
    }
}

#[test]
fn no_function_may_do_more_than_its_work_with_accounts() {
    let mut expected: BTreeSet<_> = RIGHTS.map(owned).into();
    let mut found = BTreeSet::new();
    for right in rights(&Template::load()) {
        let keys = list(&right.condition["ForAllValues:StringLike"][KEYS]);
        let keys: Vec<String> = keys.into_iter().map(text).collect();
        if RIGHTS
            .iter()
            .all(|(function, _, _)| *function != right.function)
        {
            let (action, keys) = OF_ANY_OTHER;
            expected.insert(owned((&right.function, action, keys)));
        }
        found.insert((right.function, right.action, keys));
    }
    assert_eq!(found, expected);
}

fn owned((function, action, keys): (&str, &str, &[&str])) -> (String, String, Vec<String>) {
    let keys = keys.iter().map(|it| (*it).to_owned());
    (function.to_owned(), action.to_owned(), keys.collect())
}
