//! DELETE of an import, in each of its states.

use domain::import::{Goal, State, Step};
use domain::reason::Reason;
use postgres::Client;
use postgres::imports::{self, Asked};
use postgres::{rollback, row_errors};

use crate::fixture::database::{
    BAD_PER_CHUNK, DATASETS, Fixture, GOOD_PER_CHUNK, Upload, delete_rows, pid, roll_back, within,
};

async fn delete(client: &Client, upload: &Upload) -> Asked {
    imports::delete(
        client,
        upload.owner,
        upload.dataset().name.as_str(),
        upload.number,
    )
    .await
    .unwrap()
}

async fn cancel(client: &Client, upload: &Upload) -> Asked {
    imports::cancel(
        client,
        upload.owner,
        upload.dataset().name.as_str(),
        upload.number,
    )
    .await
    .unwrap()
}

async fn assert_gone(fixture: &Fixture, upload: &Upload) {
    let mut client = fixture.connection().await;
    assert_eq!(upload.rows(fixture).await, 0);
    assert_eq!(upload.errors(fixture).await, 0);
    assert_eq!(upload.chunks(fixture).await, 0);
    assert_eq!(upload.seen(fixture).await, 0);
    assert_unlisted(&mut client, upload).await;
    assert!(matches!(delete(&client, upload).await, Asked::NotFound));
}

/// The import is not found and in no list, even if all states are asked for.
async fn assert_unlisted(client: &mut Client, upload: &Upload) {
    let (owner, dataset) = (upload.owner, upload.dataset().name.as_str());
    let found = imports::by_number(client, owner, dataset, upload.number).await;
    assert!(found.unwrap().is_none());
    let listed = imports::list(client, owner, dataset, State::ALL, 30, 0).await;
    assert_eq!(listed.unwrap().0, 0);
}

#[tokio::test]
async fn delete_of_a_failed_import() {
    let fixture = Fixture::new().await;
    for dataset in DATASETS {
        let upload = fixture.import(dataset, 3).await;
        upload.store(&fixture, 0).await;
        let mut client = fixture.connection().await;
        let reason = Reason::ChunkFailed;
        let failing = imports::fail(&client, upload.uid, &reason).await.unwrap();
        assert_eq!(failing.unwrap().state, State::RollingBack);
        let failed = roll_back(&client, &upload).await.unwrap();
        assert_eq!(failed.state, State::Failed);
        assert_eq!(failed.error, Some((&reason).into()));
        let kept = row_errors::page(&mut client, upload.id, 30, 0)
            .await
            .unwrap();
        assert_eq!(kept.0, BAD_PER_CHUNK, "a failed import keeps its errors");

        let Asked::Done(deleting) = delete(&client, &upload).await else {
            panic!("a failed import may be deleted");
        };
        assert_eq!(deleting.state, State::Deleting);
        assert_eq!(deleting.goal, Some(Goal::Deleted));
        assert_ne!(
            deleting.rollback_name(),
            failed.rollback_name(),
            "the name of an execution is used once"
        );
        assert_unlisted(&mut client, &upload).await;
        assert_eq!(upload.next_step(&fixture).await, Step::RollBack);

        let deleted = roll_back(&client, &upload).await.unwrap();
        assert_eq!(deleted.state, State::Deleted);
        assert_gone(&fixture, &upload).await;
    }
}

#[tokio::test]
async fn delete_during_cancelling() {
    let fixture = Fixture::new().await;
    for dataset in DATASETS {
        let upload = fixture.import(dataset, 3).await;
        upload.store(&fixture, 0).await;
        upload.store(&fixture, 1).await;
        let client = fixture.connection().await;
        let Asked::Done(cancelling) = cancel(&client, &upload).await else {
            panic!("an active import may be cancelled");
        };
        delete_rows(&client, &upload).await;
        let Asked::Done(deleting) = delete(&client, &upload).await else {
            panic!("an import may be deleted during its rollback");
        };
        assert_eq!(deleting.run, cancelling.run, "its rollback still runs");

        let ended = rollback::end(&client, &cancelling, &upload.table(), Goal::Cancelled).await;
        assert!(ended.unwrap().is_none(), "the goal has been raised");
        let deleted = roll_back(&client, &upload).await.unwrap();
        assert_eq!(deleted.state, State::Deleted);
        assert_eq!(deleted.rollback.unwrap().rows_deleted, 2 * GOOD_PER_CHUNK);
        assert_gone(&fixture, &upload).await;
    }
}

/// The delete is written but not committed when the rollback is about to end.
#[tokio::test]
async fn the_end_of_a_rollback_waits_for_a_delete_that_came_first() {
    let fixture = Fixture::new().await;
    let upload = fixture.import("team", 2).await;
    let worker = fixture.connection().await;
    let user = fixture.connection().await;
    let Asked::Done(cancelling) = cancel(&user, &upload).await else {
        panic!("an active import may be cancelled");
    };
    user.batch_execute("BEGIN").await.unwrap();
    assert!(matches!(delete(&user, &upload).await, Asked::Done(_)));
    let (worker_pid, user_pid) = (pid(&worker).await, pid(&user).await);
    let table = upload.table();
    let end = rollback::end(&worker, &cancelling, &table, Goal::Cancelled);
    let (ended, ()) = tokio::join!(within(end), async {
        fixture.wait_until_blocked(worker_pid, user_pid).await;
        user.batch_execute("COMMIT").await.unwrap();
    });
    assert!(ended.unwrap().is_none());
    let deleted = roll_back(&worker, &upload).await.unwrap();
    assert_eq!(deleted.state, State::Deleted);
}

/// A goal is never lowered: a cancel after a delete finds no import.
#[tokio::test]
async fn cancel_during_deleting() {
    let fixture = Fixture::new().await;
    let upload = fixture.import("team", 2).await;
    let client = fixture.connection().await;
    assert!(matches!(delete(&client, &upload).await, Asked::Done(_)));
    assert!(matches!(cancel(&client, &upload).await, Asked::NotFound));
    assert_eq!(upload.import(&client).await.goal, Some(Goal::Deleted));
}

#[tokio::test]
async fn delete_of_a_completed_import_hides_its_rows_at_once() {
    let fixture = Fixture::new().await;
    for dataset in DATASETS {
        let upload = fixture.completed(dataset, 3).await;
        assert_eq!(upload.seen(&fixture).await, 3 * GOOD_PER_CHUNK);
        let client = fixture.connection().await;
        assert!(matches!(delete(&client, &upload).await, Asked::Done(_)));
        assert_eq!(upload.rows(&fixture).await, 3 * GOOD_PER_CHUNK);
        assert_eq!(upload.seen(&fixture).await, 0);
        roll_back(&client, &upload).await.unwrap();
        assert_gone(&fixture, &upload).await;
    }
}

#[tokio::test]
async fn delete_while_the_object_has_not_arrived() {
    let fixture = Fixture::new().await;
    for dataset in DATASETS {
        let upload = fixture.awaiting(dataset, 1).await;
        let client = fixture.connection().await;
        assert!(matches!(delete(&client, &upload).await, Asked::Done(_)));
        let deleted = roll_back(&client, &upload).await.unwrap();
        assert_eq!(deleted.state, State::Deleted);
        assert_gone(&fixture, &upload).await;
    }
}

/// Every state but deleted. A baseline is refused while it is active and its upload has arrived, as
/// the API's 403 says.
#[tokio::test]
async fn delete_from_any_state() {
    let fixture = Fixture::new().await;
    for dataset in DATASETS {
        for state in State::ALL.iter().filter(|it| **it != State::Deleted) {
            let upload = fixture.planned(dataset, 1).await;
            let set = "UPDATE import SET state = $2, content_bytes = 0 WHERE id = $1";
            fixture.execute(set, &[&upload.id, &state.as_str()]).await;
            let refused =
                dataset == "baseline" && state.is_active() && *state != State::AwaitingUpload;
            let asked = delete(&*fixture.connection().await, &upload).await;
            match asked {
                Asked::Done(_) => assert!(!refused, "{dataset} {state}"),
                Asked::WrongState(found) => {
                    assert!(refused && found == *state, "{dataset} {state}")
                }
                Asked::NotFound | Asked::AnotherActive => panic!("{dataset} {state}"),
            }
        }
    }
}
