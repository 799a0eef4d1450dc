//! A chunk's message ends in the dead-letter queue.

use domain::import::{State, Step as Next};
use domain::reason::Reason;
use postgres::chunks::{self, DeadLetter};
use postgres::imports;
use uuid::Uuid;

use crate::fixture::database::{DATASETS, Fixture, GOOD_PER_CHUNK, Upload, Worker, WorkerStep};

async fn bury(fixture: &Fixture, upload: &Upload, number: i32) -> DeadLetter {
    let client = fixture.connection().await;
    chunks::bury(&client, upload.uid, number).await.unwrap()
}

/// A worker that dies right after it has counted its attempt.
async fn dies(fixture: &Fixture, upload: &Upload) {
    let mut worker = Worker::new(fixture, upload, 0).await;
    worker.run_until(WorkerStep::CountAttempt).await.unwrap();
}

#[tokio::test]
async fn chunk_committed_but_dead_lettered() {
    let fixture = Fixture::new().await;
    for dataset in DATASETS {
        let upload = fixture.import(dataset, 2).await;
        for _ in 0..5 {
            dies(&fixture, &upload).await;
        }
        upload.store(&fixture, 0).await;
        assert_eq!(
            bury(&fixture, &upload, 0).await,
            DeadLetter::Meaningless,
            "its receipt decides, not its attempts"
        );
        upload.store(&fixture, 1).await;
        let import = upload.import(&*fixture.connection().await).await;
        assert_eq!(import.state, State::Importing);
        assert_eq!(upload.rows(&fixture).await, 2 * GOOD_PER_CHUNK);
        assert_eq!(upload.next_step(&fixture).await, Next::AnswerToken);
    }
}

#[tokio::test]
async fn dead_letter_of_a_chunk_that_was_hardly_tried() {
    let fixture = Fixture::new().await;
    let upload = fixture.import("team", 2).await;
    for tries in 0..5 {
        assert_eq!(upload.attempts(&fixture, 0).await, tries);
        assert_eq!(upload.next_step(&fixture).await, Next::Nothing);
        assert_eq!(bury(&fixture, &upload, 0).await, DeadLetter::PutBack);
        assert_eq!(
            upload.next_step(&fixture).await,
            Next::HandOut,
            "the chunk waits again"
        );
        assert_eq!(upload.hand_out(&fixture).await, [0]);
        dies(&fixture, &upload).await;
    }
    assert_eq!(bury(&fixture, &upload, 0).await, DeadLetter::GivenUp);
}

#[tokio::test]
async fn dead_letter_of_a_chunk_that_was_tried_often() {
    let fixture = Fixture::new().await;
    for dataset in DATASETS {
        let upload = fixture.import(dataset, 2).await;
        for _ in 0..5 {
            dies(&fixture, &upload).await;
        }
        assert_eq!(bury(&fixture, &upload, 0).await, DeadLetter::GivenUp);
        let client = fixture.connection().await;
        let reason = Reason::ChunkFailed;
        let failing = imports::fail(&client, upload.uid, &reason).await.unwrap();
        assert_eq!(failing.unwrap().state, State::RollingBack);
    }
}

/// A dead letter makes only an active import fail.
#[tokio::test]
async fn dead_letter_of_a_cancelled_import() {
    let fixture = Fixture::new().await;
    let upload = fixture.import("team", 2).await;
    for _ in 0..5 {
        dies(&fixture, &upload).await;
    }
    let client = fixture.connection().await;
    imports::cancel(&client, upload.owner, "team", upload.number)
        .await
        .unwrap();
    assert_eq!(bury(&fixture, &upload, 0).await, DeadLetter::GivenUp);
    let reason = Reason::ChunkFailed;
    let failing = imports::fail(&client, upload.uid, &reason).await.unwrap();
    assert!(failing.is_none());
    assert_eq!(upload.import(&client).await.state, State::Cancelling);
}

#[tokio::test]
async fn dead_letter_of_an_unknown_chunk() {
    let fixture = Fixture::new().await;
    let upload = fixture.import("team", 1).await;
    assert_eq!(bury(&fixture, &upload, 9).await, DeadLetter::Meaningless);
    let client = fixture.connection().await;
    let unknown = chunks::bury(&client, Uuid::new_v4(), 0).await;
    assert_eq!(unknown.unwrap(), DeadLetter::Meaningless);
}
