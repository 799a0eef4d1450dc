use serde_json::json;
use uuid::Uuid;

use crate::fixture::client::{User, put};
use crate::fixture::stack::wait_until;
use crate::fixture::{cloud, sample};

#[test]
fn an_upload_url_takes_exactly_the_size_it_was_signed_for_and_takes_it_once() {
    let user = User::new();
    let file = sample::teams(91, 2_000);
    let (import, upload) = user.ask_for_url("team", file.len());
    for wrong in [&file[..file.len() - 1], &[&file[..], b"x"].concat(), b""] {
        let refused = put(&upload, wrong);
        assert_eq!(refused.status, 403, "{} bytes: {refused:?}", wrong.len());
    }
    assert_eq!(cloud::object_versions(&import.key), [""; 0]);
    assert_eq!(import.detail()["status"], "awaiting_upload");
    assert_eq!(put(&upload, &file).status, 200);
    let other = sample::teams(92, 2_000);
    let same_size = [&other[..], &file[..]].concat();
    assert_eq!(put(&upload, &same_size[..file.len()]).status, 412);
    let detail = import.ends("completed");
    assert_eq!(detail["progress"]["rows_imported"], 2_000);
    assert_eq!(cloud::object_versions(&import.key).len(), 1);
}

#[test]
fn an_upload_url_that_was_lost_is_signed_again_while_the_import_waits() {
    let user = User::new();
    let file = sample::sales(95, 5);
    let (import, _) = user.ask_for_url("baseline", file.len());
    let path = format!("{}upload/", import.path);
    let again = user.get(&path).expect(200);
    assert_eq!(again["id"], 1);
    User::new().get(&path).expect(404);
    assert_eq!(
        put(&again["upload"], &file[1..]).status,
        403,
        "another size"
    );
    assert_eq!(put(&again["upload"], &file).status, 200);
    import.ends("completed");
    let refused = user.get(&path).expect(409);
    assert_eq!(refused["code"], "wrong_state", "{refused}");
    assert_eq!(user.sales_seen(), 5);
}

#[test]
fn an_upload_url_is_good_for_its_own_key_only() {
    let user = User::new();
    let (import, mut upload) = user.ask_for_url("team", 10);
    let (other, _) = user.ask_for_url("team", 10);
    let url = upload["url"].as_str().unwrap();
    upload["url"] = json!(url.replace(&import.uid.to_string(), &other.uid.to_string()));
    assert_eq!(put(&upload, b"0123456789").status, 403);
    assert_eq!(cloud::object_versions(&other.key), [""; 0]);
}

#[test]
fn a_version_that_comes_later_is_deleted() {
    let user = User::new();
    let file = sample::teams(93, 300);
    let import = user.upload_to_url("team", &file);
    import.until(|it| it["started_at"].is_string());
    let pinned = cloud::object_versions(&import.key);
    assert_eq!(pinned.len(), 1);
    cloud::put_object(&import.key, &sample::teams(94, 500));
    wait_until("only the pinned version is left", || {
        cloud::object_versions(&import.key) == pinned
    });
    let detail = import.ends("completed");
    assert_eq!(detail["progress"]["bytes_total"], file.len());
    assert_eq!(import.rows_seen(), 300);
}

/// As of a slow upload whose import was forgotten since, with the account of its user.
#[test]
fn an_object_of_no_import_is_deleted() {
    let key = format!("uploads/team/{}/teams.csv", Uuid::now_v7());
    cloud::put_object(&key, &sample::teams(95, 3));
    wait_until("it is gone", || cloud::object_versions(&key).is_empty());
}

#[test]
fn what_is_asked_and_answered_for_an_upload_url() {
    let user = User::new();
    let list = "/collect/team/";
    let ask = |body| user.post_json(list, &body);
    let too_big = ask(json!({"filename": "x.csv", "size": 5_368_709_121_i64}));
    assert_eq!(too_big.expect(400)["code"], "use_multipart");
    let object = ask(json!({"filename": "../../my file (1).csv", "size": 7})).expect(201);
    assert!(
        object["file"].as_str().unwrap().ends_with("/my_file_1.csv"),
        "{object}"
    );
    let upload = object["upload"].as_object().unwrap();
    let names: Vec<&str> = upload.keys().map(String::as_str).collect();
    assert_eq!(names, ["method", "url", "headers", "expires_at"]);
    assert_eq!(upload["method"], "PUT");
    assert_eq!(upload["headers"]["if-none-match"], "*");
}
