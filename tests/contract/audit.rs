//! `GET /collect/audit/`.

use super::case::{Case, Request, get};
use super::stage::State::{Fresh, Waiting, WithKeys};

const AUDIT: &str = "/collect/audit/";
const UNKNOWN: &str = r#"{"detail":"Authentication credentials were not provided."}"#;

/// What was done with an account, from where the tests are.
pub fn act(word: &str) -> String {
    format!(
        r#"{{"at":"<time>","kind":"account","act":"{word}","of":null,"detail":null,"address":"127.0.0.1","request_id":"<uuid>"}}"#
    )
}

/// An import was asked for.
pub fn asked_in_audit(which: &str) -> String {
    format!(
        r#"{{"at":"<time>","kind":"import","act":"awaiting_upload","of":"{which}","detail":null,"address":null,"request_id":null}}"#
    )
}

fn page(acts: &[String]) -> String {
    let acts = acts.join(",");
    format!(r#"{{"count":null,"next":null,"previous":null,"results":[{acts}]}}"#)
}

pub fn cases() -> Vec<Case> {
    let keys = get(AUDIT).authorization("Bearer <read-key>").by(WithKeys);
    let key_not_taken = r#"{"detail":"An API key cannot do this: sign in at /token/ and send the access token.","code":"key_not_taken"}"#;
    let all = [
        asked_in_audit("baseline/1"),
        act("signed_in"),
        act("signed_up"),
    ];
    let first = format!(
        r#"{{"count":null,"next":"<api>/collect/audit/?cursor=<token>&limit=1","previous":null,"results":[{}]}}"#,
        asked_in_audit("baseline/1")
    );
    let cases = vec![
        Case::new(
            "Acts on an account and on imports",
            get(AUDIT).by(Waiting),
            200,
            page(&all),
        ),
        Case::new(
            "Nobody sees the acts of others",
            get("/collect/audit/?owner=1").by(Waiting),
            200,
            page(&all),
        ),
        Case::new(
            "A page is followed by another one",
            get("/collect/audit/?limit=1").by(Waiting),
            200,
            first,
        ),
        Case::new(
            "A page that begins nowhere",
            get("/collect/audit/?cursor=x").by(Fresh),
            400,
            r#"{"cursor":["Invalid cursor."]}"#,
        ),
        Case::new("Acts without a token", get(AUDIT), 401, UNKNOWN),
        Case::new("Acts are not for API keys", keys, 403, key_not_taken),
        Case::new(
            "HEAD of acts",
            Request::new("HEAD", AUDIT).by(Waiting),
            200,
            "",
        ),
        Case::new(
            "Acts are not changed",
            Request::new("DELETE", AUDIT).by(Waiting),
            405,
            r#"{"detail":"Method \"DELETE\" not allowed."}"#,
        )
        .with_header("allow", "GET, HEAD, OPTIONS"),
    ];
    cases.into_iter().map(Case::added).collect()
}
