//! finish-import and rollback-import: `shared/postgres/src/finishing.rs`, `rollback.rs`.

use domain::import::{Event, Goal, State};

use crate::processes::{Execution, Finisher, Old, Rollback, Undoer};
use crate::row::{CHUNKS, Chunk, UNPLANNED};
use crate::rules::Rules;
use crate::system::System;

impl System {
    /// The next step of the finish-import that the execution of a run invokes. It goes on when its
    /// execution is stopped.
    pub fn finish(&mut self, run: u8, rules: &Rules) {
        let index = usize::from(run) - 1;
        let invoked = self.executions[index] == Execution::Finishes;
        match self.finishers[index] {
            Finisher::Idle if invoked && self.row.state == State::Finishing => {
                self.finishers[index] = Finisher::Proved(self.proof_holds(rules));
            }
            Finisher::Idle if invoked => self.finished(index, rules),
            Finisher::Idle => {}
            Finisher::Proved(holds) => {
                self.complete_or_fail(holds, rules);
                if rules.one_swap || !self.is_half_swapped() {
                    self.finished(index, rules);
                } else {
                    self.finishers[index] = Finisher::Swaps;
                }
            }
            Finisher::Swaps => {
                self.swap_old();
                self.finished(index, rules);
            }
        }
    }

    /// `Proof::holds`; without receipts it can only compare the number of rows.
    fn proof_holds(&self, rules: &Rules) -> bool {
        let receipts = self.chunks.iter().filter(|it| it.done).count();
        let rows: usize = self.chunks.iter().map(|it| usize::from(it.rows)).sum();
        let planned = self.chunks.iter().all(|it| it.planned);
        planned
            && (receipts == CHUNKS || !rules.receipt)
            && rows == CHUNKS
            && usize::from(self.row.chunks_done) == CHUNKS
    }

    /// `finishing::complete`, `finishing::end_validating`, or `imports::fail`.
    fn complete_or_fail(&mut self, holds: bool, rules: &Rules) {
        if !holds {
            self.not_proven |= self.allows(Event::FailForGood);
            self.fail(Event::FailForGood);
        } else if self.event(Event::Complete) {
            self.row.token = None;
            self.row.goal = self.row.validates.then_some(Goal::Validated);
            self.touch();
            if rules.one_swap {
                self.swap_old();
            }
        }
    }

    fn is_half_swapped(&self) -> bool {
        self.row.state == State::Completed && self.old == Old::Visible
    }

    fn swap_old(&mut self) {
        if self.is_half_swapped() {
            self.old = Old::Swapped;
        }
    }

    fn finished(&mut self, index: usize, rules: &Rules) {
        self.finishers[index] = Finisher::Idle;
        if self.executions[index] == Execution::Finishes {
            self.executions[index] = Execution::Ended;
        }
        self.owe(rules);
    }

    /// The state of the rollback of a run.
    pub fn rollback(&mut self, run: u8) -> &mut Rollback {
        &mut self.rollbacks[usize::from(run) - 1]
    }

    /// Whether a rollback-import that this run invoked is at work.
    pub fn is_undone(&self, run: u8) -> bool {
        self.undoers.iter().any(|it| it.run() == Some(run))
    }

    /// The workflow invokes rollback-import. It does so again if the function has to be entered
    /// again, or if the workflow gave up an invocation that still runs.
    pub fn invoke_rollback(&mut self, run: u8) {
        if let Some(idle) = self.undoers.iter_mut().find(|it| **it == Undoer::Idle) {
            *idle = Undoer::Begins(run);
        }
    }

    /// The next step of a rollback.
    pub fn undo(&mut self, index: usize, rules: &Rules) {
        self.undoers[index] = match self.undoers[index] {
            Undoer::Idle => Undoer::Idle,
            Undoer::Begins(run) => self.begin_undo(run, rules),
            Undoer::Deletes(run, goal) => self.delete_rows(run, goal),
            Undoer::Forgets(run, goal) => self.forget(run, goal),
            Undoer::Ends(run, goal) => self.end_undo(run, goal, rules),
        };
    }

    fn begin_undo(&mut self, run: u8, rules: &Rules) -> Undoer {
        match self.row.goal {
            Some(goal) if self.row.state.is_rolling_back() => Undoer::Deletes(run, goal),
            _ => self.undone(run, rules),
        }
    }

    /// `slice_end`, `delete_slice`: one slice in each step, until no row is left.
    fn delete_rows(&mut self, run: u8, goal: Goal) -> Undoer {
        if let Some(chunk) = self.chunks.iter_mut().find(|it| it.rows > 0) {
            chunk.rows = 0;
            self.touch();
            return Undoer::Deletes(run, goal);
        }
        match goal {
            Goal::Deleted => Undoer::Forgets(run, goal),
            Goal::Cancelled | Goal::Validated | Goal::Failed => Undoer::Ends(run, goal),
        }
    }

    /// `forget_plan`: a chunk that a worker holds is skipped.
    fn forget(&mut self, run: u8, goal: Goal) -> Undoer {
        for chunk in 0..CHUNKS as u8 {
            if !self.is_locked(chunk) {
                let rows = self.chunk(chunk).rows;
                *self.chunk(chunk) = Chunk { rows, ..UNPLANNED };
            }
        }
        Undoer::Ends(run, goal)
    }

    /// `rollback::end`; if its UPDATE finds no row, the rollback starts over.
    fn end_undo(&mut self, run: u8, goal: Goal, rules: &Rules) -> Undoer {
        let none_left = self.chunks.iter().all(|it| it.rows == 0);
        let still = self.row.goal == Some(goal) || !rules.goal;
        if !(none_left && still && self.event(Event::EndRollback)) {
            return Undoer::Idle;
        }
        self.row.state = goal.end();
        self.row.token = None;
        self.touch();
        self.undone(run, rules)
    }

    fn undone(&mut self, run: u8, rules: &Rules) -> Undoer {
        let rollback = self.rollback(run);
        if *rollback == Rollback::Running {
            *rollback = Rollback::Succeeded;
        }
        self.owe(rules);
        Undoer::Idle
    }
}
