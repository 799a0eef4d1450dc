//! The table of accounts, called with the functions' own roles: each is let to the items of its work,
//! and none but `auth` reads an account with its hash.

use std::path::Path;

use serde_json::{Value, json};
use uuid::Uuid;

use crate::fixture::cloud::{self, Credentials, Nobody};
use crate::fixture::stack::variable;

/// What nothing fulfils: a write that is allowed is refused for this, and changes nothing.
const NEVER: &str = "attribute_exists(pk) AND attribute_not_exists(pk)";

/// The functions that recognize users.
const KNOWING_USERS: [&str; 7] = [
    "control-export",
    "control-import",
    "declare-dataset",
    "list-imports",
    "query-data",
    "show-audit",
    "upload-file",
];

/// One item of each kind, in the order of the columns below.
const ITEMS: [&str; 8] = [
    "USERNAME#nobody",
    "USER#0",
    "KEY#ring",
    "COUNTER#user",
    "FAMILY#none",
    "TRIES#none",
    "LEAVING#users",
    "REPORT#none",
];

/// What a role may do with an item of each kind. What is not named, no role may do with any.
type Rights = [(&'static str, [bool; 8]); 4];

const OF_AUTH: Rights = [
    (
        "GetItem",
        [true, true, true, false, true, false, false, true],
    ),
    (
        "PutItem",
        [true, true, false, false, false, false, false, true],
    ),
    (
        "UpdateItem",
        [true, true, false, true, true, true, true, false],
    ),
    ("DeleteItem", NONE),
];

/// It takes up who leaves, and removes their items in the end.
const OF_RECONCILE: Rights = [
    (
        "GetItem",
        [false, true, false, false, false, false, true, false],
    ),
    ("PutItem", NONE),
    (
        "UpdateItem",
        [false, false, false, false, false, false, true, true],
    ),
    (
        "DeleteItem",
        [true, true, false, false, false, false, false, false],
    ),
];

const OF_ONE_KNOWING_USERS: Rights = [
    (
        "GetItem",
        [false, true, true, false, false, false, false, false],
    ),
    ("PutItem", NONE),
    ("UpdateItem", NONE),
    ("DeleteItem", NONE),
];

const OF_ROTATE_SIGNING_KEY: Rights = [
    (
        "GetItem",
        [false, false, true, false, false, false, false, false],
    ),
    (
        "PutItem",
        [false, false, true, false, false, false, false, false],
    ),
    ("UpdateItem", NONE),
    ("DeleteItem", NONE),
];

const OF_ANY_OTHER: Rights = [
    ("GetItem", NONE),
    ("PutItem", NONE),
    ("UpdateItem", NONE),
    ("DeleteItem", NONE),
];

const NONE: [bool; 8] = [false; 8];

#[test]
fn a_function_is_let_to_the_items_of_its_work_alone() {
    for function in functions() {
        let rights = match function.as_str() {
            "auth" => OF_AUTH,
            "reconcile" => OF_RECONCILE,
            "rotate-signing-key" => OF_ROTATE_SIGNING_KEY,
            it if KNOWING_USERS.contains(&it) => OF_ONE_KNOWING_USERS,
            _ => OF_ANY_OTHER,
        };
        let credentials = cloud::credentials_of(&resource(&function));
        for (column, item) in ITEMS.into_iter().enumerate() {
            for (action, body) in calls(item) {
                let right = rights.iter().find(|(named, _)| *named == action);
                let expected = right.is_some_and(|(_, columns)| columns[column]);
                let found = is_let(&credentials, action, &body);
                // A query or a batch has a right of its own, which nobody has.
                assert_eq!(found, expected, "{function}: {action} of {item}");
            }
        }
        assert!(!is_let(&credentials, "Scan", &scan()), "{function}");
    }
}

/// The local cloud knows the partition keys of each call, as AWS does.
#[test]
fn a_condition_on_the_partition_key_holds_for_each_call() {
    let somebody = Nobody::new().but(&allowed(true));
    let (mine, other) = (format!("USER#{}", Uuid::new_v4()), "USERNAME#nobody");
    for (action, body) in calls(&mine) {
        assert!(is_let(&somebody.credentials, action, &body), "{action}");
    }
    for (action, body) in calls(other).into_iter().chain(calls("USER")) {
        assert!(!is_let(&somebody.credentials, action, &body), "{body}");
    }
    for (action, body) in calls_of_two(&mine, other) {
        assert!(!is_let(&somebody.credentials, action, &body), "{body}");
    }
    // A key in the body of a call that names none does not count.
    let mut sly = scan();
    sly["Key"] = key(&mine);
    for body in [scan(), sly] {
        assert!(!is_let(&somebody.credentials, "Scan", &body), "{body}");
    }
}

/// Why `Null` stands beside every such condition.
#[test]
fn a_call_without_a_key_fulfils_for_all_values() {
    let careless = Nobody::new().but(&allowed(false));
    assert!(is_let(&careless.credentials, "Scan", &scan()));
    for (action, body) in calls("USERNAME#nobody") {
        assert!(!is_let(&careless.credentials, action, &body), "{action}");
    }
}

/// Everything with a user's items.
fn allowed(demands_a_key: bool) -> Value {
    let mut condition = json!({"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["USER#*"]}});
    if demands_a_key {
        condition["Null"] = json!({"dynamodb:LeadingKeys": "false"});
    }
    json!({"Effect": "Allow", "Action": "dynamodb:*", "Resource": "*", "Condition": condition})
}

/// Every call that names this item, and nothing else.
fn calls(item: &str) -> Vec<(&'static str, Value)> {
    let table = variable("ACCOUNTS_TABLE");
    let value = json!({"S": item});
    let one = json!({"TableName": table, "Key": key(item)});
    let with = |more: Value| merged(&one, &more);
    let written = json!({"TableName": table, "Item": key(item), "ConditionExpression": NEVER});
    let asked = json!({"TableName": table, "ExpressionAttributeValues": {":key": value}});
    let query = |more: Value| merged(&asked, &more);
    let condition = json!({"pk": {"ComparisonOperator": "EQ", "AttributeValueList": [value]}});
    vec![
        ("GetItem", one.clone()),
        ("PutItem", written.clone()),
        ("UpdateItem", with(json!({"ConditionExpression": NEVER}))),
        ("DeleteItem", with(json!({"ConditionExpression": NEVER}))),
        (
            "Query",
            query(json!({"KeyConditionExpression": "pk = :key"})),
        ),
        (
            "Query",
            query(json!({
                "KeyConditionExpression": "#key = :key",
                "ExpressionAttributeNames": {"#key": "pk"},
            })),
        ),
        (
            "Query",
            json!({"TableName": table, "KeyConditions": condition}),
        ),
        ("BatchGetItem", batch(json!({"Keys": [key(item)]}))),
        ("BatchWriteItem", batch(json!([removal(item)]))),
    ]
}

/// Every call that names both. A transaction has no right of its own but those of its items.
fn calls_of_two(one: &str, other: &str) -> Vec<(&'static str, Value)> {
    let table = variable("ACCOUNTS_TABLE");
    let named = |item: &str| json!({"TableName": table, "Key": key(item)});
    let guarded = |item: &str| merged(&named(item), &json!({"ConditionExpression": NEVER}));
    let reads =
        |items: [&str; 2]| json!({"TransactItems": items.map(|it| json!({"Get": named(it)}))});
    let writes =
        json!({"TransactItems": [{"Delete": guarded(one)}, {"ConditionCheck": guarded(other)}]});
    vec![
        (
            "BatchGetItem",
            batch(json!({"Keys": [key(one), key(other)]})),
        ),
        (
            "BatchWriteItem",
            batch(json!([removal(one), removal(other)])),
        ),
        ("TransactGetItems", reads([one, other])),
        ("TransactGetItems", reads([other, one])),
        ("TransactWriteItems", writes),
    ]
}

/// Each item of a transaction is authorized by itself.
#[test]
fn a_transaction_needs_the_right_to_each_of_its_items() {
    let somebody = Nobody::new().but(&allowed(true));
    let [one, other] = [(), ()].map(|()| format!("USER#{}", Uuid::new_v4()));
    for (action, body) in calls_of_two(&one, &other) {
        assert!(is_let(&somebody.credentials, action, &body), "{body}");
    }
}

fn scan() -> Value {
    json!({"TableName": variable("ACCOUNTS_TABLE"), "Limit": 1})
}

fn key(item: &str) -> Value {
    json!({"pk": {"S": item}})
}

fn removal(item: &str) -> Value {
    json!({"DeleteRequest": {"Key": key(item)}})
}

fn batch(of_the_table: Value) -> Value {
    json!({"RequestItems": {(variable("ACCOUNTS_TABLE")): of_the_table}})
}

fn merged(one: &Value, other: &Value) -> Value {
    let mut all = one.as_object().unwrap().clone();
    all.extend(other.as_object().unwrap().clone());
    Value::Object(all)
}

/// False if it was refused for lack of permission. Any failure but the condition that nothing fulfils is
/// a mistake of the test.
fn is_let(credentials: &Credentials, action: &str, body: &Value) -> bool {
    let target = format!("DynamoDB_20120810.{action}");
    let answer = cloud::call_json(credentials, "dynamodb", &target, body);
    let refused = answer.body.contains("AccessDenied");
    let done = answer.status == 200 || answer.body.contains("ConditionalCheckFailed");
    assert!(refused || done, "{action} {body}: {answer:?}");
    !refused
}

fn functions() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../functions");
    let names = folder.read_dir().unwrap().map(|it| it.unwrap().file_name());
    let names: Vec<String> = names.map(|it| it.into_string().unwrap()).collect();
    assert!(names.len() > 10, "the functions were not found");
    names
}

/// `import-chunk` → `ImportChunkFunction`.
fn resource(function: &str) -> String {
    let capital = |word: &str| word[..1].to_uppercase() + &word[1..];
    function.split('-').map(capital).collect::<String>() + "Function"
}
