//! Refusals that somebody may have as often as they like: of each kind their user finds the first of
//! an hour, with where it came from, and the log has them all.

use aws::audit::{Audit, Entry};
use domain::audit::Act;
use domain::hourly::hour;
use domain::quota::Quota;
use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::fixture::client::User;
use crate::fixture::cloud;
use crate::fixture::stack::{sql, wait_until};

const AT_ONCE: usize = 50;

fn acts(user: &User, word: &str) -> Vec<Value> {
    let page = user.get("/collect/audit/?limit=100").expect(200);
    let mut acts = page["results"].as_array().unwrap().clone();
    acts.retain(|it| it["act"] == word);
    acts
}

/// The lines of a function that have a user at their top.
fn lines(function: &str, user: &User) -> Vec<Value> {
    let lines = cloud::logged(function).into_iter();
    let lines = lines.filter_map(|it| serde_json::from_str::<Value>(&it).ok());
    lines.filter(|it| it["user"] == user.id).collect()
}

/// The entries are those of one hour, or of two if one ended meanwhile.
fn are_once_an_hour(acts: &[Value], since: Timestamp) {
    let ended = usize::try_from(hour(Timestamp::now()) - hour(since)).unwrap();
    assert!((1..=1 + ended).contains(&acts.len()), "{acts:?}");
}

#[test]
fn a_quota_that_is_reached_is_written_down_once_an_hour() {
    let (user, since) = (User::new(), Timestamp::now());
    let body = json!({"filename": "teams.csv", "size": 1000});
    let ask = || user.post_json("/collect/team/", &body);
    while ask().status == 201 {}
    for _ in 0..5 {
        assert_eq!(ask().expect(429)["code"], "quota_imports");
    }
    let found = acts(&user, "quota_reached");
    are_once_an_hour(&found, since);
    let detail = found[0]["detail"].as_str().unwrap();
    assert!(detail.starts_with("quota_imports: "), "{detail}");
    assert_eq!(found[0]["address"], "127.0.0.1");
    assert!(found[0]["request_id"].is_string(), "{found:?}");
    let refused = || {
        let lines = lines("UploadFileFunction", &user).into_iter();
        lines.filter(|it| it["refused"] == "quota_imports").count()
    };
    wait_until("each refusal is in the log", || refused() == 6);
    assert!(acts(&User::new(), "quota_reached").is_empty());
}

/// By a function whose role in the database only reads.
#[test]
fn another_quota_is_written_down_by_itself() {
    let (user, since) = (User::new(), Timestamp::now());
    let (import, _) = user.ask_for_url("team", 10);
    let allowed = Quota::ReadsAtOnce.usual();
    let take = "SELECT pg_advisory_xact_lock(hashtext((SELECT owner FROM import \
         WHERE uid = $1)::text), place::integer) FROM generate_series(1, $2::bigint) AS place";
    let taken = sql::Open::begin(take, &[&import.uid, &allowed]);
    for _ in 0..3 {
        user.get("/collect/data/").expect(429);
    }
    taken.undo();
    let found = acts(&user, "quota_reached");
    are_once_an_hour(&found, since);
    let detail = found[0]["detail"].as_str().unwrap();
    assert!(detail.starts_with("quota_reads: "), "{detail}");
}

#[test]
fn a_token_that_was_ended_is_refused_and_told_once_an_hour() {
    let (user, since) = (User::new(), Timestamp::now());
    let body = json!({"refresh": user.refresh});
    user.post_json("/token/blacklist/", &body).expect(200);
    for _ in 0..4 {
        user.post_json("/token/refresh/", &body).expect(401);
    }
    let found = acts(&user, "refresh_refused");
    are_once_an_hour(&found, since);
    assert_eq!(found[0]["detail"], "It had been ended before.");
    let refused = || {
        let lines = lines("AuthFunction", &user).into_iter();
        lines
            .filter(|it| it["refused"] == "refresh_blacklisted")
            .count()
    };
    wait_until("each refusal is in the log", || refused() == 4);
}

/// Not only the line that a request ends with.
#[test]
fn every_line_of_a_request_says_whose_it_is() {
    let user = User::new();
    let (import, _) = user.ask_for_url("team", 10);
    import.post("cancel").expect(202);
    let said = |function: &str, message: &str| {
        let of_import = |it: &Value| it["import"] == import.uid.to_string();
        let lines = lines(function, &user).into_iter();
        lines
            .filter(|it| it["message"] == message && of_import(it))
            .collect::<Vec<_>>()
    };
    let both = [
        ("UploadFileFunction", "accepted"),
        ("ControlImportFunction", "asked"),
        ("ControlImportFunction", "next step"),
    ];
    for (function, message) in both {
        wait_until(message, || !said(function, message).is_empty());
        for line in said(function, message) {
            assert_eq!(line["address"], "127.0.0.1", "{line}");
        }
    }
}

/// Only the condition of the write itself can ensure this.
#[tokio::test]
async fn of_fifty_refusals_at_one_moment_one_is_written_down() {
    let table = cloud::create_table(&[("pk", "HASH"), ("sk", "RANGE")]).await;
    let audit = Audit::new(&aws::config().await, table);
    let (owner, other) = (Uuid::new_v4(), Uuid::new_v4());
    let entry = Entry::of(Act::QuotaReached, 7);
    let noon: Timestamp = "2026-01-01T12:00:00Z".parse().unwrap();
    let minutes = |minutes: i64| noon + SignedDuration::from_mins(minutes);
    let write = async |owner, quota: Quota, at| {
        let kept_for = SignedDuration::from_hours(24);
        let written = audit.write_once_an_hour(owner, quota.code(), &entry, at, kept_for);
        written.await.unwrap()
    };
    let quota = Quota::ImportsOpen;
    let at_once = (0..AT_ONCE).map(|_| write(owner, quota, noon));
    let firsts = join_all(at_once).await.into_iter().filter(|it| *it);
    assert_eq!(firsts.count(), 1);
    assert!(!write(owner, quota, minutes(59)).await);
    assert!(write(owner, quota, minutes(60)).await);
    assert!(write(owner, Quota::BytesStored, noon).await);
    assert!(write(other, quota, noon).await);
    assert_eq!(audit.before(owner, None, 10).await.unwrap().len(), 3);
    assert_eq!(audit.before(other, None, 10).await.unwrap().len(), 1);
}
