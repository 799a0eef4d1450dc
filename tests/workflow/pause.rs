use serde_json::Value;

use crate::fixture::client::{Import, User, put};
use crate::fixture::stack::{sql, wait_until};
use crate::fixture::{hold, sample};

/// The first chunk that the planner does not get to while it is held up.
const HELD_UP: i32 = 2;

/// A paused import with some chunks stored, some not, and none at work.
pub fn paused_half_way(user: &User) -> Import<'_> {
    let file = sample::many_teams();
    let (import, upload) = user.ask_for_url("team", file.len());
    let planner = hold::before_chunk(&import, HELD_UP);
    assert_eq!(put(&upload, file).status, 200);
    import.until(|it| done(it) > 0);
    let paused = import.post("pause").expect(202);
    assert_eq!(paused["status"], "paused");
    assert!(paused["pause_expires_at"].is_string());
    planner.undo();
    wait_until("running chunks end, others are put back", || {
        at_work(&import) == 0
    });
    let detail = import.detail();
    assert_eq!(detail["status"], "paused");
    assert!(
        (1..=i64::from(HELD_UP)).contains(&done(&detail)),
        "{detail}"
    );
    assert!(detail["progress"]["chunks_total"].as_i64().unwrap() > i64::from(HELD_UP));
    import
}

fn done(detail: &Value) -> i64 {
    detail["progress"]["chunks_done"].as_i64().unwrap()
}

/// Chunks that are with the queue or a worker, or not planned yet. A chunk that a worker has put
/// back was queued at minus infinity.
fn at_work(import: &Import<'_>) -> i64 {
    sql::one(
        "SELECT count(*) + (SELECT count(*) FROM import WHERE uid = $1 AND chunks_total IS NULL) \
         FROM import_chunk WHERE done_at IS NULL AND queued_at > '-infinity' \
         AND import_id = (SELECT id FROM import WHERE uid = $1)",
        &[&import.uid],
    )
}

#[test]
fn a_paused_import_stands_still_and_resumes_to_its_end() {
    let user = User::new();
    let import = paused_half_way(&user);
    let before = import.detail();
    assert_eq!(import.rows_seen(), 0);
    let message = "An import in state paused cannot be paused. It is paused: resume or cancel it.";
    let body = format!(r#"{{"detail":"{message}","code":"wrong_state"}}"#);
    import.post("pause").is(409, &body);
    assert_eq!(done(&import.detail()), done(&before));
    let resumed = import.post("resume").expect(202);
    assert_eq!(resumed["status"], "importing");
    assert_eq!(resumed["pause_expires_at"], Value::Null);
    let detail = import.ends("completed");
    assert_eq!(detail["progress"]["rows_imported"], sample::MANY);
    assert_eq!(import.rows_seen(), sample::MANY);
    let records: i64 = sql::one(
        "SELECT count(DISTINCT record) FROM team \
         WHERE import_id = (SELECT id FROM import WHERE uid = $1)",
        &[&import.uid],
    );
    assert_eq!(records, sample::MANY);
}

#[test]
fn a_paused_import_can_be_cancelled() {
    let user = User::new();
    let import = paused_half_way(&user);
    import.post("cancel").expect(202);
    let detail = import.ends("cancelled");
    assert_eq!(detail["rollback"]["rows_remaining"], 0);
    assert_eq!(import.rows_stored(), 0);
}
