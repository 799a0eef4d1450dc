//! What the service says of itself. Whole files are compared with what the code makes; they are too
//! long for the table.

use serde_json::{Value, json};

use super::case::{Case, Request, get, post};
use crate::fixture::client::{api_url, ask_url};

const OPTIONS: &str = r#"{"name":"Collect","description":"","renders":["application/json"],"parses":["application/json","application/x-www-form-urlencoded","multipart/form-data"]}"#;
const READ: &str = "GET, HEAD, OPTIONS";
const UP: &str = r#"{"status":"ok"}"#;

pub fn cases() -> Vec<Case> {
    let not_allowed = r#"{"detail":"Method \"POST\" not allowed."}"#;
    let cases = vec![
        Case::new("the API is up", get("/healthz"), 200, UP),
        Case::new("the database is reached", get("/readyz"), 200, UP),
        Case::new(
            "what a probe offers",
            Request::new("OPTIONS", "/readyz"),
            200,
            OPTIONS,
        )
        .with_header("allow", READ),
        Case::new("a probe is only read", post("/healthz"), 405, not_allowed)
            .with_header("allow", READ),
        Case::new("a page is only read", post("/console/"), 405, not_allowed)
            .with_header("allow", READ),
        Case::new(
            "HEAD of the console",
            Request::new("HEAD", "/console/"),
            200,
            "",
        )
        .with_header("content-type", "text/html; charset=utf-8")
        .with_header("cache-control", "no-cache"),
    ];
    cases.into_iter().map(Case::added).collect()
}

#[test]
fn the_description_is_served_with_its_own_address() {
    let answer = ask_url("GET", &format!("{}/openapi.json", api_url()), &[], None);
    assert_eq!(answer.status, 200);
    let mut served: Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(
        served["servers"],
        json!([{"url": format!("{}/", api_url())}])
    );
    served["servers"] = json!([{"url": "/"}]);
    let kept = include_str!("../../functions/describe-api/src/openapi.json");
    assert_eq!(served, serde_json::from_str::<Value>(kept).unwrap());
}

#[test]
fn a_page_may_do_nothing_but_look_as_it_does() {
    let docs = ask_url("GET", &format!("{}/docs/", api_url()), &[], None);
    let front = ask_url(
        "GET",
        &format!("{}/", api_url()),
        &[("Accept", "text/html")],
        None,
    );
    assert_eq!(
        docs.body,
        include_str!("../../functions/describe-api/src/docs.html")
    );
    assert!(
        front
            .body
            .contains(&format!("href=\"{}/docs/\"", api_url()))
    );
    for page in [docs, front] {
        assert_eq!(page.status, 200);
        assert_eq!(
            page.header("content-type"),
            Some("text/html; charset=utf-8")
        );
        let policy = page.header("content-security-policy").unwrap();
        assert!(
            policy.starts_with("default-src 'none'; style-src 'sha256-"),
            "{policy}"
        );
    }
}

#[test]
fn the_front_page_is_for_browsers_alone() {
    for accepted in ["*/*", "application/json"] {
        let answer = ask_url(
            "GET",
            &format!("{}/", api_url()),
            &[("Accept", accepted)],
            None,
        );
        assert_eq!(
            (answer.status, answer.body.as_str()),
            (404, r#"{"detail":"Not found."}"#)
        );
    }
}
