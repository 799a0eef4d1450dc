//! Transient faults: the work is done again, and the import does not notice.

use crate::fixture::client::{User, put};
use crate::fixture::stack::{sql, wait_until};
use crate::fixture::{hold, sample};

/// Ends the session that waits for this transaction, as a restart of the server would.
fn end_session_that_waits_for(held_up: &sql::Open) {
    let ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
         WHERE $1 = ANY(pg_blocking_pids(pid))";
    wait_until("its session is ended", || {
        !sql::rows(ended, &[&held_up.pid()]).is_empty()
    });
}

#[test]
fn a_planner_that_loses_its_session_is_tried_again_within_its_run() {
    let user = User::new();
    let file = sample::many_teams();
    let (import, upload) = user.ask_for_url("team", file.len());
    let planner = hold::before_chunk(&import, 2);
    assert_eq!(put(&upload, file).status, 200);
    end_session_that_waits_for(&planner);
    planner.undo();
    import.ends("completed");
    assert_eq!(import.run(), 1);
    assert_eq!(import.rows_seen(), sample::MANY);
    assert_eq!(import.rows_stored(), sample::MANY);
}

#[test]
fn a_worker_that_loses_its_session_tries_again_and_the_lost_attempt_does_not_count() {
    let user = User::new();
    let file = sample::teams(151, 100);
    let (import, upload) = user.ask_for_url("team", file.len());
    let worker = sql::Open::begin(
        "INSERT INTO team (import_id, record, team_name, manager_name, manager_phone_number) \
         SELECT id, 1, '', '', '' FROM import WHERE uid = $1",
        &[&import.uid],
    );
    assert_eq!(put(&upload, &file).status, 200);
    end_session_that_waits_for(&worker);
    worker.undo();
    import.ends("completed");
    let tries: i32 = sql::one(
        "SELECT attempts FROM import_chunk WHERE import_id = (SELECT id FROM import WHERE uid = $1)",
        &[&import.uid],
    );
    assert_eq!(
        tries, 1,
        "the attempt whose session was ended does not count"
    );
    assert_eq!(import.rows_stored(), 100);
}
