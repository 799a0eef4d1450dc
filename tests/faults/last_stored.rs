//! When a chunk was stored for the last time: it moves with each receipt, and with nothing else.

use domain::import::State;
use jiff::Timestamp;
use postgres::chunks::Unclaimed;
use postgres::imports::{self, Asked};
use postgres::{Client, finishing};

use crate::fixture::database::{DATASETS, Fixture, Turned, Upload, Worker, WorkerStep, roll_back};

async fn last_stored(fixture: &Fixture, upload: &Upload) -> Option<Timestamp> {
    let import = fixture.ask(async |client: &mut Client| upload.import(client).await);
    import.await.last_stored_at
}

async fn clock(fixture: &Fixture) -> Timestamp {
    let sql = "SELECT clock_timestamp()";
    let asked = fixture.ask(async |client: &mut Client| client.query_one(sql, &[]).await);
    asked.await.unwrap().get(0)
}

/// The state after what the user asks for.
async fn state(asked: impl Future<Output = Result<Asked, postgres::Error>>) -> State {
    match asked.await.unwrap() {
        Asked::Done(import) => import.state,
        other => panic!("{other:?}"),
    }
}

/// Stores the chunk; gives when that was.
async fn store(fixture: &Fixture, upload: &Upload, number: i32) -> Option<Timestamp> {
    let before = clock(fixture).await;
    let stored = upload.store(fixture, number).await.last_stored_at;
    assert_eq!(last_stored(fixture, upload).await, stored);
    let after = clock(fixture).await;
    assert!(stored.is_some_and(|it| before < it && it < after));
    stored
}

#[tokio::test]
async fn it_moves_with_each_receipt_and_a_stop_leaves_it() {
    let fixture = Fixture::new().await;
    for dataset in DATASETS {
        let upload = fixture.import(dataset, 4).await;
        let (owner, number) = (upload.owner, upload.number);
        let client = fixture.connection().await;
        assert_eq!(last_stored(&fixture, &upload).await, None);
        store(&fixture, &upload, 0).await;
        let stored = store(&fixture, &upload, 1).await;

        let mut again = Worker::new(&fixture, &upload, 1).await;
        let turned = again.run().await.unwrap_err();
        assert!(matches!(turned, Turned::Away(Unclaimed::Done)));
        let paused = imports::pause(&client, owner, dataset, number);
        assert_eq!(state(paused).await, State::Paused);
        let mut early = Worker::new(&fixture, &upload, 2).await;
        assert!(early.run().await.is_err());
        let resumed = imports::resume(&client, owner, dataset, number);
        assert_eq!(state(resumed).await, State::Importing);
        assert_eq!(last_stored(&fixture, &upload).await, stored);

        let stored = store(&fixture, &upload, 2).await;
        let mut late = Worker::new(&fixture, &upload, 3).await;
        late.run_until(WorkerStep::Receipt).await.unwrap();
        let cancelled = imports::cancel(&client, owner, dataset, number);
        assert_eq!(state(cancelled).await, State::Cancelling);
        assert!(matches!(late.run().await.unwrap_err(), Turned::AtTheFence));
        assert_eq!(last_stored(&fixture, &upload).await, stored);
        let ended = roll_back(&client, &upload).await.unwrap();
        assert_eq!(
            (ended.state, ended.last_stored_at),
            (State::Cancelled, stored)
        );
        assert_eq!(upload.rows(&fixture).await, 0);
    }
}

#[tokio::test]
async fn a_completed_import_keeps_it_and_so_does_its_cancel() {
    let fixture = Fixture::new().await;
    let upload = fixture.import("team", 2).await;
    store(&fixture, &upload, 1).await;
    let stored = store(&fixture, &upload, 0).await;
    let client = fixture.connection().await;
    let finishing = finishing::begin(&client, upload.uid).await.unwrap();
    assert_eq!(finishing.unwrap().last_stored_at, stored);
    assert_eq!(upload.complete(&fixture).await.last_stored_at, stored);
    let cancelled = imports::cancel(&client, upload.owner, "team", upload.number);
    assert_eq!(state(cancelled).await, State::Cancelling);
    assert_eq!(last_stored(&fixture, &upload).await, stored);
}

/// A worker may copy rows for long. Its chunk is stored when they are there, not when it began.
#[tokio::test]
async fn a_worker_that_began_before_another_and_ended_after_it_was_the_last() {
    let fixture = Fixture::new().await;
    let upload = fixture.import("team", 2).await;
    let mut slow = Worker::new(&fixture, &upload, 0).await;
    slow.run_until(WorkerStep::Receipt).await.unwrap();
    let other = store(&fixture, &upload, 1).await;
    slow.run().await.unwrap();
    let slow = slow.counted.unwrap().last_stored_at;
    assert!(other < slow, "{other:?}, then {slow:?}");
    assert_eq!(last_stored(&fixture, &upload).await, slow);
}
