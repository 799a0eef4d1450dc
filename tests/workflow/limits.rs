//! How many records may be rejected, and for how many of them the reasons are kept.

use serde_json::{Value, json};

use crate::fixture::client::{Import, User};

/// A file of teams: good ones, then bad ones.
fn teams(good: usize, bad: usize) -> Vec<u8> {
    let heading = "team_name,manager_name,manager_phone_number\n";
    let (good, bad) = ("Owls,Ada,1\n".repeat(good), "Owls,Ada\n".repeat(bad));
    [heading, &good, &bad].concat().into_bytes()
}

fn upload<'u>(user: &'u User, max_errors: &str, file: &[u8]) -> Import<'u> {
    let list = format!("/collect/team/?max_errors={max_errors}");
    let answer = user.send(&list, "teams.csv", file);
    Import::of(user, "team", &answer.expect(201))
}

#[test]
fn as_many_rejected_records_as_allowed_and_one_more() {
    let user = User::new();
    for (max_errors, good, bad) in [("3", 10, 3), ("5%25", 95, 5), ("0", 10, 0), ("0%25", 2, 0)] {
        let import = upload(&user, max_errors, &teams(good, bad));
        let detail = import.ends("completed");
        assert_eq!(detail["progress"]["rows_rejected"], bad, "{max_errors}");
        assert_eq!(import.rows_seen(), good as i64, "{max_errors}");
    }
    for (max_errors, good, bad, allowed) in [("3", 10, 4, 3), ("5%25", 99, 6, 5), ("0", 10, 1, 0)] {
        let import = upload(&user, max_errors, &teams(good, bad));
        let detail = import.ends("failed");
        let words = format!(
            "{bad} records were rejected when the import was stopped; at most {allowed} may be."
        );
        let reason = json!({"code": "too_many_errors", "detail": words});
        assert_eq!(detail["error"], reason, "{max_errors}");
        assert_eq!(detail["rollback"]["rows_remaining"], 0, "{max_errors}");
        assert_eq!(import.rows_stored(), 0, "{max_errors}");
        let kept = user.get(&format!("{}errors/", import.path)).expect(200);
        assert_eq!(kept["count"], bad, "{max_errors}");
    }
}

#[test]
fn rejected_records_beyond_the_kept_ones_are_counted() {
    let user = User::new();
    let import = user.upload("team", &teams(1_000, 10_003));
    let detail = import.ends("completed");
    assert_eq!(detail["progress"]["rows_rejected"], 10_003);
    assert_eq!(detail["warnings"][0]["code"], "row_errors_not_kept");
    let said = detail["warnings"][0]["detail"].as_str().unwrap();
    assert!(said.starts_with("3 of 10003 rejected records"), "{said}");
    let kept = user.get(&format!("{}errors/?limit=1", import.path));
    assert_eq!(kept.expect(200)["count"], 10_000);
    let none = user.upload("team", &teams(2, 10)).ends("completed");
    assert_eq!(none["warnings"], Value::Array(vec![]));
}
