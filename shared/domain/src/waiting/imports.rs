use jiff::Timestamp;

use super::{Wait, silence};
use crate::import::{Import, Outstanding, State, Step, next_step, rollback_pause};
use crate::limits::{EXECUTION_CHECK_EVERY, PLANNER_SILENT_AFTER, QUIET_AFTER};

/// What the chunks of an import wait for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Queue {
    /// Those that have no receipt.
    pub outstanding: Outstanding,
    /// Of those that are out, how many no worker has had yet.
    pub untouched: i64,
    /// When the first of these was handed out.
    pub since: Option<Timestamp>,
}

/// What the import waits for at `now`; `None` while it moves, and once it is at its end.
pub fn of_import(import: &Import, queue: &Queue, now: Timestamp) -> Option<Wait> {
    match next_step(import, queue.outstanding, now) {
        Step::Nothing => without_step(import, queue, now),
        Step::CopyObject | Step::LookForObject => Some(object(import)),
        Step::LastLookForObject => Some(Wait::FileNotHere { until: None }),
        Step::Release => held(import),
        Step::EndHold | Step::StopForErrors | Step::Fail(_) => Some(Wait::AboutToEnd),
        Step::RollBack if import.state == State::RollbackFailed => {
            Some(Wait::RollbackAgain { until: None })
        }
        Step::CheckExecution => at_work(import, queue, None, now),
        Step::RollBack
        | Step::StartExecution
        | Step::ReplaceExecution
        | Step::HandOut
        | Step::AnswerToken => silence(import.progressed_at, None, now),
    }
}

fn without_step(import: &Import, queue: &Queue, now: Timestamp) -> Option<Wait> {
    match import.state {
        State::AwaitingUpload => Some(object(import)),
        State::Paused => {
            let until = import.pause_expires_at?;
            Some(Wait::PausedByUser { until })
        }
        State::Held => held(import),
        State::RollbackFailed => {
            let until = import.progressed_at + rollback_pause(import.run);
            Some(Wait::RollbackAgain { until: Some(until) })
        }
        state if state.has_execution() => at_work(import, queue, Some(looked_at(import)), now),
        _ => None,
    }
}

fn object(import: &Import) -> Wait {
    let until = import.upload_expires_at;
    match import.source {
        Some(_) => Wait::OriginalCopied { until },
        None => Wait::FileNotHere { until: Some(until) },
    }
}

fn held(import: &Import) -> Option<Wait> {
    let until = import.hold_expires_at?;
    Some(Wait::HeldForUser { until })
}

/// Its chunks wait for others', or nothing was stored for a while and it is not known why.
fn at_work(
    import: &Import,
    queue: &Queue,
    until: Option<Timestamp>,
    now: Timestamp,
) -> Option<Wait> {
    let chunks = queue.untouched;
    let waits = |since: &Timestamp| now.duration_since(*since) >= QUIET_AFTER;
    match queue.since.filter(waits) {
        // No worker has one of them.
        Some(since) if chunks == queue.outstanding.out => {
            Some(Wait::NoFreeWorker { chunks, since })
        }
        _ => silence(import.progressed_at, until, now),
    }
}

fn looked_at(import: &Import) -> Timestamp {
    let after = match import.chunks_total {
        None => PLANNER_SILENT_AFTER,
        Some(_) => EXECUTION_CHECK_EVERY,
    };
    import.progressed_at + after
}

#[cfg(test)]
mod tests;
