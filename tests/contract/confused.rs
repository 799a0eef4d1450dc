//! Tokens that want to be checked with something else than the signing key of their kid, sent to
//! every function that knows users. `lambda` tries more of them without a server.

use std::sync::Mutex;
use std::thread;

use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::{Value, json};

use super::forged;
use crate::fixture::client::{Answer, User, ask};
use crate::fixture::tokens::{FAR_AWAY, Key, claims, message, signed};

/// A route of each function that knows users, and what the user gets there with a good token.
const ROUTES: [(&str, &str, u16); 7] = [
    ("GET", "/auth/users/", 405),
    ("GET", "/collect/team/", 200),
    ("POST", "/collect/team/", 400),
    ("POST", "/collect/team/1/cancel/", 404),
    ("GET", "/collect/data/", 200),
    ("GET", "/collect/exports/", 200),
    ("GET", "/collect/datasets/", 200),
];

const INVALID: &str = r#"{"detail":"Given token not valid for any token type","code":"token_not_valid","messages":[{"token_class":"AccessToken","token_type":"access","message":"Token is invalid or expired"}]}"#;
const REFRESH_INVALID: &str =
    r#"{"detail":"Token is invalid or expired","code":"token_not_valid"}"#;

/// Requests that are sent at the same time.
const AT_ONCE: usize = 8;

/// What is wrong with a token, and the token.
type Case = (&'static str, String);

fn sent(method: &str, path: &str, token: &str) -> Answer {
    let authorization = format!("Bearer {token}");
    let body = (method == "POST").then_some(b"".as_slice());
    ask(method, path, &[("Authorization", &authorization)], body)
}

/// Of a type that is sent to the API, or exchanged.
fn cases(token_type: &str, user: &User) -> Vec<Case> {
    let key = Key::of_the_stack();
    let claims = claims(token_type, user.id, FAR_AWAY);
    [
        by_the_public_half(&key, &claims),
        without_signature(&key, &claims),
        by_other_kids(&key, &claims),
        bringing_a_key(&key, &claims),
        of_other_stacks(&key, &claims),
    ]
    .concat()
}

fn by_the_public_half(key: &Key, claims: &Value) -> Vec<Case> {
    let secret = EncodingKey::from_secret(key.x().as_bytes());
    let by = |header: Value| signed(&header, claims, &secret, Algorithm::HS256);
    vec![
        (
            "HS256 by the public half",
            by(json!({"typ": "JWT", "alg": "HS256", "kid": key.kid})),
        ),
        (
            "HS256 by the public half, without kid",
            by(json!({"typ": "JWT", "alg": "HS256"})),
        ),
        ("HS256 that says EdDSA", by(key.header())),
    ]
}

fn without_signature(key: &Key, claims: &Value) -> Vec<Case> {
    let unsigned = |header: Value| format!("{}.", message(&header, claims));
    vec![
        (
            "alg none",
            unsigned(json!({"typ": "JWT", "alg": "none", "kid": key.kid})),
        ),
        (
            "alg none, without kid",
            unsigned(json!({"typ": "JWT", "alg": "none"})),
        ),
        ("EdDSA without a signature", unsigned(key.header())),
    ]
}

fn by_other_kids(key: &Key, claims: &Value) -> Vec<Case> {
    let long = "0".repeat(4000);
    let by = |kid: Value| {
        let header = json!({"typ": "JWT", "alg": "EdDSA", "kid": kid});
        signed(&header, claims, &key.private(), Algorithm::EdDSA)
    };
    vec![
        ("a foreign key", key.foreign().signed(claims)),
        ("a kid of nobody", by(json!("0".repeat(32)))),
        ("a kid that is a path", by(json!("../../../dev/null"))),
        ("a kid that is SQL", by(json!("' UNION SELECT 'AAAA' --"))),
        ("a kid that is an item", by(json!("KEY#ring"))),
        ("a long kid", by(json!(long))),
        ("a kid in capitals", by(json!(key.kid.to_uppercase()))),
        ("a kid in a list", by(json!([key.kid]))),
        ("no kid", by(Value::Null)),
    ]
}

fn bringing_a_key(key: &Key, claims: &Value) -> Vec<Case> {
    let foreign = key.foreign();
    let jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": foreign.x(), "kid": key.kid});
    let with = |name: &str, value: Value| {
        let mut header = key.header();
        header[name] = value;
        header
    };
    let address = json!("https://example.com/keys.json");
    let by_foreign = |header: Value| {
        let private = foreign.private();
        signed(&header, claims, &private, Algorithm::EdDSA)
    };
    let critical = with("crit", json!(["exp"]));
    vec![
        ("jwk", by_foreign(with("jwk", jwk))),
        ("jku", by_foreign(with("jku", address.clone()))),
        ("x5u", by_foreign(with("x5u", address))),
        (
            "crit, signed by ours",
            signed(&critical, claims, &key.private(), Algorithm::EdDSA),
        ),
    ]
}

fn of_other_stacks(key: &Key, claims: &Value) -> Vec<Case> {
    let mut of_another = claims.clone();
    of_another["iss"] = json!("another-stack");
    let mut of_none = claims.clone();
    of_none.as_object_mut().unwrap().remove("iss");
    vec![
        ("another issuer", key.signed(&of_another)),
        ("no issuer", key.signed(&of_none)),
    ]
}

/// The same claims by the right key are good: so it is the key that the others lack.
#[test]
fn the_signing_key_makes_a_token_good_on_every_function() {
    let user = User::new();
    let good = Key::of_the_stack().signed(&claims("access", user.id, FAR_AWAY));
    for (method, path, status) in ROUTES {
        let answer = sent(method, path, &good);
        assert_eq!(answer.status, status, "{method} {path}: {answer:?}");
    }
    let refresh = Key::of_the_stack().signed(&claims("refresh", user.id, FAR_AWAY));
    assert_eq!(refreshed(&refresh).status, 200);
}

#[test]
fn no_token_is_checked_with_what_it_brings() {
    let user = User::new();
    let mut cases = cases("access", &user);
    cases.push(("no signature at all", forged::unsigned(&user)));
    let requests = cases.iter().flat_map(|it| ROUTES.map(|route| (it, route)));
    let rest = Mutex::new(requests);
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some(((case, token), (method, path, _))) = { rest.lock().unwrap().next() }
                {
                    let answer = sent(method, path, token);
                    let found = (answer.status, answer.body.as_str());
                    assert_eq!(found, (401, INVALID), "{case}: {method} {path}");
                }
            });
        }
    });
}

#[test]
fn no_refresh_token_is_checked_with_what_it_brings() {
    for (case, token) in cases("refresh", &User::new()) {
        let answer = refreshed(&token);
        let found = (answer.status, answer.body.as_str());
        assert_eq!(found, (401, REFRESH_INVALID), "{case}");
    }
}

fn refreshed(token: &str) -> Answer {
    let headers = [("Content-Type", "application/json")];
    let body = json!({ "refresh": token }).to_string();
    ask("POST", "/token/refresh/", &headers, Some(body.as_bytes()))
}
