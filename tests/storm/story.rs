//! An import from its upload to its end, and what its user does meanwhile.

use std::thread::{scope, sleep};
use std::time::{Duration, Instant};

use uuid::Uuid;

use super::api::User;
use super::command::{Command, Moment, Plot};
use super::file::StormFile;
use super::lane::Lane;
use super::swap::Old;
use super::upload::{Sent, Upload};
use crate::fixture::client::Answer;
use crate::fixture::{cloud, events};

const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(60);
/// A moment that does not come is given up.
const MOMENT_AT_MOST: Duration = Duration::from_secs(25);
/// Minutes: longer than any recovery takes here.
pub const STUCK_AFTER: Duration = Duration::from_secs(420);

/// Whether something was asked of an import or an export: an answer may have been lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Asked {
    Not,
    Perhaps,
    Yes,
}

impl Asked {
    /// What an answer says; without one, `Perhaps`.
    pub fn by(answer: Option<&Answer>) -> Self {
        match answer.map(|it| it.status) {
            Some(200..300) => Asked::Yes,
            Some(_) => Asked::Not,
            None => Asked::Perhaps,
        }
    }
}

pub struct Story<'l, 's> {
    pub lane: &'l mut Lane<'s>,
    pub file: StormFile,
    pub path: String,
    pub key: String,
    pub uid: Uuid,
    /// It is to be held if it fails.
    pub holds: bool,
    pub was_held: bool,
    /// Its file is only to be validated.
    pub validates: bool,
    pub cancel: Asked,
    pub delete: Asked,
    /// It was made to miss a deadline.
    pub expires: bool,
    /// Its run was made to miss its deadline, and it was not resumed since.
    pub overdue: bool,
    /// Its replacement.
    pub successor: Option<Sent>,
    /// It was completed when its replacement was asked for: it goes when that one completes.
    pub is_to_be_swapped: bool,
    /// The completed import whose place it is to take.
    pub old: Option<Old>,
    /// The version that was written first, if another was written after it.
    pub first_version: Option<String>,
    uploaded: bool,
    /// Its object is copied, at some time.
    copied: bool,
}

/// A command, and what is to take the import's place if it is for a replacement.
struct Commanded {
    command: Command,
    replacement: Option<Upload>,
}

impl Commanded {
    /// The answer, `None` if the outcome is not known. A replacement is asked for until there is an
    /// answer: its key says which one it is.
    fn ask(&self, user: &User, path: &str) -> Option<Answer> {
        let (method, end) = self.command.request();
        let path = format!("{path}{end}");
        match &self.replacement {
            Some(upload) => Some(upload.ask(user, &path)),
            None => user.request(method, &path),
        }
    }
}

/// Where an import stands, as its row says.
pub struct Standing {
    pub state: String,
    pub done: i32,
    total: Option<i32>,
}

impl<'l, 's> Story<'l, 's> {
    pub fn of(lane: &'l mut Lane<'s>, sent: Sent) -> Self {
        Self {
            path: sent.path,
            uid: sent.uid,
            key: sent.key,
            holds: sent.upload.holds,
            validates: sent.upload.validates,
            copied: sent.upload.copied,
            uploaded: sent.upload.comes,
            file: sent.upload.file,
            lane,
            was_held: false,
            cancel: Asked::Not,
            delete: Asked::Not,
            expires: false,
            overdue: false,
            successor: None,
            is_to_be_swapped: false,
            old: sent.old,
            first_version: None,
        }
    }

    /// Acts as the user, waits for the end of the import and checks it. Returns its replacement, or
    /// its retry.
    pub fn play(mut self) -> Option<Sent> {
        if !self.uploaded {
            self.miss_the_upload();
        }
        self.disturb_the_object();
        let declared = self.file.dataset.declared().is_some();
        let plot = Plot::choose(&mut self.lane.random, declared);
        let moment = Moment::choose(&mut self.lane.random);
        if plot != Plot::Nothing {
            self.wait_for(moment);
        }
        self.act(plot);
        let ended = self.wait_for_the_end();
        // While its replacement is on its way, its rows may go at any moment: what is checked then
        // is that one of the two is seen.
        let completed = ended.as_deref() == Some("completed");
        if completed && self.cancel == Asked::Perhaps && !self.is_to_be_swapped {
            // The answer was lost, and the command may still come.
            self.cancel_what_is_completed();
        } else if !self.is_to_be_swapped || self.cancel == Asked::Yes || self.delete == Asked::Yes {
            self.check(ended.as_deref());
        }
        self.check_old();
        if ended.as_deref().is_some_and(|it| self.is_retried(it)) {
            return self.retry();
        }
        if let Some(end) = ended {
            self.go_on(&end);
        }
        self.doubt_what_was_commanded();
        self.successor
    }

    /// Sometimes, where no other import takes its place and it was to take none.
    fn is_retried(&mut self, end: &str) -> bool {
        let may_be = ["failed", "validated", "cancelled"].contains(&end);
        let alone = self.successor.is_none() && self.first_version.is_none();
        let alone = alone && self.is_read_as_before();
        may_be && alone && self.old.is_none() && self.lane.random.percent(40)
    }

    /// Another version of its dataset would read its file in another way.
    fn is_read_as_before(&self) -> bool {
        let declared = self.file.dataset.declared();
        let now = self.lane.declared();
        declared.is_none_or(|it| (it.id, it.version) == (now.id, now.version))
    }

    /// Only an import whose object never came cannot be retried.
    fn retry(self) -> Option<Sent> {
        let answer = self.lane.user.retry(&format!("{}retry/", self.path));
        let sql = "SELECT object_version IS NOT NULL FROM import WHERE uid = $1";
        let arrived: bool = self.lane.look.row(sql, &[&self.uid]).get(0);
        match (answer.status, arrived) {
            (201, true) => {
                self.tally("command: Retry done");
                Some(Upload::again(self.file, self.holds).sent(&answer.json()))
            }
            (409, false) => None,
            (status, _) => {
                self.violation(3, &format!("a retry is answered {status}"));
                None
            }
        }
    }

    pub fn tally(&self, kind: &str) {
        self.lane.storm.tally.fault(kind);
    }

    /// The upload never comes: moves the end of its time to now.
    fn miss_the_upload(&mut self) {
        self.tally("upload that never came");
        self.expires = true;
        let sql = "UPDATE import SET upload_expires_at = now() WHERE uid = $1 RETURNING 1";
        self.lane.look.rows(sql, &[&self.uid]);
    }

    /// Writes another object under the key, or sends the event of the first one once more.
    fn disturb_the_object(&mut self) {
        let random = &mut self.lane.random;
        let (second, told) = (random.percent(12), random.percent(15));
        let pause = Duration::from_millis(random.between(0, 1_500));
        if !self.uploaded || self.copied || !(second || told) {
            return;
        }
        let versions = cloud::object_versions(&self.key);
        sleep(pause);
        if second {
            self.tally("second object under the key");
            cloud::put_object(&self.key, &self.file.other());
            self.first_version = versions.first().cloned();
        }
        if let Some(version) = versions.first().filter(|_| told) {
            self.tally("S3 event doubled or late");
            cloud::try_to_invoke("StartImportFunction", &self.event(version));
        }
    }

    fn event(&self, version: &str) -> serde_json::Value {
        let mut event = events::event("start-import", "object-created");
        let object = &mut event["detail"]["object"];
        object["key"] = self.key.clone().into();
        object["version-id"] = version.into();
        object["size"] = self.file.sent.len().into();
        event
    }

    fn wait_for(&mut self, moment: Moment) {
        if let Moment::After(milliseconds) = moment {
            return sleep(Duration::from_millis(milliseconds));
        }
        let begin = Instant::now();
        while begin.elapsed() < MOMENT_AT_MOST {
            let now = self.standing();
            let reached = match moment {
                Moment::AtOnce | Moment::After(_) => true,
                Moment::Stored(chunks) => now.done >= chunks,
                Moment::Finishing => Some(now.done) == now.total,
            };
            if reached || is_end(&now.state) || now.state == "held" {
                return;
            }
            sleep(LOOK_AGAIN_AFTER / 2);
        }
    }

    fn act(&mut self, plot: Plot) {
        match plot {
            Plot::Nothing => {}
            Plot::One(command) => self.command(command),
            Plot::Both(one, other) => self.command_both(one, other),
            Plot::PauseAndResume(milliseconds) => {
                self.command(Command::Pause);
                sleep(Duration::from_millis(milliseconds));
                self.resume();
            }
            Plot::PauseForGood => {
                self.command(Command::Pause);
                self.end_the_pause();
            }
            Plot::RunEnds => self.end_the_run(),
            Plot::Retitle => self.lane.retitle(),
            Plot::AddField => self.lane.add_a_field(true),
            Plot::Drop => self.drop_the_dataset(),
        }
    }

    /// Its import is deleted, and so is the one that it was to swap.
    fn drop_the_dataset(&mut self) {
        self.lane.drop_and_declare();
        self.delete = Asked::Yes;
        if let Some(old) = &mut self.old {
            old.certain = false;
        }
        self.see_nothing("after its dataset was dropped");
    }

    /// Only the user ends a pause, so a resume is asked for until it has ended.
    fn resume(&mut self) {
        while self.standing().state == "paused" {
            self.command(Command::Resume);
        }
    }

    fn end_the_pause(&mut self) {
        let sql = "UPDATE import SET pause_expires_at = now() \
             WHERE uid = $1 AND state = 'paused' RETURNING 1";
        if self.standing().state == "paused" {
            self.expires = true;
            self.tally("pause past its deadline");
            self.lane.look.rows(sql, &[&self.uid]);
        }
    }

    pub fn command(&mut self, command: Command) {
        let commanded = self.prepare(command);
        let answer = commanded.ask(&self.lane.user, &self.path);
        self.remember(commanded, answer);
    }

    fn prepare(&mut self, command: Command) -> Commanded {
        let dataset = self.lane.current(&self.file.dataset);
        let replacement = (command == Command::Replace)
            .then(|| Upload::of(&mut self.lane.random, dataset).replacing());
        Commanded {
            command,
            replacement,
        }
    }

    fn command_both(&mut self, one: Command, other: Command) {
        let (one, other) = (self.prepare(one), self.prepare(other));
        let (user, path) = (&self.lane.user, &self.path);
        let (first, second) = scope(|scope| {
            let second = scope.spawn(|| other.ask(user, path));
            (one.ask(user, path), second.join().unwrap())
        });
        self.remember(one, first);
        self.remember(other, second);
        self.resume();
    }

    fn remember(&mut self, commanded: Commanded, answer: Option<Answer>) {
        let asked = Asked::by(answer.as_ref());
        let sort = match asked {
            Asked::Yes => "done",
            Asked::Not => "refused",
            Asked::Perhaps => "unanswered",
        };
        self.tally(&format!("command: {:?} {sort}", commanded.command));
        match commanded.command {
            Command::Cancel => self.cancel = self.cancel.max(asked),
            Command::Replace => {}
            Command::Delete => self.delete = self.delete.max(asked),
            Command::Resume if asked == Asked::Yes => self.overdue = false,
            Command::Pause | Command::Resume => {}
        }
        if let (Some(upload), Some(answer), Asked::Yes) = (commanded.replacement, &answer, asked) {
            self.replaced_by(upload, &answer.json());
        }
        let takes_back = matches!(commanded.command, Command::Cancel | Command::Delete);
        if asked == Asked::Yes && takes_back {
            self.see_nothing("after it was answered");
        }
    }

    /// A replacement was taken. A living import is cancelled by it; a completed one stays until the
    /// swap, and one that has ended is only linked.
    fn replaced_by(&mut self, upload: Upload, answer: &serde_json::Value) {
        let old = self.old_of(answer);
        let sql = "SELECT goal, number FROM import WHERE uid = $1";
        let row = self.lane.look.row(sql, &[&self.uid]);
        let (goal, number): (Option<String>, i32) = (row.get(0), row.get(1));
        self.is_to_be_swapped = answer["swaps"] == number;
        self.successor = Some(Sent {
            old,
            ..upload.sent(answer)
        });
        if goal.is_some_and(|it| it == "cancelled" || it == "deleted") {
            self.cancel = Asked::Yes;
            self.see_nothing("after it was replaced");
        }
    }

    pub fn standing(&mut self) -> Standing {
        let sql = "SELECT state, chunks_done, chunks_total FROM import WHERE uid = $1";
        let row = self.lane.look.row(sql, &[&self.uid]);
        Standing {
            state: row.get(0),
            done: row.get(1),
            total: row.get(2),
        }
    }

    /// Waits until its state is another one, `MOMENT_AT_MOST` at the longest.
    pub fn wait_while(&mut self, state: &str) {
        let begin = Instant::now();
        while self.standing().state == state && begin.elapsed() < MOMENT_AT_MOST {
            sleep(LOOK_AGAIN_AFTER);
        }
    }

    /// The end state; none if it does not come.
    pub fn wait_for_the_end(&mut self) -> Option<String> {
        let begin = Instant::now();
        let mut looks = 0_u64;
        loop {
            let state = self.standing().state;
            if is_end(&state) {
                return Some(state);
            }
            if begin.elapsed() > STUCK_AFTER || self.lane.storm.is_late() {
                return None;
            }
            if state == "held" {
                self.end_the_hold();
            }
            // The answer to its pause was lost.
            if state == "paused" && !self.expires {
                self.command(Command::Resume);
            }
            looks += 1;
            if looks.is_multiple_of(10) {
                self.read_on_the_way();
            }
            sleep(LOOK_AGAIN_AFTER * 2);
        }
    }
}

pub fn is_end(state: &str) -> bool {
    ["completed", "failed", "validated", "cancelled", "deleted"].contains(&state)
}
