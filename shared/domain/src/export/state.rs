use strum::{Display, EnumString, IntoStaticStr, VariantArray};

/// Where an export stands. A state in which work goes on ends in -ing; an end state is a
/// participle.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Display, EnumString, IntoStaticStr, VariantArray,
)]
#[strum(serialize_all = "snake_case")]
pub enum State {
    /// It is so large that it waits for its user to confirm it.
    NeedsConfirmation,
    /// Rows are being written.
    Exporting,
    /// The file is complete. The only state in which there is a link to it.
    Completed,
    /// Goes to `cancelled`.
    Cancelling,
    /// Ended by its user; no byte of the file is left.
    Cancelled,
    /// Goes to `failed`.
    Failing,
    /// Ended with a reason; no byte of the file is left.
    Failed,
    /// Goes to `expired`.
    Expiring,
    /// It was not confirmed in time, or the time of its file was over, or an import whose rows
    /// it held was deleted; no byte of the file is left.
    Expired,
    /// Goes to `deleted`.
    Deleting,
    /// Gone for its user; no byte of the file is left.
    Deleted,
}

/// Where a removal is to end. The only change of a goal is to `deleted`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Display, EnumString, IntoStaticStr, VariantArray,
)]
#[strum(serialize_all = "snake_case")]
pub enum Goal {
    /// The user cancelled.
    Cancelled,
    /// The export failed.
    Failed,
    /// Its time was over, or an import whose rows it held was deleted.
    Expired,
    /// The user deleted.
    Deleted,
}

impl State {
    /// Every state, in the order of declaration.
    pub const ALL: &'static [Self] = Self::VARIANTS;

    /// The word in SQL, JSON, ASL and logs.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// Its file is still to come: it counts among those that an owner may have at a time, and may
    /// be cancelled.
    pub fn is_awaited(self) -> bool {
        matches!(self, State::NeedsConfirmation | State::Exporting)
    }

    /// Its file is whole, or still to come.
    pub fn has_or_awaits_file(self) -> bool {
        self.is_awaited() || self == State::Completed
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
    /// Every goal, in the order of declaration.
    pub const ALL: &'static [Self] = Self::VARIANTS;

    /// The word in SQL, JSON, ASL and logs.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

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

    /// The words follow the names of the variants; what is stored must not change with a name.
    #[test]
    fn the_words_are_those_that_are_stored() {
        let states = State::ALL.iter().map(|it| it.as_str());
        let stored = "needs_confirmation exporting completed cancelling cancelled failing failed \
            expiring expired deleting deleted";
        assert!(states.eq(stored.split(' ')));
        let goals = Goal::ALL.iter().map(|it| it.as_str());
        assert!(goals.eq(["cancelled", "failed", "expired", "deleted"]));
    }

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
