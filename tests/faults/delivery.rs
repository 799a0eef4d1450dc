//! A message is delivered more than once.

use postgres::chunks::{self, Claim, Unclaimed};

use crate::fixture::database::{
    BAD_PER_CHUNK, DATASETS, Fixture, GOOD_PER_CHUNK, Turned, Upload, Worker, WorkerStep,
};

async fn assert_stored_once(fixture: &Fixture, upload: &Upload) {
    assert_eq!(upload.rows(fixture).await, GOOD_PER_CHUNK);
    assert_eq!(upload.errors(fixture).await, BAD_PER_CHUNK);
    assert_eq!(upload.receipts(fixture).await, 1);
    let import = upload.import(&*fixture.connection().await).await;
    assert_eq!(import.chunks_done, 1);
    assert_eq!(import.rows_imported, GOOD_PER_CHUNK);
    assert_eq!(import.rows_rejected, BAD_PER_CHUNK);
    let through_chunk = upload.file.chunks[0].byte_end;
    assert_eq!(import.bytes_done, through_chunk, "heading and first chunk");
}

#[tokio::test]
async fn delivered_twice_in_sequence() {
    let fixture = Fixture::new().await;
    for dataset in DATASETS {
        let upload = fixture.import(dataset, 2).await;
        upload.store(&fixture, 0).await;
        let mut second = Worker::new(&fixture, &upload, 0).await;
        let turned = second.run().await.unwrap_err();
        assert!(
            matches!(turned, Turned::Away(Unclaimed::Done)),
            "{turned:?}"
        );
        assert_stored_once(&fixture, &upload).await;
        assert_eq!(
            upload.attempts(&fixture, 0).await,
            1,
            "there was no second attempt"
        );
    }
}

#[tokio::test]
async fn delivered_twice_at_once() {
    let fixture = Fixture::new().await;
    for dataset in DATASETS {
        for step in &WorkerStep::ALL[WorkerStep::Claim as usize..WorkerStep::Commit as usize] {
            let upload = fixture.import(dataset, 2).await;
            let mut first = Worker::new(&fixture, &upload, 0).await;
            first.run_until(*step).await.unwrap();

            let mut second = Worker::new(&fixture, &upload, 0).await;
            let turned = second.run().await.unwrap_err();
            assert!(
                matches!(turned, Turned::Away(Unclaimed::Taken)),
                "{step:?}: {turned:?}"
            );

            first.run().await.unwrap();
            let mut third = Worker::new(&fixture, &upload, 0).await;
            let turned = third.run().await.unwrap_err();
            assert!(
                matches!(turned, Turned::Away(Unclaimed::Done)),
                "{step:?}: {turned:?}"
            );
            assert_stored_once(&fixture, &upload).await;
        }
    }
}

/// No worker holds the chunk between counting and claiming: both count an attempt, one claims.
#[tokio::test]
async fn delivered_twice_and_both_have_counted() {
    let fixture = Fixture::new().await;
    let upload = fixture.import("team", 2).await;
    let mut first = Worker::new(&fixture, &upload, 0).await;
    let mut second = Worker::new(&fixture, &upload, 0).await;
    first.run_until(WorkerStep::CountAttempt).await.unwrap();
    second.run_until(WorkerStep::CountAttempt).await.unwrap();

    first.run_until(WorkerStep::Claim).await.unwrap();
    let turned = second.run().await.unwrap_err();
    assert!(
        matches!(turned, Turned::Away(Unclaimed::Taken)),
        "{turned:?}"
    );
    first.run().await.unwrap();
    assert_stored_once(&fixture, &upload).await;
    assert_eq!(upload.attempts(&fixture, 0).await, 2);
}

#[tokio::test]
async fn the_first_delivery_dies_and_the_second_stores_the_chunk() {
    let fixture = Fixture::new().await;
    for dataset in DATASETS {
        let upload = fixture.import(dataset, 2).await;
        let mut first = Worker::new(&fixture, &upload, 0).await;
        first.run_until(WorkerStep::Fence).await.unwrap();
        let pid = first.pid().await;
        first.client.close().await;
        fixture.wait_until_gone(pid).await;

        upload.store(&fixture, 0).await;
        assert_stored_once(&fixture, &upload).await;
        assert_eq!(upload.attempts(&fixture, 0).await, 2);
    }
}

#[tokio::test]
async fn a_chunk_that_is_not_planned_yet_comes_again() {
    let fixture = Fixture::new().await;
    let upload = fixture.planning("team", 2).await;
    let mut worker = Worker::new(&fixture, &upload, 7).await;
    let turned = worker.run().await.unwrap_err();
    assert!(
        matches!(turned, Turned::Away(Unclaimed::Missing)),
        "{turned:?}"
    );
}

#[tokio::test]
async fn a_chunk_of_an_unknown_import_is_not_wanted() {
    let fixture = Fixture::new().await;
    let client = fixture.connection().await;
    let claim = chunks::claim(&*client, uuid::Uuid::new_v4(), 0).await;
    assert!(matches!(claim.unwrap(), Claim::Not(Unclaimed::NotWanted)));
}

#[tokio::test]
async fn an_attempt_that_a_fault_ended_is_given_back() {
    let fixture = Fixture::new().await;
    let upload = fixture.import("team", 1).await;
    let mut worker = Worker::new(&fixture, &upload, 0).await;
    worker.run_until(WorkerStep::CountAttempt).await.unwrap();
    assert_eq!(upload.attempts(&fixture, 0).await, 1);
    let client = fixture.connection().await;
    for _ in 0..2 {
        chunks::give_back_attempt(&client, upload.uid, 0)
            .await
            .unwrap();
        assert_eq!(upload.attempts(&fixture, 0).await, 0);
    }
}
