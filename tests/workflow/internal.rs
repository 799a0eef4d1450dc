//! Internal errors go to the log and not to the client, and no secret goes to the log.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::fixture::client::{User, api_url, ask, ask_url};
use crate::fixture::cloud;
use crate::fixture::stack::sql;

#[test]
fn an_internal_error_tells_the_client_nothing_and_the_log_its_cause() {
    let user = User::new();
    let (import, _) = user.ask_for_url("team", 10);
    let break_it = "UPDATE import SET warnings = '\"no list\"' WHERE uid = $1";
    sql::change(break_it, &[&import.uid]);
    let url = format!("{}{}", api_url(), import.path);
    let authorization = format!("Bearer {}", user.token);
    let headers = [("Authorization", authorization.as_str())];
    let answer = ask_url("GET", &url, &headers, None);
    answer.is(500, r#"{"detail":"Internal server error."}"#);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    let mend_it = "UPDATE import SET warnings = '[]' WHERE uid = $1";
    sql::change(mend_it, &[&import.uid]);
    import.detail();
    let said = cloud::logged("ListImportsFunction");
    let line = said.iter().find(|it| it.contains("internal error"));
    let line: Value = serde_json::from_str(line.unwrap()).unwrap();
    assert!(line.to_string().contains("request_id"), "{line}");
    assert!(line.to_string().contains("cause"), "{line}");
}

#[test]
fn no_log_has_a_password_a_token_or_a_cell() {
    let secret = |what: &str| format!("{what}-{}", random_letters());
    let (password, cell, name) = (secret("Pass"), secret("cell"), secret("name"));
    let user = User::with_password(&password);
    let heading = "team_name,manager_name,manager_phone_number";
    let file = format!("{heading}\n{cell},{cell},1\n{cell},b,{cell}\n\"{cell},c\n");
    let import = user.upload("team", file.as_bytes());
    import.until(|it| it["finished_at"].is_string());
    // What an import fails for may show a cell, in its answer only.
    let shown = user.upload(
        "team",
        format!("{heading}\n{}", format!("a,b,{cell}\n").repeat(12)).as_bytes(),
    );
    let told = shown.ends("failed")["error"].to_string();
    assert!(told.contains(&cell[..20]), "{told}");
    user.post_json("/token/", &json!({"username": name, "password": password}));
    user.get(&format!("/collect/data/?from={cell}"));
    user.get(&format!("{}errors/", import.path)).expect(200);
    let claims = user.token.split('.').nth(1).unwrap();
    let key = send_a_key_everywhere(&user, &password);
    let secret_of_key = key.rsplit('_').next().unwrap();
    let logged = cloud::logged_by_all();
    for function in ["AuthFunction", "ImportChunkFunction", "ListImportsFunction"] {
        let wrote = |(stream, _): &(String, String)| stream.contains(function);
        assert!(logged.iter().any(wrote), "{function} logged nothing");
    }
    for (stream, line) in logged {
        for secret in [password.as_str(), cell.as_str(), claims, secret_of_key] {
            assert!(!line.contains(secret), "{stream}: {line}");
        }
    }
}

/// Makes an API key, and sends it where it belongs and where somebody may put it by mistake.
fn send_a_key_everywhere(user: &User, password: &str) -> String {
    let body = json!({"name": "k", "access": "write", "current_password": password});
    let made = user.post_json("/auth/keys/", &body).expect(201);
    let key = made["key"].as_str().unwrap();
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
    user.delete("/auth/keys/1/").is(204, "");
    ask("GET", "/collect/data/", &headers, None).expect(401);
    key.to_owned()
}

/// Letters that no hexadecimal number has: a password of them is not similar to a user's name.
fn random_letters() -> String {
    let number = Uuid::new_v4().simple().to_string();
    let letter = |digit: char| {
        digit
            .to_digit(16)
            .and_then(|it| char::from_digit(it + 16, 32))
    };
    number.chars().filter_map(letter).collect()
}
