//! A new file takes the place of an active import.

use domain::import::{Goal, State};
use futures_util::future::join_all;
use postgres::imports::{self, Asked, Created, Idempotency, NewImport};

use crate::fixture::database::{
    DATASETS, Fixture, GOOD_PER_CHUNK, Upload, Worker, WorkerStep, new_import, roll_back,
};

fn instead_of(upload: &Upload) -> NewImport {
    NewImport {
        replaces: Some(upload.number),
        ..upload.next()
    }
}

async fn create(fixture: &Fixture, new: &NewImport) -> Created {
    let create = async |client: &mut _| imports::create(client, new).await;
    fixture.ask(create).await.unwrap()
}

#[tokio::test]
async fn the_old_import_is_cancelled_and_the_new_one_created_in_one_commit() {
    let fixture = Fixture::new().await;
    for dataset in DATASETS {
        let upload = fixture.import(dataset, 2).await;
        upload.store(&fixture, 0).await;
        let mut slow = Worker::new(&fixture, &upload, 1).await;
        slow.run_until(WorkerStep::Receipt).await.unwrap();
        let Created::Import(new) = create(&fixture, &instead_of(&upload)).await else {
            panic!("an active import may be replaced");
        };
        assert_eq!(new.state, State::AwaitingUpload);
        assert_eq!((new.replaces, new.replaced_by), (Some(upload.number), None));
        let client = fixture.connection().await;
        let old = upload.import(&client).await;
        assert_eq!(
            (old.state, old.goal),
            (State::Cancelling, Some(Goal::Cancelled))
        );
        assert_eq!((old.replaces, old.replaced_by), (None, Some(new.number)));
        assert!(slow.run().await.is_err(), "the fence is closed");
        drop(slow);
        let cancelled = roll_back(&client, &upload).await.unwrap();
        assert_eq!(cancelled.rollback.unwrap().rows_deleted, GOOD_PER_CHUNK);
    }
}

/// Two active baselines are never allowed, not even for a moment: the old one is cancelled in the
/// commit that creates the new one.
#[tokio::test]
async fn of_many_replacements_at_once_one_is_taken() {
    let fixture = Fixture::with_sessions(24).await;
    for dataset in DATASETS {
        let upload = fixture.import(dataset, 2).await;
        let replacements = join_all((0..12).map(|_| async {
            let new = instead_of(&upload);
            imports::create(&mut *fixture.connection().await, &new)
                .await
                .unwrap()
        }));
        let replacements = replacements.await;
        let taken = replacements.iter().find_map(|it| match it {
            Created::Import(import) => Some(import.number),
            _ => None,
        });
        let taken = taken.expect("one is taken");
        let refused = |it: &&Created| matches!(it, Created::BeingReplaced(by) if *by == taken);
        assert_eq!(replacements.iter().filter(refused).count(), 11);
        let active = "SELECT count(*) FROM import WHERE owner = $1 AND state = 'awaiting_upload'";
        assert_eq!(fixture.number(active, &[&upload.owner]).await, 1);
    }
}

#[tokio::test]
async fn a_foreign_or_deleted_import_or_one_on_its_way_back_is_not_replaced() {
    let fixture = Fixture::new().await;
    let upload = fixture.completed("team", 1).await;
    let foreign = NewImport {
        replaces: Some(upload.number),
        ..new_import(uuid::Uuid::new_v4(), "team")
    };
    assert!(matches!(
        create(&fixture, &foreign).await,
        Created::NotFound
    ));
    let rolling_back = State::ALL.iter().filter(|it| it.is_rolling_back());
    for &state in rolling_back {
        let set = "UPDATE import SET state = $2 WHERE id = $1";
        fixture.execute(set, &[&upload.id, &state.as_str()]).await;
        let refused = create(&fixture, &instead_of(&upload)).await;
        assert!(matches!(refused, Created::WrongState(found) if found == state));
    }
    let delete =
        async |client: &mut _| imports::delete(client, upload.owner, "team", upload.number).await;
    assert!(matches!(fixture.ask(delete).await.unwrap(), Asked::Done(_)));
    let gone = create(&fixture, &instead_of(&upload)).await;
    assert!(matches!(gone, Created::NotFound));
    let numbers = "SELECT count(*) FROM import WHERE owner = $1";
    assert_eq!(
        fixture.number(numbers, &[&upload.owner]).await,
        1,
        "no import was created"
    );
}

/// The request comes again with its key: it gets the same import, although the old one is already
/// cancelled.
#[tokio::test]
async fn the_same_key_replaces_once() {
    let fixture = Fixture::new().await;
    let upload = fixture.import("baseline", 1).await;
    let keyed = || NewImport {
        idempotency: Some(Idempotency {
            key: "key".into(),
            fingerprint: vec![1],
        }),
        ..instead_of(&upload)
    };
    let Created::Import(first) = create(&fixture, &keyed()).await else {
        panic!("an active import may be replaced");
    };
    let Created::Again(again) = create(&fixture, &keyed()).await else {
        panic!("the same request came again");
    };
    assert_eq!(again.uid, first.uid);
}

/// A held baseline does not count as active, its replacement does.
#[tokio::test]
async fn a_held_baseline_is_not_replaced_while_another_is_active() {
    let fixture = Fixture::new().await;
    let upload = fixture.import("baseline", 1).await;
    let held = "UPDATE import SET state = 'held', hold_expires_at = now() + interval '1 day' WHERE id = $1";
    fixture.execute(held, &[&upload.id]).await;
    let other = new_import(upload.owner, "baseline");
    assert!(matches!(create(&fixture, &other).await, Created::Import(_)));
    let refused = create(&fixture, &instead_of(&upload)).await;
    assert!(matches!(refused, Created::AnotherActive));
    let state = upload.import(&*fixture.connection().await).await.state;
    assert_eq!(state, State::Held, "nothing has changed");
}
