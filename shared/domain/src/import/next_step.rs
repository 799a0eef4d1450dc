use jiff::{SignedDuration, Timestamp};

use super::{Import, State};
use crate::limits::{
    CHUNKS_OUT_AT_MOST, EVENT_LOST_AFTER, EXECUTION_CHECK_EVERY, PLANNER_SILENT_AFTER,
    ROLLBACK_RETRY_LONGEST, RUNS_AT_MOST,
};
use crate::reason::{Reason, Subject};

/// Chunks of an import that have no receipt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outstanding {
    /// Chunks to be handed out: new ones, those handed back, and those whose message must be lost.
    pub waiting: i64,
    /// Chunks that were handed out recently.
    pub out: i64,
    /// Of all imports together as many are out as may be: the next worker that is done hands out.
    pub full: bool,
}

/// What an import needs next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Nothing, until something happens to it or a deadline passes.
    Nothing,
    /// Copy the original of the import that it retries to where its object is awaited; if a copy was
    /// begun before, see first whether that has arrived.
    CopyObject,
    /// See whether the object has arrived although its event has not.
    LookForObject,
    /// See for the last time whether the object has arrived; if not, fail.
    LastLookForObject,
    /// Start the execution of the current run.
    StartExecution,
    /// Raise the run, stop the old execution, start another.
    ReplaceExecution,
    /// Ask whether the execution still runs; if not, raise the run and start another.
    CheckExecution,
    /// Hand out chunks, as many as the limit allows.
    HandOut,
    /// Tell the execution that every chunk is done.
    AnswerToken,
    /// Stop the execution, start the rollback.
    RollBack,
    /// It is held: stop the execution that still waits, forget its token.
    Release,
    /// It was held until its deadline: begin its rollback.
    EndHold,
    /// More was rejected than may be: fail the import for what its receipts say.
    StopForErrors,
    /// Fail the import with this reason: its rollback or its hold begins.
    Fail(Reason),
}

/// What `import` needs at `now`. Only this function decides it. Every handler ends by carrying it
/// out, and `reconcile` is a loop over it, so recovery takes the same path as normal work.
pub fn next_step(import: &Import, outstanding: Outstanding, now: Timestamp) -> Step {
    if import.state.is_active() && !import.validate_only && import.has_too_many_errors() {
        return Step::StopForErrors;
    }
    match import.state {
        State::Completed | State::Failed | State::Validated | State::Cancelled | State::Deleted => {
            Step::Nothing
        }
        State::Held => while_held(import, now),
        State::AwaitingUpload => while_awaiting_upload(import, now),
        State::Planning | State::Importing => while_importing(import, outstanding, now),
        State::Paused => while_paused(import, now),
        State::Finishing => while_finishing(import, now),
        State::Validating | State::Cancelling | State::RollingBack | State::Deleting => {
            Step::RollBack
        }
        State::RollbackFailed => after_failed_rollback(import, now),
    }
}

fn while_awaiting_upload(import: &Import, now: Timestamp) -> Step {
    let lost = silent_for(import, now) >= EVENT_LOST_AFTER;
    match &import.source {
        _ if now >= import.upload_expires_at => Step::LastLookForObject,
        Some(source) if lost || !source.copy_begun => Step::CopyObject,
        None if lost => Step::LookForObject,
        _ => Step::Nothing,
    }
}

fn while_importing(import: &Import, outstanding: Outstanding, now: Timestamp) -> Step {
    let silent = silent_for(import, now);
    if run_is_over(import, now) {
        Step::Fail(Reason::RunExpired(Subject::Import))
    } else if import.task_token.is_none() {
        without_token(import, outstanding, silent)
    } else if import.all_chunks_done() {
        Step::AnswerToken
    } else if may_hand_out(outstanding) {
        Step::HandOut
    } else if import.chunks_total.is_none() && silent >= PLANNER_SILENT_AFTER {
        replace_execution(import)
    } else if silent >= EXECUTION_CHECK_EVERY {
        Step::CheckExecution
    } else {
        Step::Nothing
    }
}

/// Chunks that an earlier run planned can be handed out without a planner, but the import needs an
/// execution to reach its end. The caller looks again after it has handed out, and starts one
/// then. An execution may run although its planner died before it could store the token.
fn without_token(import: &Import, outstanding: Outstanding, silent: SignedDuration) -> Step {
    if may_hand_out(outstanding) {
        Step::HandOut
    } else if silent >= PLANNER_SILENT_AFTER {
        replace_execution(import)
    } else {
        Step::StartExecution
    }
}

fn may_hand_out(outstanding: Outstanding) -> bool {
    outstanding.waiting > 0 && outstanding.out < CHUNKS_OUT_AT_MOST && !outstanding.full
}

fn while_paused(import: &Import, now: Timestamp) -> Step {
    match import.pause_expires_at {
        Some(deadline) if now >= deadline => Step::Fail(Reason::PauseExpired),
        _ => Step::Nothing,
    }
}

fn while_held(import: &Import, now: Timestamp) -> Step {
    if import
        .hold_expires_at
        .is_none_or(|deadline| now >= deadline)
    {
        Step::EndHold
    } else if import.task_token.is_some() {
        Step::Release
    } else {
        Step::Nothing
    }
}

fn while_finishing(import: &Import, now: Timestamp) -> Step {
    let silent = silent_for(import, now);
    if run_is_over(import, now) {
        Step::Fail(Reason::RunExpired(Subject::Import))
    } else if import.task_token.is_none() {
        without_token(import, Outstanding::default(), silent)
    } else if silent >= EXECUTION_CHECK_EVERY {
        Step::CheckExecution
    } else {
        Step::AnswerToken
    }
}

fn after_failed_rollback(import: &Import, now: Timestamp) -> Step {
    if silent_for(import, now) >= rollback_pause(import.run) {
        Step::RollBack
    } else {
        Step::Nothing
    }
}

/// How long a rollback that has failed rests before it is tried again: 2, 4 and 8 minutes, then 10
/// each time.
pub fn rollback_pause(run: i32) -> SignedDuration {
    let minutes = 1i64 << run.clamp(1, 4);
    SignedDuration::from_mins(minutes).min(ROLLBACK_RETRY_LONGEST)
}

/// True if another execution may be started now, after one that ended without a result. The
/// pauses grow (10, 20, 40, 80 s); otherwise a fault of a few seconds would use up every run.
pub fn may_run_again(import: &Import, now: Timestamp) -> bool {
    let pause = SignedDuration::from_secs(5i64 << import.runs_used().clamp(1, RUNS_AT_MOST));
    silent_for(import, now) >= pause
}

/// The last execution is not replaced: as long as it runs, it tries to get a planner through, which
/// Lambda or the database may have no room for. It is lost when it has ended without a result.
fn replace_execution(import: &Import) -> Step {
    if import.runs_used() >= RUNS_AT_MOST {
        Step::CheckExecution
    } else {
        Step::ReplaceExecution
    }
}

fn run_is_over(import: &Import, now: Timestamp) -> bool {
    import
        .run_expires_at
        .is_some_and(|deadline| now >= deadline)
}

fn silent_for(import: &Import, now: Timestamp) -> SignedDuration {
    now.duration_since(import.progressed_at)
}

#[cfg(test)]
pub(crate) mod tests {
    use uuid::Uuid;

    use super::super::Goal;
    use super::*;
    use crate::import::Source;
    use crate::max_errors::MaxErrors;
    use crate::reading::ReadingRequest;

    const FRESH: SignedDuration = SignedDuration::ZERO;
    const SILENT: SignedDuration = SignedDuration::from_mins(3);
    const NONE: Outstanding = Outstanding {
        waiting: 0,
        out: 0,
        full: false,
    };
    const WAITING: Outstanding = Outstanding { waiting: 5, ..NONE };
    const FULL: Outstanding = Outstanding {
        waiting: 5,
        out: 64,
        full: false,
    };
    const OTHERS_FIRST: Outstanding = Outstanding {
        waiting: 5,
        out: 1,
        full: true,
    };

    pub(crate) fn start() -> Timestamp {
        "2026-01-01T00:00:00Z".parse().unwrap()
    }

    pub(crate) fn import(state: State) -> Import {
        Import {
            id: 1,
            uid: Uuid::nil(),
            owner: Uuid::nil(),
            dataset: "team".into(),
            declared: None,
            number: 1,
            state,
            goal: None::<Goal>,
            run: 1,
            runs_before: 0,
            holds: false,
            validate_only: false,
            max_errors: None,
            said: ReadingRequest::default(),
            reading: None,
            object_key: "uploads/x".into(),
            object_version: None,
            object_size: 10,
            prepared: None,
            plan_version: None,
            chunk_bytes: None,
            column_order: None,
            heading_end: None,
            chunks_total: None,
            chunks_done: 0,
            rows_imported: 0,
            rows_rejected: 0,
            lines_rejected: 0,
            lines_total: None,
            bytes_done: 0,
            task_token: Some("token".into()),
            error: None,
            warnings: vec![],
            rollback: None,
            created_at: start(),
            started_at: None,
            finished_at: None,
            progressed_at: start(),
            last_stored_at: None,
            upload_expires_at: start() + SignedDuration::from_hours(2),
            pause_expires_at: None,
            run_expires_at: Some(start() + SignedDuration::from_hours(24)),
            hold_expires_at: None,
            replaces: None,
            replaced_by: None,
            swaps: None,
            completed_at: None,
            retry_of: None,
            retried_by: None,
            object_expired_at: None,
            source: None,
        }
    }

    fn no_token(import: Import) -> Import {
        Import {
            task_token: None,
            ..import
        }
    }

    fn planned(import: Import, total: i32, done: i32) -> Import {
        Import {
            chunks_total: Some(total),
            chunks_done: done,
            ..import
        }
    }

    fn in_run(import: Import, run: i32) -> Import {
        Import { run, ..import }
    }

    fn code(step: Step) -> String {
        match step {
            Step::Fail(reason) => format!("Fail({})", reason.code()),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn more_rejected_than_may_be_stops_it_before_anything_else() {
        let rejected = |state, count, max_errors| Import {
            rows_rejected: count,
            lines_rejected: count,
            lines_total: Some(100),
            max_errors,
            ..planned(import(state), 3, 2)
        };
        let step = |import: Import| code(next_step(&import, NONE, start()));
        let (five, percent) = (Some(MaxErrors::Count(5)), Some(MaxErrors::Percent(5)));
        for state in [State::Importing, State::Paused, State::Finishing] {
            let stopped = step(rejected(state, 6, five));
            assert_eq!(stopped, "StopForErrors", "{state}");
            assert_eq!(step(rejected(state, 6, percent)), stopped);
            assert_eq!(step(rejected(state, 1, Some(MaxErrors::Count(0)))), stopped);
        }
        for allowed in [five, percent, None] {
            let step = step(rejected(State::Importing, 5, allowed));
            assert_eq!(step, "Nothing");
        }
        let last_line = Import {
            lines_total: Some(99),
            ..rejected(State::Importing, 5, percent)
        };
        assert_eq!(step(last_line), "Nothing", "no break ends the last line");
        let judged_at_its_end = planned(rejected(State::Importing, 6, five), 2, 2);
        assert_eq!(step(judged_at_its_end), "AnswerToken");
        let not_planned = Import {
            lines_total: None,
            ..rejected(State::Importing, 90, percent)
        };
        assert_eq!(step(not_planned), "Nothing");
        let one_long = Import {
            rows_rejected: 1,
            ..rejected(State::Importing, 51, five)
        };
        assert_eq!(step(one_long), "StopForErrors", "a record of many lines");
        let validated = Import {
            validate_only: true,
            ..rejected(State::Importing, 6, five)
        };
        assert_eq!(step(validated), "Nothing", "judged at its end");
        let gone = rejected(State::RollingBack, 6, five);
        assert_eq!(step(gone), "RollBack");
    }

    #[test]
    fn runs_follow_each_other_in_growing_pauses() {
        for (run, pause) in [(1, 10), (2, 20), (3, 40), (4, 80)] {
            let import = in_run(import(State::Planning), run);
            let due = start() + SignedDuration::from_secs(pause);
            assert!(may_run_again(&import, due));
            assert!(!may_run_again(&import, due - SignedDuration::from_secs(1)));
        }
    }

    #[test]
    fn next_step_as_a_table() {
        use State::*;
        let late = SignedDuration::from_hours(25);
        let held_until = |hours| Import {
            hold_expires_at: Some(start() + SignedDuration::from_hours(hours)),
            ..import(Held)
        };
        let retried = |copy_begun| Import {
            source: Some(Source {
                key: "uploads/y".into(),
                version: "v".into(),
                copy_begun,
            }),
            ..import(AwaitingUpload)
        };
        let resumed = |run| Import {
            runs_before: 5,
            ..in_run(import(Planning), run)
        };
        let paused_until = |hours| Import {
            pause_expires_at: Some(start() + SignedDuration::from_hours(hours)),
            ..import(Paused)
        };
        #[rustfmt::skip]
        let table = [
            ("its object is to be copied", retried(false), NONE, FRESH, "CopyObject"),
            ("its object is being copied", retried(true), NONE, FRESH, "Nothing"),
            ("its copy or the event of it may be lost", retried(true), NONE, EVENT_LOST_AFTER, "CopyObject"),
            ("its copy never came", retried(true), NONE, SignedDuration::from_hours(2), "LastLookForObject"),
            ("its object may come any moment", import(AwaitingUpload), NONE, FRESH, "Nothing"),
            ("its event may be lost", import(AwaitingUpload), NONE, EVENT_LOST_AFTER, "LookForObject"),
            ("its upload expired", import(AwaitingUpload), NONE, SignedDuration::from_hours(2), "LastLookForObject"),
            ("pinned, no execution has reported", no_token(import(Planning)), NONE, FRESH, "StartExecution"),
            ("an execution runs, its planner never reported", no_token(import(Planning)), NONE, SILENT, "ReplaceExecution"),
            ("planner at work", import(Planning), NONE, FRESH, "Nothing"),
            ("planner at work, first chunks planned", import(Planning), WAITING, FRESH, "HandOut"),
            ("planner silent", import(Planning), NONE, SILENT, "ReplaceExecution"),
            ("planner silent in its last run", in_run(import(Planning), 5), NONE, SILENT, "CheckExecution"),
            ("no planner has reported in its last run", no_token(in_run(import(Planning), 5)), NONE, SILENT, "CheckExecution"),
            ("enough chunks are out", import(Importing), FULL, FRESH, "Nothing"),
            ("as many are out of all imports as may be", import(Importing), OTHERS_FIRST, FRESH, "Nothing"),
            ("and nothing has come of it", planned(import(Importing), 3, 1), OTHERS_FIRST, SILENT, "CheckExecution"),
            ("done before it is planned", planned(import(Planning), 1, 1), NONE, FRESH, "AnswerToken"),
            ("last chunk done", planned(import(Importing), 3, 3), NONE, FRESH, "AnswerToken"),
            ("chunks at work", planned(import(Importing), 3, 2), NONE, FRESH, "Nothing"),
            ("a message was lost", planned(import(Importing), 3, 2), WAITING, FRESH, "HandOut"),
            ("nothing committed for long", planned(import(Importing), 3, 2), NONE, SILENT, "CheckExecution"),
            ("started again, plan of an earlier run", no_token(planned(import(Importing), 3, 1)), WAITING, FRESH, "HandOut"),
            ("started again, all of it out", no_token(planned(import(Importing), 3, 1)), FULL, FRESH, "StartExecution"),
            ("started again, all places taken", no_token(planned(import(Importing), 3, 1)), OTHERS_FIRST, FRESH, "StartExecution"),
            ("past its deadline", import(Importing), WAITING, late, "Fail(run_expired)"),
            ("paused", paused_until(24), WAITING, FRESH, "Nothing"),
            ("paused and all done", planned(paused_until(24), 3, 3), NONE, SILENT, "Nothing"),
            ("pause ran out", paused_until(1), WAITING, SignedDuration::from_hours(1), "Fail(pause_expired)"),
            ("token answer lost", planned(import(Finishing), 3, 3), NONE, FRESH, "AnswerToken"),
            ("finish lost", planned(import(Finishing), 3, 3), NONE, SILENT, "CheckExecution"),
            ("finishing, started again", no_token(planned(import(Finishing), 3, 3)), NONE, FRESH, "StartExecution"),
            ("finishing, no planner reported", no_token(planned(import(Finishing), 3, 3)), NONE, SILENT, "ReplaceExecution"),
            ("finishing, none in its last run", no_token(planned(in_run(import(Finishing), 5), 3, 3)), NONE, SILENT, "CheckExecution"),
            ("cancelled by its user", import(Cancelling), WAITING, FRESH, "RollBack"),
            ("validated, its rows still there", import(Validating), WAITING, FRESH, "RollBack"),
            ("failed", import(RollingBack), WAITING, FRESH, "RollBack"),
            ("deleted by its user", import(Deleting), WAITING, FRESH, "RollBack"),
            ("rollback failed just now", import(RollbackFailed), NONE, FRESH, "Nothing"),
            ("rollback failed some time ago", import(RollbackFailed), NONE, SILENT, "RollBack"),
            ("rollback failed often", in_run(import(RollbackFailed), 40), NONE, SignedDuration::from_mins(9), "Nothing"),
            ("rollback failed often, ten minutes ago", in_run(import(RollbackFailed), 40), NONE, SignedDuration::from_mins(10), "RollBack"),
            ("resumed after it was held, planner silent", resumed(6), NONE, SILENT, "ReplaceExecution"),
            ("resumed, planner silent in its last run", resumed(10), NONE, SILENT, "CheckExecution"),
            ("held, its execution still waits", held_until(24), WAITING, FRESH, "Release"),
            ("held", no_token(held_until(24)), WAITING, SILENT, "Nothing"),
            ("held long enough", no_token(held_until(24)), WAITING, late, "EndHold"),
            ("completed", import(Completed), NONE, late, "Nothing"),
            ("failed for good", import(Failed), NONE, late, "Nothing"),
            ("validated for good", import(Validated), NONE, late, "Nothing"),
            ("cancelled for good", import(Cancelled), NONE, late, "Nothing"),
            ("deleted for good", import(Deleted), NONE, late, "Nothing"),
        ];
        for (case, import, outstanding, age, expected) in table {
            let step = next_step(&import, outstanding, start() + age);
            assert_eq!(code(step), expected, "{case}");
        }
    }
}
