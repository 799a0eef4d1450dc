//! Everything that can happen next.

use domain::import::{Event, State};

use crate::action::Action;
use crate::planner::is_running;
use crate::processes::{Conductor, Execution, Finisher, Old, Planner, Rollback, Undoer, Worker};
use crate::row::{Age, CHUNKS, Queued};
use crate::rules::Rules;
use crate::system::{EXECUTIONS, System, asks_for_the_time};

impl System {
    /// All that can happen next.
    pub fn actions(&self, rules: &Rules, actions: &mut Vec<Action>) {
        self.commands(actions);
        self.clock(actions);
        self.processes(rules, actions);
        if self.left.crashes > 0 {
            self.crashes(rules, actions);
        }
        if self.left.queue > 0 {
            self.queue_faults(actions);
        }
    }

    fn commands(&self, actions: &mut Vec<Action>) {
        let state = self.row.state;
        let mut may = |action, may: bool| actions.extend(may.then_some(action));
        may(
            Action::Upload,
            !self.object && state == State::AwaitingUpload && !self.left.retries,
        );
        may(
            Action::RemoveOriginal,
            self.left.removals > 0 && state == State::AwaitingUpload && !self.original_gone,
        );
        may(
            Action::Cancel,
            self.left.cancels > 0 && self.allows(Event::Cancel),
        );
        may(
            Action::Delete,
            self.left.deletes > 0 && self.allows(Event::Delete),
        );
        may(
            Action::Pause,
            self.left.pauses > 0 && self.allows(Event::Pause),
        );
        may(
            Action::Swapped,
            self.left.successors > 0 && self.allows(Event::Swap),
        );
        may(
            Action::OldGoes,
            self.left.old_goes > 0 && self.old == Old::Visible,
        );
        let free = self.left.crowds > 0 && !self.crowded;
        may(Action::Crowded, free && state.admits_chunks());
        let held = state == State::Held && self.left.revivals > 0;
        may(Action::Resume, state == State::Paused || held);
    }

    /// A wait ends when no process is left that could do what is waited for. If it ends earlier,
    /// that counts as lateness.
    fn clock(&self, actions: &mut Vec<Action>) {
        if !self.is_quiet() && self.left.late == 0 {
            return;
        }
        let state = self.row.state;
        let mut may = |action, may: bool| actions.extend(may.then_some(action));
        may(
            Action::TimePasses,
            self.row.age != Age::Silent && asks_for_the_time(state),
        );
        let waits = self.row.has_deadline() && !self.row.wait_is_over;
        may(Action::WaitEnds, waits);
        for chunk in 0..CHUNKS as u8 {
            let row = &self.chunks[usize::from(chunk)];
            let out = row.planned && !row.done && row.queued == Queued::Recently;
            may(Action::VisibilityEnds(chunk), out && state.admits_chunks());
        }
    }

    fn processes(&self, rules: &Rules, actions: &mut Vec<Action>) {
        let mut may = |action, may: bool| actions.extend(may.then_some(action));
        let idle = self.conductor == Conductor::Idle;
        may(Action::ObjectEvent, self.event);
        may(Action::OthersDone, self.crowded);
        may(Action::Advance, self.may_advance(rules));
        may(
            Action::Look,
            idle && self.left.slow > 0 && self.may_advance(rules),
        );
        may(Action::Conduct, !idle);
        for chunk in 0..CHUNKS as u8 {
            let messages = self.messages[usize::from(chunk)];
            may(
                Action::Deliver(chunk),
                messages.waiting > 0 && self.workers.contains(&Worker::Idle),
            );
            may(
                Action::Bury(chunk),
                messages.dead && self.gives_up.is_none(),
            );
            may(Action::GiveUp(chunk), self.gives_up == Some(chunk));
        }
        for (index, worker) in self.workers.iter().enumerate() {
            let frozen = matches!(worker, Worker::Frozen(_));
            may(Action::Work(index), *worker != Worker::Idle && !frozen);
            let ended = rules.reconcile && rules.end_silent_workers;
            may(Action::EndSilentWorker(index), frozen && ended);
        }
        for (index, planner) in self.planners.iter().enumerate() {
            may(Action::Plan(index), *planner != Planner::Idle);
            may(
                Action::PlanMore(index),
                self.left.late > 0 && matches!(planner, Planner::Ends(_)),
            );
        }
        for run in 1..=EXECUTIONS as u8 {
            let index = usize::from(run) - 1;
            let execution = self.executions[index];
            let free = self.planners.contains(&Planner::Idle);
            let enters = matches!(execution, Execution::Enters(_));
            may(Action::InvokePlanner(run), enters && free);
            let at_work = self.finishers[index] != Finisher::Idle;
            may(
                Action::Finish(run),
                execution == Execution::Finishes || at_work,
            );
        }
        for run in self.rolling_back() {
            may(Action::InvokeRollback(run), !self.is_undone(run));
        }
        for (index, undoer) in self.undoers.iter().enumerate() {
            may(Action::Undo(index), *undoer != Undoer::Idle);
        }
    }

    fn rolling_back(&self) -> impl Iterator<Item = u8> {
        let running = (1u8..).zip(&self.rollbacks);
        running
            .filter(|(_, it)| **it == Rollback::Running)
            .map(|(run, _)| run)
    }

    fn crashes(&self, rules: &Rules, actions: &mut Vec<Action>) {
        let mut may = |action, may: bool| actions.extend(may.then_some(action));
        for (index, worker) in self.workers.iter().enumerate() {
            let copying = matches!(worker, Worker::Copying(_));
            let frozen = matches!(worker, Worker::Frozen(_));
            may(
                Action::WorkerDies(index),
                *worker != Worker::Idle && !frozen,
            );
            may(Action::WorkerFailsTransient(index), copying);
            may(Action::WorkerFreezes(index), copying);
        }
        for (index, planner) in self.planners.iter().enumerate() {
            let busy = *planner != Planner::Idle;
            may(Action::PlannerDies(index), busy);
            may(Action::PlannerFailsTransient(index), busy);
        }
        for run in 1..=EXECUTIONS as u8 {
            let index = usize::from(run) - 1;
            let execution = self.executions[index];
            may(
                Action::PlannerAbandoned(run),
                matches!(execution, Execution::Waits(_)),
            );
            let at_work = self.finishers[index] != Finisher::Idle;
            may(Action::FinisherDies(run), at_work);
            may(Action::ExecutionAborted(run), is_running(execution));
        }
        for run in self.rolling_back() {
            may(Action::RollbackAborted(run), true);
            may(Action::RollbackDoubled(run), self.is_undone(run));
        }
        for (index, undoer) in self.undoers.iter().enumerate() {
            may(Action::UndoerDies(index), *undoer != Undoer::Idle);
        }
        let half_way = !matches!(self.conductor, Conductor::Idle | Conductor::Decided(..));
        may(
            Action::ConductorDies,
            half_way || self.owed && !rules.reconcile,
        );
        may(Action::EventLost, self.event);
        for chunk in 0..CHUNKS as u8 {
            may(Action::FailChunkDies(chunk), self.gives_up == Some(chunk));
        }
    }

    fn queue_faults(&self, actions: &mut Vec<Action>) {
        for chunk in 0..CHUNKS as u8 {
            let messages = self.messages[usize::from(chunk)];
            if messages.waiting > 0 {
                actions.push(Action::MessageLost(chunk));
                actions.push(Action::MessageBuried(chunk));
            }
            // A message that a worker has may be doubled too: it becomes visible again too early.
            if messages.waiting > 0 || self.workers.iter().any(|it| it.chunk() == Some(chunk)) {
                actions.push(Action::MessageDoubled(chunk));
            }
        }
    }
}
