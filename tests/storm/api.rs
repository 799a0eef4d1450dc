//! The API as a client sees it on a bad day: a 5xx answer does not say whether the request was
//! carried out.

use std::sync::LazyLock;
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use ureq::Agent;
use ureq::http::Request;
use uuid::Uuid;

use crate::fixture::client::{Answer, api_url, form};

const TRIES: u32 = 240;
const TRY_AGAIN_AFTER: Duration = Duration::from_millis(500);
const PASSWORD: &str = "12ab34cd";
/// An access token is good for half an hour, and a story may take minutes.
const TOKEN_FOR: Duration = Duration::from_secs(600);

static AGENT: LazyLock<Agent> = LazyLock::new(|| {
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(60)));
    config.build().into()
});

/// The answer to a request. `None` if its outcome is not known.
pub fn ask(
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: Option<&[u8]>,
) -> Option<Answer> {
    let mut request = Request::builder()
        .method(method)
        .uri(format!("{}{path}", api_url()));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = match body {
        Some(body) => AGENT.run(request.body(body).unwrap()),
        None => AGENT.run(request.body(()).unwrap()),
    };
    let answer = Answer::read(response.ok()?);
    (answer.status < 500 && !found_no_room(&answer)).then_some(answer)
}

/// Where as many functions run as may, the emulator answers in words of Lambda's; on AWS the gateway
/// makes a 5xx of them.
fn found_no_room(answer: &Answer) -> bool {
    answer.status == 429 && answer.body.contains("ConcurrentInvocationLimitExceeded")
}

/// Asks until there is an answer: only for requests that may be sent twice.
fn insist(method: &str, path: &str, headers: &[(&str, &str)], body: Option<&[u8]>) -> Answer {
    for _ in 0..TRIES {
        if let Some(answer) = ask(method, path, headers, body) {
            return answer;
        }
        sleep(TRY_AGAIN_AFTER);
    }
    panic!("{method} {path} gets no answer")
}

fn send_account(username: &str, path: &str) -> Answer {
    let account = json!({"username": username, "password": PASSWORD}).to_string();
    let headers = [("Content-Type", "application/json")];
    insist("POST", path, &headers, Some(account.as_bytes()))
}

fn sign_in(username: &str) -> String {
    let pair = send_account(username, "/token/").expect(200);
    format!("Bearer {}", pair["access"].as_str().unwrap())
}

/// A user who has signed up and signed in.
pub struct User {
    username: String,
    authorization: String,
    signed_in: Instant,
}

impl User {
    pub fn new() -> Self {
        let username = format!("storm_{}", Uuid::new_v4().simple());
        let registered = send_account(&username, "/auth/users/");
        assert!([201, 400].contains(&registered.status), "{registered:?}");
        Self {
            authorization: sign_in(&username),
            signed_in: Instant::now(),
            username,
        }
    }

    /// Signs in again before the token expires.
    pub fn stay(&mut self) {
        if self.signed_in.elapsed() > TOKEN_FOR {
            self.authorization = sign_in(&self.username);
            self.signed_in = Instant::now();
        }
    }

    /// Asks once.
    pub fn request(&self, method: &str, path: &str) -> Option<Answer> {
        let body = (method == "POST").then_some(&b""[..]);
        ask(method, path, &[self.authorization()], body)
    }

    /// Asks once to delete the account.
    pub fn leave(&self) -> Option<Answer> {
        let body = json!({"current_password": PASSWORD}).to_string();
        let headers = [self.authorization(), ("Content-Type", "application/json")];
        ask("DELETE", "/auth/users/me/", &headers, Some(body.as_bytes()))
    }

    /// Sends a file in a form to a path, again under the same key until there is an answer.
    pub fn send(&self, path: &str, file: &[u8]) -> Answer {
        let (content_type, body) = form("file.csv", file);
        self.create(path, &content_type, &body)
    }

    /// Asks a path for a URL to send a file of this size to.
    pub fn ask_for_url(&self, path: &str, size: usize) -> Answer {
        let body: Value = json!({"filename": "file.csv", "size": size});
        self.create(path, "application/json", body.to_string().as_bytes())
    }

    /// Asks for an export, again under the same key until there is an answer.
    pub fn ask_for_export(&self, body: &Value) -> Answer {
        let body = body.to_string();
        self.create("/collect/exports/", "application/json", body.as_bytes())
    }

    /// Declares a dataset, again until there is an answer.
    pub fn declare(&self, path: &str, document: &Value) -> Answer {
        let headers = [self.authorization(), ("Content-Type", "application/json")];
        insist("PUT", path, &headers, Some(document.to_string().as_bytes()))
    }

    /// Asks for a retry, again under the same key until there is an answer.
    pub fn retry(&self, path: &str) -> Answer {
        self.create(path, "application/json", b"{}")
    }

    fn create(&self, path: &str, content_type: &str, body: &[u8]) -> Answer {
        let key = Uuid::new_v4().to_string();
        let headers = [
            self.authorization(),
            ("Content-Type", content_type),
            ("Idempotency-Key", key.as_str()),
        ];
        insist("POST", path, &headers, Some(body))
    }

    fn authorization(&self) -> (&str, &str) {
        ("Authorization", &self.authorization)
    }
}
