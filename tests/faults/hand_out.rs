//! Chunks on their way to the queue.

use domain::import::State;
use domain::limits::CHUNKS_OUT_AT_MOST;
use futures_util::future::join_all;
use postgres::{chunks, imports};

use crate::fixture::database::{Fixture, Upload, VISIBILITY, Worker, WorkerStep};

async fn out(fixture: &Fixture, upload: &Upload) -> (i64, i64) {
    let client = fixture.connection().await;
    let snapshot = imports::snapshot(&client, upload.uid, VISIBILITY).await;
    let (_, outstanding) = snapshot.unwrap().unwrap();
    (outstanding.out, outstanding.waiting)
}

#[tokio::test]
async fn at_most_64_chunks_are_out() {
    let fixture = Fixture::new().await;
    let upload = fixture.planned("team", 100).await;
    let first = upload.hand_out(&fixture).await;
    assert_eq!(first, (0..64).collect::<Vec<i32>>());
    assert_eq!(out(&fixture, &upload).await, (CHUNKS_OUT_AT_MOST, 36));
    assert!(upload.hand_out(&fixture).await.is_empty());
    upload.store(&fixture, 5).await;
    upload.store(&fixture, 63).await;
    assert_eq!(upload.hand_out(&fixture).await, [64, 65]);
    assert!(upload.hand_out(&fixture).await.is_empty());
}

/// Every worker hands out chunks after its own. Several at once must not exceed the limit either.
#[tokio::test]
async fn at_most_64_chunks_are_out_when_many_hand_out_at_once() {
    let fixture = Fixture::with_sessions(20).await;
    let upload = fixture.planned("team", 200).await;
    let at_once = join_all((0..8).map(|_| upload.hand_out(&fixture))).await;
    let mut numbers = at_once.concat();
    numbers.sort_unstable();
    assert_eq!(
        numbers,
        (0..64).collect::<Vec<i32>>(),
        "each chunk is handed out once"
    );
    // Waiting chunks are counted only up to the number that may be out.
    assert_eq!(
        out(&fixture, &upload).await,
        (CHUNKS_OUT_AT_MOST, CHUNKS_OUT_AT_MOST)
    );
}

#[tokio::test]
async fn the_first_chunk_handed_out_makes_the_import_importing() {
    let fixture = Fixture::new().await;
    let upload = fixture.planning("baseline", 1).await;
    let client = fixture.connection().await;
    assert!(
        upload.hand_out(&fixture).await.is_empty(),
        "no chunk is planned"
    );
    assert_eq!(upload.import(&client).await.state, State::Planning);
    upload.end_plan(&fixture, &upload.file.chunks).await;
    assert_eq!(upload.hand_out(&fixture).await, [0]);
    assert_eq!(upload.import(&client).await.state, State::Importing);
}

/// A chunk that a worker has locked is not sent again, however late its message is, and the
/// hand-out does not wait for the lock.
#[tokio::test]
async fn a_chunk_that_a_worker_has_locked_is_skipped() {
    let fixture = Fixture::new().await;
    let upload = fixture.import("team", 3).await;
    let mut worker = Worker::new(&fixture, &upload, 1).await;
    worker.run_until(WorkerStep::Copy).await.unwrap();
    assert_eq!(upload.hand_out_after(&fixture, 0).await, [0, 2]);
    worker.run().await.unwrap();
    assert_eq!(upload.hand_out_after(&fixture, 0).await, [0, 2]);
}

#[tokio::test]
async fn a_lost_message_is_merely_late() {
    let fixture = Fixture::new().await;
    let upload = fixture.import("team", 2).await;
    assert!(upload.hand_out(&fixture).await.is_empty());
    let earlier = "UPDATE import_chunk SET queued_at = queued_at - make_interval(secs => 361) \
                   WHERE number = 1";
    fixture.execute(earlier, &[]).await;
    assert_eq!(out(&fixture, &upload).await, (1, 1));
    assert_eq!(upload.hand_out(&fixture).await, [1]);
}

#[tokio::test]
async fn chunks_that_could_not_be_sent_wait_again() {
    let fixture = Fixture::new().await;
    let upload = fixture.import("team", 4).await;
    let done = upload.store(&fixture, 1).await;
    let client = fixture.connection().await;
    chunks::hand_back(&client, done.id, &[1, 2]).await.unwrap();
    assert_eq!(upload.hand_out(&fixture).await, [2], "chunk 1 is stored");
}
