//! `/auth/keys/`.

use super::accounts::REQUIRED;
use super::case::{Case, Request, get, post};
use super::objects::page;
use super::stage::State::{Fresh, WithKeys};

const KEYS: &str = "/auth/keys/";
const FIRST: &str = "/auth/keys/1/";
const NOT_TAKEN: &str = r#"{"detail":"An API key cannot do this: sign in at /token/ and send the access token.","code":"key_not_taken"}"#;
const NOT_FOUND: &str = r#"{"detail":"Not found."}"#;

pub fn cases() -> Vec<Case> {
    let cases = [making(), ends(), refusals(), listing(), revoking()];
    cases.into_iter().flatten().map(Case::added).collect()
}

/// A key as it is listed, without the brace at its end.
fn shown(number: u32, name: &str, access: &str, end: &str) -> String {
    format!(
        r#"{{"id":{number},"name":"{name}","access":"{access}","prefix":"ck_<number>_{number}_","created_at":"<time>","expires_at":"{end}""#
    )
}

fn made(number: u32, name: &str, access: &str, end: &str) -> String {
    shown(number, name, access, end) + r#","key":"<token>"}"#
}

fn making() -> Vec<Case> {
    let json = r#"{"name":"nightly import","access":"write","current_password":"12ab34cd"}"#;
    let form = "name=reports&access=read&days=7&current_password=12ab34cd";
    let until = r#"{"name":"reports","access":"read","expires_at":"<next-week>","current_password":"12ab34cd"}"#;
    vec![
        Case::new(
            "Make a key",
            post(KEYS).json(json).by(Fresh),
            201,
            made(1, "nightly import", "write", "<time>"),
        ),
        Case::new(
            "Make a key for some days, by a form",
            post(KEYS).form(form).by(Fresh),
            201,
            made(1, "reports", "read", "<time>"),
        ),
        Case::new(
            "Make a key that ends at a time",
            post(KEYS).json(until).by(Fresh),
            201,
            made(1, "reports", "read", "<next-week>"),
        ),
        Case::new(
            "No number is used again",
            post(KEYS).form(form).by(WithKeys),
            201,
            made(5, "reports", "read", "<time>"),
        ),
    ]
}

/// Refusals of one field: all the others are good.
fn ends() -> Vec<Case> {
    let refused =
        |name, json, answer| Case::new(name, post(KEYS).json(json).by(Fresh), 400, answer);
    vec![
        refused(
            "More days than a year has",
            r#"{"name":"a","access":"read","days":366,"current_password":"12ab34cd"}"#,
            r#"{"days":["Ensure this value is less than or equal to 365."]}"#,
        ),
        refused(
            "No days",
            r#"{"name":"a","access":"read","days":0,"current_password":"12ab34cd"}"#,
            r#"{"days":["Ensure this value is greater than or equal to 1."]}"#,
        ),
        refused(
            "Days that are no number",
            r#"{"name":"a","access":"read","days":"many","current_password":"12ab34cd"}"#,
            r#"{"days":["A valid integer is required."]}"#,
        ),
        refused(
            "A day without a time",
            r#"{"name":"a","access":"read","expires_at":"2026-03-01","current_password":"12ab34cd"}"#,
            r#"{"expires_at":["Datetime has wrong format. Use one of these formats instead: YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z]."]}"#,
        ),
        refused(
            "A time that is past",
            r#"{"name":"a","access":"read","expires_at":"2026-03-01T00:00:00Z","current_password":"12ab34cd"}"#,
            r#"{"expires_at":["This is past: it is <time> already."]}"#,
        ),
        refused(
            "A time that is too far away",
            r#"{"name":"a","access":"read","expires_at":"9999-03-01T00:00:00Z","current_password":"12ab34cd"}"#,
            r#"{"expires_at":["A key ends within 365 days: at <time> at the latest."]}"#,
        ),
        refused(
            "A time and days",
            r#"{"name":"a","access":"read","expires_at":"<next-week>","days":7,"current_password":"12ab34cd"}"#,
            r#"{"days":["Send expires_at or days, not both."]}"#,
        ),
    ]
}

fn refusals() -> Vec<Case> {
    let all = format!(r#"{{"name":{REQUIRED},"access":{REQUIRED},"current_password":{REQUIRED}}}"#);
    let refused =
        |name, json, answer: &str| Case::new(name, post(KEYS).json(json).by(Fresh), 400, answer);
    let form = "name=reports&access=read&current_password=12ab34cd";
    vec![
        refused("Nothing sent", "{}", &all),
        refused(
            "An access that there is not",
            r#"{"name":"a","access":"all","current_password":"12ab34cd"}"#,
            r#"{"access":["\"all\" is not a valid choice. Choose one of these: read, write."]}"#,
        ),
        refused(
            "Blank fields",
            r#"{"name":" ","access":"","current_password":""}"#,
            r#"{"name":["This field may not be blank."],"access":["This field may not be blank."],"current_password":["This field may not be blank."]}"#,
        ),
        refused(
            "A wrong password",
            r#"{"name":"a","access":"read","current_password":"12ab34ce"}"#,
            r#"{"current_password":["Invalid password."]}"#,
        ),
        Case::new(
            "No key is made without a token",
            post(KEYS).form(form),
            401,
            r#"{"detail":"Authentication credentials were not provided."}"#,
        ),
        Case::new(
            "No key makes another",
            by_key(post(KEYS).form(form)),
            403,
            NOT_TAKEN,
        ),
    ]
}

fn listing() -> Vec<Case> {
    let keys = [
        shown(3, "write", "write", "2020-01-01T00:00:00Z") + "}",
        shown(2, "write", "write", "<time>") + "}",
        shown(1, "read", "read", "<time>") + "}",
    ];
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    vec![
        Case::new("No keys", get(KEYS).by(Fresh), 200, page(&[])),
        Case::new(
            "All keys, the newest first, and none that was revoked",
            get(KEYS).by(WithKeys),
            200,
            page(&keys),
        ),
        Case::new("No key lists the others", by_key(get(KEYS)), 403, NOT_TAKEN),
        Case::new(
            "Keys are not replaced",
            Request::new("PUT", KEYS).by(Fresh),
            405,
            r#"{"detail":"Method \"PUT\" not allowed."}"#,
        )
        .with_header("allow", "GET, POST, HEAD, OPTIONS"),
    ]
}

fn revoking() -> Vec<Case> {
    let delete = |path| Request::new("DELETE", path);
    vec![
        Case::new("Revoke a key", delete(FIRST).by(WithKeys), 204, ""),
        Case::new(
            "Revoke a key that has expired",
            delete("/auth/keys/3/").by(WithKeys),
            204,
            "",
        ),
        Case::new(
            "A key that was revoked",
            delete("/auth/keys/4/").by(WithKeys),
            404,
            NOT_FOUND,
        ),
        Case::new(
            "Another user's key",
            delete(FIRST).by(Fresh),
            404,
            NOT_FOUND,
        ),
        Case::new(
            "No number",
            delete("/auth/keys/first/").by(WithKeys),
            404,
            NOT_FOUND,
        ),
        Case::new(
            "No key revokes itself",
            by_key(delete(FIRST)),
            403,
            NOT_TAKEN,
        ),
        Case::new(
            "A key is not shown again",
            get(FIRST).by(WithKeys),
            405,
            r#"{"detail":"Method \"GET\" not allowed."}"#,
        )
        .with_header("allow", "DELETE, OPTIONS"),
    ]
}

/// The request with a key that may write in the place of the token.
fn by_key(request: Request) -> Request {
    request.by(WithKeys).authorization("Bearer <write-key>")
}
