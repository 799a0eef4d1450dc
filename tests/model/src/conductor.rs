//! `advance`: `domain::import::next_step` itself decides; what it decides is carried out as in
//! `shared/conduct/src/steps.rs`, one UPDATE or one call of AWS a step.

use domain::import::{Event, Outstanding, State, Step, may_run_again, next_step};

use crate::planner::is_running;
use crate::rules::Rules;
use crate::system::{
    CHUNKS, Conductor, Execution, LAST_RUN, Move, Queued, Rollback, Seen, System, Token,
};
use crate::view::{import, now, of_run};

impl System {
    /// A handler has done its own and is about to advance.
    pub fn owe(&mut self, rules: &Rules) {
        self.owed |= !rules.reconcile;
    }

    /// Whether anybody may call `advance` now: with reconcile, anybody at any time.
    pub fn may_advance(&self, rules: &Rules) -> bool {
        rules.reconcile || self.owed
    }

    /// The snapshot and the decision.
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
        let waiting =
            |it: &&crate::system::Chunk| it.planned && !it.done && waits(it.queued, rules);
        let out =
            |it: &&crate::system::Chunk| it.planned && !it.done && it.queued == Queued::Recently;
        Outstanding {
            waiting: self.chunks.iter().filter(waiting).count() as i64,
            out: self.chunks.iter().filter(out).count() as i64,
        }
    }

    fn seen(&self) -> Seen {
        Seen {
            state: self.row.state,
            run: self.row.run,
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

    /// A whole step of `next_step`, and nobody comes between.
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
            Conductor::Fails(seen) => self.fail_unchanged(seen, rules),
            Conductor::RunsAgain(seen) => self.run_again(seen, rules),
            Conductor::Replaces(seen) => self.replace(seen, rules),
            Conductor::StopsReplaced(run) => self.stop_replaced(run),
            Conductor::Marks => self.mark_checked(),
            Conductor::Sends(chunks) => self.send_all(chunks, rules),
            Conductor::Answers(token) => self.answer_done(token),
            Conductor::AnswersOrReplaces(token, seen) => self.answer_or_replace(token, seen),
            Conductor::StartsRollback(run) => self.start_rollback(run),
            Conductor::RaisesRun(run) => self.take_back_again(run, rules),
            Conductor::MarksRollbackFailed(run) => self.mark_rollback_failed(run, rules),
        }
    }

    fn take(&mut self, decided: Move, seen: Seen, rules: &Rules) -> Conductor {
        match decided {
            Move::LookForObject if !rules.reconcile => Conductor::Idle,
            Move::LastLookForObject if !rules.reconcile => Conductor::Idle,
            Move::LookForObject => match self.object {
                true => self.pin(rules),
                false => Conductor::Marks,
            },
            Move::LastLookForObject => match self.object {
                true => self.pin(rules),
                false => Conductor::Fails(seen),
            },
            Move::StartExecution => self.start_execution(seen),
            Move::ReplaceExecution => Conductor::Replaces(seen),
            Move::CheckExecution => self.check_execution(seen, rules),
            Move::HandOut => self.hand_out(rules),
            Move::AnswerToken => self.begin_finishing(rules),
            Move::TakeBack => self.take_back(seen),
            Move::Fail => Conductor::Fails(seen),
        }
    }

    /// Somebody looks again: with reconcile anybody may, at any time.
    fn look_again(&mut self, rules: &Rules) -> Conductor {
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

    fn start_execution(&mut self, seen: Seen) -> Conductor {
        let again = may_run_again(&of_run(seen.run), now(seen.age));
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
    fn run_again(&mut self, seen: Seen, rules: &Rules) -> Conductor {
        if seen.run >= LAST_RUN {
            return self.fail_unchanged(seen, rules);
        }
        self.raise_run(seen.run);
        self.look_again(rules)
    }

    /// `imports::raise_run`
    fn raise_run(&mut self, run: u8) {
        if self.row.run == run && self.event(Event::RunAgain) {
            self.row.run += 1;
            self.row.token = None;
            self.touch();
        }
    }

    fn replace(&mut self, seen: Seen, rules: &Rules) -> Conductor {
        let run = seen.run;
        self.run_again(seen, rules);
        Conductor::StopsReplaced(run)
    }

    fn stop_replaced(&mut self, run: u8) -> Conductor {
        self.stop(run);
        Conductor::Idle
    }

    fn check_execution(&mut self, seen: Seen, rules: &Rules) -> Conductor {
        let running = self.execution(seen.run).is_some_and(|it| is_running(*it));
        match (running, seen.state, seen.token) {
            (true, State::Finishing, Some(token)) if rules.token_answer => {
                Conductor::AnswersOrReplaces(token, seen)
            }
            (true, State::Finishing, None) => Conductor::Replaces(seen),
            (true, _, _) => Conductor::Marks,
            (false, _, _) => Conductor::RunsAgain(seen),
        }
    }

    fn answer_or_replace(&mut self, token: Token, seen: Seen) -> Conductor {
        match self.answer(token) {
            true => Conductor::Marks,
            false => Conductor::Replaces(seen),
        }
    }

    /// `imports::mark_checked`
    fn mark_checked(&mut self) -> Conductor {
        self.touch();
        Conductor::Idle
    }

    /// `chunks::hand_out`: committed before anything is sent.
    fn hand_out(&mut self, rules: &Rules) -> Conductor {
        let mut picked = [false; CHUNKS];
        for (chunk, picked) in (0u8..).zip(&mut picked) {
            let row = &self.chunks[usize::from(chunk)];
            *picked =
                row.planned && !row.done && waits(row.queued, rules) && !self.is_locked(chunk);
        }
        if picked == [false; CHUNKS] || !self.event(Event::HandOut) {
            return Conductor::Idle;
        }
        for (chunk, _) in self.chunks.iter_mut().zip(picked).filter(|(_, it)| *it) {
            chunk.queued = Queued::Recently;
        }
        self.touch();
        Conductor::Sends(picked)
    }

    fn send_all(&mut self, chunks: [bool; CHUNKS], rules: &Rules) -> Conductor {
        for (chunk, _) in (0u8..).zip(chunks).filter(|(_, it)| *it) {
            self.send(chunk);
        }
        self.look_again(rules)
    }

    /// `finishing::begin`
    fn begin_finishing(&mut self, rules: &Rules) -> Conductor {
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

    fn answer_done(&mut self, token: Token) -> Conductor {
        self.answer(token);
        Conductor::Idle
    }

    fn take_back(&mut self, seen: Seen) -> Conductor {
        self.stop(seen.run);
        Conductor::StartsRollback(seen.run)
    }

    fn start_rollback(&mut self, run: u8) -> Conductor {
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

    fn take_back_again(&mut self, run: u8, rules: &Rules) -> Conductor {
        self.raise_run(run);
        self.look_again(rules)
    }

    /// `rollback::mark_failed`
    fn mark_rollback_failed(&mut self, run: u8, rules: &Rules) -> Conductor {
        if self.row.run == run && self.event(Event::FailRollback) {
            self.row.run += 1;
            self.touch();
        }
        self.look_again(rules)
    }

    /// `imports::fail_unchanged`
    fn fail_unchanged(&mut self, seen: Seen, rules: &Rules) -> Conductor {
        let row = &self.row;
        let unchanged = row.state == seen.state && row.run == seen.run && !seen.moved;
        if unchanged {
            self.fail();
        }
        self.look_again(rules)
    }
}

fn waits(queued: Queued, rules: &Rules) -> bool {
    match queued {
        Queued::Never => true,
        Queued::Recently => false,
        Queued::LongAgo => rules.hand_out_again,
    }
}

fn decided(step: &Step) -> Option<Move> {
    Some(match step {
        // Nothing is held here.
        Step::Nothing | Step::LetGo | Step::EndHold => return None,
        Step::LookForObject => Move::LookForObject,
        Step::LastLookForObject => Move::LastLookForObject,
        Step::StartExecution => Move::StartExecution,
        Step::ReplaceExecution => Move::ReplaceExecution,
        Step::CheckExecution => Move::CheckExecution,
        Step::HandOut => Move::HandOut,
        Step::AnswerToken => Move::AnswerToken,
        Step::TakeBack => Move::TakeBack,
        Step::Fail(_) => Move::Fail,
    })
}
