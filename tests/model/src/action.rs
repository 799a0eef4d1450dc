//! Everything that can happen next, and which of it is a fault or a wish.

use domain::import::{Event, State};

use crate::rules::Rules;
use crate::system::{
    Age, CHUNKS, Conductor, Execution, Finisher, LAST_RUN, Planner, Queued, Rollback, System,
    Undoer, Worker,
};

/// One thing that happens. Numbers are places in the arrays of [`System`], runs, or chunks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    // The user
    Upload,
    Cancel,
    Delete,
    Pause,
    Resume,
    // Time
    TimePasses,
    VisibilityEnds(u8),
    PauseEnds,
    UploadEnds,
    // Processes
    ObjectEvent,
    Advance,
    Look,
    Conduct,
    Deliver(u8),
    Work(usize),
    Bury(u8),
    GiveUp(u8),
    InvokePlanner(u8),
    Plan(usize),
    PlanMore(usize),
    Finish(u8),
    InvokeRollback(u8),
    Undo(usize),
    EndSilentWorker(usize),
    // Faults
    WorkerDies(usize),
    WorkerFailsTransient(usize),
    WorkerFreezes(usize),
    PlannerDies(usize),
    PlannerFailsTransient(usize),
    PlannerAbandoned(u8),
    ConductorDies,
    FinisherDies(u8),
    UndoerDies(usize),
    FailChunkDies(u8),
    ExecutionAborted(u8),
    RollbackAborted(u8),
    EventLost,
    MessageDoubled(u8),
    MessageLost(u8),
    MessageBuried(u8),
}

impl Action {
    /// Happens by itself, if nothing breaks and nobody asks for anything.
    pub fn is_fault_free(self) -> bool {
        !self.is_wish() && !self.is_fault()
    }

    fn is_wish(self) -> bool {
        use Action::*;
        matches!(self, Upload | Cancel | Delete | Pause | Resume)
    }

    fn is_fault(self) -> bool {
        self.is_queue_fault() || self.is_crash()
    }

    /// A wait that ends.
    fn is_wait(self) -> bool {
        use Action::*;
        matches!(
            self,
            TimePasses | VisibilityEnds(_) | PauseEnds | UploadEnds
        )
    }

    fn is_queue_fault(self) -> bool {
        use Action::*;
        matches!(self, MessageDoubled(_) | MessageLost(_) | MessageBuried(_))
    }

    fn is_crash(self) -> bool {
        use Action::*;
        matches!(
            self,
            WorkerDies(_)
                | WorkerFailsTransient(_)
                | WorkerFreezes(_)
                | PlannerDies(_)
                | PlannerFailsTransient(_)
                | PlannerAbandoned(_)
                | ConductorDies
                | FinisherDies(_)
                | UndoerDies(_)
                | FailChunkDies(_)
                | ExecutionAborted(_)
                | RollbackAborted(_)
                | EventLost
        )
    }
}

impl System {
    /// All that can happen next.
    pub fn actions(&self, rules: &Rules, actions: &mut Vec<Action>) {
        self.wishes(actions);
        self.clock(actions);
        self.processes(rules, actions);
        if self.left.crashes > 0 {
            self.crashes(rules, actions);
        }
        if self.left.queue > 0 {
            self.queue_faults(actions);
        }
    }

    fn wishes(&self, actions: &mut Vec<Action>) {
        let state = self.row.state;
        let mut may = |action, may: bool| actions.extend(may.then_some(action));
        may(
            Action::Upload,
            !self.object && state == State::AwaitingUpload,
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
        may(Action::Resume, state == State::Paused);
    }

    /// Waits end when nobody is left to do what they wait for; earlier, that is late.
    fn clock(&self, actions: &mut Vec<Action>) {
        if !self.is_quiet() && self.left.late == 0 {
            return;
        }
        let state = self.row.state;
        let mut may = |action, may: bool| actions.extend(may.then_some(action));
        let asks = self.row.age != Age::Silent && !state.is_end();
        may(
            Action::TimePasses,
            asks && (!state.is_taking_back() || state == State::RollbackFailed),
        );
        let paused = state == State::Paused && !self.row.pause_is_over;
        may(Action::PauseEnds, paused);
        let awaits = state == State::AwaitingUpload && !self.row.upload_is_over;
        may(Action::UploadEnds, awaits);
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
        for run in 1..=LAST_RUN {
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
            may(Action::InvokeRollback(run), true);
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
        for run in 1..=LAST_RUN {
            let index = usize::from(run) - 1;
            let execution = self.executions[index];
            may(
                Action::PlannerAbandoned(run),
                matches!(execution, Execution::Waits(_)),
            );
            let proved = matches!(self.finishers[index], Finisher::Proved(_));
            may(Action::FinisherDies(run), proved);
            may(
                Action::ExecutionAborted(run),
                crate::planner::is_running(execution),
            );
        }
        for run in self.rolling_back() {
            may(Action::RollbackAborted(run), true);
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
            // Also one that a worker has: it becomes visible again too early.
            if messages.waiting > 0 || self.workers.iter().any(|it| it.chunk() == Some(chunk)) {
                actions.push(Action::MessageDoubled(chunk));
            }
        }
    }

    /// Lets it happen.
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
            Action::Pause => {
                self.left.pauses -= 1;
                self.pause(rules);
            }
            Action::Resume => self.resume(rules),
            Action::TimePasses => self.row.age = older(self.row.age),
            Action::VisibilityEnds(chunk) => self.chunk(chunk).queued = Queued::LongAgo,
            Action::PauseEnds => self.row.pause_is_over = true,
            Action::UploadEnds => self.row.upload_is_over = true,
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
            Action::InvokeRollback(run) => self.invoke_rollback(run),
            Action::Undo(index) => self.undo(index, rules),
            Action::EndSilentWorker(index) | Action::WorkerDies(index) => self.end_worker(index),
            Action::WorkerFailsTransient(index) => self.worker_turns(index, Worker::GivesBack),
            Action::WorkerFreezes(index) => self.worker_turns(index, Worker::Frozen),
            Action::PlannerDies(index) => self.planners[index] = Planner::Idle,
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
        self.sort();
    }

    fn worker_turns(&mut self, index: usize, to: fn(u8) -> Worker) {
        if let Some(chunk) = self.workers[index].chunk() {
            self.workers[index] = to(chunk);
        }
    }

    fn planner_turns(&mut self, index: usize, to: fn(crate::system::Token) -> Planner) {
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

/// What goes on, whoever does it: the unit of fairness. Processes are alike, so it is told by what
/// is done, not by who does it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Label {
    Work(Worker),
    Plan(Planner),
    Undo(Undoer),
    Conduct,
    Other(Action),
}

impl System {
    /// What goes on with an action.
    pub fn label(&self, action: Action) -> Label {
        match action {
            Action::Work(index) | Action::EndSilentWorker(index) => {
                Label::Work(self.workers[index])
            }
            Action::Plan(index) => Label::Plan(self.planners[index]),
            Action::Undo(index) => Label::Undo(self.undoers[index]),
            Action::Conduct => Label::Conduct,
            action => Label::Other(action),
        }
    }
}
