use serde_json::Value;

use crate::fixture::client::{Import, User, put};
use crate::fixture::stack::{sql, wait_until};
use crate::fixture::{cloud, hold, sample};

const WRONG_STATE: &str = r#"{"detail":"An import in state cancelled cannot be cancelled. It is cancelled and none of its rows are left: retry it, replace it by another file, or delete it.","code":"wrong_state"}"#;

#[test]
fn a_team_import_that_is_cancelled_half_way_leaves_nothing() {
    let user = User::new();
    let file = sample::many_teams();
    let (import, upload) = user.ask_for_url("team", file.len());
    // The other chunks are under way when the cancel comes.
    let planner = hold::before_chunk(&import, sample::LAST_CHUNK);
    assert_eq!(put(&upload, file).status, 200);
    import.until(|it| stored(it) > 0);
    let answer = import.post("cancel").expect(202);
    assert!(is_cancelled(&answer), "{answer}");
    planner.undo();
    assert!(is_cancelled(&import.detail()));
    assert_eq!(import.rows_seen(), 0);
    let detail = import.ends("cancelled");
    proves_that_nothing_is_left(&import, &detail);
    assert_eq!(import.rows_seen(), 0);
    is_stopped(&import);
    assert!(stored(&detail) < sample::MANY, "it was cancelled half-way");
    import.post("cancel").is(409, WRONG_STATE);
    is_deleted_for_good(&user, &import);
}

/// Both states are right: the rollback may have ended before the answer was written.
fn is_cancelled(detail: &Value) -> bool {
    detail["status"] == "cancelling" || detail["status"] == "cancelled"
}

fn stored(detail: &Value) -> i64 {
    detail["progress"]["rows_imported"].as_i64().unwrap()
}

fn proves_that_nothing_is_left(import: &Import<'_>, detail: &Value) {
    let proof = &detail["rollback"];
    assert_eq!(proof["rows_remaining"], 0);
    let deleted = proof["rows_deleted"].as_i64().unwrap();
    assert!(deleted > 0 && deleted < sample::MANY, "{proof}");
    assert_eq!(import.rows_stored(), 0);
    assert_eq!(detail["progress"]["percent"], 0);
    assert_eq!(detail["progress"]["rows_visible"], 0);
}

fn is_stopped(import: &Import<'_>) {
    let name = format!("import-{}-1", import.uid);
    assert_eq!(cloud::import_execution(&name), "ABORTED");
}

fn is_deleted_for_good(user: &User, import: &Import<'_>) {
    assert_eq!(cloud::object_versions(&import.key).len(), 1);
    let hidden = user.get("/collect/team/").expect(200);
    assert_eq!(hidden["count"], 0, "the list leaves out cancelled imports");
    let shown = user.get("/collect/team/?status=cancelled").expect(200);
    assert_eq!(shown["count"], 1);
    import.delete().is(204, "");
    user.get(&import.path).is(404, r#"{"detail":"Not found."}"#);
    import.delete().is(404, r#"{"detail":"Not found."}"#);
    import.is_forgotten();
    assert_eq!(cloud::object_versions(&import.key), [""; 0]);
    assert_eq!(import.rows_stored(), 0);
    assert_eq!(import.count("import_chunk"), 0);
    let all = user.get("/collect/team/?status=all").expect(200);
    assert_eq!(all["count"], 0);
}

#[test]
fn a_cancelled_baseline_makes_room_for_another_at_once() {
    let user = User::new();
    let file = sample::sales(51, 50_000);
    let (import, upload) = user.ask_for_url("baseline", file.len());
    let planner = hold::before_chunk(&import, 1);
    assert_eq!(put(&upload, &file).status, 200);
    import.until(|it| it["status"] == "importing");
    import.post("cancel").expect(202);
    planner.undo();
    let next = user.upload("baseline", &sample::sales(52, 50));
    next.ends("completed");
    let detail = import.ends("cancelled");
    assert_eq!(detail["rollback"]["rows_remaining"], 0);
    assert_eq!(import.rows_stored(), 0);
    assert_eq!(user.sales_seen(), 50);
}

#[test]
fn an_import_that_awaits_its_upload_can_be_cancelled() {
    let user = User::new();
    let file = sample::teams(53, 10);
    let (import, upload) = user.ask_for_url("team", file.len());
    import.post("cancel").expect(202);
    import.ends("cancelled");
    // The URL still works, but its import is cancelled: what is stored is deleted.
    put(&upload, &file);
    let gone = || cloud::object_versions(&import.key).is_empty();
    wait_until("the object is gone", gone);
    assert_eq!(import.detail()["status"], "cancelled");
    assert_eq!(import.rows_stored(), 0);
}

#[test]
fn a_completed_import_is_cancelled_with_its_proof() {
    let user = User::new();
    let import = user.upload("baseline", &sample::sales(54, 10));
    import.ends("completed");
    for (command, participle) in [("pause", "paused"), ("resume", "resumed")] {
        let detail = format!(
            "An import in state completed cannot be {participle}. \
             Its rows are visible: cancel it to take them back, or replace it by another file."
        );
        let body = format!(r#"{{"detail":"{detail}","code":"wrong_state"}}"#);
        import.post(command).is(409, &body);
    }
    assert_eq!(user.sales_seen(), 10);
    let answer = import.post("cancel").expect(202);
    assert!(is_cancelled(&answer), "{answer}");
    assert_eq!(user.sales_seen(), 0);
    let detail = import.ends("cancelled");
    proves_that_nothing_is_left(&import, &detail);
    assert_eq!(detail["rollback"]["rows_deleted"], 10);
    let counts = "SELECT (SELECT count(*) FROM import_day d JOIN import i ON i.id = d.import_id \
         WHERE i.uid = $1) + (SELECT count(*) FROM owner_sum s JOIN import i ON i.owner = s.owner \
         WHERE i.uid = $1)";
    assert_eq!(sql::one::<i64>(counts, &[&import.uid]), 0);
}
