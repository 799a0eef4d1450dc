//! Code from before readings were pinned, which may still run for a while in a deploy, and imports
//! that began with it.

use domain::catalog::BASELINE;
use domain::order::Key;
use jiff::Timestamp;
use jiff::civil::date;
use postgres::Client;
use postgres::finishing::Finished;
use postgres::imports::{self, Created};
use postgres::{chunks, exports};
use uuid::Uuid;

use super::counts::assert_counted;
use crate::fixture::database::{DATASETS, Fixture, GOOD_PER_CHUNK, Upload, new_import};

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

/// Code from before other datasets were counted keeps counts of days, and reads those of months.
#[tokio::test]
async fn an_import_that_code_from_before_completes_is_counted() {
    let fixture = Fixture::new().await;
    let upload = fixture.finishing("baseline", 2).await;
    let days = "INSERT INTO import_day (import_id, day, rows) \
         SELECT import_id, order_date, count(*) FROM sales_record WHERE import_id = $1 GROUP BY 1, 2";
    fixture.execute(days, &[&upload.id]).await;
    let complete = "UPDATE import SET state = 'completed', content_bytes = 0 WHERE id = $1";
    fixture.execute(complete, &[&upload.id]).await;
    assert_counted(&fixture, upload.owner).await;
    assert_eq!(upload.seen(&fixture).await, 2 * GOOD_PER_CHUNK);
}

/// A part of an export that code from before has stored is gone on from.
#[tokio::test]
async fn a_part_that_code_from_before_stored_has_its_place() {
    let fixture = Fixture::new().await;
    let upload = fixture.completed("baseline", 1).await;
    let export = fixture.export(&upload).await;
    let receipt = "INSERT INTO export_part (export_id, number, etag, rows, bytes, import_id, \
         order_date, record) VALUES ($1, 1, 'etag', 2, 1, $2, '2015-02-03', 3)";
    fixture.execute(receipt, &[&export.id, &upload.id]).await;
    let parts = async |client: &mut Client| exports::parts(client, &export, &BASELINE).await;
    let parts = fixture.ask(parts).await.unwrap();
    assert_eq!(parts[0].last.key, Some(Key::Date(date(2015, 2, 3))));
    assert_eq!(
        (parts[0].last.import_id, parts[0].last.record),
        (upload.id, 3)
    );
}

/// The step that brought the time of the last receipt.
const LAST_STORED: &str = include_str!("../../shared/postgres/migrations/V25__last_stored.sql");

/// What code from before stored has its time in the receipts alone.
#[tokio::test]
async fn an_import_on_its_way_gets_the_time_of_its_last_receipt() {
    let fixture = Fixture::new().await;
    let under_way = fixture.import("team", 3).await;
    under_way.store(&fixture, 1).await;
    under_way.store(&fixture, 0).await;
    let held = fixture.import("baseline", 2).await;
    held.store(&fixture, 0).await;
    let hold = "UPDATE import SET state = 'held' WHERE id = $1";
    fixture.execute(hold, &[&held.id]).await;
    let begun = fixture.import("team", 1).await;
    let ended = fixture.completed("team", 1).await;
    let before = "UPDATE import SET last_stored_at = NULL";
    fixture.execute(before, &[]).await;
    let mut statements = LAST_STORED.split(';');
    let fill = statements.find(|it| it.contains("UPDATE import"));
    fixture.execute(fill.unwrap(), &[]).await;
    let client = fixture.connection().await;
    for upload in [&under_way, &held] {
        let last = "SELECT done_at FROM import_chunk WHERE import_id = $1 AND number = 0";
        let last = client.query_one(last, &[&upload.id]).await.unwrap();
        let last: Timestamp = last.get(0);
        assert_eq!(upload.import(&client).await.last_stored_at, Some(last));
    }
    for upload in [&begun, &ended] {
        assert_eq!(upload.import(&client).await.last_stored_at, None);
    }
}

/// Code that knows no declared dataset leaves the new columns as they are.
async fn old_import(client: &Client, owner: Uuid, number: i32) -> Result<u64, String> {
    let insert = "INSERT INTO import (uid, owner, dataset, number, object_key, object_size, \
         upload_expires_at) VALUES ($1, $2, 'baseline', $3, 'x', 1, now())";
    let inserted = client
        .execute(insert, &[&Uuid::new_v4(), &owner, &number])
        .await;
    inserted.map_err(|error| {
        error
            .as_db_error()
            .unwrap()
            .constraint()
            .unwrap_or("")
            .to_owned()
    })
}

#[tokio::test]
async fn old_and_new_code_admit_one_active_baseline_between_them() {
    let fixture = Fixture::new().await;
    let mut client = fixture.connection().await;
    let second = Err("import_one_active_baseline".to_owned());

    let owner = Uuid::new_v4();
    assert_eq!(old_import(&client, owner, 1_001).await, Ok(1));
    assert_eq!(old_import(&client, owner, 1_002).await, second);
    let new = new_import(owner, "baseline");
    let created = imports::create(&mut client, &new).await.unwrap();
    assert!(matches!(created, Created::AnotherActive), "{created:?}");
    let active = imports::active(&client, owner, "baseline").await.unwrap();
    assert_eq!(
        active.map(|it| (it.number, it.declared)),
        Some((1_001, None))
    );

    let owner = Uuid::new_v4();
    let new = new_import(owner, "baseline");
    let created = imports::create(&mut client, &new).await.unwrap();
    assert!(matches!(created, Created::Import(_)), "{created:?}");
    assert_eq!(old_import(&client, owner, 1_001).await, second);
}

/// An import names a dataset and its version, or neither.
#[tokio::test]
async fn an_import_cannot_name_half_a_version() {
    let fixture = Fixture::new().await;
    let upload = fixture.awaiting("team", 1).await;
    for half in ["dataset_id", "dataset_version"] {
        let set = format!("UPDATE import SET {half} = 1 WHERE id = $1");
        let tried = fixture.ask(async |client| client.execute(&set, &[&upload.id]).await);
        let refused = tried.await.unwrap_err();
        let constraint = refused.as_db_error().unwrap().constraint();
        assert_eq!(constraint, Some("import_names_a_version"));
    }
}
