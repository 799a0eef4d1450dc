//! The steps that `next_step` decides on, one UPDATE or one call of AWS each:
//! `shared/conduct/src/steps.rs`.

use domain::import::{Event, Goal, State, may_run_again};
use domain::reason::{Reason, Subject};

use crate::conductor::{failure, waits};
use crate::planner::is_running;
use crate::processes::{Conductor, Execution, Rollback, Seen};
use crate::row::{CHUNKS, OriginalCopy, Queued, Token};
use crate::rules::Rules;
use crate::system::{LAST_RUN, System};
use crate::view::{now, of_runs_used};

impl System {
    /// The import is to be looked at again; with reconcile that may happen at any time.
    pub fn look_again(&mut self, rules: &Rules) -> Conductor {
        self.owe(rules);
        Conductor::Idle
    }

    /// `imports::pin`
    pub fn pin(&mut self, rules: &Rules) -> Conductor {
        if self.event(Event::Arrive) {
            self.touch();
        }
        self.look_again(rules)
    }

    /// `copy_object`: looks for an earlier copy, then `imports::begin_copy`.
    pub fn begin_copy(&mut self, seen: Seen, rules: &Rules) -> Conductor {
        if self.row.copy == OriginalCopy::Begun && self.object {
            return self.pin(rules);
        }
        if self.row.state != State::AwaitingUpload || seen.moved {
            return self.look_again(rules);
        }
        self.row.copy = OriginalCopy::Begun;
        self.touch();
        Conductor::Copies(self.seen())
    }

    /// `Objects::copy`: the object arrives as any other, or its original is gone.
    pub fn copy(&mut self, seen: Seen, rules: &Rules) -> Conductor {
        if self.original_gone {
            return self.fail_unchanged(failure(&Reason::ObjectGone), seen, rules);
        }
        self.upload();
        Conductor::Idle
    }

    pub fn start_execution(&mut self, seen: Seen) -> Conductor {
        let again = may_run_again(&of_runs_used(seen.runs_used), now(seen.age));
        match self.execution(seen.run) {
            Some(execution) if *execution == Execution::Never => {
                *execution = Execution::Enters(1);
                Conductor::Idle
            }
            Some(execution) if is_running(*execution) => Conductor::Idle,
            _ if again => Conductor::RunsAgain(seen),
            _ => Conductor::Idle,
        }
    }

    /// `run_again`: fails the import or raises its run.
    pub fn run_again(&mut self, seen: Seen, rules: &Rules) -> Conductor {
        if seen.runs_used >= LAST_RUN {
            return self.fail_unchanged(
                failure(&Reason::ExecutionLost(Subject::Import)),
                seen,
                rules,
            );
        }
        self.raise_run(seen.run);
        self.look_again(rules)
    }

    /// `imports::raise_run`
    pub fn raise_run(&mut self, run: u8) {
        if self.row.run == run && self.event(Event::RunAgain) {
            self.row.run += 1;
            self.row.token = None;
            self.touch();
        }
    }

    pub fn replace(&mut self, seen: Seen, rules: &Rules) -> Conductor {
        let run = seen.run;
        self.run_again(seen, rules);
        Conductor::StopsReplaced(run)
    }

    pub fn stop_replaced(&mut self, run: u8) -> Conductor {
        self.stop(run);
        Conductor::Idle
    }

    pub fn check_execution(&mut self, seen: Seen, rules: &Rules) -> Conductor {
        let running = self.execution(seen.run).is_some_and(|it| is_running(*it));
        match (running, seen.state, seen.token) {
            (true, State::Finishing, Some(token)) if rules.token_answer => {
                Conductor::AnswersOrReplaces(token, seen)
            }
            (true, _, _) => Conductor::Marks,
            (false, _, _) => Conductor::RunsAgain(seen),
        }
    }

    pub fn answer_or_replace(&mut self, token: Token, seen: Seen) -> Conductor {
        match self.answer(token) {
            true => Conductor::Marks,
            false => Conductor::Replaces(seen),
        }
    }

    /// `imports::mark_checked`
    pub fn mark_checked(&mut self) -> Conductor {
        self.touch();
        Conductor::Idle
    }

    /// `chunks::hand_out`, as far as this import has part in it: it gets nothing while others have
    /// every place. Committed before anything is sent.
    pub fn hand_out(&mut self, rules: &Rules) -> Conductor {
        if self.crowded {
            return Conductor::Idle;
        }
        match self.pick(rules) {
            Some(picked) => Conductor::Sends(picked),
            None => Conductor::Idle,
        }
    }

    /// A worker of another import is done, and hands out what is next: of this one, too.
    pub fn others_done(&mut self, rules: &Rules) {
        self.crowded = false;
        if let Some(picked) = self.pick(rules) {
            self.send_each(picked);
        }
    }

    fn pick(&mut self, rules: &Rules) -> Option<[bool; CHUNKS]> {
        let mut picked = [false; CHUNKS];
        for (chunk, picked) in (0u8..).zip(&mut picked) {
            let row = &self.chunks[usize::from(chunk)];
            *picked =
                row.planned && !row.done && waits(row.queued, rules) && !self.is_locked(chunk);
        }
        if picked == [false; CHUNKS] || !self.event(Event::HandOut) {
            return None;
        }
        for (chunk, _) in self.chunks.iter_mut().zip(picked).filter(|(_, it)| *it) {
            chunk.queued = Queued::Recently;
        }
        self.touch();
        Some(picked)
    }

    fn send_each(&mut self, chunks: [bool; CHUNKS]) {
        for (chunk, _) in (0u8..).zip(chunks).filter(|(_, it)| *it) {
            self.send(chunk);
        }
    }

    pub fn send_all(&mut self, chunks: [bool; CHUNKS], rules: &Rules) -> Conductor {
        self.send_each(chunks);
        self.look_again(rules)
    }

    /// `finishing::begin`
    pub fn begin_finishing(&mut self, rules: &Rules) -> Conductor {
        let done = self.row.planned && usize::from(self.row.chunks_done) == CHUNKS;
        let before = self.row.state;
        if !(done || before == State::Finishing) || !self.event(Event::BeginFinishing) {
            return Conductor::Idle;
        }
        if before != State::Finishing {
            self.touch();
        }
        match self.row.token {
            Some(token) if rules.token_answer => Conductor::Answers(token),
            _ => Conductor::Idle,
        }
    }

    pub fn answer_done(&mut self, token: Token) -> Conductor {
        self.answer(token);
        Conductor::Idle
    }

    pub fn roll_back(&mut self, seen: Seen) -> Conductor {
        self.stop(seen.run);
        Conductor::StartsRollback(seen.run)
    }

    pub fn start_rollback(&mut self, run: u8) -> Conductor {
        let rollback = self.rollback(run);
        match *rollback {
            Rollback::Never => {
                *rollback = Rollback::Running;
                Conductor::Idle
            }
            Rollback::Running => Conductor::Idle,
            Rollback::Succeeded => Conductor::RaisesRun(run),
            Rollback::Failed => Conductor::MarksRollbackFailed(run),
        }
    }

    pub fn roll_back_again(&mut self, run: u8, rules: &Rules) -> Conductor {
        self.raise_run(run);
        self.look_again(rules)
    }

    /// `rollback::mark_failed`
    pub fn mark_rollback_failed(&mut self, run: u8, rules: &Rules) -> Conductor {
        if self.row.run == run && self.event(Event::FailRollback) {
            self.row.run += 1;
            self.touch();
        }
        self.look_again(rules)
    }

    /// `Conductor::release`, which begins with a stop.
    pub fn stop_held(&mut self, run: u8) -> Conductor {
        self.stop(run);
        Conductor::LetsGo(run)
    }

    /// `imports::release`
    pub fn release(&mut self, run: u8, rules: &Rules) -> Conductor {
        if self.row.run == run && self.row.state == State::Held {
            self.row.token = None;
        }
        self.look_again(rules)
    }

    /// `imports::end_hold`
    pub fn end_hold(&mut self, rules: &Rules) -> Conductor {
        if self.row.wait_is_over && self.event(Event::EndHold) {
            self.row.goal = Some(Goal::Failed);
            self.touch();
        }
        self.look_again(rules)
    }

    /// `imports::fail_unchanged`
    pub fn fail_unchanged(&mut self, event: Event, seen: Seen, rules: &Rules) -> Conductor {
        let row = &self.row;
        let unchanged = row.state == seen.state && row.run == seen.run && !seen.moved;
        if unchanged {
            self.fail(event);
        }
        self.look_again(rules)
    }
}
