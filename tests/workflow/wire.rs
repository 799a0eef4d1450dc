use serde_json::Value;

use crate::fixture::client::{Answer, User, api_url, ask};
use crate::fixture::sample;

const OBJECT: [&str; 20] = [
    "id",
    "file",
    "status",
    "progress",
    "created_at",
    "started_at",
    "finished_at",
    "error",
    "warnings",
    "pause_expires_at",
    "rollback",
    "rejected_rows_url",
    "hold_expires_at",
    "validate_only",
    "retry_of",
    "retried_by",
    "replaces",
    "replaced_by",
    "read_as",
    "waiting_for",
];

const PROGRESS: [&str; 11] = [
    "percent",
    "bytes_done",
    "bytes_total",
    "rows_imported",
    "rows_visible",
    "rows_rejected",
    "chunks_done",
    "chunks_total",
    "last_stored_at",
    "rows_per_second",
    "eta_seconds",
];

#[test]
fn a_request_without_a_valid_token_is_told_why() {
    let no_credentials = r#"{"detail":"Authentication credentials were not provided."}"#;
    let bad_header = r#"{"detail":"Authorization header must contain two space-delimited values","code":"bad_authorization_header"}"#;
    let invalid = r#"{"detail":"Given token not valid for any token type","code":"token_not_valid","messages":[{"token_class":"AccessToken","token_type":"access","message":"Token is invalid or expired"}]}"#;
    for (header, body) in [
        (None, no_credentials),
        (Some("Basic YTpi"), no_credentials),
        (Some("Bearer"), bad_header),
        (Some("Bearer a b"), bad_header),
        (Some("Bearer abc"), invalid),
    ] {
        let headers: Vec<_> = header.iter().map(|it| ("Authorization", *it)).collect();
        for (method, path) in PROTECTED {
            let answer = ask(method, path, &headers, None);
            answer.is(401, body);
            let challenge = answer.header("www-authenticate");
            assert_eq!(challenge, Some(r#"Bearer realm="api""#), "{method} {path}");
        }
    }
}

/// Requests to the functions that need a token. One has a method that is not allowed.
const PROTECTED: [(&str, &str); 7] = [
    ("GET", "/collect/baseline/"),
    ("PUT", "/collect/team/"),
    ("GET", "/collect/team/1/"),
    ("DELETE", "/collect/team/1/"),
    ("GET", "/collect/team/1/errors/"),
    ("GET", "/collect/data/"),
    ("GET", "/collect/team/1/rows/"),
];

#[test]
fn a_slash_at_the_end_makes_no_difference() {
    let user = User::new();
    let import = user.upload("team", &sample::teams(131, 3));
    import.ends("completed");
    let path = |it: &str| it.to_owned();
    for path in [
        path("/collect/team/"),
        path("/collect/data/"),
        import.path.clone(),
        format!("{}errors/", import.path),
        format!("{}rows/", import.path),
    ] {
        let without = path.trim_end_matches('/');
        assert_eq!(user.get(&path).expect(200), user.get(without).expect(200));
    }
    let other = user.send("/collect/team", "x.csv", b"a,b\n");
    assert_eq!(other.expect(201)["id"], 2);
    user.delete("/collect/team/1").is(204, "");
}

#[test]
fn an_import_as_it_is_listed() {
    let user = User::new();
    let import = user.upload("team", &sample::teams(132, 3));
    import.ends("completed");
    let list = user.get("/collect/team/");
    let detail = user.get(&import.path);
    let body = format!(
        r#"{{"count":1,"next":null,"previous":null,"results":[{}]}}"#,
        detail.body
    );
    list.is(200, &body);
    let object = detail.json();
    assert_eq!(names(&object), OBJECT);
    assert_eq!(names(&object["progress"]), PROGRESS);
    for time in ["created_at", "started_at", "finished_at"] {
        assert!(object[time].as_str().unwrap().ends_with('Z'), "{object}");
    }
    assert!(object["file"].as_str().unwrap().starts_with("https://"));
    assert!(object["file"].as_str().unwrap().ends_with("/file.csv"));
    assert_eq!(detail.header("content-type"), Some("application/json"));
}

fn names(object: &Value) -> Vec<&str> {
    object
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

#[test]
fn pages_of_a_list_are_linked_by_the_public_address() {
    let user = User::new();
    for _ in 0..5 {
        user.ask_for_url("team", 10);
    }
    let start = format!("{}/collect/team/?limit=2", api_url());
    let page = |query: &str| user.get(&format!("/collect/team/{query}"));
    assert_eq!(
        links(&page("?limit=2")),
        (Some(format!("{start}&offset=2")), None)
    );
    let both = (Some(format!("{start}&offset=4")), Some(start.clone()));
    assert_eq!(links(&page("?limit=2&offset=2")), both);
    assert_eq!(
        links(&page("?limit=2&offset=4")),
        (None, Some(format!("{start}&offset=2")))
    );
    assert_eq!(links(&page("?limit=x&offset=-1")), (None, None));
    let ids = |answer: &Answer| -> Vec<i64> {
        let results = answer.expect(200)["results"].clone();
        results
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it["id"].as_i64().unwrap())
            .collect()
    };
    assert_eq!(ids(&page("")), [5, 4, 3, 2, 1]);
    assert_eq!(ids(&page("?limit=2&offset=2")), [3, 2]);
}

fn links(answer: &Answer) -> (Option<String>, Option<String>) {
    let page = answer.expect(200);
    let link = |name: &str| page[name].as_str().map(str::to_owned);
    (link("next"), link("previous"))
}

#[test]
fn what_is_not_there_or_not_allowed() {
    let user = User::new();
    let not_found = r#"{"detail":"Not found."}"#;
    for path in [
        "/collect/players/",
        "/collect/team/1/",
        "/collect/team/x/",
        "/collect/team/-1/",
        "/collect/team/99999999999/",
        "/collect/team/1/errors/",
        "/collect/team/1/rows/",
        "/nowhere/",
        "/",
    ] {
        user.get(path).is(404, not_found);
    }
    let bad_date =
        r#"{"from":["Date has wrong format. Use one of these formats instead: YYYY-MM-DD."]}"#;
    user.get("/collect/data/?from=8/1/2015").is(400, bad_date);
    let authorization = format!("Bearer {}", user.token);
    let headers = [("Authorization", authorization.as_str())];
    for method in ["PUT", "PATCH"] {
        let body = format!(r#"{{"detail":"Method \"{method}\" not allowed."}}"#);
        for path in ["/collect/team/", "/collect/team/1/", "/collect/data/"] {
            ask(method, path, &headers, Some(b"")).is(405, &body);
        }
    }
}

#[test]
fn a_post_without_a_file() {
    let user = User::new();
    let none = r#"{"file":["No file was submitted."]}"#;
    let no_file =
        r#"{"file":["The submitted data was not a file. Check the encoding type on the form."]}"#;
    user.post_json("/collect/team/", &serde_json::json!({}))
        .is(400, none);
    user.post_json("/collect/team/", &serde_json::json!({"file": "x"}))
        .is(400, no_file);
    assert_eq!(user.get("/collect/team/").expect(200)["count"], 0);
}
