use std::sync::LazyLock;
use std::time::Duration;

use ureq::Agent;
use ureq::http::Request;

use super::Answer;
use crate::workflow::variable;

static AGENT: LazyLock<Agent> = LazyLock::new(|| {
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(90)));
    config.build().into()
});

/// Where the API is, without a slash at its end.
pub fn api_url() -> String {
    variable("API_URL")
}

/// Asks the API. No request of a client may end in a 5xx answer.
#[track_caller]
pub fn ask(method: &str, path: &str, headers: &[(&str, &str)], body: Option<&[u8]>) -> Answer {
    let url = format!("{}{path}", api_url());
    let answer = ask_url(method, &url, headers, body);
    assert!(answer.status < 500, "{method} {path}: {answer:?}");
    answer
}

/// Asks the server at `url`. Every answer is taken, also a 5xx.
pub fn ask_url(method: &str, url: &str, headers: &[(&str, &str)], body: Option<&[u8]>) -> Answer {
    let mut request = Request::builder().method(method).uri(url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = match body {
        Some(body) => AGENT.run(request.body(body).unwrap()),
        None => AGENT.run(request.body(()).unwrap()),
    };
    Answer::read(response.unwrap_or_else(|error| panic!("{method} {url}: {error}")))
}
