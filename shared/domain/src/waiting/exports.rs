use jiff::Timestamp;

use super::{Wait, silence};
use crate::export::{Export, State, Step, next_step};
use crate::limits::EXECUTION_CHECK_EVERY;

/// What the export waits for at `now`; `None` while it moves, and once nothing happens to it but the
/// end of its time.
pub fn of_export(export: &Export, now: Timestamp) -> Option<Wait> {
    let looked_at = export.progressed_at + EXECUTION_CHECK_EVERY;
    match next_step(export, now) {
        Step::Nothing => match export.state {
            State::NeedsConfirmation => Some(Wait::NotConfirmed {
                until: export.confirm_expires_at,
            }),
            State::Exporting => silence(export.progressed_at, Some(looked_at), now),
            _ => None,
        },
        Step::Expire(_) | Step::Fail(_) => Some(Wait::AboutToEnd),
        Step::StartExecution | Step::CheckExecution | Step::Remove => {
            silence(export.progressed_at, None, now)
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;
    use crate::export::samples::{export, start};

    #[test]
    fn what_is_waited_for_as_a_table() {
        use State::*;
        let begun = |state| Export {
            begun_run: Some(2),
            ..export(state)
        };
        let gone = Export {
            unchanged: false,
            ..export(Completed)
        };
        #[rustfmt::skip]
        let table = [
            // export, seconds later, code
            (export(NeedsConfirmation), 0,         "not_confirmed"),
            (export(NeedsConfirmation), 24 * 3600, "about_to_end"),
            (export(Exporting),         0,         ""),
            (export(Exporting),         30,        "nothing_heard"),
            (begun(Exporting),          29,        ""),
            (begun(Exporting),          30,        "nothing_heard"),
            (begun(Exporting),          180,       "nothing_heard"),
            (begun(Exporting),          48 * 3600, "about_to_end"),
            (export(Completed),         99_999,    ""),
            (gone,                      0,         "about_to_end"),
            (export(Cancelling),        0,         ""),
            (export(Cancelling),        60,        "nothing_heard"),
            (export(Failing),           60,        "nothing_heard"),
            (export(Expiring),          60,        "nothing_heard"),
            (export(Deleting),          60,        "nothing_heard"),
            (export(Cancelled),         99_999,    ""),
            (export(Failed),            99_999,    ""),
            (export(Expired),           99_999,    ""),
            (export(Deleted),           99_999,    ""),
        ];
        for (export, seconds, expected) in table {
            let now = start() + SignedDuration::from_secs(seconds);
            let wait = of_export(&export, now);
            let code = wait.map_or("", |it| it.code());
            assert_eq!(code, expected, "{} after {seconds} s", export.state);
        }
    }

    #[test]
    fn a_writer_that_has_begun_is_looked_at_after_its_silence() {
        let writing = Export {
            begun_run: Some(2),
            ..export(State::Exporting)
        };
        let minute = SignedDuration::from_mins(1);
        let wait = of_export(&writing, start() + minute).unwrap();
        assert_eq!(wait.until(), Some(start() + minute * 3));
    }
}
