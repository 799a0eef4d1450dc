//! What one user may have, over HTTP: as many as may be, and what makes room again.

use std::thread;

use domain::limits::FILE_BYTES_AT_MOST;
use domain::quota::Quota;
use serde_json::{Value, json};

use crate::fixture::client::{Answer, Import, User, put};
use crate::fixture::sample;
use crate::fixture::stack::sql;

const AT_ONCE: usize = 50;

/// What is used of a quota, and what may be.
fn usage(user: &User, quota: Quota) -> (i64, i64) {
    let shown = user.get("/collect/usage/").expect(200);
    let all = shown["quotas"].as_array().unwrap();
    let entry = all.iter().find(|it| it["name"] == quota.as_str()).unwrap();
    let number = |name: &str| entry[name].as_i64().unwrap();
    (number("used"), number("allowed"))
}

/// The refusal of what would be more of it.
#[track_caller]
fn is_over(answer: &Answer, quota: Quota) -> Value {
    let body = answer.expect(quota.status());
    assert_eq!(body["code"], quota.code(), "{body}");
    let waits = answer.header("retry-after").is_some();
    assert_eq!(waits, quota.status() == 429, "{body}");
    body
}

#[test]
fn fifty_imports_at_once_are_as_many_as_a_user_may_have_open() {
    let user = User::new();
    let body = json!({"filename": "teams.csv", "size": 1000});
    let ask = || user.post_json("/collect/team/", &body);
    let answers: Vec<Answer> = thread::scope(|scope| {
        let asked: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(ask)).collect();
        asked.into_iter().map(|it| it.join().unwrap()).collect()
    });
    let (granted, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|it| it.status == 201);
    let (used, allowed) = usage(&user, Quota::ImportsOpen);
    assert_eq!((granted.len() as i64, used), (allowed, allowed));
    for answer in refused {
        let body = is_over(answer, Quota::ImportsOpen);
        assert_eq!(
            (&body["used"], &body["allowed"]),
            (&json!(allowed), &json!(allowed))
        );
    }
    // Each that goes makes room for one: a cancel, and a delete.
    user.post("/collect/team/1/cancel/").expect(202);
    user.delete("/collect/team/2/").is(204, "");
    assert_eq!(usage(&user, Quota::ImportsOpen).0, allowed - 2);
    ask().expect(201);
    ask().expect(201);
    is_over(&ask(), Quota::ImportsOpen);
}

#[test]
fn bytes_are_counted_as_they_are_declared() {
    let user = User::new();
    let (_, allowed) = usage(&user, Quota::BytesUnderWay);
    let ask = |size: i64| {
        let body = json!({"filename": "teams.csv", "size": size});
        user.post_json("/collect/team/", &body)
    };
    for _ in 0..allowed / FILE_BYTES_AT_MOST {
        ask(FILE_BYTES_AT_MOST).expect(201);
    }
    let left = allowed % FILE_BYTES_AT_MOST;
    is_over(&ask(left + 1), Quota::BytesUnderWay);
    user.delete("/collect/team/1/").is(204, "");
    ask(left + 1).expect(201);
}

/// A file whose rows find no room fails and leaves none; once there is room, it is retried.
#[test]
fn rows_without_room_are_taken_back_and_retried() {
    let user = User::new();
    let file = sample::teams(181, 10);
    let (import, upload) = user.ask_for_url("team", file.len());
    let (_, allowed) = usage(&user, Quota::RowsStored);
    // As if the user had stored all but nine of them: nobody stores half a milliard for a test.
    let counted = "UPDATE owner_usage SET rows_stored = rows_stored + $2 \
         WHERE owner = (SELECT owner FROM import WHERE uid = $1)";
    sql::change(counted, &[&import.uid, &(allowed - 9)]);
    assert_eq!(put(&upload, &file).status, 200);
    let failed = import.until(|it| it["status"] == "failed");
    assert_eq!(failed["error"]["code"], "quota_rows", "{failed}");
    assert_eq!(
        failed["rollback"],
        json!({"rows_deleted": 10, "rows_remaining": 0})
    );
    assert_eq!(usage(&user, Quota::RowsStored).0, allowed - 9);
    sql::change(counted, &[&import.uid, &9i64]);
    let full = user.send("/collect/team/", "teams.csv", &file);
    is_over(&full, Quota::RowsStored);
    sql::change(counted, &[&import.uid, &-allowed]);
    let again = import.post("retry").expect(201);
    let again = Import::of(&user, "team", &again);
    again.ends("completed");
    assert_eq!(usage(&user, Quota::RowsStored).0, 10);
}

/// A user whose requests take all their places is told when to come again; nobody else is.
#[test]
fn requests_for_rows_at_once_have_their_places() {
    let (user, other) = (User::new(), User::new());
    let import = user.upload("team", &sample::teams(182, 10));
    import.ends("completed");
    let (_, allowed) = usage(&user, Quota::ReadsAtOnce);
    let take = "SELECT pg_advisory_xact_lock(hashtext((SELECT owner FROM import \
         WHERE uid = $1)::text), place::integer) FROM generate_series(1, $2::bigint) AS place";
    let taken = sql::Open::begin(take, &[&import.uid, &allowed]);
    for path in [
        "/collect/data/",
        "/collect/data/?cursor=",
        "/collect/data/summary/?by=region",
        "/collect/team/rows/",
        "/collect/team/summary/?by=team_name",
        "/collect/team/1/rows/",
    ] {
        let body = is_over(&user.get(path), Quota::ReadsAtOnce);
        assert_eq!(body["allowed"], allowed, "{path}");
        assert_eq!(other.get("/collect/data/").status, 200);
    }
    assert_eq!(usage(&user, Quota::ReadsAtOnce).0, allowed);
    // So is an export whose rows are to be counted one by one, and no other.
    let export = |body: &Value| user.post_json("/collect/exports/", body);
    let named = json!({"dataset": "team", "team_name": "Owls"});
    is_over(&export(&named), Quota::ReadsAtOnce);
    export(&json!({"dataset": "team"})).expect(201);
    taken.undo();
    assert_eq!(user.get("/collect/data/").status, 200);
    export(&named).expect(201);
}
