//! An import whose run ends too early, and one that is held because it failed.

use super::command::Command;
use super::story::Story;

/// What the user does with a held import.
#[derive(Clone, Copy)]
enum AfterHold {
    Command(Command),
    /// The user does nothing until the hold has expired.
    Expires,
}

impl Story<'_, '_> {
    /// Moves the deadline of its run to now: it fails by a fault of ours, not of its file.
    pub fn end_the_run(&mut self) {
        let sql = "UPDATE import SET run_expires_at = now() WHERE uid = $1 \
             AND state IN ('planning', 'importing', 'finishing') RETURNING 1";
        if !self.lane.look.rows(sql, &[&self.uid]).is_empty() {
            self.tally("run past its deadline");
            self.overdue = true;
        }
    }

    /// Only the user ends a hold, so this is called until it has ended.
    pub fn end_the_hold(&mut self) {
        if !self.holds {
            self.violation(3, "it is held, and its upload did not ask for that");
        }
        if !self.was_held {
            self.tally("import held");
        }
        self.was_held = true;
        match self.lane.random.weighted(&[
            (50, AfterHold::Command(Command::Resume)),
            (12, AfterHold::Command(Command::Cancel)),
            (12, AfterHold::Command(Command::Delete)),
            (14, AfterHold::Command(Command::Replace)),
            (12, AfterHold::Expires),
        ]) {
            AfterHold::Command(command) => self.command(command),
            AfterHold::Expires => self.let_the_hold_expire(),
        }
    }

    fn let_the_hold_expire(&mut self) {
        self.tally("hold past its deadline");
        let sql = "UPDATE import SET hold_expires_at = now() \
             WHERE uid = $1 AND state = 'held' RETURNING 1";
        self.lane.look.rows(sql, &[&self.uid]);
        self.wait_while("held");
    }
}
