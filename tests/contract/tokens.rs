//! `/token/` and `/token/refresh/`.

use super::accounts::REQUIRED;
use super::case::{Case, FormPart, Request, get, post};
use super::stage::State::Guessed;

const TOKEN: &str = "/token/";
const REFRESH: &str = "/token/refresh/";
const PAIR: &str = r#"{"refresh":"<token>","access":"<token>"}"#;

/// What is answered where there were too many tries.
pub const THROTTLED: &str =
    r#"{"detail":"Request was throttled. Expected available in <number> seconds."}"#;
const ACCESS: &str = r#"{"access":"<token>"}"#;

pub fn cases() -> Vec<Case> {
    [signing_in(), refusals(), refreshing(), methods()]
        .into_iter()
        .flatten()
        .collect()
}

fn signing_in() -> Vec<Case> {
    let form = "username=<user>&password=12ab34cd";
    let parts = [
        FormPart::Text("username", "<user>"),
        FormPart::Text("password", "12ab34cd"),
    ];
    let json = r#"{"username":"<user>","password":"12ab34cd"}"#;
    vec![
        Case::new("Sign in", post(TOKEN).form(form), 200, PAIR),
        Case::new("Sign in by JSON", post(TOKEN).json(json), 200, PAIR),
        Case::new(
            "Sign in by a multipart form",
            post(TOKEN).multipart(&parts),
            200,
            PAIR,
        ),
        Case::new(
            "Sign in without a slash at the end",
            post("/token").form(form),
            200,
            PAIR,
        )
        .deviates("there, a path without its slash is redirected"),
        Case::new(
            "An empty pair in a form is ignored",
            post(TOKEN).form("username=<user>&&password=12ab34cd"),
            200,
            PAIR,
        ),
        Case::new(
            "Of a field sent twice the last one counts",
            post(TOKEN).form("username=x&username=<user>&password=12ab34cd"),
            200,
            PAIR,
        ),
        Case::new(
            "A type with a parameter, in other letters",
            post(TOKEN).text(Some("Application/JSON; charset=utf-8"), json),
            200,
            PAIR,
        ),
        Case::new(
            "A bad token in the header does not matter",
            post(TOKEN).authorization("Bearer nonsense").form(form),
            200,
            PAIR,
        ),
    ]
}

fn refusals() -> Vec<Case> {
    let no_account = r#"{"detail":"No active account found with the given credentials"}"#;
    let both = format!(r#"{{"username":{REQUIRED},"password":{REQUIRED}}}"#);
    let form =
        |name, form, status, answer: &str| Case::new(name, post(TOKEN).form(form), status, answer);
    vec![
        form(
            "A wrong password",
            "username=<user>&password=12ab34ce",
            401,
            no_account,
        ),
        form(
            "An unknown user",
            "username=<new>&password=12ab34cd",
            401,
            no_account,
        ),
        Case::new(
            "After too many wrong passwords, the right one has to wait too",
            post(TOKEN)
                .form("username=<user>&password=12ab34cd")
                .by(Guessed),
            429,
            THROTTLED,
        )
        .deviates("there, nothing is counted")
        .with_header("retry-after", "<number>"),
        Case::new("Nothing sent", post(TOKEN), 400, both.clone()),
        Case::new("An empty object", post(TOKEN).json("{}"), 400, both),
        form(
            "No password",
            "username=<user>",
            400,
            &format!(r#"{{"password":{REQUIRED}}}"#),
        ),
        form(
            "Blank fields",
            "username=&password=",
            400,
            r#"{"username":["This field may not be blank."],"password":["This field may not be blank."]}"#,
        ),
        Case::new(
            "Null fields",
            post(TOKEN).json(r#"{"username":null,"password":null}"#),
            400,
            r#"{"username":["This field may not be null."],"password":["This field may not be null."]}"#,
        ),
        Case::new(
            "A NUL character",
            post(TOKEN).json(r#"{"username":"a\u0000b","password":"12ab34cd"}"#),
            400,
            r#"{"username":["Null characters are not allowed."]}"#,
        ),
        Case::new(
            "A list",
            post(TOKEN).json("[]"),
            400,
            r#"{"non_field_errors":["Invalid data. Expected a dictionary, but got list."]}"#,
        ),
        Case::new(
            "A media type that is not read",
            post(TOKEN).text(Some("text/plain"), "username"),
            415,
            r#"{"detail":"Unsupported media type \"text/plain\" in request."}"#,
        ),
        Case::new(
            "No type at all",
            post(TOKEN).text(None, "username"),
            415,
            r#"{"detail":"Unsupported media type \"\" in request."}"#,
        ),
    ]
}

fn refreshing() -> Vec<Case> {
    let missing = format!(r#"{{"refresh":{REQUIRED}}}"#);
    let invalid = r#"{"detail":"Token is invalid or expired","code":"token_not_valid"}"#;
    let wrong_type = r#"{"detail":"Token has wrong type","code":"token_not_valid"}"#;
    let json = r#"{"refresh":"<refresh>"}"#;
    vec![
        Case::new("A new access token", post(REFRESH).json(json), 200, ACCESS),
        Case::new(
            "The same by a form",
            post(REFRESH).form("refresh=<refresh>"),
            200,
            ACCESS,
        ),
        Case::new(
            "The same without a slash at the end",
            post("/token/refresh").json(json),
            200,
            ACCESS,
        )
        .deviates("there, a path without its slash is redirected"),
        Case::new(
            "No refresh token",
            post(REFRESH).json("{}"),
            400,
            missing.clone(),
        ),
        Case::new("No body", post(REFRESH), 400, missing),
        Case::new(
            "A blank refresh token",
            post(REFRESH).form("refresh="),
            400,
            r#"{"refresh":["This field may not be blank."]}"#,
        ),
        Case::new(
            "No token of ours",
            post(REFRESH).form("refresh=nonsense"),
            401,
            invalid,
        ),
        Case::new(
            "A token without a signature",
            post(REFRESH).form("refresh=<unsigned>"),
            401,
            invalid,
        ),
        Case::new(
            "An access token",
            post(REFRESH).form("refresh=<access>"),
            401,
            wrong_type,
        ),
        Case::new(
            "An expired access token",
            post(REFRESH).form("refresh=<expired>"),
            401,
            invalid,
        ),
    ]
}

fn methods() -> Vec<Case> {
    let not_allowed = |method: &str| format!(r#"{{"detail":"Method \"{method}\" not allowed."}}"#);
    let refused = |name, request: Request| {
        let answer = not_allowed(request.method);
        Case::new(name, request, 405, answer).with_header("allow", "POST, OPTIONS")
    };
    vec![
        refused("GET of the token route", get(TOKEN)),
        refused("PUT to the token route", Request::new("PUT", TOKEN)),
        refused("DELETE of the token route", Request::new("DELETE", TOKEN)),
        refused("GET of the refresh route", get(REFRESH)),
        Case::new(
            "HEAD of the token route",
            Request::new("HEAD", TOKEN),
            405,
            "",
        ),
    ]
}
