//! What PostgreSQL and the queue hold of the import.

use domain::import::{Goal, State};

/// Chunks of the import.
pub const CHUNKS: usize = 2;

/// A task token: which execution to tell when every chunk is done, and which of its entries into
/// the planner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Token {
    pub run: u8,
    pub entry: u8,
}

/// How long nothing was committed: not long enough for anything, long enough to start again, long
/// enough for everything.
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
    /// Runs used up before it was last resumed from `held`.
    pub runs_before: u8,
    /// `chunks_total` is known.
    pub planned: bool,
    pub chunks_done: u8,
    pub token: Option<Token>,
    /// The time since `progressed_at`.
    pub age: Age,
    /// The deadline of its upload, pause or hold has passed. It has only one of them at a time.
    pub wait_is_over: bool,
    /// Its file is only to be validated.
    pub validates: bool,
    /// Where the copy of its original stands, if it is a retry.
    pub copy: OriginalCopy,
}

/// Where the copy for a retry stands, as its row says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OriginalCopy {
    /// Its user sends the object.
    None,
    /// No copy was begun.
    Asked,
    /// A copy was begun: it is there, on its way, or lost.
    Begun,
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

/// A chunk without a row in the plan.
pub const UNPLANNED: Chunk = Chunk {
    planned: false,
    queued: Queued::Never,
    attempts: 0,
    done: false,
    rows: 0,
};

impl Row {
    /// `domain::import::Import::runs_used`
    pub fn runs_used(&self) -> u8 {
        self.run - self.runs_before
    }

    /// Whether it waits for its user until a deadline.
    pub fn has_deadline(&self) -> bool {
        matches!(
            self.state,
            State::AwaitingUpload | State::Paused | State::Held
        )
    }
}

/// An import that awaits its object.
pub const AWAITS: Row = Row {
    state: State::AwaitingUpload,
    goal: None,
    run: 1,
    runs_before: 0,
    planned: false,
    chunks_done: 0,
    token: None,
    age: Age::Fresh,
    wait_is_over: false,
    validates: false,
    copy: OriginalCopy::None,
};
