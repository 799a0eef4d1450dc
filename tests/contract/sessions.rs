//! Refresh tokens that are exchanged or ended, and the console's cookie: `/token/` with what is
//! below it.

use serde_json::{Value, json};

use super::accounts::REQUIRED;
use super::case::{Case, Request, get, post};
use crate::fixture::client::{Answer, User, ask};

const TOKEN: &str = "/token/";
const REFRESH: &str = "/token/refresh/";
const BLACKLIST: &str = "/token/blacklist/";
const ACCESS: &str = r#"{"access":"<token>"}"#;
const INVALID: &str = r#"{"detail":"Token is invalid or expired","code":"token_not_valid"}"#;
const NOT_A_BOOLEAN: &str = r#"["Must be a valid boolean."]"#;

/// What a refresh token is answered that was ended.
pub const BLACKLISTED: &str = r#"{"detail":"Token is blacklisted","code":"token_not_valid"}"#;

/// What any token of a user is answered who is not there any more.
pub const GONE: &str = r#"{"detail":"User not found","code":"user_not_found"}"#;

const CONSOLE: (&str, &str) = ("X-Collect-Console", "1");
const SET: &str = "collect_refresh=<token>; Path=/token; HttpOnly; Secure; SameSite=Strict";
const FORGET: &str = "collect_refresh=; Path=/token; Max-Age=0; HttpOnly; Secure; SameSite=Strict";

/// A request by a body of JSON, without an access token.
#[track_caller]
pub fn send(path: &str, body: &Value) -> Answer {
    let headers = [("Content-Type", "application/json")];
    ask("POST", path, &headers, Some(body.to_string().as_bytes()))
}

/// The answer to a refresh token.
#[track_caller]
pub fn refresh(token: &str) -> Answer {
    send(REFRESH, &json!({"refresh": token}))
}

/// The answer to the end of a refresh token.
#[track_caller]
pub fn blacklist(token: &str) -> Answer {
    send(BLACKLIST, &json!({"refresh": token}))
}

/// A refresh token that is exchanged.
pub fn rotating(user: &User) -> String {
    let body = json!({"username": user.name, "password": "12ab34cd", "rotate": true});
    text(&send(TOKEN, &body).expect(200)["refresh"])
}

/// A refresh token that was ended.
pub fn blacklisted(user: &User) -> String {
    let token = rotating(user);
    blacklist(&token).is(200, "{}");
    token
}

pub fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value}"))
        .to_owned()
}

pub fn cases() -> Vec<Case> {
    [
        signing_in(),
        refreshing(),
        by_cookie(),
        signing_out(),
        refusals(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn signing_in() -> Vec<Case> {
    let rotate = r#"{"username":"<user>","password":"12ab34cd","rotate":true}"#;
    let cookie = r#"{"username":"<user>","password":"12ab34cd","cookie":true}"#;
    let pair = r#"{"refresh":"<token>","access":"<token>"}"#;
    let no_header =
        r#"{"cookie":["A cookie is set only where the header X-Collect-Console: 1 is sent."]}"#;
    let wrong = post(TOKEN).form("username=<user>&password=12ab34cd&rotate=perhaps");
    let with_header = |it: Request| it.header(CONSOLE.0, CONSOLE.1);
    vec![
        Case::new(
            "Sign in for refresh tokens that are exchanged",
            post(TOKEN).json(rotate),
            200,
            pair,
        ),
        Case::new(
            "The same by a form",
            post(TOKEN).form("username=<user>&password=12ab34cd&rotate=true"),
            200,
            pair,
        ),
        Case::new(
            "Neither true nor false",
            wrong,
            400,
            format!(r#"{{"rotate":{NOT_A_BOOLEAN}}}"#),
        ),
        Case::new(
            "Sign in for the console's cookie",
            with_header(post(TOKEN).json(cookie)),
            200,
            ACCESS,
        )
        .with_header("set-cookie", SET),
        Case::new(
            "A cookie for somebody else than the console",
            post(TOKEN).json(cookie),
            400,
            no_header,
        ),
    ]
    .into_iter()
    .map(Case::added)
    .collect()
}

fn refreshing() -> Vec<Case> {
    let pair = r#"{"access":"<token>","refresh":"<token>"}"#;
    let of = |name, json, status, answer| Case::new(name, post(REFRESH).json(json), status, answer);
    vec![
        of(
            "A refresh token of a family is exchanged",
            r#"{"refresh":"<rotating>"}"#,
            200,
            pair,
        )
        .added(),
        of(
            "A refresh token that was ended",
            r#"{"refresh":"<blacklisted>"}"#,
            401,
            BLACKLISTED,
        )
        .added(),
        of(
            "A refresh token of somebody who is no more",
            r#"{"refresh":"<refresh-of-unknown>"}"#,
            401,
            GONE,
        )
        .deviates("there, an access token that is refused everywhere"),
    ]
}

fn by_cookie() -> Vec<Case> {
    let cookie = |it: Request| it.header("Cookie", "a=b; collect_refresh=<rotating>");
    let console = |it: Request| cookie(it).header(CONSOLE.0, CONSOLE.1);
    let missing = format!(r#"{{"refresh":{REQUIRED}}}"#);
    let unknown = r#"{"detail":"Authentication credentials were not provided."}"#;
    vec![
        Case::new(
            "By the console's cookie, which is exchanged too",
            console(post(REFRESH)),
            200,
            ACCESS,
        )
        .added()
        .with_header("set-cookie", SET),
        Case::new(
            "A cookie without the console's header does not count",
            cookie(post(REFRESH)),
            400,
            missing.clone(),
        ),
        Case::new(
            "Another value of the header does not count",
            cookie(post(REFRESH)).header(CONSOLE.0, "true"),
            400,
            missing.clone(),
        ),
        Case::new(
            "A refresh token in the body goes before the cookie",
            console(post(REFRESH).json(r#"{"refresh":"nonsense"}"#)),
            401,
            INVALID,
        ),
        Case::new(
            "The header without a cookie",
            post(REFRESH).header(CONSOLE.0, CONSOLE.1),
            400,
            missing,
        ),
        Case::new(
            "Sign out by the console's cookie",
            console(post(BLACKLIST)),
            200,
            "{}",
        )
        .added()
        .with_header("set-cookie", FORGET),
        Case::new(
            "Your account does not read the cookie",
            console(get("/auth/users/me/")),
            401,
            unknown,
        )
        .added(),
        Case::new(
            "A list does not read the cookie",
            console(get("/collect/team/")),
            401,
            unknown,
        ),
    ]
}

fn signing_out() -> Vec<Case> {
    let of = |name, json| Case::new(name, post(BLACKLIST).json(json), 200, "{}").added();
    vec![
        of("Sign out", r#"{"refresh":"<refresh>"}"#),
        of(
            "Sign out where refresh tokens are exchanged",
            r#"{"refresh":"<rotating>"}"#,
        ),
        of(
            "Sign out everywhere",
            r#"{"refresh":"<refresh>","all":true}"#,
        ),
    ]
}

fn refusals() -> Vec<Case> {
    let missing = format!(r#"{{"refresh":{REQUIRED}}}"#);
    let of = |name, form, status, answer: &str| {
        Case::new(name, post(BLACKLIST).form(form), status, answer).added()
    };
    let all = format!(r#"{{"all":{NOT_A_BOOLEAN}}}"#);
    let wrong_type = r#"{"detail":"Token has wrong type","code":"token_not_valid"}"#;
    let blank = r#"{"refresh":["This field may not be blank."]}"#;
    vec![
        Case::new("No token to end", post(BLACKLIST), 400, missing).added(),
        of("A blank token to end", "refresh=", 400, blank),
        of("No token of ours to end", "refresh=nonsense", 401, INVALID),
        of(
            "An access token ends nothing",
            "refresh=<access>",
            401,
            wrong_type,
        ),
        of(
            "A token that was ended already",
            "refresh=<blacklisted>",
            401,
            BLACKLISTED,
        ),
        of(
            "A token of somebody who is no more",
            "refresh=<refresh-of-unknown>",
            401,
            GONE,
        ),
        of(
            "Neither true nor false for all",
            "refresh=<refresh>&all=perhaps",
            400,
            &all,
        ),
        Case::new(
            "GET of the sign-out",
            get(BLACKLIST),
            405,
            r#"{"detail":"Method \"GET\" not allowed."}"#,
        )
        .added()
        .with_header("allow", "POST, OPTIONS"),
    ]
}
