//! Workers race against a cancel, many times, at moments that a seed chooses.

use futures_util::future::join_all;
use postgres::Client;
use postgres::imports::{self, Asked};

use crate::fixture::database::{
    DATASETS, Fixture, GOOD_PER_CHUNK, Upload, Worker, roll_back, within,
};

const ROUNDS: usize = 60;
const CHUNKS: i32 = 3;

/// The cancel comes after fewer short round trips than this: about as many as three workers take.
const LATEST: u64 = 120;

/// SplitMix64: the same moments in every run.
struct Seeded(u64);

impl Seeded {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }
}

/// Cancels and rolls back at once, while the workers may still run. Returns the number of deleted
/// rows.
async fn cancel_after(
    fixture: &Fixture,
    upload: &Upload,
    client: &Client,
    round_trips: u64,
) -> i64 {
    for _ in 0..round_trips {
        client.batch_execute("SELECT 1").await.unwrap();
    }
    let dataset = upload.dataset().name.as_str();
    let asked = imports::cancel(client, upload.owner, dataset, upload.number).await;
    assert!(matches!(asked.unwrap(), Asked::Done(_)));
    assert_eq!(upload.seen(fixture).await, 0);
    let ended = roll_back(client, upload)
        .await
        .expect("no row can be stored any more");
    let proof = ended.rollback.unwrap();
    assert_eq!(proof.rows_remaining, 0);
    proof.rows_deleted
}

async fn work(mut worker: Worker<'_>) -> bool {
    let stored = worker.run().await.is_ok();
    worker.client.keep().await;
    stored
}

#[tokio::test]
async fn sixty_races_of_workers_against_a_cancel() {
    let fixture = Fixture::new().await;
    let mut seeded = Seeded(2);
    let mut stored_in_all = 0;
    for round in 0..ROUNDS {
        let upload = fixture
            .import(DATASETS[round % DATASETS.len()], i64::from(CHUNKS))
            .await;
        let client = fixture.connection().await;
        let mut workers = Vec::new();
        for number in 0..CHUNKS {
            workers.push(Worker::new(&fixture, &upload, number).await);
        }
        let (stored, deleted) = within(async {
            tokio::join!(
                join_all(workers.into_iter().map(work)),
                cancel_after(&fixture, &upload, &client, seeded.below(LATEST)),
            )
        })
        .await;
        let stored = stored.into_iter().filter(|it| *it).count() as i64;
        stored_in_all += stored;
        assert_adds_up(&fixture, &upload, stored, deleted).await;
    }
    println!(
        "{stored_in_all} of {} chunks were stored before the cancel",
        ROUNDS * CHUNKS as usize
    );
}

/// Every row that was committed is counted and was deleted. No row came after the rollback.
async fn assert_adds_up(fixture: &Fixture, upload: &Upload, stored: i64, deleted: i64) {
    let import = fixture
        .ask(async |client| upload.import(client).await)
        .await;
    let rows = stored * GOOD_PER_CHUNK;
    assert_eq!((import.rows_imported, deleted), (rows, rows));
    assert_eq!(i64::from(import.chunks_done), stored);
    assert_eq!(upload.receipts(fixture).await, stored);
    assert_eq!(upload.errors(fixture).await, import.rows_rejected);
    assert_eq!(
        upload.rows(fixture).await,
        0,
        "no row came after the rollback"
    );
    assert_eq!(upload.seen(fixture).await, 0);
}
