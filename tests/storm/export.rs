//! An export of what a user has kept of a dataset, from the request to its end, and what its user
//! does meanwhile.

use std::sync::Arc;
use std::thread::sleep;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;
use xtask::random::Random;

use super::dataset::Dataset;
use super::lane::Lane;
use super::story::{Asked, STUCK_AFTER};
use crate::fixture::client::ask_url;

const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(150);
/// An export whose writer is lost fails after this number of runs.
const RUNS_AT_MOST: i32 = 5;

/// SQL: an import is no longer completed whose rows the export has, or would have.
pub const HAS_LOST_AN_IMPORT: &str =
    "EXISTS (SELECT FROM import i WHERE i.id = ANY(export.imports) AND i.state <> 'completed')";

/// What the user does some time after the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Plot {
    Nothing,
    Cancel,
    Delete,
    /// Deletes an import whose rows it holds.
    DeleteImport,
    /// Drops the dataset, if it is a declared one, with every import whose rows it holds.
    DropDataset,
}

pub struct ExportStory<'l, 's> {
    lane: &'l mut Lane<'s>,
    /// As it was when the export was asked for.
    dataset: Arc<Dataset>,
    uid: Uuid,
    path: String,
    cancel: Asked,
    delete: Asked,
    delete_import: Asked,
}

/// Where an export stands, as its row says.
struct Standing {
    state: String,
    code: Option<String>,
    run: i32,
}

impl<'l, 's> ExportStory<'l, 's> {
    /// Asks for an export of all imports of the dataset that the lane has kept.
    pub fn ask(lane: &'l mut Lane<'s>, dataset: Arc<Dataset>) -> Self {
        let mut body = json!({"guard": false, "confirm": true});
        if dataset.declared().is_some() {
            body["dataset"] = json!(dataset.name());
        }
        let object = lane.user.ask_for_export(&body).expect(201);
        let created_at: Timestamp = object["created_at"].as_str().unwrap().parse().unwrap();
        let number = i32::try_from(object["id"].as_i64().unwrap()).unwrap();
        let sql = "SELECT uid FROM export WHERE created_at = $1 AND number = $2";
        let uid = lane.look.row(sql, &[&created_at, &number]).get(0);
        Self {
            lane,
            dataset,
            uid,
            path: format!("/collect/exports/{number}/"),
            cancel: Asked::Not,
            delete: Asked::Not,
            delete_import: Asked::Not,
        }
    }

    /// Acts as the user, waits for the end of the export and checks it.
    pub fn play(mut self) {
        let declared = self.dataset.declared().is_some();
        let (plot, pause) = choose(&mut self.lane.random, declared);
        sleep(pause);
        self.act(plot);
        match self.wait_for_the_end() {
            Some(end) => self.check(&end),
            None => self.violation(3, "it does not end"),
        }
    }

    fn violation(&self, promise: u8, what: &str) {
        let what = format!("{what} (lane {}, export {})", self.lane.number, self.uid);
        self.lane.storm.tally.violation(promise, &what);
    }

    fn act(&mut self, plot: Plot) {
        let path = self.path.clone();
        let asked = match plot {
            Plot::Nothing => return,
            Plot::Cancel => self.request("POST", &format!("{path}cancel/")),
            Plot::Delete => self.request("DELETE", &path),
            Plot::DeleteImport => {
                self.lane.forget_oldest(self.dataset.name());
                Asked::Yes
            }
            Plot::DropDataset => {
                self.lane.drop_and_declare();
                Asked::Yes
            }
        };
        let of = self.dataset.sort();
        self.lane
            .storm
            .tally
            .fault(&format!("export of {of}: {plot:?}, asked: {asked:?}"));
        match plot {
            Plot::Nothing => {}
            Plot::Cancel => self.cancel = asked,
            Plot::Delete => self.delete = asked,
            Plot::DeleteImport | Plot::DropDataset => self.delete_import = asked,
        }
        if asked == Asked::Yes {
            self.see_no_link("after it was answered");
        }
    }

    fn request(&self, method: &str, path: &str) -> Asked {
        Asked::by(self.lane.user.request(method, path).as_ref())
    }

    /// Promise 1: an export has no link after a cancel, a delete, or the delete of one of its
    /// imports.
    fn see_no_link(&self, when: &str) {
        let Some(answer) = self.lane.user.request("GET", &self.path) else {
            return;
        };
        let seen = match answer.status {
            404 => false,
            _ => answer.expect(200)["download"] != Value::Null,
        };
        if seen {
            self.violation(1, &format!("there is a link to the file {when}"));
        }
        if self.delete == Asked::Yes && answer.status != 404 {
            self.violation(1, &format!("deleted, and found {when}"));
        }
    }

    fn standing(&mut self) -> Standing {
        let sql = "SELECT state, error->>'code', run FROM export WHERE uid = $1";
        let row = self.lane.look.row(sql, &[&self.uid]);
        Standing {
            state: row.get(0),
            code: row.get(1),
            run: row.get(2),
        }
    }

    /// The end of the export, `None` if it does not come. For a completed export that has lost an
    /// import, another end is to come.
    fn wait_for_the_end(&mut self) -> Option<Standing> {
        let begin = Instant::now();
        loop {
            let now = self.standing();
            let is_end = match now.state.as_str() {
                "completed" => !self.has_lost_an_import(),
                state => ["cancelled", "failed", "expired", "deleted"].contains(&state),
            };
            if is_end {
                return Some(now);
            }
            if begin.elapsed() > STUCK_AFTER || self.lane.storm.is_late() {
                return None;
            }
            sleep(LOOK_AGAIN_AFTER);
        }
    }

    fn has_lost_an_import(&mut self) -> bool {
        let sql = format!("SELECT {HAS_LOST_AN_IMPORT} FROM export WHERE uid = $1");
        self.lane.look.row(&sql, &[&self.uid]).get(0)
    }

    fn check(&mut self, end: &Standing) {
        let kind = format!(
            "export of {} ended: {} {}",
            self.dataset.sort(),
            end.state,
            end.code.as_deref().unwrap_or("")
        );
        self.lane.storm.tally.fault(kind.trim_end());
        let taken_back = self.cancel == Asked::Yes || self.delete == Asked::Yes;
        let wanted = match end.state.as_str() {
            "completed" => !taken_back && self.delete_import != Asked::Yes,
            "cancelled" => self.cancel != Asked::Not && self.delete != Asked::Yes,
            "deleted" => self.delete != Asked::Not,
            "expired" => self.delete_import != Asked::Not && !taken_back,
            _ => self.may_have_failed(end) && !taken_back,
        };
        if !wanted {
            let asked = [self.cancel, self.delete, self.delete_import];
            let (state, code, run) = (&end.state, &end.code, end.run);
            let what = format!(
                "{state} {code:?} in run {run}, asked to cancel, delete, lose an import: {asked:?}"
            );
            self.violation(3, &what);
        }
        match end.state.as_str() {
            "completed" => self.check_file(),
            _ => self.see_no_link("at its end"),
        }
    }

    fn may_have_failed(&self, end: &Standing) -> bool {
        match end.code.as_deref() {
            Some("source_changed") => self.delete_import != Asked::Not,
            Some("execution_lost") => end.run >= RUNS_AT_MOST,
            _ => false,
        }
    }

    /// Promise 2: the file has the rows of its imports, each once.
    fn check_file(&mut self) {
        let Some(answer) = self.lane.user.request("GET", &self.path) else {
            return;
        };
        let object = answer.expect(200);
        let Some(url) = object["download"]["url"].as_str() else {
            return self.violation(2, "completed, and there is no link");
        };
        let file = ask_url("GET", url, &[], None);
        let found = (file.status == 200).then(|| self.dataset.exported(&file.body));
        let sql = format!(
            "SELECT {} FROM export e JOIN {} r ON r.import_id = ANY(e.imports) WHERE e.uid = $1",
            self.dataset.exported_columns(),
            self.dataset.table()
        );
        let rows = self.lane.look.rows(&sql, &[&self.uid]);
        let mut wanted: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
        wanted.sort_unstable();
        if found.as_ref() != Some(&wanted) {
            let (status, wanted) = (file.status, wanted.len());
            let found = found.map(|it| it.len());
            let what = format!("the file ({status}) has {found:?} rows of {wanted}, or other rows");
            self.violation(2, &what);
        }
    }
}

fn choose(random: &mut Random, declared: bool) -> (Plot, Duration) {
    let plot = random.weighted(&[
        (40, Plot::Nothing),
        (25, Plot::Cancel),
        (15, Plot::Delete),
        (20, Plot::DeleteImport),
    ]);
    let plot = match declared && random.percent(10) {
        true => Plot::DropDataset,
        false => plot,
    };
    // Most writers are done within a second.
    let pause = match random.percent(50) {
        true => random.between(0, 500),
        false => random.between(0, 3_000),
    };
    (plot, Duration::from_millis(pause))
}
