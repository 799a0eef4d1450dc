//! What comes a second time, or late.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::fixture::client::{Import, User};
use crate::fixture::events::event;
use crate::fixture::stack::sql;
use crate::fixture::{cloud, sample};

#[test]
fn an_object_created_event_that_comes_again_changes_nothing() {
    let user = User::new();
    let import = user.upload("team", &sample::teams(101, 100));
    import.until(|it| it["started_at"].is_string());
    let event = object_created(&import);
    cloud::invoke("StartImportFunction", &event);
    let before = import.ends("completed");
    for _ in 0..2 {
        cloud::invoke("StartImportFunction", &event);
    }
    assert_eq!(import.detail(), before);
    assert_eq!(import.run(), 1);
    assert_eq!(import.rows_seen(), 100);
    assert_eq!(cloud::object_versions(&import.key).len(), 1);
    import.delete().is(204, "");
    import.is_forgotten();
    cloud::invoke("StartImportFunction", &event);
    assert_eq!(import.state(), "deleted");
    assert_eq!(import.rows_stored(), 0);
}

#[test]
fn an_encoded_key_names_the_same_object() {
    let user = User::new();
    let name = "équipes café (1).csv";
    let answer = user.send("/collect/team/", name, &sample::teams(105, 100));
    let import = Import::of(&user, "team", &answer.expect(201));
    assert!(
        import.key.ends_with("/%C3%A9quipes_caf%C3%A9_1.csv"),
        "{}",
        import.key
    );
    let before = import.ends("completed");
    cloud::invoke("StartImportFunction", &object_created(&import));
    assert_eq!(import.detail(), before);
    assert_eq!(import.rows_seen(), 100);
    import.delete().is(204, "");
    import.is_forgotten();
}

/// The event as S3 sent it.
fn object_created(import: &Import<'_>) -> Value {
    let mut event = event("start-import", "object-created");
    let version: String = sql::one(
        "SELECT object_version FROM import WHERE uid = $1",
        &[&import.uid],
    );
    let object = &mut event["detail"]["object"];
    object["key"] = json!(import.key);
    object["version-id"] = json!(version);
    event
}

#[test]
fn an_event_of_an_unknown_import_does_no_harm() {
    for case in ["object-created", "encoded-key"] {
        cloud::invoke("StartImportFunction", &event("start-import", case));
    }
}

/// Of two objects under a key the event may say the size of the other one.
#[test]
fn an_event_without_a_version_takes_the_size_of_what_is_there() {
    let user = User::new();
    let file = sample::teams(106, 50);
    let uid = Uuid::now_v7();
    // The object's own event names no import as it is written, or start-import would delete it.
    let key = format!("uploads/team/again/{uid}/teams.csv");
    cloud::put_object(&key, &file);
    let (mut import, _) = user.ask_for_url("team", 1);
    // An import whose object came without an event that was heard.
    let moved = "UPDATE import SET uid = $1, object_key = $2 WHERE uid = $3";
    sql::change(moved, &[&uid, &key, &import.uid]);
    let mut event = event("start-import", "no-version");
    event["detail"]["object"]["key"] = json!(key.replace("/again", "%2Fagain"));
    cloud::invoke("StartImportFunction", &event);
    let size: i64 = sql::one("SELECT object_size FROM import WHERE uid = $1", &[&uid]);
    assert_eq!(size, file.len() as i64);
    (import.uid, import.key) = (uid, key);
    import.ends("completed");
    assert_eq!(import.rows_seen(), 50);
}

#[test]
fn a_chunk_that_is_delivered_again_is_stored_once() {
    let user = User::new();
    let import = user.upload("team", &sample::teams(102, 500));
    import.ends("completed");
    let mut batch = event("import-chunk", "batch-with-duplicate");
    for message in batch["Records"].as_array_mut().unwrap() {
        message["body"] = json!(json!({"import": import.uid, "chunk": 0}).to_string());
    }
    let answer = cloud::invoke("ImportChunkFunction", &batch).json();
    assert_eq!(answer, json!({"batchItemFailures": []}));
    assert_eq!(import.rows_stored(), 500);
    assert_eq!(import.detail()["progress"]["rows_imported"], 500);
}

#[test]
fn a_dead_letter_of_a_stored_chunk_means_nothing() {
    let user = User::new();
    let import = user.upload("team", &sample::teams(103, 50));
    let before = import.ends("completed");
    let mut letter = event("fail-chunk", "dead-letter");
    letter["Records"][0]["body"] = json!(json!({"import": import.uid, "chunk": 0}).to_string());
    cloud::invoke("FailChunkFunction", &letter);
    assert_eq!(import.detail(), before);
}

#[test]
fn finishing_and_rolling_back_again_leave_a_completed_import_alone() {
    let user = User::new();
    let import = user.upload("team", &sample::teams(104, 50));
    let before = import.ends("completed");
    let run = json!({"import": import.uid, "run": 1});
    cloud::invoke("FinishImportFunction", &run);
    let answer = cloud::invoke("RollbackImportFunction", &run).json();
    assert_eq!(answer, json!({"more": false}));
    assert_eq!(import.detail(), before);
    assert_eq!(import.rows_seen(), 50);
}
