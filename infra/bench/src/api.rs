//! The API as any client sees it.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};
use ureq::Agent;
use ureq::http::Request;

use crate::environment::required;

/// Passes the rules for passwords, whatever the name.
const PASSWORD: &str = "12ab34cd";

/// Longer than anything that is measured.
const GIVE_UP_AFTER: Duration = Duration::from_secs(120);

/// The front door.
pub struct Api {
    agent: Agent,
    address: String,
}

impl Api {
    /// The one of the stack.
    pub fn of_the_stack() -> Result<Self> {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(GIVE_UP_AFTER));
        Ok(Self {
            agent: config.build().into(),
            address: required("API_URL")?,
        })
    }

    /// Posts a body; gives status and answer, whatever they are.
    pub fn post(&self, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Result<(u16, String)> {
        let mut request = Request::post(format!("{}{path}", self.address));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut answer = self.agent.run(request.body(body)?)?;
        Ok((
            answer.status().as_u16(),
            answer.body_mut().read_to_string()?,
        ))
    }

    /// Posts JSON.
    pub fn post_json(&self, path: &str, body: &Value) -> Result<(u16, String)> {
        let headers = [("Content-Type", "application/json")];
        self.post(path, &headers, body.to_string().as_bytes())
    }

    /// Signs a new user up; gives the name.
    pub fn sign_up(&self) -> Result<String> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_nanos();
        let name = format!("bench_{now}");
        let account = json!({"username": name, "password": PASSWORD});
        match self.post_json("/auth/users/", &account)? {
            (201, _) => Ok(name),
            (status, said) => bail!("no sign-up: {status} {said}"),
        }
    }

    /// An access token of a user's.
    pub fn token(&self, username: &str) -> Result<String> {
        let login = json!({"username": username, "password": PASSWORD});
        let (_, said) = self.post_json("/token/", &login)?;
        let pair: Value = serde_json::from_str(&said)?;
        let access = pair["access"].as_str();
        Ok(access
            .with_context(|| format!("no token: {said}"))?
            .to_owned())
    }
}
