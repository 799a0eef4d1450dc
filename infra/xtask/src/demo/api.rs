//! The API as any client sees it.

use anyhow::{Context as _, Error, Result, anyhow};
use serde_json::Value;
use ureq::http::Response;
use ureq::{Agent, Body};

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

    pub fn get(&self, path: &str) -> Result<Value> {
        let mut request = self.agent.get(format!("{}{path}", self.address));
        if let Some(authorization) = &self.authorization {
            request = request.header("Authorization", authorization);
        }
        demand(
            &format!("GET {path}"),
            request.call().with_context(|| path.to_owned())?,
        )
    }

    pub fn post(&self, path: &str, body: &Value) -> Result<Value> {
        let mut request = self.agent.post(format!("{}{path}", self.address));
        if let Some(authorization) = &self.authorization {
            request = request.header("Authorization", authorization);
        }
        demand(
            &format!("POST {path}"),
            request.send_json(body).with_context(|| path.to_owned())?,
        )
    }

    /// Stores a file where an upload request said, with the headers it said.
    pub fn put_object(&self, upload: &Value, file: &[u8]) -> Result<()> {
        let address = upload["url"]
            .as_str()
            .context("the answer has no upload URL")?;
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

fn demand(what: &str, mut answer: Response<Body>) -> Result<Value> {
    if answer.status().is_success() {
        answer
            .body_mut()
            .read_json()
            .with_context(|| what.to_owned())
    } else {
        Err(refusal(what, answer))
    }
}

fn refusal(what: &str, mut answer: Response<Body>) -> Error {
    let said = answer.body_mut().read_to_string().unwrap_or_default();
    anyhow!("{what}: {} {}", answer.status(), said.trim())
}
