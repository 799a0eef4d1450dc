use jiff::{SignedDuration, Timestamp};

use super::{Export, State};
use crate::limits::{EXECUTION_CHECK_EVERY, RUNS_AT_MOST};
use crate::reason::{Reason, Subject};

/// What an export needs next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Nothing, until something happens to it or a deadline passes.
    Nothing,
    /// Start the execution of the current run.
    StartExecution,
    /// Ask whether the execution still runs; if not, raise the run and start another.
    CheckExecution,
    /// Its time is over: its file is to be removed. With a reason if this comes early.
    Expire(Option<Reason>),
    /// Stop the execution, remove what was uploaded, end in the goal.
    Remove,
    /// Fail the export with this reason.
    Fail(Reason),
}

/// What `export` needs at `now`. Only this function decides it. Every handler ends by carrying it
/// out, and `reconcile` does so each minute, as with imports.
pub fn next_step(export: &Export, now: Timestamp) -> Step {
    match export.state {
        State::Cancelled | State::Failed | State::Expired | State::Deleted => Step::Nothing,
        State::NeedsConfirmation => expire_at(Some(export.confirm_expires_at), now),
        State::Completed if !export.unchanged => Step::Expire(Some(Reason::SourceChanged)),
        State::Completed => expire_at(export.expires_at, now),
        State::Exporting => while_exporting(export, now),
        State::Cancelling | State::Failing | State::Expiring | State::Deleting => Step::Remove,
    }
}

fn expire_at(deadline: Option<Timestamp>, now: Timestamp) -> Step {
    if is_over(deadline, now) {
        Step::Expire(None)
    } else {
        Step::Nothing
    }
}

fn while_exporting(export: &Export, now: Timestamp) -> Step {
    if is_over(export.run_expires_at, now) {
        Step::Fail(Reason::RunExpired(Subject::Export))
    } else if now.duration_since(export.progressed_at) >= EXECUTION_CHECK_EVERY {
        Step::CheckExecution
    } else if export.begun_run == Some(export.run) {
        Step::Nothing
    } else {
        Step::StartExecution
    }
}

fn is_over(deadline: Option<Timestamp>, now: Timestamp) -> bool {
    deadline.is_some_and(|deadline| now >= deadline)
}

/// True if another execution may be started now, after one that ended without a result. The
/// pauses grow (10, 20, 40, 80 s); otherwise a fault of a few seconds would use up every run.
pub fn may_run_again(export: &Export, now: Timestamp) -> bool {
    let pause = SignedDuration::from_secs(5i64 << export.run.clamp(1, RUNS_AT_MOST));
    now.duration_since(export.progressed_at) >= pause
}

#[cfg(test)]
pub(crate) mod tests {
    use uuid::Uuid;

    use super::super::Estimate;
    use super::*;
    use crate::filter::StoredFilter;

    pub(crate) fn start() -> Timestamp {
        "2026-01-01T00:00:00Z".parse().unwrap()
    }

    pub(crate) fn export(state: State) -> Export {
        Export {
            id: 1,
            uid: Uuid::nil(),
            owner: Uuid::nil(),
            number: 1,
            state,
            goal: None,
            run: 2,
            begun_run: None,
            filters: StoredFilter::default(),
            dataset: "baseline".to_owned(),
            declared: None,
            gzip: false,
            guard: true,
            imports: vec![],
            unchanged: true,
            estimate: Estimate::new(0, true, 0, 0, false),
            object_key: "exports/x".into(),
            upload_id: None,
            parts_done: 0,
            rows_done: 0,
            bytes_done: 0,
            error: None,
            created_at: start(),
            started_at: None,
            finished_at: None,
            progressed_at: start(),
            last_stored_at: None,
            confirm_expires_at: start() + SignedDuration::from_hours(24),
            run_expires_at: Some(start() + SignedDuration::from_hours(48)),
            expires_at: None,
        }
    }

    fn minutes(minutes: i64) -> Timestamp {
        start() + SignedDuration::from_mins(minutes)
    }

    fn hours(hours: i64) -> Timestamp {
        minutes(hours * 60)
    }

    #[test]
    fn states_that_need_no_look_at_the_rest() {
        #[rustfmt::skip]
        let table = [
            (State::NeedsConfirmation, hours(23),  Step::Nothing),
            (State::NeedsConfirmation, hours(24),  Step::Expire(None)),
            (State::Cancelling,        start(),    Step::Remove),
            (State::Failing,           start(),    Step::Remove),
            (State::Expiring,          start(),    Step::Remove),
            (State::Deleting,          hours(999), Step::Remove),
            (State::Cancelled,         hours(999), Step::Nothing),
            (State::Failed,            hours(999), Step::Nothing),
            (State::Expired,           hours(999), Step::Nothing),
            (State::Deleted,           hours(999), Step::Nothing),
        ];
        for (state, now, expected) in table {
            assert_eq!(next_step(&export(state), now), expected, "{state} at {now}");
        }
    }

    #[test]
    fn a_writer_is_started_once_and_looked_at_when_it_is_silent() {
        #[rustfmt::skip]
        let table = [
            // run that has begun, now, expected
            (None,    start(),    Step::StartExecution),
            (Some(1), start(),    Step::StartExecution),
            (Some(2), start(),    Step::Nothing),
            (Some(2), minutes(3), Step::CheckExecution),
            (None,    minutes(3), Step::CheckExecution),
            (Some(2), hours(48),  Step::Fail(Reason::RunExpired(Subject::Export))),
            (None,    hours(48),  Step::Fail(Reason::RunExpired(Subject::Export))),
        ];
        for (begun_run, now, expected) in table {
            let exporting = export(State::Exporting);
            let export = Export {
                begun_run,
                ..exporting
            };
            assert_eq!(next_step(&export, now), expected, "{begun_run:?} at {now}");
        }
    }

    #[test]
    fn a_file_has_its_time() {
        let completed = export(State::Completed);
        let expires_at = Some(hours(100));
        let export = Export {
            expires_at,
            ..completed
        };
        assert_eq!(next_step(&export, hours(99)), Step::Nothing);
        assert_eq!(next_step(&export, hours(100)), Step::Expire(None));
    }

    #[test]
    fn a_file_goes_with_the_imports_it_is_made_of() {
        let gone = Some(Reason::SourceChanged);
        #[rustfmt::skip]
        let table = [
            // state, hours later, expected, seen as
            (State::Completed,         0,  Step::Expire(gone.clone()), State::Expiring),
            (State::Completed,         99, Step::Expire(gone),         State::Expiring),
            // It holds no rows yet.
            (State::NeedsConfirmation, 0,  Step::Nothing,              State::NeedsConfirmation),
            (State::NeedsConfirmation, 24, Step::Expire(None),         State::NeedsConfirmation),
            // The writer finds out by itself.
            (State::Exporting,         0,  Step::StartExecution,       State::Exporting),
            (State::Deleting,          0,  Step::Remove,               State::Deleting),
            (State::Expired,           0,  Step::Nothing,              State::Expired),
        ];
        for (state, later, step, seen_as) in table {
            let mut export = export(state);
            export.expires_at = Some(hours(99));
            assert_eq!(export.seen_as(), state, "unchanged");
            export.unchanged = false;
            assert_eq!(next_step(&export, hours(later)), step, "{state}");
            assert_eq!(export.seen_as(), seen_as, "{state}");
        }
    }

    #[test]
    fn pauses_between_runs_grow() {
        let mut export = export(State::Exporting);
        for (run, seconds) in [(1, 10), (2, 20), (3, 40), (5, 160), (9, 160)] {
            export.run = run;
            let at = |it| start() + SignedDuration::from_secs(it);
            assert!(may_run_again(&export, at(seconds)), "{run}");
            assert!(!may_run_again(&export, at(seconds - 1)), "{run}");
        }
    }
}
