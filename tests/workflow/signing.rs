//! The signing key: who may read it, and how it is changed while users work.

mod own;

use serde_json::{Value, json};

use crate::fixture::client::{Answer, User, ask};
use crate::fixture::cloud::{self, Credentials};
use crate::fixture::custom_resource;
use crate::fixture::events::event;
use crate::fixture::stack::variable;
use crate::fixture::tokens::{FAR_AWAY, Key, claims};

const ROTATE: &str = "RotateSigningKeyFunction";

/// A route of each function that knows users: none of them answers 401 to a good token.
const ROUTES: [(&str, &str); 7] = [
    ("GET", "/auth/users/"),
    ("GET", "/collect/team/"),
    ("POST", "/collect/team/"),
    ("POST", "/collect/team/1/cancel/"),
    ("GET", "/collect/data/"),
    ("GET", "/collect/exports/"),
    ("GET", "/collect/datasets/"),
];

fn secrets(credentials: &Credentials, action: &str) -> Answer {
    let body = json!({"SecretId": variable("SIGNING_KEY_ARN")});
    let action = format!("secretsmanager.{action}");
    cloud::call_json(credentials, "secretsmanager", &action, &body)
}

/// Every function of the stack, by its name in the template.
fn functions() -> Vec<String> {
    let start = format!("{}-", variable("STACK_NAME"));
    let names = cloud::functions().iter();
    let names = names.filter_map(|it| it["FunctionName"].as_str()?.strip_prefix(&start));
    let names = names.map(|it| it.split('-').next().unwrap().to_owned());
    let names: Vec<String> = names.collect();
    assert!(names.len() > 15, "not all functions were found: {names:?}");
    names
}

#[test]
fn auth_alone_may_read_the_signing_key() {
    for function in functions() {
        let credentials = cloud::credentials_of(&function);
        let read = secrets(&credentials, "GetSecretValue");
        match function.as_str() {
            "AuthFunction" => assert_eq!(read.status, 200, "{read:?}"),
            _ => assert!(read.body.contains("AccessDenied"), "{function}: {read:?}"),
        }
        // Who rotates knows which key signs, and not the key.
        let described = secrets(&credentials, "DescribeSecret");
        let may = described.status == 200;
        assert_eq!(may, function == ROTATE, "{function}: {described:?}");
    }
}

/// A new stack has no secret of HS256 that anyone could read.
#[test]
fn there_is_no_secret_of_hs256() {
    let listed = secrets_of_the_stack();
    assert!(
        listed.iter().any(|it| it.contains("-SigningKey-")),
        "{listed:?}"
    );
    assert!(
        !listed.iter().any(|it| it.contains("-SigningSecret-")),
        "{listed:?}"
    );
}

fn secrets_of_the_stack() -> Vec<String> {
    let action = "secretsmanager.ListSecrets";
    let listed = cloud::call_json(&cloud::operator(), "secretsmanager", action, &json!({}));
    let listed = listed.expect(200);
    let names = listed["SecretList"].as_array().unwrap().iter();
    let names = names.map(|it| it["Name"].as_str().unwrap().to_owned());
    names.collect()
}

#[test]
fn a_deploy_finds_the_key_and_leaves_it() {
    for case in ["create", "update", "delete"] {
        let request = event("rotate-signing-key", case);
        let expected = json!({
            "Status": "SUCCESS",
            "Reason": "There is a signing key.",
            "PhysicalResourceId": "collect-signing-key",
            "StackId": request["StackId"],
            "RequestId": request["RequestId"],
            "LogicalResourceId": "SigningKeyPair",
        });
        assert_eq!(
            custom_resource::answer_to(ROTATE, request),
            expected,
            "{case}"
        );
        User::new();
    }
}

/// Whoever is signed in stays so, and the first token of the new key is taken everywhere, though
/// every function has read the key ring before.
#[test]
fn a_planned_rotation_signs_nobody_out() {
    let user = User::new();
    let is_in_everywhere = |token: &str| {
        for (method, path) in ROUTES {
            let bearer = format!("Bearer {token}");
            let body = (method == "POST").then_some(b"".as_slice());
            let answer = ask(method, path, &[("Authorization", &bearer)], body);
            assert_ne!(answer.status, 401, "{method} {path}: {answer:?}");
        }
    };
    is_in_everywhere(&user.token);
    let before = current();
    let answer = cloud::invoke(ROTATE, &event("rotate-signing-key", "planned")).json();
    let signs = answer["signs"].as_str().unwrap();
    assert_ne!(signs, before);
    assert_eq!(signs, current());
    assert!(answer["ending"][&before].is_string(), "{answer}");
    let new = Key::of_the_stack();
    assert_eq!(new.kid, signs);
    let claims = claims("access", user.id, FAR_AWAY);
    is_in_everywhere(&new.signed(&claims));
    is_in_everywhere(&user.token);
    let refreshed = json!({"refresh": user.refresh}).to_string();
    let headers = [("Content-Type", "application/json")];
    let refreshed = ask(
        "POST",
        "/token/refresh/",
        &headers,
        Some(refreshed.as_bytes()),
    );
    let access = refreshed.expect(200)["access"].as_str().unwrap().to_owned();
    is_in_everywhere(&access);
    is_in_everywhere(&User::new().token);
}

/// The kid that signs.
fn current() -> String {
    let described = secrets(&cloud::operator(), "DescribeSecret").expect(200);
    let versions = described["VersionIdsToStages"].as_object().unwrap().iter();
    let is_current = |labels: &Value| labels.as_array().unwrap().contains(&json!("AWSCURRENT"));
    let mut current = versions.filter(|(_, labels)| is_current(labels));
    current.next().unwrap().0.clone()
}

#[test]
fn what_asks_for_no_rotation_is_refused() {
    for request in [
        json!({}),
        json!({"rotate": "now"}),
        json!({"rotate": "planned", "x": 1}),
    ] {
        let answer = cloud::invoke_whatever_comes(ROTATE, &request);
        assert!(answer.header("x-amz-function-error").is_some(), "{request}");
    }
}
