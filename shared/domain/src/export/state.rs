use std::fmt;
use std::str::FromStr;

use crate::import::{UnknownWord, words};

words! {
    /// Where an export stands. A state in which work goes on ends in -ing; an end state is a
    /// participle.
    State {
        /// It is so large that it waits for its user to confirm it.
        NeedsConfirmation = "needs_confirmation",
        /// Rows are being written.
        Exporting = "exporting",
        /// The file is complete. The only state in which there is a link to it.
        Completed = "completed",
        /// Goes to `cancelled`.
        Cancelling = "cancelling",
        /// Ended by its user; no byte of the file is left.
        Cancelled = "cancelled",
        /// Goes to `failed`.
        Failing = "failing",
        /// Ended with a reason; no byte of the file is left.
        Failed = "failed",
        /// Goes to `expired`.
        Expiring = "expiring",
        /// It was not confirmed in time, or the time of its file was over, or an import whose rows
        /// it held was deleted; no byte of the file is left.
        Expired = "expired",
        /// Goes to `deleted`.
        Deleting = "deleting",
        /// Gone for its user; no byte of the file is left.
        Deleted = "deleted",
    }
}

words! {
    /// Where a removal is to end. The only change of a goal is to `deleted`.
    Goal {
        /// The user cancelled.
        Cancelled = "cancelled",
        /// The export failed.
        Failed = "failed",
        /// Its time was over, or an import whose rows it held was deleted.
        Expired = "expired",
        /// The user deleted.
        Deleted = "deleted",
    }
}

impl State {
    /// Its file is still to come: it counts among those that an owner may have at a time, and may
    /// be cancelled.
    pub fn is_awaited(self) -> bool {
        matches!(self, State::NeedsConfirmation | State::Exporting)
    }

    /// It waits for an end of its time.
    pub fn may_expire(self) -> bool {
        matches!(self, State::NeedsConfirmation | State::Completed)
    }

    /// Nothing happens any more, and no byte of the file is left.
    pub fn is_end(self) -> bool {
        matches!(
            self,
            State::Cancelled | State::Failed | State::Expired | State::Deleted
        )
    }

    /// True while what was uploaded is being removed.
    pub fn is_removing(self) -> bool {
        matches!(
            self,
            State::Cancelling | State::Failing | State::Expiring | State::Deleting
        )
    }
}

impl Goal {
    /// The state in which the goal is worked for.
    pub fn on_the_way(self) -> State {
        match self {
            Goal::Cancelled => State::Cancelling,
            Goal::Failed => State::Failing,
            Goal::Expired => State::Expiring,
            Goal::Deleted => State::Deleting,
        }
    }

    /// The end state of the goal.
    pub fn end(self) -> State {
        match self {
            Goal::Cancelled => State::Cancelled,
            Goal::Failed => State::Failed,
            Goal::Expired => State::Expired,
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
    }

    #[test]
    fn a_goal_is_worked_for_until_its_end() {
        for goal in Goal::ALL {
            assert!(goal.on_the_way().is_removing());
            assert!(goal.end().is_end());
            assert!(!goal.end().is_removing());
            assert_eq!(goal.as_str(), goal.end().as_str());
        }
    }
}
