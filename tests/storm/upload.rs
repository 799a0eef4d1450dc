//! A file that is sent to become an import.

use std::sync::Arc;

use serde_json::Value;
use uuid::Uuid;
use xtask::random::Random;

use super::api::User;
use super::dataset::{self, Dataset};
use super::file::StormFile;
use super::swap::Old;
use crate::fixture::client::{Answer, put};

/// A file, and how it is sent.
pub struct Upload {
    pub file: StormFile,
    /// In two steps, by a URL, instead of in a form.
    by_url: bool,
    /// Whether its object is ever sent.
    pub comes: bool,
    /// Whether it is to be held if it fails.
    pub holds: bool,
    /// Whether its file is only to be validated.
    pub validates: bool,
    /// Its object is not sent: it is copied from an import that it retries.
    pub copied: bool,
}

/// An import that an upload has created.
pub struct Sent {
    pub upload: Upload,
    pub path: String,
    pub key: String,
    pub uid: Uuid,
    pub number: i64,
    /// The completed import that it is to swap.
    pub old: Option<Old>,
}

impl Upload {
    pub fn new(random: &mut Random, declared: &Arc<Dataset>) -> Self {
        let dataset = dataset::choose(random, declared);
        Self::of(random, dataset)
    }

    pub fn of(random: &mut Random, dataset: Arc<Dataset>) -> Self {
        let by_url = random.percent(50);
        Self {
            file: StormFile::new(random, dataset),
            by_url,
            comes: !by_url || !random.percent(6),
            holds: random.percent(30),
            validates: random.percent(12),
            copied: false,
        }
    }

    /// The retry of an import of this file.
    pub fn again(file: StormFile, holds: bool) -> Self {
        Self {
            file,
            by_url: false,
            comes: true,
            holds,
            validates: false,
            copied: true,
        }
    }

    /// It takes the place of another, so it is more than validated.
    pub fn replacing(self) -> Self {
        Self {
            validates: false,
            ..self
        }
    }

    /// Asks a path for an import of the file.
    pub fn ask(&self, user: &User, path: &str) -> Answer {
        let asked = [
            self.holds.then_some("on_failure=hold"),
            self.validates.then_some("validate_only=true"),
        ];
        let asked: Vec<&str> = asked.into_iter().flatten().collect();
        let path = format!("{path}?{}", asked.join("&"));
        match self.by_url {
            true => user.ask_for_url(&path, self.file.sent.len()),
            false => user.send(&path, &self.file.sent),
        }
    }

    pub fn send_first(self, user: &User) -> Sent {
        let path = format!("/collect/{}/", self.file.dataset.name());
        let object = self.ask(user, &path).expect(201);
        self.sent(&object)
    }

    /// The import that the answer describes. If the file goes to a URL, it is sent now.
    pub fn sent(self, object: &Value) -> Sent {
        if self.by_url && self.comes {
            let stored = put(&object["upload"], &self.file.sent);
            assert_eq!(stored.status, 200, "{stored:?}");
        }
        let key = key(object);
        Sent {
            path: format!("/collect/{}/{}/", self.file.dataset.name(), object["id"]),
            uid: key.split('/').nth(2).unwrap().parse().unwrap(),
            number: object["id"].as_i64().unwrap(),
            key,
            old: None,
            upload: self,
        }
    }
}

fn key(object: &Value) -> String {
    let file = object["file"].as_str().unwrap();
    let (_, key) = file.split_once(".s3.amazonaws.com/").unwrap();
    key.to_owned()
}
