//! `advance`: `domain::import::next_step` itself decides; what it decides is carried out as in
//! `shared/conduct/src/steps.rs`, in steps of one UPDATE or one call of AWS each.

use domain::import::{Event, Outstanding, Step, next_step};
use domain::reason::Reason;

use crate::processes::{Conductor, Move, Seen};
use crate::row::{Chunk, Queued};
use crate::rules::Rules;
use crate::system::System;
use crate::view::{import, now};

impl System {
    /// A handler has done its own work and is about to call `advance`.
    pub fn owe(&mut self, rules: &Rules) {
        self.owed |= !rules.reconcile;
    }

    /// Whether `advance` may be called now: with reconcile, at any time.
    pub fn may_advance(&self, rules: &Rules) -> bool {
        rules.reconcile || self.owed
    }

    /// Reads the snapshot and decides.
    pub fn look(&mut self, rules: &Rules) -> Conductor {
        self.owed = false;
        let import = import(&self.row);
        let step = next_step(&import, self.outstanding(rules), now(self.row.age));
        match decided(&step) {
            None => Conductor::Idle,
            Some(decided) => Conductor::Decided(decided, self.seen()),
        }
    }

    /// `imports::snapshot`
    fn outstanding(&self, rules: &Rules) -> Outstanding {
        let waiting = |it: &&Chunk| it.planned && !it.done && waits(it.queued, rules);
        let out = |it: &&Chunk| it.planned && !it.done && it.queued == Queued::Recently;
        Outstanding {
            waiting: self.chunks.iter().filter(waiting).count() as i64,
            out: self.chunks.iter().filter(out).count() as i64,
            full: self.crowded,
        }
    }

    pub fn seen(&self) -> Seen {
        Seen {
            state: self.row.state,
            run: self.row.run,
            runs_used: self.row.runs_used(),
            token: self.row.token,
            age: self.row.age,
            moved: false,
        }
    }

    /// The next step of the slow conductor.
    pub fn conduct(&mut self, rules: &Rules) {
        let conductor = std::mem::replace(&mut self.conductor, Conductor::Idle);
        self.conductor = self.carry_out(conductor, rules);
    }

    /// One whole step of `next_step`, with nothing in between.
    pub fn advance(&mut self, rules: &Rules) {
        let mut conductor = self.look(rules);
        while conductor != Conductor::Idle {
            conductor = self.carry_out(conductor, rules);
        }
    }

    fn carry_out(&mut self, conductor: Conductor, rules: &Rules) -> Conductor {
        match conductor {
            Conductor::Idle => Conductor::Idle,
            Conductor::Decided(decided, seen) => self.take(decided, seen, rules),
            Conductor::Fails(event, seen) => self.fail_unchanged(event, seen, rules),
            Conductor::Copies(seen) => self.copy(seen, rules),
            Conductor::RunsAgain(seen) => self.run_again(seen, rules),
            Conductor::Replaces(seen) => self.replace(seen, rules),
            Conductor::StopsReplaced(run) => self.stop_replaced(run),
            Conductor::Marks => self.mark_checked(),
            Conductor::Sends(chunks) => self.send_all(chunks, rules),
            Conductor::Answers(token) => self.answer_done(token),
            Conductor::AnswersOrReplaces(token, seen) => self.answer_or_replace(token, seen),
            Conductor::StartsRollback(run) => self.start_rollback(run),
            Conductor::RaisesRun(run) => self.roll_back_again(run, rules),
            Conductor::MarksRollbackFailed(run) => self.mark_rollback_failed(run, rules),
            Conductor::LetsGo(run) => self.release(run, rules),
            Conductor::EndsHold => self.end_hold(rules),
        }
    }

    fn take(&mut self, decided: Move, seen: Seen, rules: &Rules) -> Conductor {
        match decided {
            Move::CopyObject => self.begin_copy(seen, rules),
            Move::LookForObject if !rules.reconcile => Conductor::Idle,
            Move::LastLookForObject if !rules.reconcile => Conductor::Idle,
            Move::LookForObject => match self.object {
                true => self.pin(rules),
                false => Conductor::Marks,
            },
            Move::LastLookForObject => match self.object {
                true => self.pin(rules),
                false => Conductor::Fails(Event::FailForGood, seen),
            },
            Move::StartExecution => self.start_execution(seen),
            Move::ReplaceExecution => Conductor::Replaces(seen),
            Move::CheckExecution => self.check_execution(seen, rules),
            Move::HandOut => self.hand_out(rules),
            Move::AnswerToken => self.begin_finishing(rules),
            Move::RollBack => self.roll_back(seen),
            Move::Release => self.stop_held(seen.run),
            Move::EndHold => Conductor::EndsHold,
            Move::Fail(event) => Conductor::Fails(event, seen),
        }
    }
}

/// Whether a chunk without a receipt is to be handed out.
pub fn waits(queued: Queued, rules: &Rules) -> bool {
    match queued {
        Queued::Never => true,
        Queued::Recently => false,
        Queued::LongAgo => rules.hand_out_again,
    }
}

/// The event of a failure for this reason: whether the import may be held for it
/// (`imports::fails`).
pub fn failure(reason: &Reason) -> Event {
    match reason.resuming_can_help() {
        true => Event::FailForNow,
        false => Event::FailForGood,
    }
}

fn decided(step: &Step) -> Option<Move> {
    Some(match step {
        Step::Nothing => return None,
        Step::CopyObject => Move::CopyObject,
        Step::LookForObject => Move::LookForObject,
        Step::LastLookForObject => Move::LastLookForObject,
        Step::StartExecution => Move::StartExecution,
        Step::ReplaceExecution => Move::ReplaceExecution,
        Step::CheckExecution => Move::CheckExecution,
        Step::HandOut => Move::HandOut,
        Step::AnswerToken => Move::AnswerToken,
        Step::RollBack => Move::RollBack,
        Step::Release => Move::Release,
        Step::EndHold => Move::EndHold,
        Step::StopForErrors => Move::Fail(Event::FailForGood),
        Step::Fail(reason) => Move::Fail(failure(reason)),
    })
}
