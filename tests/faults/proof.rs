//! The proof at the end of an import refuses everything that does not add up.

use domain::catalog;
use domain::import::State;
use postgres::Client;
use postgres::finishing::{self, Judged, Proof};

use crate::fixture::database::{DATASETS, Fixture, Upload, judged};

/// What is forged, and the SQL that does it; `$row` stands for the table of the rows. One chunk has
/// 5 records, of which 4 became rows.
const FORGERIES: [(&str, &str); 19] = [
    (
        "a plan that misses a record, and so do rows and counters",
        "UPDATE import_chunk SET records = records - 1, rows_imported = rows_imported - 1 \
             WHERE number = 1; \
         DELETE FROM $row WHERE record = 10; \
         UPDATE import SET rows_imported = rows_imported - 1",
    ),
    (
        "a chunk that begins before the one before it ends",
        "UPDATE import_chunk SET byte_start = byte_start - 1 WHERE number = 1",
    ),
    (
        "a byte between two chunks that is in neither",
        "UPDATE import_chunk SET byte_start = byte_start + 1 WHERE number = 1",
    ),
    (
        "records counted twice",
        "UPDATE import_chunk SET first_record = first_record - 1 WHERE number = 2",
    ),
    (
        "a first chunk that does not begin after the heading",
        "UPDATE import_chunk SET byte_start = byte_start + 1 WHERE number = 0",
    ),
    (
        "bytes after the last chunk",
        "UPDATE import SET object_size = object_size + 1",
    ),
    (
        "a chunk that is gone",
        "DELETE FROM import_chunk WHERE number = 1",
    ),
    (
        "the last chunk is gone with all it stored",
        "DELETE FROM import_chunk WHERE number = 2; DELETE FROM $row WHERE record > 10; \
         UPDATE import SET rows_imported = 8, rows_rejected = 2, chunks_done = 2",
    ),
    (
        "a total that is not the plan's",
        "UPDATE import SET chunks_total = chunks_total + 1",
    ),
    (
        "a chunk without a receipt",
        "UPDATE import_chunk SET done_at = NULL WHERE number = 1",
    ),
    (
        "a row that is gone from the table",
        "DELETE FROM $row WHERE record = 1",
    ),
    ("every row is gone from the table", "DELETE FROM $row"),
    (
        "a row too many",
        "CREATE TEMP TABLE more ON COMMIT DROP AS SELECT * FROM $row WHERE record = 1; \
         UPDATE more SET record = 99; INSERT INTO $row SELECT * FROM more",
    ),
    (
        "a row of a record that the file does not have, in place of a real one",
        "UPDATE $row SET record = 99 WHERE record = 1",
    ),
    (
        "a counter of rows that is off",
        "UPDATE import SET rows_imported = rows_imported + 1",
    ),
    (
        "a counter of rejected records that is off",
        "UPDATE import SET rows_rejected = rows_rejected - 1",
    ),
    (
        "a rejected record that its receipt does not count",
        "UPDATE import_chunk SET rows_rejected = 0 WHERE number = 1; \
         UPDATE import SET rows_rejected = rows_rejected - 1",
    ),
    (
        "an empty record that the plan does not have",
        "UPDATE import_chunk SET records_empty = 1 WHERE number = 1",
    ),
    (
        "a line that belongs to no record",
        "UPDATE import_chunk SET lines = lines + 1 WHERE number = 1",
    ),
];

async fn prove(client: &Client, upload: &Upload) -> (Proof, bool) {
    let import = upload.import(client).await;
    let proof = finishing::count_and_prove(client, &import, upload.dataset()).await;
    let proof = proof.unwrap();
    let holds = proof.holds(&import, &judged(client, upload.id).await);
    (proof, holds)
}

#[tokio::test]
async fn the_proof_refuses_each_forged_fault() {
    for dataset in DATASETS {
        let fixture = Fixture::new().await;
        let upload = fixture.finishing(dataset, 3).await;
        let client = fixture.connection().await;
        for (fault, forgery) in FORGERIES {
            assert!(prove(&client, &upload).await.1, "before {fault}");
            let forgery = forgery.replace("$row", &upload.dataset().table);
            client.batch_execute("BEGIN").await.unwrap();
            client.batch_execute(&forgery).await.expect(fault);
            let (proof, holds) = prove(&client, &upload).await;
            assert!(!holds, "{dataset}: {fault}: {proof:?}");
            client.batch_execute("ROLLBACK").await.unwrap();
        }
    }
}

#[tokio::test]
async fn rows_of_other_imports_prove_nothing() {
    let fixture = Fixture::new().await;
    for dataset in catalog::NAMES {
        let (one, other) = (
            fixture.finishing(dataset, 2).await,
            fixture.finishing(dataset, 2).await,
        );
        let client = fixture.connection().await;
        let table = &one.dataset().table;
        let moved = format!(
            "UPDATE {table} SET import_id = $2, record = record + 100 WHERE import_id = $1"
        );
        fixture.execute(&moved, &[&one.id, &other.id]).await;
        assert!(!prove(&client, &one).await.1);
        assert!(!prove(&client, &other).await.1);
    }
}

#[tokio::test]
async fn an_import_is_completed_once_and_only_when_it_is_finishing() {
    let fixture = Fixture::new().await;
    let importing = fixture.import("team", 1).await;
    let client = fixture.connection().await;
    let early = finishing::complete(&*client, importing.uid, &Judged::default())
        .await
        .unwrap();
    assert!(early.is_none());
    let upload = fixture.finishing("team", 1).await;
    assert!(prove(&client, &upload).await.1);
    let first = finishing::complete(&*client, upload.uid, &Judged::default())
        .await
        .unwrap();
    assert_eq!(first.unwrap().state, State::Completed);
    let again = finishing::complete(&*client, upload.uid, &Judged::default())
        .await
        .unwrap();
    assert!(again.is_none());
}

/// Every caller that finds the import finishing answers again: the answer may have been lost.
#[tokio::test]
async fn every_caller_that_finds_it_finishing_gets_the_token() {
    let fixture = Fixture::new().await;
    let upload = fixture.finishing("team", 1).await;
    let client = fixture.connection().await;
    let before = upload.import(&client).await;
    let again = finishing::begin(&client, upload.uid).await.unwrap();
    assert_eq!(
        again.unwrap(),
        before,
        "an answer does not count as progress"
    );
}
