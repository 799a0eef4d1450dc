//! `/auth/users/`.

use super::case::{Case, FormPart, Request, get, post};
use super::stage::State::Fresh;

const USERS: &str = "/auth/users/";

pub const REQUIRED: &str = r#"["This field is required."]"#;
const INVALID_NAME: &str = "Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters.";
const NO_NUL: &str = "Null characters are not allowed.";
const TOO_LONG: &str = "Ensure this field has no more than 150 characters.";
const TOO_SHORT: &str = "This password is too short. It must contain at least 8 characters.";
const COMMON: &str = "This password is too common.";
const NUMERIC: &str = "This password is entirely numeric.";

const LONGER_LIST: &str = "there, the list of common passwords is shorter";

/// A name of 151 characters.
const LONG: &str = r#"{"username":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","password":"12ab34cd"}"#;

pub fn cases() -> Vec<Case> {
    [
        signing_up(),
        fields(),
        passwords(),
        predictable_passwords(),
        bodies(),
        methods(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn signing_up() -> Vec<Case> {
    let json = r#"{"username":"<new>","password":"12ab34cd","email":"<new>@example.com"}"#;
    let with_email = r#"{"email":"<new>@example.com","username":"<new>","id":<number>}"#;
    let without = r#"{"email":"","username":"<new>","id":<number>}"#;
    let form = "username=<new>&password=12ab34cd";
    let parts = [
        FormPart::Text("username", "<new>"),
        FormPart::Text("password", "12ab34cd"),
    ];
    let more = r#"{"username":"<new>","password":"12ab34cd","id":5,"is_staff":true}"#;
    let capitals = r#"{"username":"<new>","password":"12ab34cd","email":"<new>@EXAMPLE.com"}"#;
    vec![
        Case::new("Sign up", post(USERS).json(json), 201, with_email),
        Case::new(
            "Sign up without an email address",
            post(USERS).form(form),
            201,
            without,
        ),
        Case::new(
            "Sign up by a multipart form",
            post(USERS).multipart(&parts),
            201,
            without,
        ),
        Case::new(
            "Sign up without a slash at the end",
            post("/auth/users").form(form),
            201,
            without,
        )
        .deviates("there, a path without its slash is redirected"),
        Case::new(
            "An empty pair in a form is ignored",
            post(USERS).form("username=<new>&&password=12ab34cd"),
            201,
            without,
        ),
        Case::new(
            "Unknown fields are ignored",
            post(USERS).json(more),
            201,
            without,
        ),
        Case::new(
            "The domain of an address is in lower case",
            post(USERS).json(capitals),
            201,
            with_email,
        ),
        Case::new(
            "Names differ by their case",
            post(USERS).json(r#"{"username":"<USER>","password":"12ab34cd"}"#),
            201,
            r#"{"email":"","username":"<USER>","id":<number>}"#,
        ),
        Case::new(
            "A name is kept in one form of those that look alike (NFKC)",
            post(USERS).json(r#"{"username":"ﬁ²<new>","password":"12ab34cd"}"#),
            201,
            r#"{"email":"","username":"fi2<new>","id":<number>}"#,
        ),
        Case::new(
            "White space around a name is dropped",
            post(USERS).json(r#"{"username":"  <new> ","password":"12ab34cd"}"#),
            201,
            without,
        ),
    ]
}

fn fields() -> Vec<Case> {
    let both = format!(r#"{{"username":{REQUIRED},"password":{REQUIRED}}}"#);
    let refused = |name, json, answer: &str| Case::new(name, post(USERS).json(json), 400, answer);
    let name = |message: &str| format!(r#"{{"username":["{message}"]}}"#);
    let email = r#"{"email":["Enter a valid email address."]}"#;
    vec![
        Case::new("Nothing sent", post(USERS), 400, both.clone()),
        Case::new("An empty object", post(USERS).json("{}"), 400, both),
        refused(
            "Blank fields",
            r#"{"username":"","password":" "}"#,
            r#"{"username":["This field may not be blank."],"password":["This field may not be blank."]}"#,
        ),
        refused(
            "Null fields",
            r#"{"email":null,"username":null,"password":null}"#,
            r#"{"email":["This field may not be null."],"username":["This field may not be null."],"password":["This field may not be null."]}"#,
        ),
        refused(
            "Fields that are no text",
            r#"{"email":{},"username":[],"password":true}"#,
            r#"{"email":["Enter a valid email address."],"username":["Not a valid string."],"password":["Not a valid string."]}"#,
        ),
        refused(
            "A name that is taken",
            r#"{"username":"<user>","password":"12ab34cd"}"#,
            &name("A user with that username already exists."),
        ),
        refused(
            "A name that is taken, and a password that is refused",
            r#"{"username":"<user>","password":"123"}"#,
            r#"{"password":["This password is too short. It must contain at least 8 characters.","This password is too common.","This password is entirely numeric."]}"#,
        )
        .deviates("there, that the name is taken is told to whoever asks"),
        refused(
            "A name of other characters",
            r#"{"username":"a b!","password":"12ab34cd"}"#,
            &name(INVALID_NAME),
        ),
        refused("A name that is too long", LONG, &name(TOO_LONG)),
        refused(
            "No email address",
            r#"{"username":"<new>","password":"12ab34cd","email":"someone"}"#,
            email,
        ),
        refused(
            "Several fields at once",
            r#"{"username":"","email":"someone@"}"#,
            &format!(
                r#"{{"email":["Enter a valid email address."],"username":["This field may not be blank."],"password":{REQUIRED}}}"#
            ),
        ),
        refused(
            "A NUL character in a name",
            r#"{"username":"a\u0000b","password":"12ab34cd"}"#,
            &name(&format!(r#"{INVALID_NAME}","{NO_NUL}"#)),
        ),
        refused(
            "A NUL character in an address and a password",
            r#"{"username":"<new>","password":"12ab\u000034cd","email":"a\u0000b@example.com"}"#,
            &format!(
                r#"{{"email":["{NO_NUL}","Enter a valid email address."],"password":["{NO_NUL}"]}}"#
            ),
        ),
        refused(
            "A name that looks like one that is taken",
            r#"{"username":"<ｕser>","password":"12ab34cd"}"#,
            &name("A user with that username already exists."),
        )
        .deviates(r#"there, `["Unable to create account."]`"#),
    ]
}

fn refused(name: &'static str, json: &'static str, messages: &[&str]) -> Case {
    let answer = format!(r#"{{"password":["{}"]}}"#, messages.join(r#"",""#));
    Case::new(name, post(USERS).json(json), 400, answer)
}

fn passwords() -> Vec<Case> {
    vec![
        refused(
            "A password that is short",
            r#"{"username":"<new>","password":"q7#x"}"#,
            &[TOO_SHORT],
        ),
        refused(
            "A password that is short, common and numeric",
            r#"{"username":"<new>","password":"123"}"#,
            &[TOO_SHORT, COMMON, NUMERIC],
        ),
        refused(
            "A password that is common",
            r#"{"username":"<new>","password":"password"}"#,
            &[COMMON],
        ),
        refused(
            "A password that is a number",
            r#"{"username":"<new>","password":"8150247396"}"#,
            &[NUMERIC],
        ),
        refused(
            "A password like the name",
            r#"{"username":"<new>","password":"<new>"}"#,
            &["The password is too similar to the username."],
        ),
        refused(
            "A password like the email address",
            r#"{"username":"<new>","email":"zweistein@example.com","password":"Zweistein1"}"#,
            &["The password is too similar to the email address."],
        ),
        Case::new(
            "Passwords are judged once the fields are valid",
            post(USERS).json(r#"{"username":"","password":"123"}"#),
            400,
            r#"{"username":["This field may not be blank."]}"#,
        ),
    ]
}

/// The rule for common passwords knows more of them than the original's.
fn predictable_passwords() -> Vec<Case> {
    let common = |name, json| refused(name, json, &[COMMON]).deviates(LONGER_LIST);
    vec![
        common(
            "A password that was stolen somewhere, and a sign",
            r#"{"username":"<new>","password":"Barcelona10!"}"#,
        ),
        common(
            "A password made of the product's name",
            r#"{"username":"<new>","password":"C0llect-2026!"}"#,
        ),
        common(
            "A password made of the calendar",
            r#"{"username":"<new>","password":"Winter2026"}"#,
        ),
        refused(
            "White space around a password makes it no longer",
            r#"{"username":"<new>","password":"   q7#x   "}"#,
            &[TOO_SHORT],
        ),
    ]
}

fn bodies() -> Vec<Case> {
    let found = |name, json, kind: &str| {
        let words = format!("Invalid data. Expected a dictionary, but got {kind}.");
        let answer = format!(r#"{{"non_field_errors":["{words}"]}}"#);
        Case::new(name, post(USERS).json(json), 400, answer)
    };
    vec![
        found("A list", "[]", "list"),
        found("A text", r#""username""#, "str"),
        found("A whole number", "1", "int"),
        found("A number", "1.5", "float"),
        found("A truth", "true", "bool"),
        Case::new(
            "A null",
            post(USERS).json("null"),
            400,
            r#"{"non_field_errors":["No data provided"]}"#,
        ),
        Case::new(
            "JSON that is none",
            post(USERS).json("{\"username\":"),
            400,
            r#"{"detail":"JSON parse error - <words>"}"#,
        )
        .deviates("the words after the dash are the parser's own"),
        Case::new(
            "A media type that is not read",
            post(USERS).text(Some("text/plain"), "username"),
            415,
            r#"{"detail":"Unsupported media type \"text/plain\" in request."}"#,
        ),
    ]
}

fn methods() -> Vec<Case> {
    let unknown = r#"{"detail":"Authentication credentials were not provided."}"#;
    let not_allowed = |method: &str| format!(r#"{{"detail":"Method \"{method}\" not allowed."}}"#);
    vec![
        Case::new("Accounts are not listed", get(USERS), 401, unknown),
        Case::new(
            "401 comes before 405",
            Request::new("PUT", USERS),
            401,
            unknown,
        ),
        Case::new(
            "There is no list of accounts",
            get(USERS).by(Fresh),
            405,
            not_allowed("GET"),
        )
        .deviates("there, a user finds themselves in a list")
        .with_header("allow", "POST, OPTIONS"),
        Case::new(
            "Accounts are not changed",
            Request::new("PATCH", USERS).by(Fresh),
            405,
            not_allowed("PATCH"),
        )
        .deviates("there, GET and HEAD are allowed as well")
        .with_header("allow", "POST, OPTIONS"),
    ]
}
