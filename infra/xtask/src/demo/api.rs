//! The API as any client sees it.

use serde_json::Value;
use ureq::http::Response;
use ureq::{Agent, Body};

use crate::failure::{Context, Failure, Outcome};

pub struct Api {
    agent: Agent,
    address: String,
    authorization: Option<String>,
}

impl Api {
    pub fn new(address: &str) -> Self {
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .build()
            .into();
        Self {
            agent,
            address: address.to_owned(),
            authorization: None,
        }
    }

    pub fn sign_in(&mut self, token: &str) {
        self.authorization = Some(format!("Bearer {token}"));
    }

    pub fn get(&self, path: &str) -> Outcome<Value> {
        let mut request = self.agent.get(format!("{}{path}", self.address));
        if let Some(authorization) = &self.authorization {
            request = request.header("Authorization", authorization);
        }
        demand(&format!("GET {path}"), request.call().context(path)?)
    }

    pub fn post(&self, path: &str, body: &Value) -> Outcome<Value> {
        let mut request = self.agent.post(format!("{}{path}", self.address));
        if let Some(authorization) = &self.authorization {
            request = request.header("Authorization", authorization);
        }
        demand(
            &format!("POST {path}"),
            request.send_json(body).context(path)?,
        )
    }

    /// Stores a file where an upload request said, with the headers it said.
    pub fn put_object(&self, upload: &Value, file: &[u8]) -> Outcome {
        let address = upload["url"]
            .as_str()
            .ok_or_else(|| Failure::new("the answer has no upload URL"))?;
        let mut request = self.agent.put(address);
        for (name, value) in upload["headers"].as_object().into_iter().flatten() {
            // The length follows from the body.
            if !name.eq_ignore_ascii_case("content-length") && !name.eq_ignore_ascii_case("host") {
                request = request.header(name, value.as_str().unwrap_or_default());
            }
        }
        let answer = request.send(file).context("upload")?;
        if answer.status().is_success() {
            Ok(())
        } else {
            Err(refusal("upload", answer))
        }
    }
}

fn demand(what: &str, mut answer: Response<Body>) -> Outcome<Value> {
    if answer.status().is_success() {
        answer.body_mut().read_json().context(what)
    } else {
        Err(refusal(what, answer))
    }
}

fn refusal(what: &str, mut answer: Response<Body>) -> Failure {
    let said = answer.body_mut().read_to_string().unwrap_or_default();
    Failure::new(format!("{what}: {} {}", answer.status(), said.trim()))
}
