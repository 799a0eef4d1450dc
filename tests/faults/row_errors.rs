//! Which row errors are kept: those of the first records of the file, whichever chunk was faster,
//! and those of the records that a file is refused for.

use domain::catalog;
use domain::first_look;
use domain::import::State;
use domain::limits::{FIRST_LOOK_EXAMPLES, ROW_ERRORS_KEPT_PER_IMPORT};
use domain::reading::Reading;
use domain::reason::Reason;
use postgres::chunks::{self, Claim};
use postgres::{planning, row_errors};

use crate::fixture::database::{Fixture, Upload};

async fn kept(fixture: &Fixture, upload: &Upload) -> (i64, i64) {
    let client = fixture.connection().await;
    row_errors::trim(&client, upload.id).await.unwrap();
    let records = row_errors::records_kept(&client, upload.id).await.unwrap();
    (records, upload.errors(fixture).await)
}

/// A record whose errors do not all fit loses them all, and so do those after it.
#[tokio::test]
async fn what_is_kept_beyond_the_limit_is_dropped_record_by_record() {
    let fixture = Fixture::new().await;
    for (each, records) in [(1, 100_000), (2, 50_000), (3, 33_333)] {
        let upload = fixture.planned("team", 1).await;
        let fill = "INSERT INTO row_error (import_id, record, ordinal, line, column_name, value, \
             code, message) SELECT $1, r, o, r + 1, '', '', 'too_long', '' \
             FROM generate_series(1, 120000 / $2) AS r, generate_series(0, $2 - 1) AS o";
        fixture.execute(fill, &[&upload.id, &each]).await;
        let expected = (i64::from(records), i64::from(records * each));
        assert_eq!(kept(&fixture, &upload).await, expected);
        assert_eq!(kept(&fixture, &upload).await, expected, "once more");
        let last = "SELECT max(record) FROM row_error WHERE import_id = $1";
        assert_eq!(
            fixture.number(last, &[&upload.id]).await,
            i64::from(records)
        );
    }
}

#[tokio::test]
async fn an_import_with_fewer_row_errors_keeps_them_all() {
    let fixture = Fixture::new().await;
    let upload = fixture.finishing("baseline", 3).await;
    let errors = upload.errors(&fixture).await;
    assert!(errors > 0 && errors < ROW_ERRORS_KEPT_PER_IMPORT);
    assert_eq!(kept(&fixture, &upload).await.1, errors);
}

/// A chunk keeps none if the chunks before it are sure to have as many as the import keeps.
#[tokio::test]
async fn a_chunk_after_enough_row_errors_keeps_none() {
    let fixture = Fixture::new().await;
    let upload = fixture.import("team", 24).await;
    let receipts = "UPDATE import_chunk SET done_at = now(), witness = '{}', rows_imported = 0, \
         rows_rejected = 1000000 WHERE import_id = $1 AND number < 20";
    fixture.execute(receipts, &[&upload.id]).await;
    let all = claimed(&fixture, &upload, 21).await;
    let open = "UPDATE import_chunk SET done_at = NULL, rows_imported = NULL, \
         rows_rejected = NULL WHERE import_id = $1 AND number = 3";
    fixture.execute(open, &[&upload.id]).await;
    let but_one = claimed(&fixture, &upload, 21).await;
    let early = claimed(&fixture, &upload, 3).await;
    assert_eq!(all, 0);
    assert!(but_one > 0 && early == but_one);
}

async fn claimed(fixture: &Fixture, upload: &Upload, number: i32) -> usize {
    let client = fixture.connection().await;
    chunks::begin(&client).await.unwrap();
    let claim = chunks::claim(&*client, upload.uid, number).await.unwrap();
    chunks::rollback(&client).await.unwrap();
    match claim {
        Claim::Ours(claimed) => claimed.errors_kept,
        Claim::Not(why) => panic!("{why:?}"),
    }
}

fn refusal() -> Reason {
    let records = (1..=20).map(|it| format!("Team {it},Ann,1234567890123456\n"));
    let file = "team_name,manager_name,manager_phone_number\n".to_owned();
    let file = file + &records.collect::<String>();
    let team = &catalog::TEAM;
    first_look::look(file.as_bytes(), 0, true, team, &Reading::declared(team)).unwrap_err()
}

#[tokio::test]
async fn a_refused_file_shows_the_row_errors_of_its_first_records() {
    let fixture = Fixture::new().await;
    let upload = fixture.planning("team", 1).await;
    let mut client = fixture.connection().await;
    let reason = refusal();
    for (run, state) in [(2, None), (1, Some(State::RollingBack)), (1, None)] {
        let refused = planning::refuse(&mut client, upload.uid, run, &reason).await;
        assert_eq!(refused.unwrap().map(|it| it.state), state);
    }
    let (count, page) = row_errors::page(&mut client, upload.id, 100, 0)
        .await
        .unwrap();
    assert_eq!(count, FIRST_LOOK_EXAMPLES as i64);
    let first = &page[0];
    assert_eq!(
        (first.record, first.line, first.code.as_str()),
        (1, 2, "too_long")
    );
    assert_eq!(first.column, "manager_phone_number");
    assert_eq!(first.value, "1234567890123456");
    let records: Vec<i64> = page.iter().map(|it| it.record).collect();
    assert!(records.iter().copied().eq(1..=count), "{records:?}");
}
