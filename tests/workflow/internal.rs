//! Internal errors go to the log and not to the client.

use serde_json::Value;

use crate::fixture::client::{User, api_url, ask_url};
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
