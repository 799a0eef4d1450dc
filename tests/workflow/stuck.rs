//! Every way to be stuck that `docs/runbook/stuck.md` lists and no other file tests: what reconcile
//! makes of it.

use domain::limits::RUNS_AT_MOST;
use domain::plan::PLAN_VERSION;
use serde_json::json;
use uuid::Uuid;

use super::alarms::a_fault_is_told;
use super::lost::reconcile;
use super::pause;
use crate::fixture::client::{Import, User, put};
use crate::fixture::stack::{sql, wait_until};
use crate::fixture::{cloud, hold, sample};

const IMPORTS: &str = "IMPORT_STATE_MACHINE_ARN";
const ROLLBACKS: &str = "ROLLBACK_STATE_MACHINE_ARN";

/// Teams of one chunk.
const FEW: u64 = 300;

/// Makes the import look as if it had made no progress for ten minutes.
fn silent(import: &Import<'_>) {
    sql::change(
        "UPDATE import SET progressed_at = now() - interval '10 minutes' WHERE uid = $1",
        &[&import.uid],
    );
}

fn is(import: &Import<'_>, state: &str) {
    wait_until(state, || import.state() == state);
}

fn completes(import: &Import<'_>, rows: i64) {
    import.ends("completed");
    assert_eq!(import.rows_seen(), rows);
    assert_eq!(import.rows_stored(), rows);
}

/// An import whose chunks are all done and whose token is taken but not answered, as if the
/// function that took it had died. Its only chunk was at work when it was paused.
fn finishing_unanswered(user: &User) -> Import<'_> {
    let file = sample::teams(123, FEW);
    let (import, upload) = user.ask_for_url("team", file.len());
    let worker = sql::Open::begin(
        "INSERT INTO team (import_id, record, team_name, manager_name, manager_phone_number) \
         SELECT id, 1, '', '', '' FROM import WHERE uid = $1",
        &[&import.uid],
    );
    assert_eq!(put(&upload, &file).status, 200);
    let waits = "SELECT count(*) FROM pg_stat_activity WHERE $1 = ANY(pg_blocking_pids(pid))";
    wait_until("its worker waits", || {
        sql::one::<i64>(waits, &[&worker.pid()]) == 1
    });
    import.until(|it| it["progress"]["chunks_total"] == json!(1));
    import.post("pause").expect(202);
    worker.undo();
    import.until(|it| it["progress"]["chunks_done"] == json!(1));
    sql::change(
        "UPDATE import SET state = 'finishing', pause_expires_at = NULL WHERE uid = $1",
        &[&import.uid],
    );
    import
}

#[test]
fn an_import_whose_execution_never_started_is_started() {
    let user = User::new();
    let file = sample::teams(121, 150);
    // It names no import, or start-import would delete it.
    let key = format!("uploads/team/file-{}.csv", Uuid::now_v7());
    cloud::put_object(&key, &file);
    let version = cloud::object_versions(&key).remove(0);
    let (import, _) = user.ask_for_url("team", file.len());
    // As start-import leaves it if it dies after its UPDATE.
    sql::change(
        "UPDATE import SET state = 'planning', object_key = $2, object_version = $3, \
         plan_version = $4, chunk_bytes = 4194304, \
         started_at = now(), run_expires_at = now() + interval '1 day' WHERE uid = $1",
        &[&import.uid, &key, &version, &PLAN_VERSION],
    );
    reconcile();
    completes(&import, 150);
}

#[test]
fn an_import_whose_execution_failed_is_started_again() {
    let user = User::new();
    let import = pause::paused_half_way(&user);
    let token: String = sql::one(
        "SELECT task_token FROM import WHERE uid = $1",
        &[&import.uid],
    );
    cloud::fail_task(&token);
    let name = format!("import-{}-1", import.uid);
    wait_until("its execution has failed", || {
        cloud::execution(IMPORTS, &name) == "FAILED"
    });
    import.post("resume").expect(202);
    is(&import, "finishing");
    silent(&import);
    reconcile();
    completes(&import, sample::MANY);
    assert!(import.run() > 1);
}

#[test]
fn an_import_whose_execution_is_unknown_is_started_again() {
    let user = User::new();
    let import = pause::paused_half_way(&user);
    let first = format!("import-{}-1", import.uid);
    // As if it had been deleted by hand: there is no execution with the name of this run.
    sql::change(
        "UPDATE import SET run = 3, task_token = 'of-no-execution' WHERE uid = $1",
        &[&import.uid],
    );
    import.post("resume").expect(202);
    is(&import, "finishing");
    silent(&import);
    reconcile();
    completes(&import, sample::MANY);
    assert!(import.run() > 3);
    cloud::stop_execution(IMPORTS, &first);
}

#[test]
fn a_planner_gone_silent_is_replaced() {
    let user = User::new();
    let file = sample::many_teams();
    let (import, upload) = user.ask_for_url("team", file.len());
    let planner = hold::before_chunk(&import, 1);
    assert_eq!(put(&upload, file).status, 200);
    import.until(|it| it["progress"]["chunks_done"] == json!(1));
    silent(&import);
    reconcile();
    assert_eq!(import.run(), 2);
    let first = format!("import-{}-1", import.uid);
    assert_eq!(cloud::execution(IMPORTS, &first), "ABORTED");
    planner.undo();
    completes(&import, sample::MANY);
}

/// An import whose planner is held up in the last run that it may have, after its first chunk.
fn in_its_last_run(user: &User) -> (Import<'_>, sql::Open) {
    let file = sample::many_teams();
    let (import, upload) = user.ask_for_url("team", file.len());
    let last = "UPDATE import SET run = $2 WHERE uid = $1";
    sql::change(last, &[&import.uid, &RUNS_AT_MOST]);
    let planner = hold::before_chunk(&import, 1);
    assert_eq!(put(&upload, file).status, 200);
    import.until(|it| it["progress"]["chunks_done"] == json!(1));
    silent(&import);
    (import, planner)
}

/// It may be that Lambda or the database has no room for a planner: the execution tries for hours.
#[test]
fn a_planner_gone_silent_in_its_last_run_is_waited_for() {
    let user = User::new();
    let (import, planner) = in_its_last_run(&user);
    reconcile();
    let last = format!("import-{}-{RUNS_AT_MOST}", import.uid);
    assert_eq!(cloud::execution(IMPORTS, &last), "RUNNING");
    assert_eq!(import.run(), RUNS_AT_MOST);
    planner.undo();
    completes(&import, sample::MANY);
    assert_eq!(import.run(), RUNS_AT_MOST);
}

/// Its user may import the same file again.
#[test]
fn an_import_whose_last_execution_is_lost_fails_and_is_retried() {
    let user = User::new();
    let (import, planner) = in_its_last_run(&user);
    let last = format!("import-{}-{RUNS_AT_MOST}", import.uid);
    cloud::stop_execution(IMPORTS, &last);
    reconcile();
    planner.undo();
    let detail = import.ends("failed");
    assert_eq!(detail["error"]["code"], "execution_lost", "{detail}");
    a_fault_is_told(&import, "execution_lost");
    assert_eq!(import.rows_stored(), 0);
    let again = Import::of(&user, "team", &import.post("retry").expect(201));
    completes(&again, sample::MANY);
}

#[test]
fn a_token_answer_that_was_lost_is_given_again() {
    let user = User::new();
    let import = finishing_unanswered(&user);
    reconcile();
    completes(&import, FEW as i64);
    assert_eq!(import.run(), 1);
}

#[test]
fn an_execution_that_waits_on_another_token_is_replaced_while_finishing() {
    let user = User::new();
    let import = finishing_unanswered(&user);
    sql::change(
        "UPDATE import SET task_token = 'of-no-execution' WHERE uid = $1",
        &[&import.uid],
    );
    silent(&import);
    reconcile();
    completes(&import, FEW as i64);
    assert!(import.run() > 1);
    let first = format!("import-{}-1", import.uid);
    assert_eq!(cloud::execution(IMPORTS, &first), "ABORTED");
}

#[test]
fn a_cancel_that_crashed_after_its_update_is_carried_out() {
    let user = User::new();
    let import = pause::paused_half_way(&user);
    sql::change(
        "UPDATE import SET state = 'cancelling', goal = 'cancelled' WHERE uid = $1",
        &[&import.uid],
    );
    reconcile();
    let detail = import.ends("cancelled");
    assert_eq!(detail["rollback"]["rows_remaining"], 0);
    assert_eq!(import.rows_stored(), 0);
    let name = format!("import-{}-1", import.uid);
    assert_eq!(cloud::execution(IMPORTS, &name), "ABORTED");
}

#[test]
fn a_rollback_that_died_in_the_middle_is_done_again() {
    let user = User::new();
    let import = pause::paused_half_way(&user);
    let held_up = sql::Open::begin(
        "SELECT FROM team WHERE import_id = (SELECT id FROM import WHERE uid = $1) \
         ORDER BY record DESC LIMIT 1 FOR UPDATE",
        &[&import.uid],
    );
    import.post("cancel").expect(202);
    let slices = "SELECT count(*) FROM import WHERE uid = $1 AND rows_deleted > 0";
    wait_until("some slices are gone", || {
        sql::one::<i64>(slices, &[&import.uid]) == 1
    });
    let name = format!("rollback-{}-1", import.uid);
    cloud::stop_execution(ROLLBACKS, &name);
    assert_eq!(cloud::execution(ROLLBACKS, &name), "ABORTED");
    let waiting = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
         WHERE application_name = 'rollback-import' AND $1 = ANY(pg_blocking_pids(pid))";
    wait_until("its session is ended", || {
        !sql::rows(waiting, &[&held_up.pid()]).is_empty()
    });
    held_up.undo();
    assert!(import.rows_stored() > 0, "it died in the middle");
    reconcile();
    is(&import, "rollback_failed");
    silent(&import);
    reconcile();
    is(&import, "cancelled");
    assert!(import.run() > 1);
    assert_eq!(import.detail()["rollback"]["rows_remaining"], 0);
    assert_eq!(import.rows_stored(), 0);
}

#[test]
fn a_pause_past_its_deadline_is_rolled_back() {
    let user = User::new();
    let import = pause::paused_half_way(&user);
    sql::change(
        "UPDATE import SET pause_expires_at = now() WHERE uid = $1",
        &[&import.uid],
    );
    reconcile();
    let detail = import.ends("failed");
    assert_eq!(detail["error"]["code"], "pause_expired");
    assert_eq!(import.rows_stored(), 0);
}

#[test]
fn a_dead_letter_of_a_chunk_that_was_tried_often_fails_its_import() {
    let user = User::new();
    let import = pause::paused_half_way(&user);
    // Tried five times, and its message has become a dead letter.
    let chunk: i32 = sql::one(
        "WITH tried AS (UPDATE import_chunk SET attempts = 5, queued_at = now() \
             WHERE done_at IS NULL AND import_id = (SELECT id FROM import WHERE uid = $1) \
             RETURNING number) SELECT min(number) FROM tried",
        &[&import.uid],
    );
    sql::change(
        "UPDATE import SET state = 'importing', pause_expires_at = NULL WHERE uid = $1",
        &[&import.uid],
    );
    let letter = json!({"import": import.uid, "chunk": chunk});
    cloud::send_message("DEAD_LETTER_QUEUE_URL", &letter);
    let detail = import.ends("failed");
    assert_eq!(detail["error"]["code"], "chunk_failed");
    assert_eq!(import.rows_stored(), 0);
}

/// Its object is deleted by hand: no number of attempts brings it back.
#[test]
fn an_import_whose_object_is_gone_fails_at_once() {
    let user = User::new();
    let import = pause::paused_half_way(&user);
    cloud::delete_versions(&import.key);
    import.post("resume").expect(202);
    let detail = import.ends("failed");
    assert_eq!(detail["error"]["code"], "object_gone");
    assert_eq!(import.rows_stored(), 0);
}

#[test]
fn what_a_deleted_import_left_is_swept() {
    let user = User::new();
    let import = user.upload("team", &sample::teams(122, 20));
    import.ends("completed");
    import.delete().is(204, "");
    import.is_forgotten();
    // As if it was sent to the URL after the delete and its event was lost. start-import would
    // delete it, so it is stored under a key that names no import.
    let key = format!("uploads/team/late-{}.csv", Uuid::now_v7());
    cloud::put_object(&key, b"late");
    sql::change(
        "UPDATE import SET object_key = $2, finished_at = now() - interval '2 hours', \
         upload_expires_at = now() - interval '1 hour' WHERE uid = $1",
        &[&import.uid, &key],
    );
    sql::change(
        "INSERT INTO import_chunk \
             (import_id, number, byte_start, byte_end, first_record, first_line, records, lines) \
         SELECT id, 0, 0, 0, 0, 0, 0, 0 FROM import WHERE uid = $1",
        &[&import.uid],
    );
    wait_until("it is swept", || {
        reconcile();
        cloud::object_versions(&key).is_empty()
    });
    wait_until("its plan is gone", || import.count("import_chunk") == 0);
    let swept: bool = sql::one(
        "SELECT swept_at IS NOT NULL FROM import WHERE uid = $1",
        &[&import.uid],
    );
    assert!(swept);
}
