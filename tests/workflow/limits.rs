//! How many records may be rejected, and for how many of them the reasons are kept.

use crate::fixture::client::{Import, User};

/// A file of teams: good ones, then bad ones.
fn teams(good: usize, bad: usize) -> Vec<u8> {
    let heading = "team_name,manager_name,manager_phone_number\n";
    let (good, bad) = ("Owls,Ada,1\n".repeat(good), "Owls,Ada\n".repeat(bad));
    [heading, &good, &bad].concat().into_bytes()
}

fn upload<'u>(user: &'u User, max_errors: &str, file: &[u8]) -> Import<'u> {
    user.upload_saying("team", &format!("max_errors={max_errors}"), file)
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
    for (max_errors, good, bad, words) in [
        (
            "3",
            10,
            4,
            "4 records were rejected on 4 lines; at most 3 may be,",
        ),
        (
            "5%25",
            99,
            6,
            "6 records were rejected, 6 of 105 lines; at most 5 % may be.",
        ),
        (
            "0",
            10,
            1,
            "1 record was rejected on 1 line; at most 0 may be,",
        ),
    ] {
        let import = upload(&user, max_errors, &teams(good, bad));
        let detail = import.ends("failed");
        assert_eq!(detail["error"]["code"], "too_many_errors", "{max_errors}");
        let told = detail["error"]["detail"].as_str().unwrap();
        assert!(told.starts_with(words), "{max_errors}: {told}");
        assert_eq!(detail["rollback"]["rows_remaining"], 0, "{max_errors}");
        assert_eq!(import.rows_stored(), 0, "{max_errors}");
        let kept = user.get(&format!("{}errors/", import.path)).expect(200);
        assert_eq!(kept["count"], bad, "{max_errors}");
    }
}

#[test]
fn rejected_records_beyond_the_kept_ones_are_counted() {
    let user = User::new();
    let import = upload(&user, "100%25", &teams(1_000, 100_003));
    let detail = import.ends("completed");
    assert_eq!(detail["progress"]["rows_rejected"], 100_003);
    assert_eq!(detail["warnings"][1]["code"], "row_errors_not_kept");
    let said = detail["warnings"][1]["detail"].as_str().unwrap();
    assert!(said.starts_with("3 of 100003 rejected records"), "{said}");
    let kept = user.get(&format!("{}errors/?limit=1", import.path));
    assert_eq!(kept.expect(200)["count"], 100_000);
    let all_kept = upload(&user, "100%25", &teams(2, 10)).ends("completed");
    assert_eq!(all_kept["warnings"].as_array().unwrap().len(), 1);
    assert_eq!(all_kept["warnings"][0]["code"], "rows_rejected");
}

#[test]
fn a_tenth_may_be_rejected_unless_something_else_is_said() {
    let user = User::new();
    user.upload("team", &teams(90, 10)).ends("completed");
    // No break ends its last line, which is a line nevertheless.
    let file = teams(90, 10);
    let unfinished = file.strip_suffix(b"\n").unwrap();
    User::new().upload("team", unfinished).ends("completed");
    let failed = user.upload("team", &teams(89, 11)).ends("failed");
    assert_eq!(failed["error"]["code"], "too_many_errors");
}
