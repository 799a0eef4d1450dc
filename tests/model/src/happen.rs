//! What each action changes.

use crate::action::Action;
use crate::processes::{Conductor, Finisher, Old, Planner, Rollback, Undoer, Worker};
use crate::row::{Age, Queued, Token};
use crate::rules::Rules;
use crate::system::System;

impl System {
    /// Carries out the action.
    pub fn happen(&mut self, action: Action, rules: &Rules) {
        let late = action.is_wait() && !self.is_quiet() || matches!(action, Action::PlanMore(_));
        self.left.late -= u8::from(late);
        self.left.slow -= u8::from(action == Action::Look);
        self.left.crashes -= u8::from(action.is_crash());
        self.left.queue -= u8::from(action.is_queue_fault());
        match action {
            Action::Upload => self.upload(),
            Action::Cancel => {
                self.left.cancels -= 1;
                self.cancel(rules);
            }
            Action::Delete => {
                self.left.deletes -= 1;
                self.delete(rules);
            }
            Action::Swapped => {
                self.left.successors -= 1;
                self.swapped(rules);
            }
            Action::OldGoes => {
                self.left.old_goes -= 1;
                self.old = Old::Gone;
            }
            Action::Pause => {
                self.left.pauses -= 1;
                self.pause(rules);
            }
            Action::Resume => self.resume(rules),
            Action::RemoveOriginal => {
                self.left.removals -= 1;
                self.original_gone = true;
            }
            Action::Crowded => {
                self.left.crowds -= 1;
                self.crowded = true;
            }
            Action::OthersDone => self.others_done(rules),
            Action::TimePasses => self.row.age = older(self.row.age),
            Action::VisibilityEnds(chunk) => self.chunk(chunk).queued = Queued::LongAgo,
            Action::WaitEnds => self.row.wait_is_over = true,
            Action::ObjectEvent => self.object_event(rules),
            Action::Advance => self.advance(rules),
            Action::Look => self.conductor = self.look(rules),
            Action::Conduct => self.conduct(rules),
            Action::Deliver(chunk) => self.deliver(chunk),
            Action::Work(index) => self.work(index, rules),
            Action::Bury(chunk) => self.bury(chunk, rules),
            Action::GiveUp(chunk) => self.give_up(chunk, rules),
            Action::InvokePlanner(run) => self.invoke_planner(run),
            Action::Plan(index) => self.plan(index, rules),
            Action::PlanMore(index) => self.planner_turns(index, Planner::AnswersMore),
            Action::Finish(run) => self.finish(run, rules),
            Action::InvokeRollback(run) | Action::RollbackDoubled(run) => self.invoke_rollback(run),
            Action::Undo(index) => self.undo(index, rules),
            Action::EndSilentWorker(index) | Action::WorkerDies(index) => self.end_worker(index),
            Action::WorkerFailsTransient(index) => self.worker_turns(index, Worker::GivesBack),
            Action::WorkerFreezes(index) => self.worker_turns(index, Worker::Frozen),
            Action::PlannerDies(index) => self.planner_dies(index),
            Action::PlannerFailsTransient(index) => {
                self.planner_turns(index, Planner::FailsTransient);
            }
            Action::PlannerAbandoned(run) => self.abandon_planner(run),
            Action::ConductorDies => {
                self.conductor = Conductor::Idle;
                self.owed = false;
            }
            Action::FinisherDies(run) => self.finishers[usize::from(run) - 1] = Finisher::Idle,
            Action::UndoerDies(index) => self.undoers[index] = Undoer::Idle,
            Action::FailChunkDies(chunk) => {
                self.gives_up = None;
                self.messages[usize::from(chunk)].dead = true;
            }
            Action::ExecutionAborted(run) => self.stop(run),
            Action::RollbackAborted(run) => *self.rollback(run) = Rollback::Failed,
            Action::EventLost => self.event = false,
            Action::MessageDoubled(chunk) => self.send(chunk),
            Action::MessageLost(chunk) => self.messages[usize::from(chunk)].waiting -= 1,
            Action::MessageBuried(chunk) => {
                self.messages[usize::from(chunk)].waiting -= 1;
                self.messages[usize::from(chunk)].dead = true;
            }
        }
        self.normalize(rules);
    }

    fn worker_turns(&mut self, index: usize, to: fn(u8) -> Worker) {
        if let Some(chunk) = self.workers[index].chunk() {
            self.workers[index] = to(chunk);
        }
    }

    fn planner_turns(&mut self, index: usize, to: fn(Token) -> Planner) {
        if let Some(token) = self.planners[index].token() {
            self.planners[index] = to(token);
        }
    }
}

fn older(age: Age) -> Age {
    match age {
        Age::Fresh => Age::Soon,
        Age::Soon | Age::Silent => Age::Silent,
    }
}
