use std::fmt;
use std::str::FromStr;

/// A stored word that is none of ours.
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
    /// Where an import stands. States that go on end in -ing, end states are participles.
    State {
        /// The row is written, its object has not arrived.
        AwaitingUpload = "awaiting_upload",
        /// The object is pinned; no chunk was handed out yet.
        Planning = "planning",
        /// Chunks are handed out and stored.
        Importing = "importing",
        /// The user asked for a wait: running chunks commit, no more are handed out.
        Paused = "paused",
        /// Every chunk is done; the tiling is being proved.
        Finishing = "finishing",
        /// Rows are visible. The only state in which they are.
        Completed = "completed",
        /// A failed import kept for resuming, on request.
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
        /// A rollback that cannot finish yet; it is tried again.
        RollbackFailed = "rollback_failed",
    }
}

words! {
    /// Where a rollback is to end; it is only ever raised to `deleted`.
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
    /// Active states: the import is on its way to `completed`. One baseline of an owner at a time
    /// may be in one of them (unique index `import_one_active_baseline`).
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

    /// From these states an import may be cancelled, or replaced by another.
    pub fn may_be_cancelled(self) -> bool {
        self.is_active() || self == State::Held
    }

    /// Chunks may commit in these states: what the fence admits.
    pub fn admits_chunks(self) -> bool {
        matches!(self, State::Planning | State::Importing | State::Paused)
    }

    /// A rollback is under way or asked for.
    pub fn is_rolling_back(self) -> bool {
        matches!(
            self,
            State::RollingBack | State::Cancelling | State::Deleting | State::RollbackFailed
        )
    }

    /// The goals that an import in this state may have; a single none where it has none.
    pub fn goals(self) -> Vec<Option<Goal>> {
        let fits = |goal: &Goal| {
            self == State::RollbackFailed || goal.on_the_way() == self || goal.end() == self
        };
        let goals: Vec<_> = Goal::ALL.iter().copied().filter(fits).map(Some).collect();
        if goals.is_empty() { vec![None] } else { goals }
    }

    /// Nothing happens any more by itself.
    pub fn is_end(self) -> bool {
        matches!(
            self,
            State::Completed | State::Failed | State::Cancelled | State::Deleted
        )
    }
}

impl Goal {
    /// The state that works towards the goal.
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
