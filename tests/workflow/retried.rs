//! The original of an import is imported again.

use serde_json::Value;

use super::lost::reconcile;
use super::pause;
use crate::fixture::client::{Import, User};
use crate::fixture::stack::sql;
use crate::fixture::{cloud, sample};

const TEAMS: u64 = 200;

/// An import that was only validated: its original is there, and no row of it.
fn validated(user: &User, seed: u64) -> Import<'_> {
    let file = sample::teams(seed, TEAMS);
    let answer = user.send("/collect/team/?validate_only=true", "t.csv", &file);
    let import = Import::of(user, "team", &answer.expect(201));
    import.ends("validated");
    import
}

fn retry<'u>(user: &'u User, import: &Import<'_>) -> Import<'u> {
    Import::of(user, "team", &import.post("retry").expect(201))
}

#[test]
fn a_cancelled_import_is_imported_again_and_both_say_so() {
    let user = User::new();
    let import = pause::paused_half_way(&user);
    import.post("cancel").expect(202);
    import.ends("cancelled");
    let again = retry(&user, &import);
    let detail = again.ends("completed");
    assert_eq!(again.rows_seen(), sample::MANY);
    assert_eq!(detail["retry_of"], import.detail()["id"]);
    assert_eq!(import.detail()["retried_by"], detail["id"]);
    assert_ne!(again.key, import.key);
    let versions = cloud::object_versions(&import.key).len();
    assert_eq!(versions, 1, "the original of the other stays its own");
}

#[test]
fn an_original_that_is_gone_fails_it_at_once() {
    let user = User::new();
    let import = validated(&user, 142);
    cloud::delete_versions(&import.key);
    let again = retry(&user, &import);
    let detail = again.ends("failed");
    assert_eq!(detail["error"]["code"], "object_gone", "{detail}");
}

/// The request does not wait for it.
#[test]
fn a_large_original_is_copied_by_reconcile() {
    let user = User::new();
    let import = validated(&user, 143);
    let large = "UPDATE import SET object_size = 300 * 1024 * 1024 WHERE uid = $1";
    sql::change(large, &[&import.uid]);
    let again = retry(&user, &import);
    assert_eq!(cloud::object_versions(&again.key).len(), 0);
    reconcile();
    again.ends("completed");
    assert_eq!(again.rows_seen(), TEAMS as i64);
}

#[test]
fn a_copy_that_was_lost_is_made_again() {
    let user = User::new();
    let import = validated(&user, 144);
    let large = "UPDATE import SET object_size = 300 * 1024 * 1024 WHERE uid = $1";
    sql::change(large, &[&import.uid]);
    let again = retry(&user, &import);
    let lost = "UPDATE import SET copy_begun_at = now() - interval '10 minutes', \
         progressed_at = now() - interval '10 minutes' WHERE uid = $1";
    sql::change(lost, &[&again.uid]);
    reconcile();
    again.ends("completed");
    assert_eq!(again.rows_seen(), TEAMS as i64);
}

#[test]
fn an_original_expires_with_its_rejected_rows() {
    let user = User::new();
    let file = "team_name,manager_name,manager_phone_number\nOwls,Ada,1\nFoxes\n";
    let path = "/collect/team/?validate_only=true&max_errors=1";
    let answer = user.send(path, "t.csv", file.as_bytes()).expect(201);
    let import = Import::of(&user, "team", &answer);
    let detail = import.ends("validated");
    assert!(detail["rejected_rows_url"].is_string(), "{detail}");
    let long_ago = "UPDATE import SET finished_at = now() - interval '8 days' WHERE uid = $1";
    sql::change(long_ago, &[&import.uid]);
    let left = || {
        let rejected = format!("rejected/{}.csv", import.uid);
        cloud::object_versions(&import.key).len() + cloud::object_versions(&rejected).len()
    };
    assert_eq!(left(), 2);
    reconcile();
    assert_eq!(left(), 0);
    assert_eq!(import.detail()["rejected_rows_url"], Value::Null);
    let refused = import.post("retry").expect(409);
    assert_eq!(refused["code"], "object_expired", "{refused}");
}

#[test]
fn nobody_retries_the_import_of_another() {
    let (user, other) = (User::new(), User::new());
    let import = validated(&user, 145);
    let path = format!("{}retry/", import.path);
    other.post(&path).is(404, r#"{"detail":"Not found."}"#);
}
