use serde_json::{Value, json};
use uuid::Uuid;

use super::{Answer, Import, ask, form, put};

/// The password of every user in the tests.
const PASSWORD: &str = "12ab34cd";

/// A user who has signed up and signed in.
pub struct User {
    pub id: i64,
    pub name: String,
    pub token: String,
    pub refresh: String,
}

impl User {
    pub fn new() -> Self {
        Self::with_password(PASSWORD)
    }

    pub fn with_password(password: &str) -> Self {
        let username = format!("user_{}", Uuid::new_v4().simple());
        let account = json!({"username": username, "password": password});
        let user = post_json("/auth/users/", &account).expect(201);
        Self::sign_in(&user, password)
    }

    /// Signs in a user who has signed up; `user` is the answer to that.
    pub fn sign_in(user: &Value, password: &str) -> Self {
        let account = json!({"username": user["username"], "password": password});
        let pair = post_json("/token/", &account).expect(200);
        let token = |name: &str| pair[name].as_str().unwrap().to_owned();
        Self {
            id: user["id"].as_i64().unwrap(),
            name: user["username"].as_str().unwrap().to_owned(),
            token: token("access"),
            refresh: token("refresh"),
        }
    }

    #[track_caller]
    pub fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, None, None)
    }

    #[track_caller]
    pub fn delete(&self, path: &str) -> Answer {
        self.ask("DELETE", path, None, None)
    }

    #[track_caller]
    pub fn post(&self, path: &str) -> Answer {
        self.ask("POST", path, None, Some(b""))
    }

    #[track_caller]
    pub fn post_json(&self, path: &str, body: &Value) -> Answer {
        let body = body.to_string();
        self.ask(
            "POST",
            path,
            Some("application/json"),
            Some(body.as_bytes()),
        )
    }

    /// Sends a file in a form; `list` is `/collect/{dataset}/`.
    #[track_caller]
    pub fn send(&self, list: &str, name: &str, file: &[u8]) -> Answer {
        let (content_type, body) = form(name, file);
        self.ask("POST", list, Some(&content_type), Some(&body))
    }

    /// The import of a file that is sent in a form.
    #[track_caller]
    pub fn upload(&self, dataset: &str, file: &[u8]) -> Import<'_> {
        let answer = self.send(&format!("/collect/{dataset}/"), "file.csv", file);
        Import::of(self, dataset, &answer.expect(201))
    }

    /// Asks for a URL to send a file of this size to.
    #[track_caller]
    pub fn ask_for_url(&self, dataset: &str, size: usize) -> (Import<'_>, Value) {
        let body = json!({"filename": "file.csv", "size": size});
        let answer = self.post_json(&format!("/collect/{dataset}/"), &body);
        let object = answer.expect(201);
        assert_eq!(object["status"], "awaiting_upload");
        (Import::of(self, dataset, &object), object["upload"].clone())
    }

    /// The import of a file that is sent to a URL.
    #[track_caller]
    pub fn upload_to_url(&self, dataset: &str, file: &[u8]) -> Import<'_> {
        let (import, upload) = self.ask_for_url(dataset, file.len());
        let stored = put(&upload, file);
        assert_eq!(stored.status, 200, "{stored:?}");
        import
    }

    /// How many sales records the user sees.
    #[track_caller]
    pub fn sales_seen(&self) -> i64 {
        let page = self.get("/collect/data/?limit=1").expect(200);
        page["count"].as_i64().unwrap()
    }

    #[track_caller]
    fn ask(
        &self,
        method: &str,
        path: &str,
        content_type: Option<&str>,
        body: Option<&[u8]>,
    ) -> Answer {
        let authorization = format!("Bearer {}", self.token);
        let mut headers = vec![("Authorization", authorization.as_str())];
        headers.extend(content_type.map(|it| ("Content-Type", it)));
        ask(method, path, &headers, body)
    }
}

#[track_caller]
fn post_json(path: &str, body: &Value) -> Answer {
    let headers = [("Content-Type", "application/json")];
    ask("POST", path, &headers, Some(body.to_string().as_bytes()))
}
