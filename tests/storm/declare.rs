//! The dataset that a lane has declared: declared, evolved, dropped with everything in it, and
//! declared again under the same name.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde_json::Value;

use super::dataset::{Dataset, Declared};
use super::lane::Lane;
use crate::fixture::client::Answer;

/// A worker that holds a row of a dropped dataset is gone after this time: its transaction is ended.
const WORKERS_GONE_AFTER: Duration = Duration::from_secs(90);

/// A dataset that was dropped, and is waited for.
pub struct Dropped {
    id: i64,
    at: Instant,
}

impl Lane<'_> {
    /// Two lanes share a name: their users must not meet.
    fn dataset_name(&self) -> String {
        format!("visits_{}", self.number / 2)
    }

    pub fn declared(&self) -> &Declared {
        let declared = self.dataset.declared();
        declared.expect("a lane keeps what it has declared")
    }

    /// Declares a dataset that the user does not have.
    pub fn declare(&mut self) {
        let name = self.dataset_name();
        let declared = Declared::new(&mut self.random, name);
        let answer = self.user.declare(&declared.path(), &declared.document());
        // 200: the first answer was lost.
        assert!([200, 201].contains(&answer.status), "{answer:?}");
        self.storm.tally.dataset("declared");
        self.keep(declared, &answer);
        self.see_nothing_imported();
    }

    /// Makes it the current version, with the columns that its fields were given.
    fn keep(&mut self, mut declared: Declared, answer: &Answer) {
        let object = answer.json();
        if object["version"] != declared.version {
            let what = format!("version {} is answered", object["version"]);
            self.violation(2, &declared, &what);
        }
        let at: Timestamp = time(&object["declared_at"]);
        let sql = "SELECT id, column_numbers FROM dataset \
             WHERE name = $1 AND created_at = $2 AND state = 'live'";
        let row = self.look.row(sql, &[&declared.name, &at]);
        declared.id = row.get(0);
        let columns: Vec<i32> = row.get(1);
        for (field, column) in declared.fields.iter_mut().zip(columns) {
            field.column = column;
        }
        self.dataset = Arc::new(Dataset::Declared(declared));
    }

    /// Adds an optional field. While an import is under way, this may be refused.
    pub fn add_a_field(&mut self, under_way: bool) {
        let declared = self.declared().clone();
        let next = declared.with_another_field(&mut self.random);
        let answer = self.user.declare(&next.path(), &next.document());
        match answer.status {
            200 => {
                self.storm.tally.dataset("evolved: another field");
                self.keep(next, &answer);
            }
            409 if under_way && answer.json()["code"] == "imports_under_way" => {
                self.storm.tally.dataset("not evolved, import under way");
            }
            _ => self.violation(3, &next, &format!("a field is not added: {answer:?}")),
        }
    }

    /// Gives every field another title: an import under way must not see it.
    pub fn retitle(&mut self) {
        let next = self.declared().retitled();
        let answer = self.user.declare(&next.path(), &next.document());
        match answer.status {
            200 => {
                self.storm.tally.dataset("evolved: other titles");
                self.keep(next, &answer);
            }
            _ => self.violation(3, &next, &format!("titles do not change: {answer:?}")),
        }
    }

    /// Declares sums, or none any more, if that may be: what is shown stays as it is.
    pub fn change_sums(&mut self) {
        let Some(next) = self.declared().with_other_sums() else {
            return;
        };
        let answer = self.user.declare(&next.path(), &next.document());
        match answer.status {
            200 => {
                self.storm.tally.dataset("evolved: other sums");
                self.keep(next, &answer);
            }
            // A silent worker may hold one of the imports.
            503 => self.storm.tally.dataset("not evolved, an import is locked"),
            _ => self.violation(3, &next, &format!("sums do not change: {answer:?}")),
        }
    }

    /// Drops it with all of its imports, and declares another one under its name.
    pub fn drop_and_declare(&mut self) {
        let declared = self.declared().clone();
        let path = format!("{}?take_back=true", declared.path());
        let mut unanswered = false;
        let answer = loop {
            match self.user.request("DELETE", &path) {
                Some(answer) => break answer,
                None => unanswered = true,
            }
        };
        match answer.status {
            202 => self.storm.tally.dataset("dropped with its imports"),
            204 => self.storm.tally.dataset("dropped without imports"),
            404 if unanswered => self.storm.tally.dataset("dropped before the answer"),
            _ => self.violation(3, &declared, &format!("it is not dropped: {answer:?}")),
        }
        self.kept.retain(|it| it.dataset != declared.name);
        self.dropped.push(Dropped {
            id: declared.id,
            at: Instant::now(),
        });
        let found = self.user.request("GET", &declared.path());
        if let Some(found) = found.filter(|it| it.status != 404) {
            self.violation(1, &declared, &format!("dropped, and found: {found:?}"));
        }
        self.declare();
    }

    /// Promise 1: no import and no row of an earlier dataset of the name is met.
    fn see_nothing_imported(&mut self) {
        let declared = self.declared().clone();
        for path in [
            format!("/collect/{}/?limit=1", declared.name),
            declared.rows_path(),
        ] {
            let Some(answer) = self.user.request("GET", &path) else {
                continue;
            };
            let count = answer.expect(200)["count"].clone();
            if count != 0 {
                let what = format!("declared just now, and {path} counts {count}");
                self.violation(1, &declared, &what);
            }
        }
    }

    pub fn violation(&self, promise: u8, declared: &Declared, what: &str) {
        let (lane, name, id) = (self.number, &declared.name, declared.id);
        let what = format!("{what} (lane {lane}, dataset {name} {id})");
        self.storm.tally.violation(promise, &what);
    }

    /// An hour after its end a deleted import is swept, and a dataset goes with its last. Makes that
    /// hour pass for what was dropped a while ago.
    pub fn let_an_hour_pass(&mut self) {
        let sql = "UPDATE import SET finished_at = now() - interval '2 hours', \
             upload_expires_at = now() \
             WHERE dataset_id = $1 AND state = 'deleted' AND swept_at IS NULL RETURNING 1";
        let ready = |it: &Dropped| it.at.elapsed() > WORKERS_GONE_AFTER;
        for dropped in self.dropped.extract_if(.., |it| ready(it)) {
            self.look.rows(sql, &[&dropped.id]);
            self.storm.tally.dataset("swept during the run");
        }
    }
}

fn time(text: &Value) -> Timestamp {
    text.as_str().unwrap().parse().unwrap()
}
