//! A user leaves in the middle of something, and another one takes the lane.

use std::thread::sleep;
use std::time::{Duration, Instant};

use uuid::Uuid;

use super::api::User;
use super::lane::Lane;
use super::upload::Upload;
use crate::fixture::cloud::accounts;

/// No worker of an import that was taken back is left after this time.
const WORKERS_GONE_AFTER: Duration = Duration::from_secs(90);

/// A user who has left.
pub struct Left {
    id: i64,
    at: Instant,
}

impl Lane<'_> {
    /// Sends one more file, and deletes the account some time after that. Asks again while the outcome is
    /// not known: who is not found any more has left.
    pub fn leave(&mut self) {
        let id = self.user_id();
        let item = accounts::item(&format!("USER#{id}"));
        let owner: Uuid = item["owner"]["S"].as_str().unwrap().parse().unwrap();
        let upload = Upload::new(&mut self.random, &self.dataset);
        upload.send_first(&self.user);
        sleep(Duration::from_millis(self.random.between(0, 1_500)));
        let mut unanswered = false;
        let answer = loop {
            match self.user.leave() {
                Some(answer) => break answer,
                None => unanswered = true,
            }
        };
        match answer.status {
            202 => self.storm.tally.dataset("accounts deleted"),
            401 if unanswered => self
                .storm
                .tally
                .dataset("accounts deleted before the answer"),
            _ => {
                let what = format!("an account is not deleted: {answer:?}");
                self.storm.tally.violation(3, &what);
            }
        }
        self.see_nobody_signed_in(id);
        self.remember_keys(owner);
        self.left.push(Left {
            id,
            at: Instant::now(),
        });
        self.kept.clear();
        self.user = User::new();
        self.declare();
    }

    /// The entries, which say what the objects are called, are forgotten with the account.
    fn remember_keys(&mut self, owner: Uuid) {
        let sql = "SELECT object_key FROM import WHERE owner = $1 \
             UNION ALL SELECT object_key FROM export WHERE owner = $1";
        let rows = self.look.rows(sql, &[&owner]);
        let mut keys = self.storm.keys_of_left.lock().unwrap();
        keys.extend(rows.iter().map(|row| row.get::<_, String>(0)));
    }

    fn user_id(&self) -> i64 {
        loop {
            if let Some(answer) = self.user.request("GET", "/auth/users/me/") {
                return answer.expect(200)["id"].as_i64().unwrap();
            }
        }
    }

    /// Promise 1: no request sees anything of the user.
    fn see_nobody_signed_in(&self, id: i64) {
        for path in ["/collect/data/?limit=1", "/collect/imports/"] {
            let answer = self.user.request("GET", path);
            if answer.as_ref().is_some_and(|it| it.status != 401) {
                let what = format!("user {id} has left, and {path} is answered: {answer:?}");
                self.storm.tally.violation(1, &what);
            }
        }
    }

    /// Makes the hour pass that reconcile waits for with what a user had who left a while ago.
    pub fn let_an_hour_pass_for_who_left(&mut self) {
        let owned = "owner = (SELECT owner FROM owner_end WHERE user_id = $1)";
        let later = [
            format!(
                "UPDATE import SET finished_at = now() - interval '2 hours', \
                 upload_expires_at = now() \
                 WHERE {owned} AND state = 'deleted' AND swept_at IS NULL RETURNING 1"
            ),
            format!(
                "UPDATE export SET progressed_at = now() - interval '2 hours' \
                 WHERE {owned} AND state = 'deleted' AND swept_at IS NULL RETURNING 1"
            ),
        ];
        let ready = |it: &Left| it.at.elapsed() > WORKERS_GONE_AFTER;
        let left: Vec<Left> = self.left.extract_if(.., |it| ready(it)).collect();
        for user in left {
            for sql in &later {
                self.look.rows(sql, &[&user.id]);
            }
        }
    }
}
