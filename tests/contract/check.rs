//! Sends the request of a case and compares the answer.

use contracts::http::headers::ON_EVERY_ANSWER;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::case::{Body, Case, FormPart};
use super::forged;
use super::pattern::fits;
use super::sessions;
use super::stage::{Stage, State};
use crate::fixture::client::{Answer, User, api_url, ask_url};
use crate::fixture::stack::variable;

const BOUNDARY: &str = "a-boundary-that-is-in-no-file";
const CHALLENGE: (&str, &str) = ("www-authenticate", r#"Bearer realm="api""#);
const JSON: (&str, &str) = ("content-type", "application/json");

/// What is wrong with the answer, if anything.
pub fn complaint(case: &Case, stage: &Stage) -> Option<String> {
    let own;
    let user = if changes_something(case) {
        own = case.request.by.prepare();
        &own
    } else {
        stage.user(case.request.by)
    };
    let names = Names::of(user);
    let answer = send(case, &names);
    let expected = names.put_in(&case.answer);
    if answer.status == case.status && fits(&expected, &answer.body) {
        return missing_header(case, &answer);
    }
    Some(format!(
        "{}\n  expected {} {expected}\n  found    {} {}",
        case.name, case.status, answer.status, answer.body
    ))
}

/// Whether the request changes what its user has: then it gets a user of its own.
fn changes_something(case: &Case) -> bool {
    let carried_out = (201..300).contains(&case.status);
    let declared = case.request.method == "PUT" && case.status == 200;
    let signed_out = case.request.path.starts_with("/token/blacklist") && case.status == 200;
    signed_out || (carried_out || declared) && case.request.by != State::NoToken
}

fn missing_header(case: &Case, answer: &Answer) -> Option<String> {
    let mut expected = case.headers.clone();
    expected.extend((case.status == 401).then_some(CHALLENGE));
    let is_json = expected.iter().all(|(name, _)| *name != JSON.0);
    expected.extend((is_json && !case.answer.is_empty()).then_some(JSON));
    let own: Vec<&str> = case.headers.iter().map(|(name, _)| *name).collect();
    let of_every_answer = ON_EVERY_ANSWER.into_iter();
    expected.extend(of_every_answer.filter(|(name, _)| !own.contains(name)));
    let missing = expected
        .into_iter()
        .find(|(name, value)| !answer.header(name).is_some_and(|it| fits(value, it)));
    missing.map(|(name, value)| {
        let found = answer.header(name);
        format!(
            "{}\n  expected {name}: {value}\n  found    {found:?}",
            case.name
        )
    })
}

fn send(case: &Case, names: &Names) -> Answer {
    let request = &case.request;
    let (content_type, body) = body(&request.body, names);
    let mut headers: Vec<(&str, String)> = Vec::new();
    let own = (request.by != State::NoToken).then_some("Bearer <access>");
    let authorization = request.authorization.or(own);
    headers.extend(authorization.map(|it| ("Authorization", names.put_in(it))));
    headers.extend(content_type.map(|it| ("Content-Type", it)));
    headers.extend(
        request
            .headers
            .iter()
            .map(|(name, it)| (*name, names.put_in(it))),
    );
    let headers: Vec<(&str, &str)> = headers.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let url = format!("{}{}", api_url(), names.put_in(request.path));
    let sends_one = !matches!(request.body, Body::None);
    let takes_a_body = sends_one || ["POST", "PUT", "PATCH"].contains(&request.method);
    let body = takes_a_body.then_some(body.as_slice());
    ask_url(request.method, &url, &headers, body)
}

fn body(body: &Body, names: &Names) -> (Option<String>, Vec<u8>) {
    match body {
        Body::None => (None, Vec::new()),
        Body::Text(content_type, text) => {
            (content_type.map(str::to_owned), names.put_in(text).into())
        }
        Body::Multipart(parts) => {
            let content_type = format!("multipart/form-data; boundary={BOUNDARY}");
            let parts = parts.iter().map(|it| names.put_in(&multipart(*it)));
            let body = parts.collect::<String>() + &format!("--{BOUNDARY}--\r\n");
            (Some(content_type), body.into())
        }
    }
}

/// A week from now.
fn next_week() -> String {
    let time = Timestamp::now() + SignedDuration::from_hours(24 * 7);
    Timestamp::from_second(time.as_second())
        .unwrap()
        .to_string()
}

fn multipart(part: FormPart) -> String {
    let start = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=");
    match part {
        FormPart::Text(name, text) => format!("{start}\"{name}\"\r\n\r\n{text}\r\n"),
        FormPart::File(name, file, content) => format!(
            "{start}\"{name}\"; filename=\"{file}\"\r\nContent-Type: text/csv\r\n\r\n{content}\r\n"
        ),
    }
}

/// The values of the names in angle brackets, in requests and answers.
struct Names<'u> {
    user: &'u User,
    new: String,
    next_week: String,
}

impl<'u> Names<'u> {
    fn of(user: &'u User) -> Self {
        let new = format!("new_{}", Uuid::new_v4().simple());
        Self {
            user,
            new,
            next_week: next_week(),
        }
    }

    fn put_in(&self, text: &str) -> String {
        let user = self.user;
        let mut text = text.to_owned();
        let names: [(&str, &dyn Fn() -> String); 24] = [
            ("<user>", &|| user.name.clone()),
            ("<USER>", &|| user.name.to_uppercase()),
            ("<ｕser>", &|| user.name.replacen('u', "ｕ", 1)),
            ("<new>", &|| self.new.clone()),
            ("<access>", &|| user.token.clone()),
            ("<refresh>", &|| user.refresh.clone()),
            ("<rotating>", &|| sessions::rotating(user)),
            ("<blacklisted>", &|| sessions::blacklisted(user)),
            ("<api>", &api_url),
            ("<bucket>", &|| variable("UPLOAD_BUCKET")),
            ("<unsigned>", &|| forged::unsigned(user)),
            ("<cut>", &|| forged::cut(user)),
            ("<of-another-key>", &|| forged::of_another_key(user)),
            ("<expired>", &|| forged::expired(user)),
            ("<of-unknown>", &forged::of_unknown_user),
            ("<refresh-of-unknown>", &forged::refresh_of_unknown_user),
            ("<without-user>", &forged::without_user),
            ("<read-key>", &|| user.keys[0].clone()),
            ("<write-key>", &|| user.keys[1].clone()),
            ("<expired-key>", &|| user.keys[2].clone()),
            ("<revoked-key>", &|| user.keys[3].clone()),
            ("<cut-key>", &|| {
                user.keys[0][..user.keys[0].len() - 8].to_owned()
            }),
            ("<report>", &|| user.keys[0].clone()),
            ("<next-week>", &|| self.next_week.clone()),
        ];
        for (name, value) in names {
            if text.contains(name) {
                text = text.replace(name, &value());
            }
        }
        text
    }
}
