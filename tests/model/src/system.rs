//! The state of everything that takes part: the import's row, its chunks, the queue, the
//! executions, and how far each process has come. A field that is not here is not modelled.

use domain::import::{Event, Goal, Situation, State, after};

use crate::processes::{
    Conductor, Execution, Finisher, Old, Planner, Rollback, Undoer, Worker, undoer_key,
};
use crate::row::{AWAITS, Age, CHUNKS, Chunk, Messages, OriginalCopy, Queued, Row, UNPLANNED};
use crate::rules::Rules;

/// Workers that may run at once.
pub const WORKERS: usize = 2;
/// Planners, and rollbacks, that may run at once.
pub const PROCESSES: usize = 2;
/// The last run an active import may have: stands for `domain::limits::RUNS_AT_MOST`.
pub const LAST_RUN: u8 = 2;
/// Lives of an import: it may be resumed from `held` once.
pub const LIVES: u8 = 2;
/// Executions of the import workflow.
pub const EXECUTIONS: usize = (LAST_RUN * LIVES) as usize;
/// More runs than any state has: the number of a rollback's runs is not limited.
pub const RUNS: usize = 9;
/// Stands for the attempts that a chunk has before its dead letter fails the import.
pub const ATTEMPTS_AT_MOST: u8 = 2;
/// Times one execution may enter its planner.
pub const ENTRIES_AT_MOST: u8 = 2;
/// Copies of one chunk's message that may wait in the queue.
pub const COPIES_AT_MOST: u8 = 2;

/// Faults and actions of the user that may still happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Left {
    /// Processes that die or fail at any of their steps, executions that are lost.
    pub crashes: u8,
    /// Messages doubled, lost, or buried.
    pub queue: u8,
    /// How many times something may take longer than it is waited for, or a planner longer than its
    /// budget.
    pub late: u8,
    /// Calls of `advance` that are so slow that anything may happen between two of their steps.
    pub slow: u8,
    pub pauses: u8,
    pub cancels: u8,
    pub deletes: u8,
    /// Resumes of a held import.
    pub revivals: u8,
    /// Imports that are to take the place of this one when it is completed.
    pub successors: u8,
    /// Cancels or deletes of the import that this one swaps.
    pub old_goes: u8,
    /// Whether it is to take the place of a completed import. Not used up.
    pub swaps: bool,
    /// Whether the upload asked for a hold if the import fails. Unlike the rest it is not used up.
    pub holds: bool,
    /// Whether the file is only to be validated; not used up either.
    pub validates: bool,
    /// Whether it is a retry: nobody sends its object, it is copied. Not used up either.
    pub retries: bool,
    /// Times the original of a retry may be removed before it is copied.
    pub removals: u8,
    /// Times that chunks of other imports take every place.
    pub crowds: u8,
}

/// The whole state of the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct System {
    pub row: Row,
    pub chunks: [Chunk; CHUNKS],
    pub messages: [Messages; CHUNKS],
    pub workers: [Worker; WORKERS],
    pub planners: [Planner; PROCESSES],
    pub executions: [Execution; EXECUTIONS],
    pub finishers: [Finisher; EXECUTIONS],
    pub rollbacks: [Rollback; RUNS],
    pub undoers: [Undoer; PROCESSES],
    /// A slow call of `advance`; others happen between any two of its steps.
    pub conductor: Conductor,
    /// fail-chunk, between its judgement and its UPDATE.
    pub gives_up: Option<u8>,
    pub object: bool,
    /// The original that a retry is to copy is gone.
    pub original_gone: bool,
    /// The object's event is on its way.
    pub event: bool,
    /// Without reconcile: a handler is about to call `advance`.
    pub owed: bool,
    /// The goal of the last cancel or delete that has answered its user.
    pub asked: Option<Goal>,
    /// The completed import whose place it is to take.
    pub old: Old,
    /// The proof at the end did not hold.
    pub not_proven: bool,
    /// The import was failed for a chunk that is stored.
    pub stored_given_up: bool,
    /// As many chunks of other imports are out as may be.
    pub crowded: bool,
    pub left: Left,
}

impl System {
    /// An import that awaits its object.
    pub fn new(left: Left) -> Self {
        let copy = match left.retries {
            true => OriginalCopy::Asked,
            false => OriginalCopy::None,
        };
        let row = Row {
            validates: left.validates,
            copy,
            ..AWAITS
        };
        Self {
            row,
            chunks: [UNPLANNED; CHUNKS],
            messages: [Messages::default(); CHUNKS],
            workers: [Worker::Idle; WORKERS],
            planners: [Planner::Idle; PROCESSES],
            executions: [Execution::Never; EXECUTIONS],
            finishers: [Finisher::Idle; EXECUTIONS],
            rollbacks: [Rollback::Never; RUNS],
            undoers: [Undoer::Idle; PROCESSES],
            conductor: Conductor::Idle,
            gives_up: None,
            object: false,
            original_gone: false,
            event: false,
            owed: false,
            asked: None,
            old: if left.swaps { Old::Visible } else { Old::None },
            not_proven: false,
            stored_given_up: false,
            crowded: false,
            left,
        }
    }

    /// `progressed_at = now()`.
    pub fn touch(&mut self) {
        self.row.age = Age::Fresh;
        match &mut self.conductor {
            Conductor::Decided(_, seen)
            | Conductor::Fails(_, seen)
            | Conductor::Copies(seen)
            | Conductor::RunsAgain(seen)
            | Conductor::Replaces(seen)
            | Conductor::AnswersOrReplaces(_, seen) => seen.moved = true,
            _ => {}
        }
    }

    fn situation(&self) -> Situation {
        let begun = |it: &Chunk| it.queued != Queued::Never || it.attempts > 0 || it.done;
        Situation {
            state: self.row.state,
            goal: self.row.goal,
            baseline: false,
            handed_out: self.chunks.iter().any(|it| it.planned && begun(it)),
            holds: self.left.holds,
            validates: self.row.validates,
        }
    }

    /// Whether the domain lets an event happen now.
    pub fn allows(&self, event: Event) -> bool {
        after(self.situation(), event).is_some()
    }

    /// An event happens, if the domain lets it; false if not.
    pub fn event(&mut self, event: Event) -> bool {
        let state = after(self.situation(), event);
        if let Some(state) = state.filter(|it| *it != self.row.state) {
            self.row.state = state;
            self.row.wait_is_over = false;
        }
        state.is_some()
    }

    /// A failure (`imports::fails`): the import is rolled back, or held.
    pub fn fail(&mut self, event: Event) {
        if self.event(event) {
            self.row.goal = (self.row.state != State::Held).then_some(Goal::Failed);
            self.touch();
        }
    }

    /// Whether a worker holds the chunk's row lock.
    pub fn is_locked(&self, chunk: u8) -> bool {
        let holds =
            |it: &Worker| matches!(it, Worker::Copying(c) | Worker::Frozen(c) if *c == chunk);
        self.workers.iter().any(holds)
    }

    /// Puts a message of the chunk into the queue; more than a few copies make no difference.
    pub fn send(&mut self, chunk: u8) {
        let waiting = &mut self.messages[usize::from(chunk)].waiting;
        *waiting = COPIES_AT_MOST.min(*waiting + 1);
    }

    pub fn chunk(&mut self, chunk: u8) -> &mut Chunk {
        &mut self.chunks[usize::from(chunk)]
    }

    /// Whether nothing happens any more unless `advance` is called or a wait ends.
    pub fn is_quiet(&self) -> bool {
        let at_work = |it: &Execution| matches!(it, Execution::Enters(_) | Execution::Finishes);
        let done = |it: &Worker| matches!(it, Worker::Idle | Worker::Frozen(_));
        self.workers.iter().all(done)
            && self.planners == [Planner::Idle; PROCESSES]
            && self.undoers == [Undoer::Idle; PROCESSES]
            && !self.rollbacks.contains(&Rollback::Running)
            && !self.executions.iter().any(at_work)
            && self.messages == [Messages::default(); CHUNKS]
            && self.conductor == Conductor::Idle
            && self.gives_up.is_none()
            && !self.event
            && !self.owed
    }

    /// Makes states equal that differ only in what cannot be read any more, or only in which of two
    /// processes is which.
    pub fn normalize(&mut self, rules: &Rules) {
        if self.row.state != State::AwaitingUpload {
            self.object = false;
            self.original_gone = false;
            self.row.copy = OriginalCopy::None;
            // It would only cause a call of `advance`, which reconcile makes at any time.
            self.event &= !rules.reconcile;
        }
        if self.row.state.is_end() || self.row.state.is_rolling_back() {
            self.forget_what_goes_on();
        }
        if !asks_for_the_time(self.row.state) {
            self.row.age = Age::Fresh;
        }
        for rollback in &mut self.rollbacks[..usize::from(self.row.run) - 1] {
            if *rollback == Rollback::Failed {
                *rollback = Rollback::Succeeded;
            }
        }
        self.workers.sort_unstable();
        self.planners.sort_unstable();
        self.undoers.sort_unstable_by_key(undoer_key);
    }

    fn forget_what_goes_on(&mut self) {
        self.crowded = false;
        for chunk in &mut self.chunks {
            chunk.queued = Queued::Never;
            chunk.attempts = 0;
        }
        self.row.token = None;
        self.row.runs_before = 0;
    }
}

/// Whether what an import in this state asks for depends on how long nothing was committed.
pub fn asks_for_the_time(state: State) -> bool {
    let waits = matches!(state, State::Paused | State::Held);
    state == State::RollbackFailed || state.is_active() && !waits
}

impl Left {
    /// Faults that may still happen.
    pub fn faults(&self) -> u8 {
        self.crashes + self.queue + self.late + self.slow
    }
}
