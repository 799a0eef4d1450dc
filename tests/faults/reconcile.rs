//! What reconcile finds when it looks.

use domain::import::State;
use futures_util::future::join_all;
use postgres::{Client, exports, lease, sums, upkeep};
use uuid::Uuid;

use crate::fixture::database::Fixture;

#[tokio::test]
async fn every_import_that_may_need_a_step_is_found() {
    let fixture = Fixture::new().await;
    let upload = fixture.planned("team", 1).await;
    let client = fixture.connection().await;
    for state in State::ALL {
        let set = "UPDATE import SET state = $2, content_bytes = 0, pause_expires_at = now(), hold_expires_at = now() \
             WHERE id = $1";
        fixture.execute(set, &[&upload.id, &state.as_str()]).await;
        let found = upkeep::unfinished(&client).await.unwrap();
        let may_come_any_moment = *state == State::AwaitingUpload;
        let expected = !state.is_end() && !may_come_any_moment;
        assert_eq!(found.contains(&upload.uid), expected, "{state}");
    }
}

/// An import that awaits its upload is left alone while the event may still come. Afterwards it is
/// found.
#[tokio::test]
async fn an_upload_is_found_once_its_event_may_be_lost() {
    let fixture = Fixture::new().await;
    let upload = fixture.planned("team", 1).await;
    let client = fixture.connection().await;
    for (silent, expires, expected) in [(119, 60, false), (120, 60, true), (0, -1, true)] {
        let set = "UPDATE import SET state = 'awaiting_upload', \
             progressed_at = now() - make_interval(secs => $2), \
             upload_expires_at = now() + make_interval(mins => $3) WHERE id = $1";
        fixture
            .execute(set, &[&upload.id, &f64::from(silent), &expires])
            .await;
        let found = upkeep::unfinished(&client).await.unwrap();
        assert_eq!(found.contains(&upload.uid), expected, "{silent} {expires}");
    }
}

/// A paused import makes no progress for up to a day. Even many of them must not take the place of
/// an import that waits for a step.
#[tokio::test]
async fn paused_imports_do_not_crowd_out_others() {
    let fixture = Fixture::new().await;
    let stuck = fixture.planned("team", 1).await;
    let many = "INSERT INTO import (uid, owner, dataset, number, state, object_key, object_size, \
         upload_expires_at, progressed_at, pause_expires_at) \
         SELECT gen_random_uuid(), gen_random_uuid(), 'team', 1, 'paused', 'key', 1, now(), \
         now() - interval '1 hour', now() + interval '23 hours' FROM generate_series(1, 600)";
    fixture.execute(many, &[]).await;
    let client = fixture.connection().await;
    let found = upkeep::unfinished(&client).await.unwrap();
    assert!(found.contains(&stuck.uid));

    let expired = "UPDATE import SET pause_expires_at = now() WHERE id IN \
         (SELECT id FROM import WHERE state = 'paused' LIMIT 3)";
    fixture.execute(expired, &[]).await;
    let found = upkeep::unfinished(&client).await.unwrap();
    assert!(found.len() >= 4, "a pause that is over is found");
}

/// Hundreds that one owner has are looked at after the first of each other owner.
#[tokio::test]
async fn owners_come_by_turns() {
    let fixture = Fixture::new().await;
    let crowd = "INSERT INTO import (uid, owner, dataset, number, state, object_key, object_size, \
         upload_expires_at, progressed_at) \
         SELECT gen_random_uuid(), $1, 'team', n, 'awaiting_upload', 'key', 1, \
             now() + interval '1 hour', now() - interval '1 hour' FROM generate_series(1, 230) AS n";
    fixture.execute(crowd, &[&Uuid::new_v4()]).await;
    let late = "UPDATE import SET progressed_at = now() - interval '10 minutes' WHERE id = $1";
    let mut others = Vec::new();
    for _ in 0..3 {
        let upload = fixture.awaiting("team", 1).await;
        fixture.execute(late, &[&upload.id]).await;
        others.push(upload.uid);
    }
    let client = fixture.connection().await;
    let found = upkeep::unfinished(&client).await.unwrap();
    assert!(others.iter().all(|it| found[..4].contains(it)));
    // So are those that are being taken back.
    let state = "UPDATE import SET state = 'cancelling', goal = 'cancelled'";
    fixture.execute(state, &[]).await;
    let found = upkeep::unfinished(&client).await.unwrap();
    assert!(others.iter().all(|it| found[..4].contains(it)));
}

/// One pass at a time; one that was killed holds off the next for a minute, and one that was only slow
/// learns that it is to stop.
#[tokio::test]
async fn one_pass_at_a_time() {
    let fixture = Fixture::new().await;
    let client = fixture.connection().await;
    let [first, second, third] = [(); 3].map(|()| Uuid::new_v4());
    assert!(lease::take(&client, first).await.unwrap());
    assert!(!lease::take(&client, second).await.unwrap());
    assert!(lease::keep(&client, first).await.unwrap());
    assert!(
        lease::give_back(&client, first).await.unwrap(),
        "one was asked for"
    );
    assert!(lease::take(&client, second).await.unwrap());
    assert!(!lease::keep(&client, first).await.unwrap());
    let silent = "UPDATE reconcile_lease SET until = now() - interval '1 second'";
    fixture.execute(silent, &[]).await;
    assert!(lease::take(&client, third).await.unwrap());
    assert!(!lease::keep(&client, second).await.unwrap());
    assert!(!lease::give_back(&client, second).await.unwrap());
    assert!(
        !lease::take(&client, second).await.unwrap(),
        "the third goes on"
    );
    assert!(lease::give_back(&client, third).await.unwrap());
}

#[tokio::test]
async fn of_many_passes_at_once_one_begins() {
    let fixture = Fixture::with_sessions(24).await;
    let take = (0..20).map(async |_| {
        let client = fixture.connection().await;
        lease::take(&client, Uuid::new_v4()).await.unwrap()
    });
    let taken = join_all(take).await;
    assert_eq!(taken.into_iter().filter(|it| *it).count(), 1);
}

/// Of many imports and exports few ask for something. Those are found by partial indexes: the
/// planner must be able to prove their conditions from the states that the statements list.
#[tokio::test]
async fn what_is_looked_through_each_minute_has_its_index() {
    let fixture = Fixture::new().await;
    for (sql, quiet) in [(IMPORTS, "failed"), (EXPORTS, "expired")] {
        fixture.execute(sql, &[&quiet]).await;
    }
    let mut client = fixture.connection().await;
    let analyze = "ANALYZE import; ANALYZE export";
    client.batch_execute(analyze).await.unwrap();
    let before = whole_tables_read(&client).await;
    upkeep::unfinished(&client).await.unwrap();
    upkeep::unswept(&client).await.unwrap();
    exports::unfinished(&client).await.unwrap();
    exports::unswept(&client).await.unwrap();
    sums::add_left_out(&mut client).await.unwrap();
    assert_eq!(whole_tables_read(&client).await, before);
    let used = "SELECT count(*) FROM pg_stat_user_indexes WHERE idx_scan > 0 AND indexrelname = $1";
    for index in [
        "import_unfinished",
        "import_held",
        "import_unswept",
        "import_unsummed",
        "export_unfinished",
        "export_unswept",
    ] {
        let used: i64 = client.query_one(used, &[&index]).await.unwrap().get(0);
        assert_eq!(used, 1, "{index}");
    }
}

async fn whole_tables_read(client: &Client) -> i64 {
    let flush = "SELECT pg_stat_force_next_flush()";
    client.batch_execute(flush).await.unwrap();
    let sql = "SELECT sum(seq_scan)::bigint FROM pg_stat_user_tables \
         WHERE relname IN ('import', 'export')";
    client.query_one(sql, &[]).await.unwrap().get(0)
}

const IMPORTS: &str = "INSERT INTO import (uid, owner, dataset, number, state, object_key, \
     object_size, upload_expires_at, finished_at) \
     SELECT gen_random_uuid(), gen_random_uuid(), 'baseline', 1, $1, 'key', 1, now(), now() \
     FROM generate_series(1, 2000)";

const EXPORTS: &str = "INSERT INTO export (uid, owner, number, state, filters, gzip, guard, \
     imports, estimate_rows, estimate_bytes, estimate_exact, object_key, confirm_expires_at, \
     swept_at) \
     SELECT gen_random_uuid(), gen_random_uuid(), 1, $1, '{}', false, true, '{}', 0, 0, true, \
         'key', now(), now() FROM generate_series(1, 2000)";
