//! Code from before readings were pinned, which may still run for a while in a deploy, and imports
//! that began with it.

use postgres::Client;
use postgres::chunks;
use postgres::finishing::Finished;

use crate::fixture::database::{DATASETS, Fixture, Upload};

/// What a worker from before wrote as its receipt.
async fn old_receipt(fixture: &Fixture, upload: &Upload, chunk: i32) -> Result<u64, String> {
    let receipt = "UPDATE import_chunk SET done_at = now(), rows_imported = 4, rows_rejected = 1 \
         WHERE import_id = $1 AND number = $2";
    let written = fixture.ask(async |client| client.execute(receipt, &[&upload.id, &chunk]).await);
    written
        .await
        .map_err(|error| error.as_db_error().unwrap().message().to_owned())
}

async fn is_from_before(fixture: &Fixture, upload: &Upload) {
    let import = "UPDATE import SET reading = NULL, plan_version = 1 WHERE id = $1";
    fixture.execute(import, &[&upload.id]).await;
    let receipts = "UPDATE import_chunk SET witness = NULL, content_crc = NULL, \
         content_bytes = NULL, records_empty = NULL, lines_rejected = NULL WHERE import_id = $1";
    fixture.execute(receipts, &[&upload.id]).await;
}

#[tokio::test]
async fn a_worker_that_knows_no_reading_stores_nothing() {
    let fixture = Fixture::new().await;
    let upload = fixture.import("team", 2).await;
    let refused = old_receipt(&fixture, &upload, 0).await.unwrap_err();
    assert!(
        refused.ends_with("was stored without its witness"),
        "{refused}"
    );
    assert_eq!(upload.receipts(&fixture).await, 0);
    is_from_before(&fixture, &upload).await;
    assert_eq!(old_receipt(&fixture, &upload, 0).await, Ok(1));
}

#[tokio::test]
async fn an_import_is_not_completed_without_a_verdict() {
    let fixture = Fixture::new().await;
    for dataset in DATASETS {
        let upload = fixture.finishing(dataset, 2).await;
        let complete = "UPDATE import SET state = 'completed' WHERE id = $1";
        let tried = fixture.ask(async |client| client.execute(complete, &[&upload.id]).await);
        let refused = tried.await.unwrap_err();
        let constraint = refused.as_db_error().unwrap().constraint();
        assert!(
            constraint == Some("import_is_judged") || refused.to_string().contains("no counts"),
            "{refused:?}"
        );
        upload.complete(&fixture).await;
    }
}

/// Another order of dates was said, and the planner would read them by its own.
#[tokio::test]
async fn a_planner_that_knows_no_reading_reads_no_heading_against_what_was_said() {
    let fixture = Fixture::new().await;
    let upload = fixture.pinned("baseline", 1).await;
    let said = "UPDATE import SET said = '{\"dates\": \"dmy\"}' WHERE id = $1";
    fixture.execute(said, &[&upload.id]).await;
    let heading = "UPDATE import SET column_order = '{0,1}', heading_end_byte = 1, \
         heading_end_line = 2 WHERE id = $1";
    let tried = fixture.ask(async |client| client.execute(heading, &[&upload.id]).await);
    let refused = tried.await.unwrap_err();
    let constraint = refused.as_db_error().unwrap().constraint();
    assert_eq!(constraint, Some("import_is_read_as_said"));
    upload.read_heading(&fixture).await;
}

#[tokio::test]
async fn an_import_that_began_before_ends_as_before() {
    let fixture = Fixture::new().await;
    for dataset in DATASETS {
        let upload = fixture.finishing(dataset, 2).await;
        is_from_before(&fixture, &upload).await;
        let receipts = async |client: &mut Client| chunks::receipts(client, upload.id).await;
        let receipts = fixture.ask(receipts).await.unwrap();
        assert_eq!(receipts.len(), 2);
        assert!(receipts.iter().all(|it| it.witness.is_none()));
        let finished = upload.finish_with_lines(&fixture, 10).await;
        assert!(matches!(finished, Finished::Completed(_)), "{finished:?}");
    }
}
