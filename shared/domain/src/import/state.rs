use strum::{Display, EnumString, IntoStaticStr, VariantArray};

/// Where an import stands. A state in which work goes on ends in -ing; an end state is a
/// participle.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Display, EnumString, IntoStaticStr, VariantArray,
)]
#[strum(serialize_all = "snake_case")]
pub enum State {
    /// The row is written, but its object has not arrived.
    AwaitingUpload,
    /// The object is pinned; no chunk was handed out yet.
    Planning,
    /// Chunks are handed out and stored.
    Importing,
    /// Its user paused it: workers may commit the chunks they have, no more are handed out.
    Paused,
    /// Every chunk is done; the proof is being made.
    Finishing,
    /// Its rows are visible. The only state in which they are.
    Completed,
    /// Our fault ended it and, as its user asked, its rows wait to be resumed.
    Held,
    /// Goes to `failed`.
    RollingBack,
    /// Ended with a reason; no row is left.
    Failed,
    /// Goes to `validated`: what an import would say is known, and its rows are taken back.
    Validating,
    /// Only validated, as asked: its report is what an import would say; no row is left.
    Validated,
    /// Goes to `cancelled`.
    Cancelling,
    /// Ended by its user; no row is left.
    Cancelled,
    /// Goes to `deleted`.
    Deleting,
    /// Gone: no row, no row error, no object is left.
    Deleted,
    /// Its rollback cannot finish yet; it is tried again.
    RollbackFailed,
}

/// Where a rollback is to end. The only change of a goal is to `deleted`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Display, EnumString, IntoStaticStr, VariantArray,
)]
#[strum(serialize_all = "snake_case")]
pub enum Goal {
    /// The user cancelled.
    Cancelled,
    /// The file was only to be validated, and is.
    Validated,
    /// The import failed.
    Failed,
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

    /// True in the active states: the import is on its way to `completed`, or to what is said in
    /// its place of one that is only validated.
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

    /// True in the states from which an import may still complete: it is active, or may be resumed.
    /// At most one living import names another to take its place (unique index `import_one_swap`).
    pub fn is_living(self) -> bool {
        self.is_active() || self == State::Held
    }

    /// True in the states in which an import may be cancelled.
    pub fn may_be_cancelled(self) -> bool {
        self.is_living() || self == State::Completed
    }

    /// True in the states in which another file may be uploaded in the place of an import.
    pub fn may_be_replaced(self) -> bool {
        self.may_be_cancelled() || self.may_be_retried()
    }

    /// What its user can do with an import in this state, for the refusal of a command that does
    /// not apply.
    pub fn instead(self) -> &'static str {
        match self {
            State::AwaitingUpload => "It waits for its file: send the file, or cancel it.",
            State::Planning | State::Importing => "It is at work: pause or cancel it.",
            State::Paused => "It is paused: resume or cancel it.",
            State::Finishing => "It completes in a moment: wait for that, or cancel it.",
            State::Completed => {
                "Its rows are visible: cancel it to take them back, or replace it by another file."
            }
            State::Held => "It waits to be resumed: resume it, cancel it, or replace its file.",
            State::RollingBack => {
                "It has failed and is being taken back: wait until it is failed, then replace it by \
                 a corrected file."
            }
            State::Failed => {
                "It has failed and none of its rows are left: retry it with another reading, replace it \
                 by a corrected file, or delete it."
            }
            State::Validating => {
                "Its report is made and its rows are being taken back: wait until it is validated, then \
                 replace or delete it."
            }
            State::Validated => {
                "It was only validated and none of its rows are left: retry it to import the file, replace \
                 it by another file, or delete it."
            }
            State::Cancelling => {
                "It is being taken back: wait until it is cancelled, then replace or delete it."
            }
            State::Cancelled => {
                "It is cancelled and none of its rows are left: retry it, replace it by another file, or \
                 delete it."
            }
            State::Deleting | State::Deleted => "It is deleted: upload the file again.",
            State::RollbackFailed => {
                "It is being taken back, which is tried again without you: wait until that has ended."
            }
        }
    }

    /// True in the states in which the fence lets chunks commit.
    pub fn admits_chunks(self) -> bool {
        matches!(self, State::Planning | State::Importing | State::Paused)
    }

    /// True in the states in which a rollback is under way or to be started.
    pub fn is_rolling_back(self) -> bool {
        matches!(
            self,
            State::RollingBack
                | State::Validating
                | State::Cancelling
                | State::Deleting
                | State::RollbackFailed
        )
    }

    /// From these ends the same original may be imported again. The rows of a completed import
    /// would be stored twice: it is replaced.
    pub fn may_be_retried(self) -> bool {
        matches!(self, State::Failed | State::Validated | State::Cancelled)
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
            State::Completed
                | State::Failed
                | State::Validated
                | State::Cancelled
                | State::RollbackFailed
        )
    }

    /// No other baseline of its owner may be active: it is active itself, or was only validated and
    /// its rows are not gone yet (unique index `import_one_at_a_time`).
    pub fn takes_the_place(self, goal: Option<Goal>) -> bool {
        self.is_active() || self.is_rolling_back() && goal == Some(Goal::Validated)
    }

    /// The goals that an import in this state may have; only `None` if it can have no goal.
    pub fn goals(self) -> Vec<Option<Goal>> {
        let fits = |goal: &Goal| {
            self == State::RollbackFailed || goal.on_the_way() == self || goal.end() == self
        };
        let goals: Vec<_> = Goal::ALL.iter().copied().filter(fits).map(Some).collect();
        if goals.is_empty() { vec![None] } else { goals }
    }

    /// True in the states that an import leaves, if at all, only as its user asked: by a command, or
    /// by the swap that a replacement asked for.
    pub fn is_end(self) -> bool {
        matches!(
            self,
            State::Completed | State::Failed | State::Validated | State::Cancelled | State::Deleted
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
            Goal::Validated => State::Validating,
            Goal::Failed => State::RollingBack,
            Goal::Deleted => State::Deleting,
        }
    }

    /// The end state of the goal.
    pub fn end(self) -> State {
        match self {
            Goal::Cancelled => State::Cancelled,
            Goal::Validated => State::Validated,
            Goal::Failed => State::Failed,
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
        let stored = "awaiting_upload planning importing paused finishing completed held \
            rolling_back failed validating validated cancelling cancelled deleting deleted rollback_failed";
        assert!(states.eq(stored.split(' ')));
        let goals = Goal::ALL.iter().map(|it| it.as_str());
        assert!(goals.eq(["cancelled", "validated", "failed", "deleted"]));
    }

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
    fn what_may_be_done_instead_is_allowed() {
        use super::super::{Event, Situation, after};
        let words = [
            ("pause", Event::Pause),
            ("resume", Event::Resume),
            ("cancel it", Event::Cancel),
            ("replace", Event::Replace),
            ("delete it", Event::Delete),
        ];
        for &state in State::ALL {
            let (then, now) = match state.instead().split_once("wait until") {
                Some((now, then)) => (then, now),
                None => ("", state.instead()),
            };
            assert!(then.is_empty() || !state.is_end(), "{state}");
            // "It is paused" and "to be resumed" name no command.
            let now = now.replace("paused", "").replace("resumed", "");
            for (_, event) in words.iter().filter(|(word, _)| now.contains(word)) {
                let situation = Situation {
                    state,
                    goal: state.goals()[0],
                    baseline: false,
                    handed_out: true,
                    holds: false,
                    validates: false,
                };
                assert!(after(situation, *event).is_some(), "{state} {event:?}");
            }
        }
    }

    #[test]
    fn what_is_only_validated_keeps_the_place_until_its_rows_are_gone() {
        let takes = |state: State| state.takes_the_place(Some(Goal::Validated));
        assert!(takes(State::Validating) && takes(State::RollbackFailed));
        assert!(!takes(State::Validated) && !takes(State::Failed));
        let failed = State::RollbackFailed.takes_the_place(Some(Goal::Failed));
        assert!(!failed && !State::Deleting.takes_the_place(Some(Goal::Deleted)));
    }

    #[test]
    fn a_goal_is_worked_for_until_its_end() {
        for goal in Goal::ALL {
            assert!(goal.on_the_way().is_rolling_back());
            assert!(goal.end().is_end());
        }
    }
}
