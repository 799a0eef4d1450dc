use crate::fixture::client::{User, put};
use crate::fixture::{cloud, hold, sample};

const NOT_FOUND: &str = r#"{"detail":"Not found."}"#;
const FORBIDDEN: &str = r#"{"detail":"You do not have permission to perform this action."}"#;

#[test]
fn a_team_import_can_be_deleted_while_it_goes_on() {
    let user = User::new();
    let file = sample::many_teams();
    let (import, upload) = user.ask_for_url("team", file.len());
    let planner = hold::before_chunk(&import, sample::LAST_CHUNK);
    assert_eq!(put(&upload, file).status, 200);
    import.until(|it| it["progress"]["rows_imported"].as_i64() > Some(0));
    import.delete().is(204, "");
    user.get(&import.path).is(404, NOT_FOUND);
    user.get(&format!("{}rows/", import.path))
        .is(404, NOT_FOUND);
    import.post("cancel").is(404, NOT_FOUND);
    planner.undo();
    import.is_forgotten();
    assert_eq!(import.rows_stored(), 0);
    assert_eq!(import.count("import_chunk"), 0);
    assert_eq!(cloud::object_versions(&import.key), [""; 0]);
}

#[test]
fn a_baseline_can_be_deleted_before_and_after_but_not_while_it_goes_on() {
    let user = User::new();
    let (waiting, _) = user.ask_for_url("baseline", 1_000);
    waiting.delete().is(204, "");
    let file = sample::sales(61, 50_000);
    let (import, upload) = user.ask_for_url("baseline", file.len());
    let planner = hold::before_chunk(&import, 1);
    assert_eq!(put(&upload, &file).status, 200);
    import.until(|it| it["status"] == "importing");
    import.delete().is(403, FORBIDDEN);
    planner.undo();
    import.ends("completed");
    assert_eq!(user.sales_seen(), 50_000);
    import.delete().is(204, "");
    assert_eq!(user.sales_seen(), 0);
    user.get(&import.path).is(404, NOT_FOUND);
    import.is_forgotten();
    assert_eq!(import.rows_stored(), 0);
    assert_eq!(cloud::object_versions(&import.key), [""; 0]);
}

#[test]
fn a_finished_baseline_can_be_deleted_while_another_one_goes_on() {
    let user = User::new();
    let first = user.upload("baseline", &sample::sales(62, 20));
    first.ends("completed");
    let second = user.upload_to_url("baseline", &sample::sales(63, 40_000));
    first.delete().is(204, "");
    first.is_forgotten();
    second.ends("completed");
    assert_eq!(user.sales_seen(), 40_000);
    let list = user.get("/collect/baseline/").expect(200);
    assert_eq!(list["count"], 1);
    assert_eq!(list["results"][0]["id"], 2);
}
