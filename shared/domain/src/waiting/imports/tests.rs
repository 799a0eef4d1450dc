use jiff::SignedDuration;

use super::*;
use crate::import::Source;
use crate::import::samples::{import, start};
use crate::max_errors::MaxErrors;

const NOW: SignedDuration = SignedDuration::ZERO;
const HALF_A_MINUTE: SignedDuration = SignedDuration::from_secs(30);
const MINUTES: SignedDuration = SignedDuration::from_mins(3);
const HOURS: SignedDuration = SignedDuration::from_hours(2);
const A_DAY: SignedDuration = SignedDuration::from_hours(25);

/// Nothing of it is in the queue.
const NONE: Queue = Queue {
    outstanding: Outstanding {
        waiting: 0,
        out: 0,
        full: false,
    },
    untouched: 0,
    since: None,
};

/// Of six chunks that are out, as many were touched by no worker.
fn queued(untouched: i64) -> Queue {
    Queue {
        outstanding: Outstanding {
            waiting: 0,
            out: 6,
            full: false,
        },
        untouched,
        since: Some(start()),
    }
}

fn paused() -> Import {
    Import {
        pause_expires_at: Some(start() + HOURS),
        ..import(State::Paused)
    }
}

fn held(task_token: Option<String>) -> Import {
    Import {
        hold_expires_at: Some(start() + HOURS),
        task_token,
        ..import(State::Held)
    }
}

fn retry() -> Import {
    let source = Some(Source {
        key: "uploads/y".into(),
        version: "v".into(),
        copy_begun: true,
    });
    Import {
        source,
        ..import(State::AwaitingUpload)
    }
}

fn planned(state: State, done: i32) -> Import {
    Import {
        chunks_total: Some(3),
        chunks_done: done,
        ..import(state)
    }
}

/// What is said, with the times that are told as minutes after the start.
fn told(import: &Import, queue: &Queue, after: SignedDuration) -> String {
    let Some(wait) = of_import(import, queue, start() + after) else {
        return String::new();
    };
    let minutes = |it: Timestamp| it.duration_since(start()).as_mins();
    match wait.until() {
        Some(until) => format!("{} {}", wait.code(), minutes(until)),
        None => wait.code().to_owned(),
    }
}

#[test]
fn what_is_waited_for_as_a_table() {
    use State::*;
    let too_many = Import {
        rows_rejected: 1,
        lines_rejected: 1,
        max_errors: Some(MaxErrors::Count(0)),
        ..planned(Importing, 1)
    };
    let nameless = Import {
        task_token: None,
        ..planned(Importing, 1)
    };
    #[rustfmt::skip]
    let table = [
        ("its file is on its way",             import(AwaitingUpload),   NONE,      NOW,           "file_not_here 120"),
        ("its event may be lost",              import(AwaitingUpload),   NONE,      MINUTES,       "file_not_here 120"),
        ("its file never came",                import(AwaitingUpload),   NONE,      HOURS,         "file_not_here"),
        ("its original is copied",             retry(),                  NONE,      NOW,           "original_copied 120"),
        ("its original is copied again",       retry(),                  NONE,      MINUTES,       "original_copied 120"),
        ("its copy never came",                retry(),                  NONE,      HOURS,         "file_not_here"),
        ("being planned",                      import(Planning),         NONE,      NOW,           ""),
        ("its planner is silent",              import(Planning),         NONE,      HALF_A_MINUTE, "nothing_heard 3"),
        ("its planner is replaced",            import(Planning),         NONE,      MINUTES,       "nothing_heard"),
        ("chunks at work",                     planned(Importing, 1),    queued(5), NOW,           ""),
        ("a worker has one for long",          planned(Importing, 1),    queued(5), HALF_A_MINUTE, "nothing_heard 3"),
        ("no worker has one, yet",             planned(Importing, 1),    queued(6), NOW,           ""),
        ("no worker has one, for long",        planned(Importing, 1),    queued(6), HALF_A_MINUTE, "no_free_worker"),
        ("and its execution is looked at",     planned(Importing, 1),    queued(6), MINUTES,       "no_free_worker"),
        ("its execution is looked at",         planned(Importing, 1),    NONE,      MINUTES,       "nothing_heard"),
        ("its execution has begun",            nameless.clone(),         NONE,      NOW,           ""),
        ("its execution does not begin",       nameless,                 NONE,      HALF_A_MINUTE, "nothing_heard"),
        ("too much of it was rejected",        too_many,                 NONE,      NOW,           "about_to_end"),
        ("its run is over",                    planned(Importing, 1),    queued(6), A_DAY,         "about_to_end"),
        ("paused",                             paused(),                 queued(6), NOW,           "paused_by_user 120"),
        ("paused, and silent",                 paused(),                 NONE,      MINUTES,       "paused_by_user 120"),
        ("its pause is over",                  paused(),                 NONE,      HOURS,         "about_to_end"),
        ("held, its execution waits",          held(Some("t".into())),   NONE,      NOW,           "held_for_user 120"),
        ("held",                               held(None),               NONE,      MINUTES,       "held_for_user 120"),
        ("its hold is over",                   held(None),               NONE,      HOURS,         "about_to_end"),
        ("being proved",                       planned(Finishing, 3),    NONE,      NOW,           ""),
        ("its proof is lost",                  planned(Finishing, 3),    NONE,      MINUTES,       "nothing_heard"),
        ("being taken back",                   import(Cancelling),       NONE,      NOW,           ""),
        ("not taken back for long",            import(Cancelling),       NONE,      MINUTES,       "nothing_heard"),
        ("validated, and being taken back",    import(Validating),       NONE,      MINUTES,       "nothing_heard"),
        ("failed, and being taken back",       import(RollingBack),      NONE,      MINUTES,       "nothing_heard"),
        ("deleted, and being taken back",      import(Deleting),         NONE,      MINUTES,       "nothing_heard"),
        ("not taken back",                     import(RollbackFailed),   NONE,      NOW,           "rollback_again 2"),
        ("to be taken back again",             import(RollbackFailed),   NONE,      MINUTES,       "rollback_again"),
    ];
    for (case, import, queue, after, expected) in table {
        assert_eq!(told(&import, &queue, after), expected, "{case}");
    }
}

/// Whatever was wished for with it.
#[test]
fn an_end_waits_for_nothing_and_what_has_none_says_so_in_the_end() {
    let wishes = (0..8).map(|it| (it & 1 != 0, it & 2 != 0, (it & 4 != 0).then_some(1)));
    for (holds, validate_only, swaps) in wishes {
        for &state in State::ALL {
            let import = Import {
                holds,
                validate_only,
                swaps,
                pause_expires_at: Some(start() + HOURS),
                hold_expires_at: Some(start() + HOURS),
                ..import(state)
            };
            for queue in [NONE, queued(6)] {
                for after in [NOW, HALF_A_MINUTE, MINUTES, HOURS, A_DAY] {
                    let told = told(&import, &queue, after);
                    assert!(!state.is_end() || told.is_empty(), "{state} {told}");
                    let silent = state.is_end() || after == NOW;
                    assert!(silent || !told.is_empty(), "{state} {after}");
                }
            }
        }
    }
}
