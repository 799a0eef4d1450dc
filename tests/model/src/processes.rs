//! How far each process has come.

use domain::import::{Event, Goal, State};

use crate::row::{Age, CHUNKS, Token};

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
    /// Found the import paused; whether its attempt was counted.
    PutsBack(u8, bool),
    /// Its attempt is not to be counted.
    GivesBack(u8),
    /// Silent, and holds the chunk's lock.
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
    Ended,
}

/// How far finish-import has come: nowhere, or what its proof said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Finisher {
    Idle,
    Proved(bool),
    /// Without the one UPDATE: completed, and the old import is not taken back yet.
    Swaps,
}

/// The completed import whose place is to be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Old {
    None,
    Visible,
    /// It went when the other completed.
    Swapped,
    /// Its user cancelled or deleted it.
    Gone,
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

/// What a conductor has read of the import before it acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Seen {
    pub state: State,
    pub run: u8,
    pub runs_used: u8,
    pub token: Option<Token>,
    pub age: Age,
    /// `progressed_at` has changed since.
    pub moved: bool,
}

/// `domain::import::Step`, with the event of a failure in the place of its reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Move {
    CopyObject,
    LookForObject,
    LastLookForObject,
    StartExecution,
    ReplaceExecution,
    CheckExecution,
    HandOut,
    AnswerToken,
    RollBack,
    Release,
    EndHold,
    Fail(Event),
}

/// How far a call of `advance` has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Conductor {
    Idle,
    Decided(Move, Seen),
    /// The UPDATE of `fail_unchanged`.
    Fails(Event, Seen),
    /// `copy_object`, after `begin_copy`.
    Copies(Seen),
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
    /// `release`, after the stop.
    LetsGo(u8),
    /// `end_hold`
    EndsHold,
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

impl Undoer {
    /// The run whose execution invoked it.
    pub fn run(self) -> Option<u8> {
        match self {
            Undoer::Idle => None,
            Undoer::Begins(run)
            | Undoer::Deletes(run, _)
            | Undoer::Forgets(run, _)
            | Undoer::Ends(run, _) => Some(run),
        }
    }
}

/// A key to sort undoers by.
pub fn undoer_key(undoer: &Undoer) -> (u8, u8, u8) {
    match *undoer {
        Undoer::Idle => (0, 0, 0),
        Undoer::Begins(run) => (1, run, 0),
        Undoer::Deletes(run, goal) => (2, run, goal as u8),
        Undoer::Forgets(run, goal) => (3, run, goal as u8),
        Undoer::Ends(run, goal) => (4, run, goal as u8),
    }
}
