//! The row as the domain knows it, so that the domain's own functions decide.

use domain::import::{Import, Source, State};
use domain::limits::RUNS_AT_MOST;
use domain::reading::ReadingRequest;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::row::{AWAITS, Age, CHUNKS, OriginalCopy, Row};
use crate::system::LAST_RUN;

/// `progressed_at` of every row.
const PROGRESSED: Timestamp = Timestamp::UNIX_EPOCH;

/// The time when the row's last progress has this age: `Soon` is after every pause between two
/// runs, `Silent` after everything that is waited for.
pub fn now(age: Age) -> Timestamp {
    PROGRESSED
        + match age {
            Age::Fresh => SignedDuration::ZERO,
            Age::Soon => SignedDuration::from_mins(2),
            Age::Silent => SignedDuration::from_mins(10),
        }
}

/// The last run of the model is the last the domain allows.
fn real_run(run: u8) -> i32 {
    match run < LAST_RUN {
        true => i32::from(run),
        false => RUNS_AT_MOST + i32::from(run - LAST_RUN),
    }
}

fn deadline(is_over: bool) -> Timestamp {
    match is_over {
        true => PROGRESSED,
        false => PROGRESSED + SignedDuration::from_hours(1000),
    }
}

/// `row` as the domain reads it. Its run has no deadline, because promise 3 must not depend on one.
pub fn import(row: &Row) -> Import {
    Import {
        id: 1,
        uid: Uuid::nil(),
        owner: Uuid::nil(),
        dataset: String::new(),
        declared: None,
        number: 1,
        state: row.state,
        goal: row.goal,
        run: real_run(row.runs_used()),
        object_key: String::new(),
        object_version: None,
        object_size: 1,
        prepared: None,
        plan_version: None,
        chunk_bytes: None,
        column_order: None,
        heading_end: None,
        chunks_total: row.planned.then_some(CHUNKS as i32),
        chunks_done: i32::from(row.chunks_done),
        rows_imported: i64::from(row.chunks_done),
        rows_rejected: 0,
        lines_rejected: 0,
        lines_total: None,
        bytes_done: 0,
        task_token: row.token.map(|_| String::new()),
        error: None,
        warnings: Vec::new(),
        rollback: None,
        created_at: PROGRESSED,
        started_at: None,
        finished_at: None,
        progressed_at: PROGRESSED,
        last_stored_at: None,
        upload_expires_at: deadline(row.wait_is_over),
        pause_expires_at: (row.state == State::Paused).then(|| deadline(row.wait_is_over)),
        run_expires_at: None,
        max_errors: None,
        said: ReadingRequest::default(),
        reading: None,
        runs_before: 0,
        holds: false,
        validate_only: row.validates,
        hold_expires_at: (row.state == State::Held).then(|| deadline(row.wait_is_over)),
        replaces: None,
        replaced_by: None,
        swaps: None,
        completed_at: None,
        retry_of: None,
        retried_by: None,
        object_expired_at: None,
        source: source(row),
    }
}

fn source(row: &Row) -> Option<Source> {
    let of = |copy_begun| Source {
        key: String::new(),
        version: String::new(),
        copy_begun,
    };
    match row.copy {
        OriginalCopy::None => None,
        OriginalCopy::Asked => Some(of(false)),
        OriginalCopy::Begun => Some(of(true)),
    }
}

/// An import that has used this many runs; nothing else of it matters.
pub fn of_runs_used(run: u8) -> Import {
    let row = Row { run, ..AWAITS };
    import(&row)
}
