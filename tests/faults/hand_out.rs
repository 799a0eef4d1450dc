//! Chunks on their way to the queue.

use domain::import::State;
use domain::limits::CHUNKS_OUT_AT_MOST;
use futures_util::future::join_all;
use postgres::chunks::{self, HandedOut};
use postgres::{Client, imports};
use uuid::Uuid;

use crate::fixture::database::{
    DATASETS, Fixture, OUT_AT_MOST, Upload, VISIBILITY, Worker, WorkerStep,
};

async fn out(fixture: &Fixture, upload: &Upload) -> (i64, i64) {
    let client = fixture.connection().await;
    let snapshot = imports::snapshot(&client, upload.uid, VISIBILITY, OUT_AT_MOST).await;
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

/// Somebody holds the row of an import for long, as whoever deletes many does: others get their chunks
/// all the same, and its own go out when it is free.
#[tokio::test]
async fn an_import_that_is_locked_holds_up_nobody() {
    let fixture = Fixture::new().await;
    let held = planned_of(&fixture, Uuid::new_v4(), "team", 3).await;
    let other = planned_of(&fixture, Uuid::new_v4(), "team", 3).await;
    let mut client = fixture.connection().await;
    let holder = client.transaction().await.unwrap();
    let lock = "SELECT FROM import WHERE id = $1 FOR UPDATE";
    holder.execute(lock, &[&held.id]).await.unwrap();
    let both = [&held, &other];
    assert_eq!(places(&next(&fixture, 6).await, &both), [1, 1, 1]);
    holder.rollback().await.unwrap();
    assert_eq!(places(&next(&fixture, 6).await, &both), [0, 0, 0]);
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
    upload.store(&fixture, 1).await;
    let chunk = |number| HandedOut {
        import_id: upload.id,
        import: upload.uid,
        owner: upload.owner,
        number,
    };
    let client = fixture.connection().await;
    chunks::hand_back(&*client, &[chunk(1), chunk(2)])
        .await
        .unwrap();
    assert_eq!(upload.hand_out(&fixture).await, [2], "chunk 1 is stored");
}

async fn next(fixture: &Fixture, out_at_most: i64) -> Vec<HandedOut> {
    let next = async |client: &mut Client| chunks::hand_out(client, VISIBILITY, out_at_most).await;
    fixture.ask(next).await.unwrap()
}

async fn planned_of(fixture: &Fixture, owner: Uuid, dataset: &str, chunks: i64) -> Upload {
    let upload = fixture.awaiting_of(owner, dataset, chunks, None).await;
    upload.plan_all(fixture).await;
    upload
}

/// The imports of some chunks, by their place among these.
fn places(handed_out: &[HandedOut], uploads: &[&Upload]) -> Vec<usize> {
    let place = |it: &HandedOut| uploads.iter().position(|upload| upload.uid == it.import);
    handed_out.iter().filter_map(place).collect()
}

/// One owner has three huge imports, another one a single one: each owner gets half of the places.
#[tokio::test]
async fn places_are_shared_by_owner_and_then_by_import() {
    let fixture = Fixture::new().await;
    for dataset in DATASETS.into_iter().filter(|it| *it != "baseline") {
        let (many, one) = (Uuid::new_v4(), Uuid::new_v4());
        let first = planned_of(&fixture, many, dataset, 20).await;
        let second = planned_of(&fixture, many, dataset, 20).await;
        let third = planned_of(&fixture, many, dataset, 20).await;
        // All places are theirs while nobody else asks.
        let alone = next(&fixture, 6).await;
        let uploads = [&first, &second, &third];
        let mut shares = places(&alone, &uploads);
        shares.sort_unstable();
        assert_eq!(shares, [0, 0, 1, 1, 2, 2], "{dataset}");
        assert_eq!(next(&fixture, 6).await, []);
        let single = planned_of(&fixture, one, dataset, 20).await;
        let uploads = [&first, &second, &third, &single];
        // Who has none out gets one, though all places are taken.
        assert_eq!(places(&next(&fixture, 6).await, &uploads), [3], "{dataset}");
        assert_eq!(next(&fixture, 6).await, []);
        first.store(&fixture, 0).await;
        assert_eq!(next(&fixture, 6).await, [], "there are six without it");
        // A worker is done, and its place is the other owner's, as long as they have fewer.
        for from in [&second, &third] {
            from.store(&fixture, 0).await;
            let given = next(&fixture, 6).await;
            assert_eq!(places(&given, &uploads), [3], "{dataset}");
        }
        // Then they come by turns.
        single.store(&fixture, 0).await;
        assert_eq!(places(&next(&fixture, 6).await, &uploads), [3]);
        first.store(&fixture, 1).await;
        assert_eq!(places(&next(&fixture, 6).await, &uploads), [0]);
        for upload in uploads {
            let cancel = async |client: &mut Client| {
                imports::cancel(client, upload.owner, dataset, upload.number).await
            };
            fixture.ask(cancel).await.unwrap();
        }
    }
}

/// Between two chunks of a single import come at most as many of others as are out at a time, however
/// many others there are.
#[tokio::test]
async fn a_single_import_waits_for_no_more_than_is_out() {
    const OUT: i64 = 8;
    const OWNERS: i64 = 4;
    let fixture = Fixture::new().await;
    let crowd: Vec<Uuid> = (1..OWNERS).map(|_| Uuid::new_v4()).collect();
    let mut uploads = Vec::new();
    for owner in &crowd {
        for _ in 0..3 {
            uploads.push(planned_of(&fixture, *owner, "team", 12).await);
        }
    }
    let mut queue = next(&fixture, OUT).await;
    let single = planned_of(&fixture, Uuid::new_v4(), "team", 5).await;
    uploads.push(single);
    let single = uploads.len() - 1;
    let (mut others, mut stored) = (0, 0);
    while stored < 5 {
        // A queue delivers in whatever order it likes: the newest first is the worst for who waits.
        let chunk = queue.remove(0);
        let at = uploads.iter().position(|it| it.uid == chunk.import);
        let upload = &uploads[at.unwrap()];
        upload.store(&fixture, chunk.number).await;
        if at == Some(single) {
            (others, stored) = (0, stored + 1);
        } else {
            others += 1;
        }
        assert!(
            others < OUT + OWNERS,
            "{others} chunks of others came after {stored}"
        );
        queue.extend(next(&fixture, OUT).await);
        assert!(queue.len() as i64 <= OUT + OWNERS);
    }
}

/// What is out of an import that wants nothing any more takes nobody's place.
#[tokio::test]
async fn a_cancel_frees_the_places_of_its_chunks() {
    let fixture = Fixture::new().await;
    let upload = planned_of(&fixture, Uuid::new_v4(), "team", 10).await;
    assert_eq!(next(&fixture, 4).await.len(), 4);
    let other = planned_of(&fixture, Uuid::new_v4(), "team", 3).await;
    assert_eq!(next(&fixture, 4).await.len(), 1, "it has none out");
    assert_eq!(next(&fixture, 4).await, []);
    let full =
        async |client: &mut Client| imports::snapshot(client, other.uid, VISIBILITY, 4).await;
    let (_, outstanding) = fixture.ask(full).await.unwrap().unwrap();
    assert!(outstanding.full);
    let cancel = async |client: &mut Client| {
        imports::cancel(client, upload.owner, "team", upload.number).await
    };
    fixture.ask(cancel).await.unwrap();
    assert_eq!(next(&fixture, 4).await.len(), 2);
    let (_, outstanding) = fixture.ask(full).await.unwrap().unwrap();
    assert!(!outstanding.full && outstanding.waiting == 0);
}

/// Hand-outs of many workers at once give out as many as there are places, each chunk once.
#[tokio::test]
async fn many_hand_outs_at_once_share_the_places() {
    let fixture = Fixture::with_sessions(20).await;
    for _ in 0..4 {
        planned_of(&fixture, Uuid::new_v4(), "team", 10).await;
    }
    let at_once = join_all((0..8).map(|_| next(&fixture, 12))).await;
    let given: Vec<(i64, i32)> = at_once
        .concat()
        .iter()
        .map(|it| (it.import_id, it.number))
        .collect();
    assert_eq!(given.len(), 12);
    let each: std::collections::HashSet<_> = given.iter().collect();
    assert_eq!(each.len(), 12);
    let of_import = |id: i64| given.iter().filter(|it| it.0 == id).count();
    assert!(given.iter().all(|it| of_import(it.0) == 3));
}
