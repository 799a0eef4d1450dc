//! What an answer says to a program beside its body: where a new thing stands, when to look again, and
//! whether what the program has is still the same.

use serde_json::json;

use super::stage::{REJECTED, TEAMS};
use crate::fixture::client::{Answer, User, api_url, ask};

fn asked(user: &User, method: &str, path: &str, tag: Option<&str>) -> Answer {
    let bearer = format!("Bearer {}", user.token);
    let mut headers = vec![("Authorization", bearer.as_str())];
    headers.extend(tag.map(|it| ("If-None-Match", it)));
    ask(method, path, &headers, None)
}

fn tag(answer: &Answer) -> String {
    let tag = answer.header("etag").expect("a tag");
    assert!(tag.starts_with("W/\""), "{tag}");
    tag.to_owned()
}

#[test]
fn what_is_created_says_where_it_stands_and_when_to_look() {
    let user = User::new();
    let url = json!({"filename": "teams.csv", "size": 1000});
    let answers = [
        (
            user.send("/collect/team/", "teams.csv", TEAMS.as_bytes()),
            "team/1",
        ),
        (user.post_json("/collect/baseline/", &url), "baseline/1"),
        (
            user.post_json("/collect/baseline/1/replace/", &url),
            "baseline/2",
        ),
        (user.post_json("/collect/exports/", &json!({})), "exports/1"),
    ];
    for (answer, path) in answers {
        answer.expect(201);
        let location = format!("{}/collect/{path}/", api_url());
        assert_eq!(answer.header("location"), Some(location.as_str()));
        assert_eq!(answer.header("retry-after"), Some("1"), "{path}");
        let status = user.get(&format!("/collect/{path}/")).status;
        assert_eq!(status, 200, "{path}");
    }
    let failed = user.upload("team", b"a,b\r\n1,2\r\n");
    failed.ends("failed");
    let retried = failed.post("retry");
    let object = retried.expect(201);
    let location = format!("{}/collect/team/{}/", api_url(), object["id"]);
    assert_eq!(retried.header("location"), Some(location.as_str()));
}

#[test]
fn who_has_the_same_answer_gets_no_body_until_it_changes() {
    let user = User::new();
    let (import, _) = user.ask_for_url("team", 1000);
    let paths = ["/collect/team/1/", "/collect/team/", "/collect/imports/"];
    let before = paths.map(|path| {
        let first = asked(&user, "GET", path, None);
        let tag = tag(&first);
        for method in ["GET", "HEAD"] {
            let again = asked(&user, method, path, Some(&tag));
            assert_eq!((again.status, again.body.as_str()), (304, ""), "{path}");
            assert_eq!(again.header("etag"), Some(tag.as_str()));
            assert_eq!(again.header("retry-after"), first.header("retry-after"));
        }
        tag
    });
    import.post("cancel").expect(202);
    import.ends("cancelled");
    for (path, tag) in paths.iter().zip(&before) {
        let changed = asked(&user, "GET", path, Some(tag));
        assert_eq!(changed.status, 200, "{path}");
        assert_ne!(changed.header("etag"), Some(tag.as_str()), "{path}");
    }
    let other = User::new();
    let hidden = asked(&other, "GET", "/collect/team/1/", Some(&before[0]));
    assert_eq!(hidden.status, 404);
}

/// The link is signed anew with each answer, and is the same to the client for some minutes.
#[test]
fn a_link_alone_is_no_change() {
    let user = User::new();
    let import = user.upload_saying("team", "max_errors=100%25", REJECTED.as_bytes());
    import.ends("completed");
    let first = asked(&user, "GET", "/collect/team/1/", None);
    let link = |answer: &Answer| answer.json()["rejected_rows_url"].clone();
    assert!(link(&first).is_string());
    let again = asked(&user, "GET", "/collect/team/1/", Some(&tag(&first)));
    // A window of ten minutes may have ended in between; then there is another tag.
    match again.status {
        304 => assert_eq!(again.body, ""),
        _ => assert_ne!(tag(&again), tag(&first)),
    }
}

#[test]
fn whoever_has_to_wait_is_told_for_how_long() {
    let user = User::new();
    user.ask_for_url("baseline", 1000);
    let size = json!({"filename": "sales.csv", "size": 1000});
    let refused = user.post_json("/collect/baseline/", &size);
    refused.expect(403);
    assert_eq!(refused.header("retry-after"), Some("1"));
    let waits = user.get("/collect/baseline/1/");
    assert_eq!(waits.header("retry-after"), Some("1"));
    let all = user.get("/collect/imports/");
    assert_eq!(all.header("retry-after"), Some("1"));
    let cancelled = user.post("/collect/baseline/1/cancel/");
    cancelled.expect(202);
    assert_eq!(cancelled.header("retry-after"), Some("1"));
}

/// Nothing is looked at again that is at its end.
#[test]
fn an_end_is_not_asked_for_again() {
    let user = User::new();
    user.upload("team", TEAMS.as_bytes()).ends("completed");
    for path in ["/collect/team/1/", "/collect/imports/"] {
        let answer = user.get(path);
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("retry-after"), None, "{path}");
    }
}
