//! The parts of the protocol: each may be switched off, to see what it is for.

/// What keeps rows of a stopped import out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fence {
    /// `chunks::pass_fence`, the last statement before COMMIT.
    Last,
    /// Only the state that was read with the claim.
    None,
    /// Only a foreign key to `import`: the import's row must exist. It is modelled stronger than it
    /// is, as if the row of a deleted import were gone.
    ForeignKey,
}

/// The protocol, or the protocol without a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    pub fence: Fence,
    /// `chunks::write_receipt`, and the claim that looks for it.
    pub receipt: bool,
    /// `PRIMARY KEY (import_id, record)` of the datasets' tables.
    pub primary_key: bool,
    /// `Step::AnswerToken` and the second answer of `answer_or_replace`.
    pub token_answer: bool,
    /// The pass of each minute. Without it only handlers advance, and only after their own work.
    pub reconcile: bool,
    /// `upkeep::end_silent_workers`.
    pub end_silent_workers: bool,
    /// A chunk handed out long ago without a receipt is handed out again.
    pub hand_out_again: bool,
    /// `rollback::end` demands the goal it worked for.
    pub goal: bool,
    /// `finishing::complete` changes both imports of a swap.
    pub one_swap: bool,
}

impl Rules {
    /// The protocol as it is built.
    pub const ALL: Self = Self {
        fence: Fence::Last,
        receipt: true,
        primary_key: true,
        token_answer: true,
        reconcile: true,
        end_silent_workers: true,
        hand_out_again: true,
        goal: true,
        one_swap: true,
    };
}
