//! What a user asks for, and what arrives from outside: `shared/postgres/src/imports/ask.rs`,
//! `functions/start-import`.

use domain::import::{Event, Goal, State};

use crate::rules::Rules;
use crate::system::System;

impl System {
    /// The object is put where its import awaits it.
    pub fn upload(&mut self) {
        self.object = true;
        self.event = true;
    }

    /// start-import: pins and advances.
    pub fn object_event(&mut self, rules: &Rules) {
        self.event = false;
        self.pin(rules);
        self.owe(rules);
    }

    /// `imports::cancel`
    pub fn cancel(&mut self, rules: &Rules) {
        self.event(Event::Cancel);
        self.row.goal = Some(Goal::Cancelled);
        self.asked = Some(Goal::Cancelled);
        self.touch();
        self.owe(rules);
    }

    /// `imports::delete`: from an end the run is raised, its rollback's name may be used up.
    pub fn delete(&mut self, rules: &Rules) {
        let ended = self.row.state.is_end() || self.row.state == State::RollbackFailed;
        self.row.run += u8::from(ended);
        self.event(Event::Delete);
        self.row.goal = Some(Goal::Deleted);
        self.asked = Some(Goal::Deleted);
        self.touch();
        self.owe(rules);
    }

    /// `imports::pause`
    pub fn pause(&mut self, rules: &Rules) {
        self.event(Event::Pause);
        self.row.pause_is_over = false;
        self.touch();
        self.owe(rules);
    }

    /// `imports::resume`
    pub fn resume(&mut self, rules: &Rules) {
        self.event(Event::Resume);
        self.row.pause_is_over = false;
        self.touch();
        self.owe(rules);
    }
}
