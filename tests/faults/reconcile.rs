//! What reconcile finds when it looks.

use domain::import::State;
use postgres::upkeep;

use crate::fixture::Fixture;

#[tokio::test]
async fn whatever_may_ask_for_something_is_found() {
    let fixture = Fixture::new().await;
    let upload = fixture.planned("team", 1).await;
    let client = fixture.connection().await;
    for state in State::ALL {
        let set = "UPDATE import SET state = $2, pause_expires_at = now(), hold_expires_at = now() \
             WHERE id = $1";
        fixture.execute(set, &[&upload.id, &state.as_str()]).await;
        let found = upkeep::unfinished(&client).await.unwrap();
        let may_come_any_moment = *state == State::AwaitingUpload;
        let expected = !state.is_end() && !may_come_any_moment;
        assert_eq!(found.contains(&upload.uid), expected, "{state}");
    }
}

/// An upload asks for nothing while its event may still come; then it is looked for.
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

/// A pause makes no progress for a day: however many there are, they must not be looked at in
/// the place of an import that waits for a step.
#[tokio::test]
async fn paused_imports_do_not_crowd_the_others_out() {
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
