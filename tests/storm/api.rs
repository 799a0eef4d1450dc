//! The API as a client of a bad day sees it: an answer of the server's own fault says nothing about
//! whether what was asked has happened.

use std::sync::LazyLock;
use std::thread::sleep;
use std::time::Duration;

use serde_json::{Value, json};
use ureq::Agent;
use ureq::http::Request;
use uuid::Uuid;

use crate::workflow::client::{Answer, api_url, form};

const TRIES: u32 = 60;
const TRY_AGAIN_AFTER: Duration = Duration::from_millis(500);
const PASSWORD: &str = "12ab34cd";

static AGENT: LazyLock<Agent> = LazyLock::new(|| {
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(60)));
    config.build().into()
});

/// What came of a request; none if nobody can say.
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
    (answer.status < 500).then_some(answer)
}

/// Asks until there is an answer: only for what may be asked twice.
fn insist(method: &str, path: &str, headers: &[(&str, &str)], body: Option<&[u8]>) -> Answer {
    for _ in 0..TRIES {
        if let Some(answer) = ask(method, path, headers, body) {
            return answer;
        }
        sleep(TRY_AGAIN_AFTER);
    }
    panic!("{method} {path} is not answered for long")
}

/// Somebody who has signed up and in.
pub struct User {
    authorization: String,
}

impl User {
    pub fn new() -> Self {
        let username = format!("storm_{}", Uuid::new_v4().simple());
        let account = json!({"username": username, "password": PASSWORD}).to_string();
        let headers = [("Content-Type", "application/json")];
        let body = Some(account.as_bytes());
        let registered = insist("POST", "/auth/users/", &headers, body);
        assert!([201, 400].contains(&registered.status), "{registered:?}");
        let pair = insist("POST", "/token/", &headers, body).expect(200);
        let token = pair["access"].as_str().unwrap();
        Self {
            authorization: format!("Bearer {token}"),
        }
    }

    /// Asks once.
    pub fn wish(&self, method: &str, path: &str) -> Option<Answer> {
        let body = (method == "POST").then_some(&b""[..]);
        ask(method, path, &[self.authorization()], body)
    }

    /// Sends a file in a form, again under the same key until there is an answer.
    pub fn send(&self, dataset: &str, file: &[u8]) -> Answer {
        let (content_type, body) = form("file.csv", file);
        self.create(dataset, &content_type, &body)
    }

    /// Asks for a URL to send a file of this size to.
    pub fn ask_for_url(&self, dataset: &str, size: usize) -> Answer {
        let wish: Value = json!({"filename": "file.csv", "size": size});
        self.create(dataset, "application/json", wish.to_string().as_bytes())
    }

    fn create(&self, dataset: &str, content_type: &str, body: &[u8]) -> Answer {
        let key = Uuid::new_v4().to_string();
        let headers = [
            self.authorization(),
            ("Content-Type", content_type),
            ("Idempotency-Key", key.as_str()),
        ];
        insist(
            "POST",
            &format!("/collect/{dataset}/"),
            &headers,
            Some(body),
        )
    }

    fn authorization(&self) -> (&str, &str) {
        ("Authorization", &self.authorization)
    }
}
