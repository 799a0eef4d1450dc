//! What a user asks for, and what arrives from outside: `shared/postgres/src/imports/ask.rs`,
//! `functions/start-import`.

use domain::import::{Event, Goal, State};

use crate::row::{CHUNKS, Queued};
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

    /// `imports::cancel`. The run of a completed import is raised.
    pub fn cancel(&mut self, rules: &Rules) {
        self.take_back(Event::Cancel, rules);
    }

    /// `finishing::complete` of the import that takes the place of this one.
    pub fn swapped(&mut self, rules: &Rules) {
        self.take_back(Event::Swap, rules);
    }

    fn take_back(&mut self, event: Event, rules: &Rules) {
        self.row.run += u8::from(self.row.state.rollback_needs_another_run());
        self.event(event);
        self.row.goal = Some(Goal::Cancelled);
        self.asked = Some(Goal::Cancelled);
        self.touch();
        self.owe(rules);
    }

    /// `imports::delete`. The run of an import that has ended is raised, because the name of its
    /// rollback's execution may be used up.
    pub fn delete(&mut self, rules: &Rules) {
        self.row.run += u8::from(self.row.state.rollback_needs_another_run());
        self.event(Event::Delete);
        self.row.goal = Some(Goal::Deleted);
        self.asked = Some(Goal::Deleted);
        self.touch();
        self.owe(rules);
    }

    /// `imports::pause`
    pub fn pause(&mut self, rules: &Rules) {
        self.event(Event::Pause);
        self.touch();
        self.owe(rules);
    }

    /// `imports::resume`. A held import gets another run, and its chunks' attempts count from 0.
    pub fn resume(&mut self, rules: &Rules) {
        let held = self.row.state == State::Held;
        self.event(Event::Resume);
        if held {
            self.left.revivals -= 1;
            self.row.runs_before = self.row.run;
            self.row.run += 1;
            self.row.token = None;
            self.forgive();
        }
        self.touch();
        self.owe(rules);
    }

    /// `FORGIVEN`: a chunk that a worker holds is skipped.
    fn forgive(&mut self) {
        for chunk in 0..CHUNKS as u8 {
            let locked = self.is_locked(chunk);
            let row = self.chunk(chunk);
            if row.planned && !row.done && !locked {
                let begun = row.queued != Queued::Never || row.attempts > 0;
                row.attempts = 0;
                row.queued = if begun {
                    Queued::LongAgo
                } else {
                    Queued::Never
                };
            }
        }
    }
}
