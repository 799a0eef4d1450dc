//! The state of everything that takes part: the import's row, its chunks, the queue, the
//! executions, and how far each process has come. A field that is not here is not modelled.

use domain::import::{Event, Goal, Situation, State, after};

/// Chunks of the import.
pub const CHUNKS: usize = 2;
/// Workers that may run at once.
pub const WORKERS: usize = 2;
/// Planners, and rollbacks, that may run at once.
pub const PROCESSES: usize = 2;
/// The last run an active import may have: stands for `domain::import::RUNS_AT_MOST`.
pub const LAST_RUN: u8 = 2;
/// More runs than any state has: those of rollbacks are not limited.
pub const RUNS: usize = 7;
/// Stands for the tries a chunk has before its dead letter fails the import.
pub const ATTEMPTS_AT_MOST: u8 = 2;
/// Times one execution may enter its planner.
pub const ENTRIES_AT_MOST: u8 = 2;
/// Copies of one chunk's message that may wait in the queue.
pub const COPIES_AT_MOST: u8 = 2;

/// Whom to tell when every chunk is done: an execution and its entry into the planner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Token {
    pub run: u8,
    pub entry: u8,
}

/// How long nothing was committed: enough for nothing, to start again, for everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Age {
    Fresh,
    Soon,
    Silent,
}

/// The row of table `import`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Row {
    pub state: State,
    pub goal: Option<Goal>,
    pub run: u8,
    /// `chunks_total` is known.
    pub planned: bool,
    pub chunks_done: u8,
    pub token: Option<Token>,
    /// Since `progressed_at`.
    pub age: Age,
    pub pause_is_over: bool,
    pub upload_is_over: bool,
}

/// `queued_at` of a chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Queued {
    Never,
    Recently,
    LongAgo,
}

/// A row of table `import_chunk`, and the rows stored for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Chunk {
    /// The row exists.
    pub planned: bool,
    pub queued: Queued,
    pub attempts: u8,
    /// Its receipt.
    pub done: bool,
    /// How often its one record is stored.
    pub rows: u8,
}

/// Messages of a chunk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Messages {
    /// Waiting in the queue.
    pub waiting: u8,
    /// One is a dead letter.
    pub dead: bool,
}

/// How far an invocation of import-chunk has come with a chunk's message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Worker {
    Idle,
    Received(u8),
    Counted(u8),
    /// Holds the chunk's lock.
    Copying(u8),
    /// Committed, its message not yet acknowledged.
    Stored(u8),
    /// Found the import paused; whether its try was counted.
    PutsBack(u8, bool),
    /// Its try was none.
    GivesBack(u8),
    /// Gone silent with the chunk's lock.
    Frozen(u8),
}

/// How far an invocation of plan-chunks has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Planner {
    Idle,
    Begins(Token),
    Adds(Token),
    Ends(Token),
    AnswersMore(Token),
    Refuses(Token),
    FailsTransient(Token),
}

/// An execution of the import workflow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Execution {
    Never,
    /// About to invoke the planner.
    Enters(u8),
    /// Waits for the token of this entry.
    Waits(u8),
    Finishes,
    Succeeded,
    Failed,
}

/// How far finish-import has come: nowhere, or what its proof said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Finisher {
    Idle,
    Proved(bool),
}

/// An execution of the rollback workflow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rollback {
    Never,
    Running,
    Succeeded,
    Failed,
}

/// How far an invocation of rollback-import has come, for which run and goal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Undoer {
    Idle,
    Begins(u8),
    Deletes(u8, Goal),
    Forgets(u8, Goal),
    Ends(u8, Goal),
}

/// What a conductor read of the import before it acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Seen {
    pub state: State,
    pub run: u8,
    pub token: Option<Token>,
    pub age: Age,
    /// `progressed_at` has changed since.
    pub moved: bool,
}

/// `domain::import::Step`, without the reason of a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Move {
    LookForObject,
    LastLookForObject,
    StartExecution,
    ReplaceExecution,
    CheckExecution,
    HandOut,
    AnswerToken,
    TakeBack,
    Fail,
}

/// How far a call of `advance` has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Conductor {
    Idle,
    Decided(Move, Seen),
    /// The UPDATE of `fail_unchanged`.
    Fails(Seen),
    /// `run_again`.
    RunsAgain(Seen),
    /// `replace_execution`.
    Replaces(Seen),
    StopsReplaced(u8),
    Marks,
    /// Chunks handed out, not yet sent.
    Sends([bool; CHUNKS]),
    Answers(Token),
    /// `answer_or_replace`.
    AnswersOrReplaces(Token, Seen),
    StartsRollback(u8),
    RaisesRun(u8),
    MarksRollbackFailed(u8),
}

/// Faults and wishes that are still to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Left {
    /// Processes that die or fail at any of their steps, executions that are lost.
    pub crashes: u8,
    /// Messages doubled, lost, or buried.
    pub queue: u8,
    /// Times that something waited for takes longer than its wait, or a planner than its budget.
    pub late: u8,
    /// Calls of `advance` that are so slow that anything happens between two of their steps.
    pub slow: u8,
    pub pauses: u8,
    pub cancels: u8,
    pub deletes: u8,
}

/// Everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct System {
    pub row: Row,
    pub chunks: [Chunk; CHUNKS],
    pub messages: [Messages; CHUNKS],
    pub workers: [Worker; WORKERS],
    pub planners: [Planner; PROCESSES],
    pub executions: [Execution; LAST_RUN as usize],
    pub finishers: [Finisher; LAST_RUN as usize],
    pub rollbacks: [Rollback; RUNS],
    pub undoers: [Undoer; PROCESSES],
    /// A slow call of `advance`; others happen between any two of its steps.
    pub conductor: Conductor,
    /// fail-chunk, between its judgement and its UPDATE.
    pub gives_up: Option<u8>,
    pub object: bool,
    /// The object's event is on its way.
    pub event: bool,
    /// Without reconcile: somebody is about to advance.
    pub owed: bool,
    /// What its user was told has happened.
    pub asked: Option<Goal>,
    /// The proof at the end did not hold.
    pub not_proven: bool,
    /// The import was failed for a chunk that is stored.
    pub stored_given_up: bool,
    pub left: Left,
}

impl System {
    /// An import that awaits its object.
    pub fn new(left: Left) -> Self {
        Self {
            row: Row {
                state: State::AwaitingUpload,
                goal: None,
                run: 1,
                planned: false,
                chunks_done: 0,
                token: None,
                age: Age::Fresh,
                pause_is_over: false,
                upload_is_over: false,
            },
            chunks: [UNPLANNED; CHUNKS],
            messages: [Messages::default(); CHUNKS],
            workers: [Worker::Idle; WORKERS],
            planners: [Planner::Idle; PROCESSES],
            executions: [Execution::Never; LAST_RUN as usize],
            finishers: [Finisher::Idle; LAST_RUN as usize],
            rollbacks: [Rollback::Never; RUNS],
            undoers: [Undoer::Idle; PROCESSES],
            conductor: Conductor::Idle,
            gives_up: None,
            object: false,
            event: false,
            owed: false,
            asked: None,
            not_proven: false,
            stored_given_up: false,
            left,
        }
    }

    /// `progressed_at = now()`.
    pub fn touch(&mut self) {
        self.row.age = Age::Fresh;
        match &mut self.conductor {
            Conductor::Decided(_, seen)
            | Conductor::Fails(seen)
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
            holds: false,
        }
    }

    /// Whether the domain lets an event happen now.
    pub fn allows(&self, event: Event) -> bool {
        after(self.situation(), event).is_some()
    }

    /// An event happens, if the domain lets it; false if not.
    pub fn event(&mut self, event: Event) -> bool {
        let state = after(self.situation(), event);
        self.row.state = state.unwrap_or(self.row.state);
        state.is_some()
    }

    /// What every failure sets (`imports::fails`); nothing is held here.
    pub fn fail(&mut self) {
        if self.event(Event::FailForGood) {
            self.row.goal = Some(Goal::Failed);
            self.touch();
        }
    }

    /// A worker holds the chunk's row lock.
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

    /// Nobody does anything any more, unless somebody advances or a wait ends.
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

    /// Forgets what nobody reads any more: states that differ in nothing else are one.
    pub fn forget_unread(&mut self) {
        let over = self.row.state.is_end() || self.row.state.is_taking_back();
        if over {
            for chunk in &mut self.chunks {
                chunk.queued = Queued::Never;
                chunk.attempts = 0;
            }
            self.row.token = None;
            self.row.upload_is_over = false;
            self.row.pause_is_over = false;
        }
        if over && self.row.state != State::RollbackFailed {
            self.row.age = Age::Fresh;
        }
    }

    /// Workers, and planners, are alike: which is which makes no difference.
    pub fn sort(&mut self) {
        self.forget_unread();
        self.workers.sort_unstable();
        self.planners.sort_unstable();
        self.undoers.sort_unstable_by_key(undoer_key);
    }
}

/// A chunk without a row in the plan.
pub const UNPLANNED: Chunk = Chunk {
    planned: false,
    queued: Queued::Never,
    attempts: 0,
    done: false,
    rows: 0,
};

fn undoer_key(undoer: &Undoer) -> (u8, u8, u8) {
    match *undoer {
        Undoer::Idle => (0, 0, 0),
        Undoer::Begins(run) => (1, run, 0),
        Undoer::Deletes(run, goal) => (2, run, goal as u8),
        Undoer::Forgets(run, goal) => (3, run, goal as u8),
        Undoer::Ends(run, goal) => (4, run, goal as u8),
    }
}

impl Left {
    /// Nothing breaks, nobody asks for anything.
    pub const NONE: Self = Self {
        crashes: 0,
        queue: 0,
        late: 0,
        slow: 0,
        pauses: 0,
        cancels: 0,
        deletes: 0,
    };
}

impl Worker {
    /// The chunk whose message it has.
    pub fn chunk(self) -> Option<u8> {
        match self {
            Worker::Idle => None,
            Worker::Received(chunk)
            | Worker::Counted(chunk)
            | Worker::Copying(chunk)
            | Worker::Stored(chunk)
            | Worker::PutsBack(chunk, _)
            | Worker::GivesBack(chunk)
            | Worker::Frozen(chunk) => Some(chunk),
        }
    }
}

impl Planner {
    /// The token it was given.
    pub fn token(self) -> Option<Token> {
        match self {
            Planner::Idle => None,
            Planner::Begins(token)
            | Planner::Adds(token)
            | Planner::Ends(token)
            | Planner::AnswersMore(token)
            | Planner::Refuses(token)
            | Planner::FailsTransient(token) => Some(token),
        }
    }
}
