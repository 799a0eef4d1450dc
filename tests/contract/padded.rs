//! White space around a password is part of it.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::fixture::client::{Answer, ask};

fn signed_up(password: &str) -> Value {
    let username = format!("padded_{}", Uuid::new_v4().simple());
    let account = json!({"username": username, "password": password});
    post("/auth/users/", &account).expect(201)["username"].clone()
}

fn sign_in(username: &Value, password: &str) -> Answer {
    post(
        "/token/",
        &json!({"username": username, "password": password}),
    )
}

fn post(path: &str, body: &Value) -> Answer {
    let headers = [("Content-Type", "application/json")];
    ask("POST", path, &headers, Some(body.to_string().as_bytes()))
}

#[test]
fn a_password_is_checked_as_it_was_sent() {
    let user = signed_up("  padded zebra lamp ");
    sign_in(&user, "  padded zebra lamp ").expect(200);
    for other in [
        "padded zebra lamp",
        " padded zebra lamp ",
        "padded  zebra lamp",
    ] {
        sign_in(&user, other).expect(401);
    }
}

/// The original dropped the white space, and so did Collect: whose password it was dropped from may
/// go on sending it.
#[test]
fn white_space_that_was_dropped_does_not_shut_anybody_out() {
    let user = signed_up("padded zebra lamp");
    for same in [
        "padded zebra lamp",
        "  padded zebra lamp ",
        "\tpadded zebra lamp",
    ] {
        sign_in(&user, same).expect(200);
    }
    sign_in(&user, "padded  zebra lamp").expect(401);
}
