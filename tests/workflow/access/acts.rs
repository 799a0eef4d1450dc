//! Who did what: everything that is done with an account is found again by its user, with where it
//! came from, and by nobody else.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::fixture::client::{Answer, User, ask_url};
use crate::fixture::cloud::{self, Credentials};
use crate::fixture::stack::{variable, wait_until};

const PASSWORD: &str = "12ab34cd";
const ELSEWHERE: &str = "203.0.113.77";

/// Asks the gateway itself, as somebody from elsewhere.
fn post(user: &User, path: &str, body: &Value) -> Answer {
    let bearer = format!("Bearer {}", user.token);
    let headers = [
        ("Content-Type", "application/json"),
        ("X-Forwarded-For", ELSEWHERE),
        ("Authorization", bearer.as_str()),
    ];
    let url = format!("{}{path}", variable("GATEWAY_URL"));
    ask_url("POST", &url, &headers, Some(body.to_string().as_bytes()))
}

fn acts(user: &User) -> Vec<Value> {
    let page = user.get("/collect/audit/").expect(200);
    page["results"].as_array().unwrap().clone()
}

/// The words of acts, the latest first.
fn words(acts: &[Value]) -> Vec<String> {
    let word = |it: &Value| {
        let of = it["of"]
            .as_str()
            .map_or_else(String::new, |of| format!("{of} "));
        format!("{of}{}", it["act"].as_str().unwrap())
    };
    acts.iter().map(word).collect()
}

#[test]
fn everything_that_is_done_with_an_account_is_written_down() {
    let mut user = User::new();
    let name = user.name.clone();
    let wrong = json!({"username": name, "password": "12ab34ce"});
    post(&user, "/token/", &wrong).expect(401);
    let right = json!({"username": name, "password": PASSWORD, "rotate": true});
    let first = post(&user, "/token/", &right).expect(200)["refresh"].clone();
    let key = json!({"name": "k", "access": "read", "current_password": PASSWORD});
    post(&user, "/auth/keys/", &key).expect(201);
    user.delete("/auth/keys/1/").is(204, "");
    let body = json!({"new_password": "blue kettle 7", "current_password": "12ab34ce"});
    post(&user, "/auth/users/set_password/", &body).expect(400);
    // Exchanged twice over, then the first once more.
    let exchange = |token: &Value| post(&user, "/token/refresh/", &json!({"refresh": token}));
    let second = exchange(&first).expect(200)["refresh"].clone();
    exchange(&second).expect(200);
    exchange(&first).expect(401);
    let plain = json!({"refresh": user.refresh});
    post(&user, "/token/blacklist/", &plain).expect(200);
    let other = post(&user, "/token/", &right).expect(200)["refresh"].clone();
    let everywhere = json!({"refresh": other, "all": true});
    post(&user, "/token/blacklist/", &everywhere).expect(200);
    user = User::sign_in(&json!({"id": user.id, "username": name}), PASSWORD);
    let body = json!({"new_password": "blue kettle 7", "current_password": PASSWORD});
    assert_eq!(post(&user, "/auth/users/set_password/", &body).status, 204);
    user = User::sign_in(&json!({"id": user.id, "username": name}), "blue kettle 7");

    let acts = acts(&user);
    let mut expected = [
        "signed_up",
        "signed_in",
        "sign_in_failed",
        "signed_in",
        "key_made",
        "key_revoked",
        "password_refused",
        "refresh_refused",
        "signed_out",
        "signed_in",
        "sessions_ended",
        "signed_in",
        "password_changed",
        "signed_in",
    ];
    expected.reverse();
    assert_eq!(words(&acts), expected);
    let from = |act: &str| {
        let found = acts.iter().filter(|it| it["act"] == act);
        found
            .map(|it| it["address"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(from("sign_in_failed"), [ELSEWHERE]);
    assert_eq!(from("key_made"), [ELSEWHERE]);
    assert_eq!(from("signed_up"), ["127.0.0.1"]);
    let made = acts.iter().find(|it| it["act"] == "key_made").unwrap();
    assert_eq!(made["detail"], "key 1, to read");
    for act in &acts {
        assert!(act["request_id"].is_string(), "{act}");
        for secret in [PASSWORD, "12ab34ce", "blue kettle 7", &user.token] {
            assert!(!act.to_string().contains(secret), "{act}");
        }
    }
    // Nobody else sees any of it.
    assert_eq!(words(&self::acts(&User::new())), ["signed_in", "signed_up"]);
}

#[test]
fn what_is_done_with_imports_stands_beside_it() {
    let user = User::new();
    let (import, _) = user.ask_for_url("team", 10);
    import.post("cancel").expect(202);
    import.until(|it| it["status"] == "cancelled");
    user.post_json("/collect/exports/", &json!({})).expect(201);
    user.delete(&import.path).is(204, "");
    let acts = acts(&user);
    let found = words(&acts);
    let expected = [
        "team/1 cancelling",
        "team/1 awaiting_upload",
        "signed_in",
        "signed_up",
    ];
    for act in expected {
        assert!(found.iter().any(|it| it == act), "{act} in {found:?}");
    }
    let exports = acts.iter().filter(|it| it["kind"] == "export").count();
    assert_eq!(exports, 1, "{found:?}");
    assert!(found[0].starts_with("team/1 delet"), "{found:?}");
    // Page by page it is the same list.
    let (mut paged, mut path) = (Vec::new(), "/collect/audit/?limit=1".to_owned());
    loop {
        let page = user.get(&path).expect(200);
        paged.extend(page["results"].as_array().unwrap().clone());
        match page["next"].as_str() {
            Some(next) => {
                path = next
                    .split_once("/collect/")
                    .map(|it| format!("/collect/{}", it.1))
                    .unwrap()
            }
            None => break,
        }
    }
    assert_eq!(words(&paged), found);
}

/// A line of the log says whose request it was and from where, at its top.
#[test]
fn the_log_says_who_asked_from_where() {
    let user = User::new();
    let mark = Uuid::new_v4().simple().to_string();
    user.get(&format!("/collect/team/?limit=1&mark={mark}"))
        .expect(200);
    let lines = || -> Vec<Value> {
        let lines = cloud::logged("ListImportsFunction");
        lines
            .iter()
            .filter_map(|it| serde_json::from_str(it).ok())
            .collect()
    };
    let mine = || lines().into_iter().find(|it| it["user"] == user.id);
    wait_until("the line of the request", || mine().is_some());
    let line = mine().unwrap();
    assert_eq!(line["message"], "answered", "{line}");
    assert_eq!(line["address"], "127.0.0.1", "{line}");
    assert_eq!(line["status"], 200, "{line}");
    let lines = cloud::logged("AuthFunction");
    let lines = lines
        .iter()
        .filter_map(|it| serde_json::from_str::<Value>(it).ok());
    let mine: Vec<Value> = lines.filter(|it| it["user"] == user.id).collect();
    let has = |name: &str, value: &str| mine.iter().any(|it| it[name] == value);
    assert!(
        has("act", "signed_up") && has("act", "signed_in"),
        "{mine:?}"
    );
    assert!(has("message", "answered"), "{mine:?}");
}

/// What is written down is changed by nobody, but that addresses go with their account, and read by the
/// function that shows it.
#[test]
fn a_function_reads_or_writes_acts_only_if_that_is_its_work() {
    let table = variable("AUDIT_TABLE");
    let key = json!({"pk": {"S": "OWNER#none"}, "sk": {"S": "~"}});
    let never = "attribute_exists(pk) AND attribute_not_exists(pk)";
    let calls = [
        (
            "PutItem",
            json!({"TableName": table, "Item": key, "ConditionExpression": never}),
        ),
        (
            "Query",
            json!({"TableName": table, "KeyConditionExpression": "pk = :key",
                   "ExpressionAttributeValues": {":key": {"S": "OWNER#none"}}}),
        ),
        ("GetItem", json!({"TableName": table, "Key": key})),
        (
            "UpdateItem",
            json!({"TableName": table, "Key": key, "ConditionExpression": never}),
        ),
        (
            "DeleteItem",
            json!({"TableName": table, "Key": key, "ConditionExpression": never}),
        ),
        ("Scan", json!({"TableName": table, "Limit": 1})),
    ];
    for (function, right) in [
        ("AuthFunction", &["PutItem"][..]),
        ("ShowAuditFunction", &["Query"]),
        ("UploadFileFunction", &["PutItem"]),
        ("ControlExportFunction", &["PutItem"]),
        ("DeclareDatasetFunction", &["PutItem"]),
        ("QueryDataFunction", &["PutItem"]),
        ("ListImportsFunction", &[]),
        ("ControlImportFunction", &[]),
        ("ReconcileFunction", &["Query", "PutItem", "UpdateItem"]),
    ] {
        let credentials = cloud::credentials_of(function);
        for (action, body) in &calls {
            let expected = right.contains(action);
            assert_eq!(
                is_let(&credentials, action, body),
                expected,
                "{function}: {action}"
            );
        }
    }
}

fn is_let(credentials: &Credentials, action: &str, body: &Value) -> bool {
    let target = format!("DynamoDB_20120810.{action}");
    let answer = cloud::call_json(credentials, "dynamodb", &target, body);
    let refused = answer.body.contains("AccessDenied");
    let done = answer.status == 200 || answer.body.contains("ConditionalCheckFailed");
    assert!(refused || done, "{action} {body}: {answer:?}");
    !refused
}
