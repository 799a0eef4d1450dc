//! A user of the running stack.

use anyhow::{Context as _, Result};
use serde_json::{Value, json};
use tokio_postgres::Client;
use uuid::Uuid;

use crate::api::Api;
use crate::environment::required;

pub struct User {
    address: String,
    authorization: String,
}

/// An import of the user's.
pub struct Import {
    pub uid: Uuid,
    pub path: String,
    pub upload: Value,
}

impl User {
    pub fn sign_up() -> Result<Self> {
        let api = Api::of_the_stack()?;
        Ok(Self {
            address: required("API_URL")?,
            authorization: format!("Bearer {}", api.token(&api.sign_up()?)?),
        })
    }

    pub fn post(&self, path: &str, body: &Value) -> Result<Value> {
        let request = ureq::post(format!("{}{path}", self.address));
        let request = request.header("Authorization", &self.authorization);
        Ok(request.send_json(body)?.body_mut().read_json()?)
    }

    /// Reads an answer to its end.
    pub fn get(&self, path: &str) -> Result<Value> {
        let request = ureq::get(format!("{}{path}", self.address));
        let request = request.header("Authorization", &self.authorization);
        Ok(request.call()?.body_mut().read_json()?)
    }

    /// The account's uuid, which no answer has: that of an import it asks for.
    pub async fn owner(&self, client: &Client) -> Result<Uuid> {
        let import = tokio::task::block_in_place(|| self.ask_for_url("team", 1000))?;
        let sql = "SELECT owner FROM import WHERE uid = $1";
        Ok(client.query_one(sql, &[&import.uid]).await?.try_get(0)?)
    }

    pub fn delete(&self, path: &str) -> Result<()> {
        let request = ureq::delete(format!("{}{path}", self.address));
        request
            .header("Authorization", &self.authorization)
            .call()?;
        Ok(())
    }

    /// Whether the API answers.
    pub fn is_answered(&self) -> bool {
        let request = ureq::get(format!("{}/collect/team/", self.address));
        let request = request.header("Authorization", &self.authorization);
        request.call().is_ok()
    }

    pub fn ask_for_url(&self, dataset: &str, size: u64) -> Result<Import> {
        let request = json!({"filename": "bench.csv", "size": size});
        let object = self.post(&format!("/collect/{dataset}/"), &request)?;
        let file = object["file"].as_str().context("no address")?;
        let (_, key) = file.split_once("/uploads/").context("no key")?;
        let uid = key.split('/').nth(1).context("no uid")?;
        Ok(Import {
            uid: uid.parse()?,
            path: format!("/collect/{dataset}/{}/", object["id"]),
            upload: object["upload"].clone(),
        })
    }

    pub fn put(&self, import: &Import, file: &[u8]) -> Result<()> {
        let mut request = ureq::put(import.upload["url"].as_str().context("no upload URL")?);
        for (name, value) in import.upload["headers"].as_object().into_iter().flatten() {
            // Both follow from the request itself.
            if !["content-length", "host"].contains(&name.to_lowercase().as_str()) {
                request = request.header(name, value.as_str().unwrap_or_default());
            }
        }
        request.send(file)?;
        Ok(())
    }
}
