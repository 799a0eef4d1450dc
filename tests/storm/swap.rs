//! What a user does with an import that has ended, and the completed import whose place the import
//! of a story is to take.

use serde_json::Value;
use uuid::Uuid;

use super::command::Command;
use super::story::{Asked, Story};

/// The completed import that goes when the import of the story completes.
#[derive(Clone, Debug)]
pub struct Old {
    uid: Uuid,
    path: String,
    rows: i64,
    /// It was completed when its place was asked for, and no other command may have reached it.
    pub certain: bool,
}

/// What the user does after the end of an import.
#[derive(Clone, Copy)]
enum Afterwards {
    Nothing,
    Cancel,
    Replace,
}

impl Story<'_, '_> {
    /// The import that the answer to a replacement says is to be swapped.
    pub fn old_of(&mut self, answer: &Value) -> Option<Old> {
        let number = i32::try_from(answer["swaps"].as_i64()?).unwrap();
        let sql = "SELECT o.uid, o.rows_imported FROM import o JOIN import i USING (owner, dataset) \
             WHERE i.uid = $1 AND o.number = $2";
        let row = self.lane.look.row(sql, &[&self.uid, &number]);
        let uid: Uuid = row.get(0);
        let untouched = match &self.old {
            Some(old) if old.uid == uid => old.certain,
            _ => uid == self.uid && self.is_untouched(),
        };
        let path = format!("/collect/{}/{number}/", self.file.dataset.name());
        self.lane.kept.retain(|it| it.path != path);
        Some(Old {
            uid,
            path,
            rows: row.get(1),
            certain: untouched,
        })
    }

    /// A command that came after the replacement was taken may have ended the import that the
    /// replacement is to swap.
    pub fn doubt_what_was_commanded(&mut self) {
        let (uid, untouched) = (self.uid, self.is_untouched());
        let old = self.successor.as_mut().and_then(|it| it.old.as_mut());
        if let Some(old) = old.filter(|old| old.uid == uid) {
            old.certain &= untouched;
        }
    }

    fn is_untouched(&self) -> bool {
        self.cancel == Asked::Not && self.delete == Asked::Not
    }

    /// Whether the rows of the old import are visible; `None` if there is no old one.
    pub fn old_is_there(&mut self) -> Option<bool> {
        let old = self.old.as_ref()?;
        let sql = "SELECT state = 'completed' FROM import WHERE uid = $1";
        Some(self.lane.look.row(sql, &[&old.uid]).get(0))
    }

    /// How many rows one request shows beside those that the user has kept, while there is an old
    /// import: what the import of the story has of them. `None` if that cannot be known.
    pub fn shown_beside(&mut self, shown: i64, before: Option<bool>) -> Option<i64> {
        let Some(old) = self.old.clone() else {
            return Some(shown);
        };
        let new = self.file.rows.len() as i64;
        if old.certain && self.is_untouched() && ![old.rows, new].contains(&shown) {
            let what = format!("{shown} rows are seen: {} or {new} are right", old.rows);
            self.violation(1, &what);
        }
        match (before, self.old_is_there()) {
            (Some(true), Some(true)) => Some(shown - old.rows),
            (Some(false), Some(false)) => Some(shown),
            _ => None,
        }
    }

    /// Of two imports that change places, one is completed at any moment.
    pub fn see_one_of_two(&mut self) {
        let certain = self.old.as_ref().filter(|old| old.certain);
        let Some(old) = certain.map(|old| old.uid) else {
            return;
        };
        if self.is_untouched() && self.successor.is_none() {
            let sql = "SELECT count(*) FROM import WHERE uid IN ($1, $2) AND state = 'completed'";
            let seen: i64 = self.lane.look.row(sql, &[&self.uid, &old]).get(0);
            if seen != 1 {
                self.violation(1, &format!("{seen} imports of a swap are completed"));
            }
        }
    }

    /// What the rows of a chain say of each other, for a person.
    fn chain_of(&mut self, uid: Uuid) -> String {
        let sql = "SELECT coalesce(string_agg(format('%s %s swaps %s by %s retry %s completed %s', n.number, \
                 n.state, n.swaps, n.replaced_by, n.retry_of, n.completed_at IS NOT NULL), '; ' \
                 ORDER BY n.number), '') \
             FROM import o JOIN import n USING (owner, dataset) WHERE o.uid = $1 \
             AND coalesce(n.chain, n.number) = coalesce(o.chain, o.number)";
        self.lane.look.row(sql, &[&uid]).get(0)
    }

    /// At the end of the import: the old one went if, and only if, this one was completed.
    pub fn check_old(&mut self) {
        let Some(old) = self.old.clone() else {
            return;
        };
        let taken_over = self.successor.as_ref().and_then(|it| it.old.as_ref());
        if taken_over.is_some_and(|it| it.uid == old.uid) {
            return;
        }
        let sql = "SELECT o.state, n.completed_at IS NOT NULL, o.replaced_by IS NOT DISTINCT FROM n.number \
             FROM import o, import n WHERE o.uid = $1 AND n.uid = $2";
        let row = self.lane.look.row(sql, &[&old.uid, &self.uid]);
        let (state, swapped, linked): (String, bool, bool) = (row.get(0), row.get(1), row.get(2));
        let there = state == "completed";
        if swapped && there {
            self.violation(
                1,
                "completed, and the import that it swaps is completed, too",
            );
        }
        if old.certain && !swapped && !there {
            let chain = self.chain_of(old.uid);
            let what = format!("not completed, and what it was to swap is {state}: {chain}");
            self.violation(2, &what);
        }
        if old.certain && swapped && !linked {
            let chain = self.chain_of(old.uid);
            self.violation(
                1,
                &format!("the import that it swapped does not name it: {chain}"),
            );
        }
        self.tally(match swapped {
            true => "swap",
            false => "swap that did not come",
        });
        if there {
            self.keep(old.path, old.rows);
        }
    }

    /// After its end the user may cancel a completed import, or upload another file in its place.
    pub fn go_on(&mut self, end: &str) {
        if self.successor.is_some() || self.delete != Asked::Not || self.lane.storm.is_over() {
            return;
        }
        let random = &mut self.lane.random;
        let afterwards = match end {
            "completed" => random.weighted(&[
                (60, Afterwards::Nothing),
                (18, Afterwards::Cancel),
                (22, Afterwards::Replace),
            ]),
            "failed" | "cancelled" => {
                random.weighted(&[(65, Afterwards::Nothing), (35, Afterwards::Replace)])
            }
            _ => Afterwards::Nothing,
        };
        match afterwards {
            Afterwards::Nothing => {}
            Afterwards::Cancel => self.cancel_what_is_completed(),
            Afterwards::Replace => {
                self.tally(&format!("replaced when it was {end}"));
                self.command(Command::Replace);
                if self.successor.is_none() {
                    self.violation(3, &format!("{end}, and it cannot be replaced"));
                }
            }
        }
    }

    pub fn cancel_what_is_completed(&mut self) {
        self.tally("cancelled when it was completed");
        let path = self.path.clone();
        self.lane.kept.retain(|it| it.path != path);
        while self.standing().state == "completed" {
            self.command(Command::Cancel);
        }
        self.cancel = Asked::Yes;
        self.see_nothing("after it was cancelled");
        match self.wait_for_the_end() {
            Some(end) if end == "cancelled" => self.check_cancelled(),
            other => self.violation(3, &format!("completed, cancelled, and now {other:?}")),
        }
    }
}
