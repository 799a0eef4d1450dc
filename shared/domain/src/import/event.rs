use strum::VariantArray;

use super::{Goal, State};

/// What may happen to an import: the commands of its user, and what the functions do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, VariantArray)]
pub enum Event {
    /// The user pauses it.
    Pause,
    /// The user resumes it.
    Resume,
    /// The user cancels it.
    Cancel,
    /// The user uploads another file in its place.
    Replace,
    /// The user deletes it.
    Delete,
    /// Its object has arrived and is pinned.
    Arrive,
    /// A chunk is handed out.
    HandOut,
    /// A worker passes the fence with a chunk.
    StoreChunk,
    /// Every chunk is done and the token is about to be answered.
    BeginFinishing,
    /// The proof holds.
    Complete,
    /// The import that takes its place completes: the swap.
    Swap,
    /// It fails because of its file. One that is only validated has its answer.
    FailForFile,
    /// It fails for another reason that resuming cannot help.
    FailForGood,
    /// It fails for a reason that resuming can help.
    FailForNow,
    /// It was held until its deadline.
    EndHold,
    /// Its execution, or its rollback's, is to be started again.
    RunAgain,
    /// Its rollback has left no row, and ends in its goal.
    EndRollback,
    /// The execution of its rollback has failed.
    FailRollback,
}

impl Event {
    /// Every event, the commands of a user first.
    pub const ALL: &'static [Self] = Self::VARIANTS;

    /// Whether its user asks for it.
    pub fn is_command(self) -> bool {
        matches!(
            self,
            Event::Pause | Event::Resume | Event::Cancel | Event::Replace | Event::Delete
        )
    }
}

/// Everything that decides what an event does to an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Situation {
    /// Where the import stands.
    pub state: State,
    /// Where its rollback is to end, if it has one.
    pub goal: Option<Goal>,
    /// Its dataset is `baseline`.
    pub baseline: bool,
    /// At least one chunk of it was handed out.
    pub handed_out: bool,
    /// Its user asked for it to be held when it fails.
    pub holds: bool,
    /// Its file is only to be validated.
    pub validates: bool,
}

/// The state that an event leads to. `None`: the event cannot happen in this situation, and
/// nothing changes. Only this function decides it: a test compares the SQL of each event with it,
/// state by state (`tests/faults/states.rs`), and `docs/states.md` is made from it.
pub fn after(now: Situation, event: Event) -> Option<State> {
    let state = now.state;
    match event {
        Event::Pause => to(State::Paused, state.hands_out()),
        Event::Resume => to(resumed(now), state.may_be_resumed()),
        Event::Cancel => to(State::Cancelling, state.may_be_cancelled()),
        Event::Replace => to(replaced(state), state.may_be_replaced()),
        Event::Delete => to(State::Deleting, may_be_deleted(now)),
        Event::Arrive => to(State::Planning, state == State::AwaitingUpload),
        Event::HandOut => to(State::Importing, state.hands_out()),
        Event::StoreChunk => to(state, state.admits_chunks()),
        Event::BeginFinishing => to(State::Finishing, may_be_finished(state)),
        Event::Complete => to(proven(now), state == State::Finishing),
        Event::Swap => to(State::Cancelling, state == State::Completed),
        Event::FailForFile => to(failed_for_file(now), state.is_active()),
        Event::FailForGood => to(State::RollingBack, state.is_active()),
        Event::FailForNow => to(failed_for_now(now), state.is_active()),
        Event::EndHold => to(State::RollingBack, state == State::Held),
        Event::RunAgain => to(state, state.has_execution()),
        Event::EndRollback => now.goal.filter(|_| state.is_rolling_back()).map(Goal::end),
        Event::FailRollback => to(State::RollbackFailed, state.is_rolling_back()),
    }
}

fn to(state: State, allowed: bool) -> Option<State> {
    allowed.then_some(state)
}

fn may_be_finished(state: State) -> bool {
    state.hands_out() || state == State::Finishing
}

/// A baseline that is on its way must be cancelled first: the contract's 403. Nothing is deleted
/// twice.
fn may_be_deleted(now: Situation) -> bool {
    let gone = now.state == State::Deleted || now.goal == Some(Goal::Deleted);
    let protected = now.baseline && now.state.is_under_way();
    !(gone || protected)
}

/// An import on its way gives up its place at once. The rows of a completed one stay visible until
/// the swap, and one that has ended without rows has nothing to give up.
fn replaced(state: State) -> State {
    match state {
        State::Completed | State::Failed | State::Validated | State::Cancelled => state,
        _ => State::Cancelling,
    }
}

fn resumed(now: Situation) -> State {
    if now.handed_out {
        State::Importing
    } else {
        State::Planning
    }
}

fn proven(now: Situation) -> State {
    if now.validates {
        State::Validating
    } else {
        State::Completed
    }
}

fn failed_for_file(now: Situation) -> State {
    if now.validates {
        State::Validating
    } else {
        State::RollingBack
    }
}

/// An import without an object is not held: there is nothing to resume from.
fn failed_for_now(now: Situation) -> State {
    if now.holds && now.state != State::AwaitingUpload {
        State::Held
    } else {
        State::RollingBack
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn situations() -> impl Iterator<Item = Situation> {
        let facts = (0..16).map(|it| [it & 1 != 0, it & 2 != 0, it & 4 != 0, it & 8 != 0]);
        facts.flat_map(|[baseline, handed_out, holds, validates]| {
            let of_state = move |state: &State| {
                let state = *state;
                state.goals().into_iter().map(move |goal| Situation {
                    state,
                    goal,
                    baseline,
                    handed_out,
                    holds,
                    validates,
                })
            };
            State::ALL.iter().flat_map(of_state)
        })
    }

    #[test]
    fn nothing_leads_out_of_an_end_but_its_user() {
        for now in situations().filter(|it| it.state.is_end()) {
            for &event in Event::ALL {
                let expected = match (event, now.state) {
                    (_, State::Deleted) => None,
                    (Event::Delete, _) => Some(State::Deleting),
                    (Event::Replace, state) => Some(state),
                    (Event::Cancel | Event::Swap, State::Completed) => Some(State::Cancelling),
                    _ => None,
                };
                assert_eq!(after(now, event), expected, "{now:?} {event:?}");
            }
        }
    }

    #[test]
    fn nothing_leads_from_a_rollback_to_where_rows_may_come() {
        for now in situations().filter(|it| it.state.is_rolling_back()) {
            for &event in Event::ALL {
                let state = after(now, event).unwrap_or(now.state);
                assert!(!state.is_active() && state != State::Completed, "{now:?}");
            }
        }
    }

    #[test]
    fn what_is_only_validated_is_never_completed() {
        let validated = |it: &Situation| it.validates && it.state != State::Completed;
        for now in situations().filter(validated) {
            for event in Event::ALL {
                assert_ne!(after(now, *event), Some(State::Completed), "{now:?}");
            }
        }
    }

    #[test]
    fn only_the_proof_makes_rows_visible() {
        for now in situations().filter(|it| it.state != State::Completed) {
            for event in Event::ALL.iter().filter(|it| **it != Event::Complete) {
                assert_ne!(after(now, *event), Some(State::Completed), "{now:?}");
            }
        }
    }
}
