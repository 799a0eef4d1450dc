//! A failed import that waits to be resumed, and one that is replaced by a corrected file.

use serde_json::{Value, json};

use super::lost::reconcile;
use super::pause;
use crate::fixture::client::{Import, User, put};
use crate::fixture::stack::{sql, wait_until};
use crate::fixture::{cloud, hold, sample};

/// A held import: it failed half-way, its plan unfinished, its planner still at work.
fn held_half_way(user: &User) -> Import<'_> {
    let file = sample::many_teams();
    let body = json!({"filename": "teams.csv", "size": file.len()});
    let answer = user.post_json("/collect/team/?on_failure=hold", &body);
    let object = answer.expect(201);
    let import = Import::of(user, "team", &object);
    let planner = hold::before_chunk(&import, 2);
    assert_eq!(put(&object["upload"], file).status, 200);
    import.until(|it| it["progress"]["chunks_done"].as_i64() > Some(0));
    sql::change(
        "UPDATE import SET run_expires_at = now() WHERE uid = $1",
        &[&import.uid],
    );
    reconcile();
    let detail = import.ends("held");
    planner.undo();
    assert_eq!(detail["error"]["code"], "run_expired");
    assert!(detail["hold_expires_at"].is_string());
    import
}

#[test]
fn a_held_import_is_planned_and_imported_to_its_end_when_it_is_resumed() {
    let user = User::new();
    let import = held_half_way(&user);
    let name = format!("import-{}-1", import.uid);
    wait_until("its execution is stopped", || {
        cloud::import_execution(&name) != "RUNNING"
    });
    assert_eq!(import.rows_seen(), 0);
    assert!(import.rows_stored() > 0);
    let resumed = import.post("resume").expect(202);
    assert_eq!(resumed["error"], Value::Null);
    assert_eq!(resumed["hold_expires_at"], Value::Null);
    let detail = import.ends("completed");
    assert_eq!(import.run(), 2);
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
fn a_hold_past_its_deadline_is_rolled_back() {
    let user = User::new();
    let import = held_half_way(&user);
    sql::change(
        "UPDATE import SET hold_expires_at = now() WHERE uid = $1",
        &[&import.uid],
    );
    reconcile();
    let detail = import.ends("failed");
    assert_eq!(detail["error"]["code"], "run_expired");
    assert_eq!(detail["rollback"]["rows_remaining"], 0);
    assert_eq!(import.rows_stored(), 0);
}

#[test]
fn a_bad_file_fails_although_it_was_to_be_held() {
    let user = User::new();
    let answer = user.send("/collect/team/?on_failure=hold", "x.csv", b"a,b\n1,2\n");
    let import = Import::of(&user, "team", &answer.expect(201));
    let detail = import.ends("failed");
    assert_eq!(detail["error"]["code"], "bad_heading");
}

#[test]
fn a_corrected_file_replaces_an_import_that_is_half_way() {
    let user = User::new();
    let old = pause::paused_half_way(&user);
    let path = format!("{}replace/", old.path);
    let answer = user.send(&path, "corrected.csv", &sample::teams(55, 60));
    let object = answer.expect(201);
    let new = Import::of(&user, "team", &object);
    assert_eq!(object["replaces"], old.detail()["id"]);
    assert_eq!(old.detail()["replaced_by"], object["id"]);
    assert_eq!(old.rows_seen(), 0);
    new.ends("completed");
    assert_eq!(new.rows_seen(), 60);
    let detail = old.ends("cancelled");
    assert_eq!(detail["rollback"]["rows_remaining"], 0);
    assert_eq!(old.rows_stored(), 0);
    // The place of the old import is that of the new one now: its rows go when others come.
    let again = user.send(&path, "again.csv", &sample::teams(58, 7));
    let object = again.expect(201);
    assert_eq!(object["swaps"], new.detail()["id"]);
    let third = Import::of(&user, "team", &object);
    third.ends("completed");
    assert_eq!((new.rows_seen(), third.rows_seen()), (0, 7));
    new.ends("cancelled");
}

/// Only one baseline may be active, and yet the replacement starts at once.
#[test]
fn a_baseline_is_replaced_by_one_call() {
    let user = User::new();
    let file = sample::sales(56, 50_000);
    let (old, upload) = user.ask_for_url("baseline", file.len());
    let planner = hold::before_chunk(&old, 1);
    assert_eq!(put(&upload, &file).status, 200);
    old.until(|it| it["status"] == "importing");
    user.send("/collect/baseline/", "sales.csv", &sample::sales(57, 5))
        .expect(403);
    let path = format!("{}replace/", old.path);
    let answer = user.send(&path, "sales.csv", &sample::sales(57, 5));
    planner.undo();
    Import::of(&user, "baseline", &answer.expect(201)).ends("completed");
    assert_eq!(user.sales_seen(), 5);
    old.ends("cancelled");
    assert_eq!(old.rows_stored(), 0);
}

/// The rows of the old file are seen until those of the corrected one are, and the exported file of
/// them goes with them.
#[test]
fn a_corrected_file_replaces_what_is_completed() {
    let user = User::new();
    let old = user.upload("baseline", &sample::sales(59, 12));
    old.ends("completed");
    let export = user.post_json("/collect/exports/", &json!({})).expect(201);
    let export = format!("/collect/exports/{}/", export["id"]);
    wait_until("the export is whole", || {
        user.get(&export).expect(200)["status"] == "completed"
    });
    let path = format!("{}replace/", old.path);
    let bad = user.send(&path, "bad.csv", b"a,b\n1,2\n").expect(201);
    assert_eq!(bad["removes_exports"], json!([1]));
    let bad = Import::of(&user, "baseline", &bad);
    bad.ends("failed");
    assert_eq!(user.sales_seen(), 12, "nothing is lost by a bad file");
    let path = format!("{}replace/", bad.path);
    let answer = user.send(&path, "good.csv", &sample::sales(60, 5));
    let object = answer.expect(201);
    let links = (&object["replaces"], &object["swaps"]);
    assert_eq!(links, (&bad.detail()["id"], &old.detail()["id"]));
    let new = Import::of(&user, "baseline", &object);
    while new.detail()["status"] != "completed" {
        let seen = user.sales_seen();
        assert!([12, 5].contains(&seen), "{seen} rows are seen");
    }
    assert_eq!(user.sales_seen(), 5);
    let detail = old.ends("cancelled");
    assert_eq!(detail["rollback"]["rows_deleted"], 12);
    assert_eq!(detail["replaced_by"], object["id"]);
    let gone = user.get(&export).expect(200);
    assert_eq!(gone["download"], Value::Null);
    assert_ne!(gone["status"], "completed");
}

/// Only one baseline may be active: the held one has to wait for the other.
#[test]
fn a_held_baseline_is_not_resumed_while_another_is_active() {
    let user = User::new();
    let (held, _) = user.ask_for_url("baseline", 1_000);
    sql::change(
        "UPDATE import SET state = 'held', hold_expires_at = now() + interval '1 day' \
         WHERE uid = $1",
        &[&held.uid],
    );
    let (other, _) = user.ask_for_url("baseline", 1_000);
    assert_eq!(held.post("resume").names_active_baseline(), 2);
    let path = format!("{}replace/", held.path);
    let replaced = user.send(&path, "sales.csv", b"x");
    assert_eq!(replaced.names_active_baseline(), 2);
    assert_eq!(held.detail()["status"], "held");
    other.post("cancel").expect(202);
    held.delete().is(204, "");
    held.is_forgotten();
}
