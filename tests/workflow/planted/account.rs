//! What somebody sends of an account: rightly, wrongly, and in the wrong place.

use serde_json::{Value, json};

use super::{Planted, random_letters};
use crate::fixture::client::{Answer, User, ask};
use crate::fixture::cloud;

/// A user of whom everything is planted that makes them known.
pub fn signed_in_and_mistaken(planted: &mut Planted) -> User {
    let password = planted.word("a password");
    let user = signed_up(planted, &password);
    passwords(planted, &user, &password);
    tokens(planted, &user, &password);
    cookie(planted, &user, &password);
    keys(planted, &user, &password);
    user.get("/collect/audit/").expect(200);
    user
}

fn signed_up(planted: &mut Planted, password: &str) -> User {
    let name = planted.number("a name");
    let address = format!("{}@example.org", planted.number("an email address"));
    let account = json!({"username": name, "password": password, "email": address});
    let answer = post("/auth/users/", &account).expect(201);
    let user = User::sign_in(&answer, password);
    // Names are told again in what is refused.
    post("/auth/users/", &account).expect(400);
    user
}

fn passwords(planted: &mut Planted, user: &User, password: &str) {
    let wrong = planted.word("a wrong password");
    post(
        "/token/",
        &json!({"username": user.name, "password": wrong}),
    )
    .expect(401);
    let unknown = planted.word("a name that nobody has");
    post(
        "/token/",
        &json!({"username": unknown, "password": password}),
    )
    .expect(401);
    // In the field of the other.
    post(
        "/token/",
        &json!({"username": password, "password": user.name}),
    )
    .expect(401);
    let new = planted.word("a new password");
    let body = json!({"new_password": new, "current_password": wrong});
    user.post_json("/auth/users/set_password/", &body)
        .expect(400);
    // As no form, as no JSON, and as one that is cut.
    for text in [
        format!("password={password}"),
        format!("{{\"password\": \"{password}\""),
    ] {
        let headers = [("Content-Type", "application/json")];
        let answer = ask("POST", "/token/", &headers, Some(text.as_bytes()));
        assert_eq!(answer.status, 400, "{answer:?}");
    }
}

fn tokens(planted: &mut Planted, user: &User, password: &str) {
    planted.token("an access token", &user.token);
    planted.token("a refresh token", &user.refresh);
    let body = json!({"username": user.name, "password": password, "rotate": true});
    let pair = post("/token/", &body).expect(200);
    let first = pair["refresh"].as_str().unwrap();
    planted.token("a refresh token of a family", first);
    let second = post("/token/refresh/", &json!({"refresh": first})).expect(200);
    let second = second["refresh"].as_str().unwrap();
    planted.token("its successor", second);
    post("/token/refresh/", &json!({"refresh": second})).expect(200);
    // It ends the family; and in the place of the other kind.
    post("/token/refresh/", &json!({"refresh": first})).expect(401);
    post("/token/refresh/", &json!({"refresh": user.token})).expect(401);
    let refresh = format!("Bearer {second}");
    ask(
        "GET",
        "/collect/data/",
        &[("Authorization", &refresh)],
        None,
    )
    .expect(401);
    user.get(&format!(
        "/collect/data/?token={}&cursor={second}",
        user.token
    ));
    user.get(&format!("/collect/team/{}/", user.token));
    user.delete(&format!("/auth/keys/{second}/"));
}

fn cookie(planted: &mut Planted, user: &User, password: &str) {
    let console = [
        ("Content-Type", "application/json"),
        ("X-Collect-Console", "1"),
    ];
    let body = json!({"username": user.name, "password": password, "cookie": true}).to_string();
    let answer = ask("POST", "/token/", &console, Some(body.as_bytes()));
    let cookie = answer.header("set-cookie").unwrap();
    let (pair, _) = cookie.split_once(';').unwrap();
    planted.token("a cookie", pair);
    let sent = [console[0], console[1], ("Cookie", pair)];
    let answer = ask("POST", "/token/refresh/", &sent, Some(b"{}"));
    assert_eq!(answer.status, 200, "{answer:?}");
    let next = answer.header("set-cookie").unwrap();
    planted.token("the next cookie", next.split_once(';').unwrap().0);
    // Where it does not count.
    ask("GET", "/collect/data/", &[("Cookie", pair)], None).expect(401);
}

/// Makes an API key, and sends it where it belongs and where somebody may put it by mistake.
fn keys(planted: &mut Planted, user: &User, password: &str) {
    let body = json!({"name": "k", "access": "write", "current_password": password});
    let made = user.post_json("/auth/keys/", &body).expect(201);
    let key = made["key"].as_str().unwrap();
    planted.add("an API key", key.rsplit('_').next().unwrap());
    let bearer = format!("Bearer {key}");
    let headers = [("Authorization", bearer.as_str())];
    ask("GET", "/collect/data/", &headers, None).expect(200);
    ask("DELETE", "/auth/keys/1/", &headers, None).expect(403);
    let cut = format!("{bearer}0");
    ask("GET", "/collect/data/", &[("Authorization", &cut)], None).expect(401);
    for path in ["/auth/keys", "/collect", "/collect/team", "/nowhere"] {
        user.delete(&format!("{path}/{key}/"));
    }
    user.get(&format!("/collect/data/?cursor={key}"));
    let body = json!({"username": key, "password": key, "refresh": key});
    for path in ["/token/", "/token/refresh/", "/auth/users/"] {
        user.post_json(path, &body);
    }
    let body = json!({"filename": key, "size": 10});
    user.post_json("/collect/team/", &body).expect(201);
    cloud::expire_key(user.id, 1);
    ask("GET", "/collect/data/", &headers, None).expect(401);
    user.delete("/auth/keys/1/").is(204, "");
    ask("GET", "/collect/data/", &headers, None).expect(401);
    // Keys that are nobody's are planted by their senders.
    let made_up = format!("Bearer ck_{}_1_{}", user.id, random_letters());
    ask(
        "GET",
        "/collect/data/",
        &[("Authorization", &made_up)],
        None,
    )
    .expect(401);
}

fn post(path: &str, body: &Value) -> Answer {
    let headers = [("Content-Type", "application/json")];
    ask("POST", path, &headers, Some(body.to_string().as_bytes()))
}
