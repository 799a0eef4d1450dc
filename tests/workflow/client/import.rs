use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;
use uuid::Uuid;

use super::{Answer, User};
use crate::workflow::sql;

/// HTTP has no event to wait for, so the detail is asked for again after this time.
const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(200);
const WAIT_AT_MOST: Duration = Duration::from_secs(120);
const ENDS: [&str; 4] = ["completed", "failed", "cancelled", "rollback_failed"];

/// An import of a user.
#[derive(Clone)]
pub struct Import<'u> {
    user: &'u User,
    dataset: String,
    /// `/collect/{dataset}/{id}/`
    pub path: String,
    pub uid: Uuid,
    /// The key of its object, encoded as in an address.
    pub key: String,
}

impl<'u> Import<'u> {
    /// The import an answer shows.
    pub fn of(user: &'u User, dataset: &str, object: &Value) -> Self {
        let file = object["file"].as_str().unwrap();
        let (_, key) = file.split_once(".s3.amazonaws.com/").unwrap();
        Self {
            user,
            dataset: dataset.to_owned(),
            path: format!("/collect/{dataset}/{}/", object["id"]),
            uid: key.split('/').nth(2).unwrap().parse().unwrap(),
            key: key.to_owned(),
        }
    }

    #[track_caller]
    pub fn detail(&self) -> Value {
        self.user.get(&self.path).expect(200)
    }

    #[track_caller]
    pub fn post(&self, command: &str) -> Answer {
        self.user.post(&format!("{}{command}/", self.path))
    }

    #[track_caller]
    pub fn delete(&self) -> Answer {
        self.user.delete(&self.path)
    }

    /// Waits until the detail fulfils the condition, and returns it.
    #[track_caller]
    pub fn until(&self, reached: impl Fn(&Value) -> bool) -> Value {
        let begin = Instant::now();
        loop {
            let detail = self.detail();
            if reached(&detail) {
                return detail;
            }
            let over = ENDS.iter().any(|it| detail["status"] == *it);
            let late = begin.elapsed() > WAIT_AT_MOST;
            assert!(!over && !late, "{} did not get there: {detail}", self.uid);
            sleep(LOOK_AGAIN_AFTER);
        }
    }

    /// Waits until the import has this status. Another end fails the test.
    #[track_caller]
    pub fn ends(&self, status: &str) -> Value {
        self.until(|it| it["status"] == status)
    }

    /// Waits until a deleted import has ended, which the API does not show any more.
    #[track_caller]
    pub fn is_forgotten(&self) {
        let begin = Instant::now();
        while self.state() != "deleted" {
            assert!(
                begin.elapsed() < WAIT_AT_MOST,
                "{}: {}",
                self.uid,
                self.state()
            );
            sleep(LOOK_AGAIN_AFTER);
        }
    }

    /// How many rows the API shows.
    #[track_caller]
    pub fn rows_seen(&self) -> i64 {
        let page = self.user.get(&format!("{}rows/?limit=1", self.path));
        page.expect(200)["count"].as_i64().unwrap()
    }

    /// How many rows the table has, visible or not.
    pub fn rows_stored(&self) -> i64 {
        let table = domain::dataset::find(&self.dataset).unwrap().table;
        self.count(table)
    }

    /// How many records of a table belong to the import.
    pub fn count(&self, table: &str) -> i64 {
        let sql = format!(
            "SELECT count(*) FROM {table} WHERE import_id = (SELECT id FROM import WHERE uid = $1)"
        );
        sql::one(&sql, &[&self.uid])
    }

    /// The state as the table has it, deleted included.
    pub fn state(&self) -> String {
        sql::one("SELECT state FROM import WHERE uid = $1", &[&self.uid])
    }

    pub fn run(&self) -> i32 {
        sql::one("SELECT run FROM import WHERE uid = $1", &[&self.uid])
    }
}
