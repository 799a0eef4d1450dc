use std::fmt;
use std::str::FromStr;

/// A stored word that this code does not know.
#[derive(Debug, thiserror::Error)]
#[error("unknown word `{0}`")]
pub struct UnknownWord(pub String);

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$variant_doc])* $variant,)+ }

        impl $name {
            /// Every variant, in the order of declaration.
            pub const ALL: &'static [$name] = &[$($name::$variant,)+];

            /// The word in SQL, JSON, ASL and logs.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $word,)+ }
            }
        }

        impl FromStr for $name {
            type Err = UnknownWord;
            fn from_str(word: &str) -> Result<Self, UnknownWord> {
                Self::ALL.iter().copied().find(|it| it.as_str() == word)
                    .ok_or_else(|| UnknownWord(word.to_owned()))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

pub(crate) use words;

words! {
    /// Where an import stands. A state in which work goes on ends in -ing; an end state is a
    /// participle.
    State {
        /// The row is written, but its object has not arrived.
        AwaitingUpload = "awaiting_upload",
        /// The object is pinned; no chunk was handed out yet.
        Planning = "planning",
        /// Chunks are handed out and stored.
        Importing = "importing",
        /// Its user paused it: workers may commit the chunks they have, no more are handed out.
        Paused = "paused",
        /// Every chunk is done; the proof is being made.
        Finishing = "finishing",
        /// Its rows are visible. The only state in which they are.
        Completed = "completed",
        /// Our fault ended it and, as its user asked, its rows wait to be resumed.
        Held = "held",
        /// Goes to `failed`.
        RollingBack = "rolling_back",
        /// Ended with a reason; no row is left.
        Failed = "failed",
        /// Goes to `cancelled`.
        Cancelling = "cancelling",
        /// Ended by its user; no row is left.
        Cancelled = "cancelled",
        /// Goes to `deleted`.
        Deleting = "deleting",
        /// Gone: no row, no row error, no object is left.
        Deleted = "deleted",
        /// Its rollback cannot finish yet; it is tried again.
        RollbackFailed = "rollback_failed",
    }
}

words! {
    /// Where a rollback is to end. The only change of a goal is to `deleted`.
    Goal {
        /// The user cancelled.
        Cancelled = "cancelled",
        /// The import failed.
        Failed = "failed",
        /// The user deleted.
        Deleted = "deleted",
    }
}

impl State {
    /// True in the active states: the import is on its way to `completed`. An owner may have one
    /// baseline at a time in one of them (unique index `import_one_active_baseline`).
    pub fn is_active(self) -> bool {
        matches!(
            self,
            State::AwaitingUpload
                | State::Planning
                | State::Importing
                | State::Paused
                | State::Finishing
        )
    }

    /// Active, and its object is pinned: an execution is at work on it.
    pub fn is_under_way(self) -> bool {
        self.is_active() && self != State::AwaitingUpload
    }

    /// Chunks are handed out in these states, until the import is paused.
    pub fn hands_out(self) -> bool {
        matches!(self, State::Planning | State::Importing)
    }

    /// From these states an import may be resumed.
    pub fn may_be_resumed(self) -> bool {
        matches!(self, State::Paused | State::Held)
    }

    /// True in the states in which an import may be cancelled, or replaced by another.
    pub fn may_be_cancelled(self) -> bool {
        self.is_active() || self == State::Held
    }

    /// True in the states in which the fence lets chunks commit.
    pub fn admits_chunks(self) -> bool {
        matches!(self, State::Planning | State::Importing | State::Paused)
    }

    /// True in the states in which a rollback is under way or to be started.
    pub fn is_rolling_back(self) -> bool {
        matches!(
            self,
            State::RollingBack | State::Cancelling | State::Deleting | State::RollbackFailed
        )
    }

    /// An execution works on it, forwards or back, and is started again if it is lost.
    pub fn has_execution(self) -> bool {
        self.is_under_way() || self.is_rolling_back()
    }

    /// No rollback is under way, but one may have been: the name of its execution is used up, and
    /// another rollback needs another run.
    pub fn rollback_needs_another_run(self) -> bool {
        matches!(
            self,
            State::Completed | State::Failed | State::Cancelled | State::RollbackFailed
        )
    }

    /// The goals that an import in this state may have; only `None` if it can have no goal.
    pub fn goals(self) -> Vec<Option<Goal>> {
        let fits = |goal: &Goal| {
            self == State::RollbackFailed || goal.on_the_way() == self || goal.end() == self
        };
        let goals: Vec<_> = Goal::ALL.iter().copied().filter(fits).map(Some).collect();
        if goals.is_empty() { vec![None] } else { goals }
    }

    /// True in the states that an import leaves, if at all, only by a command of its user.
    pub fn is_end(self) -> bool {
        matches!(
            self,
            State::Completed | State::Failed | State::Cancelled | State::Deleted
        )
    }
}

impl Goal {
    /// The state in which the goal is worked for.
    pub fn on_the_way(self) -> State {
        match self {
            Goal::Cancelled => State::Cancelling,
            Goal::Failed => State::RollingBack,
            Goal::Deleted => State::Deleting,
        }
    }

    /// The end state of the goal.
    pub fn end(self) -> State {
        match self {
            Goal::Cancelled => State::Cancelled,
            Goal::Failed => State::Failed,
            Goal::Deleted => State::Deleted,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_reads_back_as_itself() {
        for state in State::ALL {
            assert_eq!(state.as_str().parse::<State>().unwrap(), *state);
        }
        for goal in Goal::ALL {
            assert_eq!(goal.as_str().parse::<Goal>().unwrap(), *goal);
        }
        assert!("running".parse::<State>().is_err());
    }

    #[test]
    fn a_goal_is_worked_for_until_its_end() {
        for goal in Goal::ALL {
            assert!(goal.on_the_way().is_rolling_back());
            assert!(goal.end().is_end());
        }
    }
}
