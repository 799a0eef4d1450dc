//! `/auth/users/me/`, with what becomes of an account that is deleted, and
//! `/auth/users/set_password/`.

use super::accounts::REQUIRED;
use super::case::{Case, Request, get, post};
use super::sessions::GONE;
use super::stage::State::{Fresh, Guessed, Left};
use super::tokens::THROTTLED;

const ME: &str = "/auth/users/me/";
const SET: &str = "/auth/users/set_password/";
const WRONG: &str = r#"{"current_password":["Invalid password."]}"#;
const UNKNOWN: &str = r#"{"detail":"Authentication credentials were not provided."}"#;

pub fn cases() -> Vec<Case> {
    let cases = [me(), changes(), fields(), rules(), methods()];
    let added = cases.into_iter().flatten().map(Case::added);
    added.chain(deletions()).collect()
}

fn me() -> Vec<Case> {
    let shown = r#"{"email":"","id":<number>,"username":"<user>"}"#;
    vec![
        Case::new("Your account", get(ME).by(Fresh), 200, shown),
        Case::new(
            "HEAD of your account",
            Request::new("HEAD", ME).by(Fresh),
            200,
            "",
        ),
        Case::new("Your account without a token", get(ME), 401, UNKNOWN),
    ]
}

fn changes() -> Vec<Case> {
    let json = r#"{"new_password":"blue kettle 7","current_password":"12ab34cd"}"#;
    let form = "new_password=blue+kettle+7&current_password=12ab34cd";
    vec![
        Case::new("Another password", post(SET).json(json).by(Fresh), 204, ""),
        Case::new(
            "The same by a form",
            post(SET).form(form).by(Fresh),
            204,
            "",
        ),
        Case::new(
            "Another password without a token",
            post(SET).json(json),
            401,
            UNKNOWN,
        ),
    ]
}

fn fields() -> Vec<Case> {
    let of =
        |name, json, answer: &str| Case::new(name, post(SET).json(json).by(Fresh), 400, answer);
    let blank = r#"["This field may not be blank."]"#;
    vec![
        Case::new(
            "Nothing sent",
            post(SET).by(Fresh),
            400,
            format!(r#"{{"new_password":{REQUIRED},"current_password":{REQUIRED}}}"#),
        ),
        of(
            "Blank fields",
            r#"{"new_password":"","current_password":" "}"#,
            &format!(r#"{{"new_password":{blank},"current_password":{blank}}}"#),
        ),
        of(
            "A wrong password",
            r#"{"new_password":"blue kettle 7","current_password":"12ab34ce"}"#,
            WRONG,
        ),
        of(
            "A wrong password, and none for the new one",
            r#"{"current_password":"12ab34ce"}"#,
            &format!(r#"{{"new_password":{REQUIRED},"current_password":["Invalid password."]}}"#),
        ),
        Case::new(
            "After too many wrong passwords",
            post(SET)
                .json(r#"{"new_password":"blue kettle 7","current_password":"12ab34cd"}"#)
                .by(Guessed),
            429,
            THROTTLED,
        )
        .with_header("retry-after", "<number>"),
        of(
            "A NUL character",
            r#"{"new_password":"blue\u0000kettle","current_password":"12ab34cd"}"#,
            r#"{"new_password":["Null characters are not allowed."]}"#,
        ),
        of(
            "A list",
            "[]",
            r#"{"non_field_errors":["Invalid data. Expected a dictionary, but got list."]}"#,
        ),
    ]
}

/// The original's own words, but for its 204.
fn deletions() -> Vec<Case> {
    let delete = || Request::new("DELETE", ME);
    let json = r#"{"current_password":"12ab34cd"}"#;
    let begun = r#"{"status":"deleting","report":"<api>/auth/deletions/<token>/","deleted_at":"<time>","finished_at":null,"removed":null,"rows_remaining":null,"report_expires_at":"<time>"}"#;
    let how = "there, 204, and nothing tells what became of it";
    let not_found = r#"{"detail":"Not found."}"#;
    let shown = |name, request: Request| Case::new(name, request.by(Left), 200, begun).added();
    let throttled = Case::new(
        "Deleted after too many wrong passwords",
        delete().json(json).by(Guessed),
        429,
        THROTTLED,
    );
    vec![
        Case::new(
            "Delete your account",
            delete().json(json).by(Fresh),
            202,
            begun,
        )
        .deviates(how),
        Case::new(
            "Delete it by a form",
            delete().form("current_password=12ab34cd").by(Fresh),
            202,
            begun,
        )
        .deviates(how),
        Case::new(
            "Delete it without the password",
            delete().by(Fresh),
            400,
            format!(r#"{{"current_password":{REQUIRED}}}"#),
        ),
        Case::new(
            "Delete it with a wrong password",
            delete()
                .json(r#"{"current_password":"12ab34ce"}"#)
                .by(Fresh),
            400,
            WRONG,
        ),
        throttled.with_header("retry-after", "<number>").added(),
        Case::new(
            "Delete it without a token",
            delete().json(json),
            401,
            UNKNOWN,
        ),
        Case::new(
            "Delete it once more",
            delete().json(json).by(Left),
            401,
            GONE,
        ),
        Case::new("A deleted account", get(ME).by(Left), 401, GONE),
        shown("What became of it", get("/auth/deletions/<report>/")),
        Case::new(
            "HEAD of it",
            Request::new("HEAD", "/auth/deletions/<report>/").by(Left),
            200,
            "",
        )
        .added(),
        Case::new(
            "What became of no account",
            get("/auth/deletions/0a/"),
            404,
            not_found,
        )
        .added(),
    ]
}

fn rules() -> Vec<Case> {
    let of = |name, json, messages: &[&str]| {
        let answer = format!(r#"{{"new_password":["{}"]}}"#, messages.join(r#"",""#));
        Case::new(name, post(SET).json(json).by(Fresh), 400, answer)
    };
    vec![
        of(
            "A new password that is short, common and numeric",
            r#"{"new_password":"123","current_password":"12ab34cd"}"#,
            &[
                "This password is too short. It must contain at least 8 characters.",
                "This password is too common.",
                "This password is entirely numeric.",
            ],
        ),
        of(
            "A new password like the name",
            r#"{"new_password":"<user>","current_password":"12ab34cd"}"#,
            &["The password is too similar to the username."],
        ),
        Case::new(
            "The new password is judged once the current one is right",
            post(SET)
                .json(r#"{"new_password":"123","current_password":"12ab34ce"}"#)
                .by(Fresh),
            400,
            r#"{"current_password":["Invalid password."]}"#,
        ),
    ]
}

fn methods() -> Vec<Case> {
    let refused = |name, method: &'static str, path, allow| {
        let answer = format!(r#"{{"detail":"Method \"{method}\" not allowed."}}"#);
        let request = Request::new(method, path).by(Fresh);
        Case::new(name, request, 405, answer).with_header("allow", allow)
    };
    let unknown = |name, method, path| Case::new(name, Request::new(method, path), 401, UNKNOWN);
    let of_me = "GET, DELETE, HEAD, OPTIONS";
    let of_report = "GET, HEAD, OPTIONS";
    let deletion = "/auth/deletions/0a/";
    let closed = r#"{"detail":"Method \"DELETE\" not allowed."}"#;
    vec![
        Case::new(
            "A report is not deleted",
            Request::new("DELETE", deletion),
            405,
            closed,
        )
        .with_header("allow", of_report),
        refused("Your account is not replaced", "PUT", ME, of_me),
        refused("Your account is not changed", "PATCH", ME, of_me),
        refused("GET of a password", "GET", SET, "POST, OPTIONS"),
        unknown("401 comes before 405 for your account", "PUT", ME),
        unknown("401 comes before 405 for your password", "GET", SET),
    ]
}
