//! An export whose writer dies, is replaced, or loses a race, on a real PostgreSQL.

use domain::catalog::BASELINE;
use domain::export::{Export, Goal, Part, State};
use domain::filter::Filter;
use domain::limits::EXPORTS_AT_ONCE;
use domain::quota::Quota;
use jiff::SignedDuration;
use postgres::exports::{self, Asked, Created, Position, Receipt, RowStream, Stop};
use postgres::{Client, imports};
use uuid::Uuid;

use crate::fixture::database::{Fixture, Upload};

/// Bytes after which a part is full: two or three rows.
const LIMIT: usize = 400;

/// Rows of an upload of three chunks.
const ROWS: i64 = 12;

async fn asked(fixture: &Fixture, upload: &Upload) -> Export {
    let export = fixture.export(upload).await;
    assert_eq!((export.estimate.rows, export.estimate.exact), (ROWS, true));
    begun(fixture, export.uid, export.run).await
}

async fn begun(fixture: &Fixture, uid: Uuid, run: i32) -> Export {
    let begin = async |client: &mut Client| exports::begin(client, uid, run).await;
    fixture
        .ask(begin)
        .await
        .unwrap()
        .expect("the run is wanted")
}

/// The next part after the last receipt: its own receipt, not yet committed, and its bytes.
async fn next_part(fixture: &Fixture, export: &Export) -> Option<(Receipt, Vec<u8>)> {
    let source = fixture.connection().await;
    let receipts = exports::parts(&source, export, &BASELINE).await.unwrap();
    let after = receipts.last().map(|it| it.last);
    let mut part = Part::new(false, LIMIT);
    if receipts.is_empty() {
        part.heading(&BASELINE, true);
    }
    let (import, filter) = (export.imports[0], Filter::default());
    let rows = RowStream::open(&source, BASELINE.clone(), import, after, &filter, true).await;
    let mut rows = rows.unwrap();
    rows.fill(&mut part).await.unwrap();
    let last: Option<Position> = rows.last().unwrap();
    drop(rows);
    source.close().await;
    let receipt = Receipt {
        number: receipts.len() as i32 + 1,
        etag: "etag".into(),
        rows: part.rows(),
        bytes: 1,
        last: last?,
    };
    Some((receipt, part.finish()))
}

async fn add(fixture: &Fixture, export: &Export, receipt: &Receipt) -> Option<Export> {
    let add = async |client: &mut Client| exports::add_part(client, export, receipt).await;
    fixture.ask(add).await.unwrap()
}

async fn stop(fixture: &Fixture, export: &Export) -> Stop {
    let why = async |client: &mut Client| exports::why_stopped(client, export).await;
    fixture.ask(why).await.unwrap()
}

async fn complete(fixture: &Fixture, export: &Export) -> Option<Export> {
    let complete = async |client: &mut Client| exports::complete(client, export, 7).await;
    fixture.ask(complete).await.unwrap()
}

/// Writes every part that is left, with its receipt, and returns their bytes.
async fn write_rest(fixture: &Fixture, export: &Export) -> Vec<u8> {
    let mut file = Vec::new();
    while let Some((receipt, bytes)) = next_part(fixture, export).await {
        assert!(add(fixture, export, &receipt).await.is_some());
        file.extend(bytes);
    }
    file
}

#[tokio::test]
async fn a_successor_goes_on_after_the_last_receipt() {
    let fixture = Fixture::new().await;
    let upload = fixture.completed("baseline", 3).await;
    let whole = write_rest(&fixture, &asked(&fixture, &upload).await).await;
    let first = asked(&fixture, &upload).await;
    let (receipt, mut file) = next_part(&fixture, &first).await.unwrap();
    assert!(add(&fixture, &first, &receipt).await.is_some());
    // The second part is stored, but its writer dies before the receipt: another run takes over.
    let (lost, lost_bytes) = next_part(&fixture, &first).await.unwrap();
    let raise = async |client: &mut Client| exports::raise_run(client, &first).await;
    let second = fixture.ask(raise).await.unwrap().unwrap();
    let second = begun(&fixture, second.uid, second.run).await;
    assert!(add(&fixture, &first, &lost).await.is_none());
    assert_eq!(stop(&fixture, &first).await, Stop::NotActive);
    let again = next_part(&fixture, &second).await.unwrap();
    assert_eq!(
        again,
        (lost, lost_bytes),
        "the same rows make the same part"
    );
    file.extend(write_rest(&fixture, &second).await);
    assert_eq!(String::from_utf8(file), String::from_utf8(whole));
    let prove = async |client: &mut Client| exports::prove(client, &second, &BASELINE).await;
    assert_eq!(fixture.ask(prove).await.unwrap(), Some(ROWS));
    let completed = complete(&fixture, &second).await.unwrap();
    assert_eq!(completed.rows_done, ROWS);
    let kept = completed
        .expires_at
        .unwrap()
        .duration_since(completed.started_at.unwrap());
    assert_eq!(kept, SignedDuration::from_hours(7 * 24), "as S3 counts");
    assert!(
        complete(&fixture, &second).await.is_none(),
        "it is completed once"
    );
}

#[tokio::test]
async fn a_part_has_one_receipt() {
    let fixture = Fixture::new().await;
    let upload = fixture.completed("baseline", 3).await;
    let export = asked(&fixture, &upload).await;
    let (receipt, _) = next_part(&fixture, &export).await.unwrap();
    assert_eq!(export.last_stored_at, None);
    let counted = add(&fixture, &export, &receipt).await.unwrap();
    assert!(counted.last_stored_at.is_some());
    assert!(add(&fixture, &export, &receipt).await.is_none());
    let gap = Receipt {
        number: 3,
        ..receipt
    };
    assert!(add(&fixture, &export, &gap).await.is_none());
    let now = begun(&fixture, export.uid, export.run).await;
    assert_eq!(now.last_stored_at, counted.last_stored_at);
    let (next, _) = next_part(&fixture, &now).await.unwrap();
    let next = add(&fixture, &now, &next).await.unwrap();
    assert!(next.last_stored_at > now.last_stored_at);
}

#[tokio::test]
async fn nothing_is_written_after_a_cancel_or_a_delete() {
    let fixture = Fixture::new().await;
    let upload = fixture.completed("baseline", 3).await;
    for goal in [Goal::Cancelled, Goal::Deleted] {
        let export = asked(&fixture, &upload).await;
        let (receipt, _) = next_part(&fixture, &export).await.unwrap();
        let (owner, number) = (export.owner, export.number);
        let ask = async |client: &mut Client| match goal {
            Goal::Deleted => exports::delete(client, owner, number).await,
            _ => exports::cancel(client, owner, number).await,
        };
        assert!(matches!(fixture.ask(ask).await.unwrap(), Asked::Done(_)));
        assert!(add(&fixture, &export, &receipt).await.is_none());
        assert!(complete(&fixture, &export).await.is_none());
        assert_eq!(stop(&fixture, &export).await, Stop::NotActive);
        let end = async |client: &mut Client| exports::end_removal(client, &export, goal).await;
        let ended = fixture.ask(end).await.unwrap().unwrap();
        assert_eq!(ended.state, goal.end());
    }
}

/// A delete that comes while a cancel is being carried out wins.
#[tokio::test]
async fn a_removal_ends_only_for_the_latest_goal() {
    let fixture = Fixture::new().await;
    let upload = fixture.completed("baseline", 3).await;
    let export = asked(&fixture, &upload).await;
    let (owner, number) = (export.owner, export.number);
    let cancel = async |client: &mut Client| exports::cancel(client, owner, number).await;
    fixture.ask(cancel).await.unwrap();
    let delete = async |client: &mut Client| exports::delete(client, owner, number).await;
    fixture.ask(delete).await.unwrap();
    for (goal, ends) in [(Goal::Cancelled, false), (Goal::Deleted, true)] {
        let end = async |client: &mut Client| exports::end_removal(client, &export, goal).await;
        assert_eq!(fixture.ask(end).await.unwrap().is_some(), ends, "{goal}");
    }
}

#[tokio::test]
async fn an_export_under_way_stops_when_one_of_its_imports_is_deleted() {
    let fixture = Fixture::new().await;
    let upload = fixture.completed("baseline", 3).await;
    let export = asked(&fixture, &upload).await;
    let (receipt, _) = next_part(&fixture, &export).await.unwrap();
    delete_import(&fixture, &upload).await;
    assert!(add(&fixture, &export, &receipt).await.is_none());
    assert_eq!(stop(&fixture, &export).await, Stop::SourceChanged);
    assert!(complete(&fixture, &export).await.is_none());
    let prove = async |client: &mut Client| exports::prove(client, &export, &BASELINE).await;
    assert_eq!(fixture.ask(prove).await.unwrap(), None);
}

/// Its link leads to rows that must not be seen any more.
#[tokio::test]
async fn a_completed_export_expires_when_one_of_its_imports_is_deleted() {
    let fixture = Fixture::new().await;
    let upload = fixture.completed("baseline", 3).await;
    let export = asked(&fixture, &upload).await;
    write_rest(&fixture, &export).await;
    let completed = complete(&fixture, &export).await.unwrap();
    assert_eq!(completed.seen_as(), State::Completed);
    let client = fixture.connection().await;
    assert!(exports::unfinished(&client).await.unwrap().is_empty());
    delete_import(&fixture, &upload).await;
    let seen = exports::by_number(&client, export.owner, export.number).await;
    assert_eq!(seen.unwrap().unwrap().seen_as(), State::Expiring);
    assert_eq!(exports::unfinished(&client).await.unwrap(), [export.uid]);
}

async fn delete_import(fixture: &Fixture, upload: &Upload) {
    let delete = async |client: &mut Client| {
        imports::delete(client, upload.owner, "baseline", upload.number).await
    };
    fixture.ask(delete).await.unwrap();
}

/// A repeated request finds its own export and is not told that there are too many.
#[tokio::test]
async fn the_last_export_within_the_limit_is_asked_for_twice() {
    let fixture = Fixture::new().await;
    let upload = fixture.completed("baseline", 1).await;
    for _ in 1..EXPORTS_AT_ONCE {
        fixture.export(&upload).await;
    }
    let Created::Export(last) = fixture.ask_for_export(&upload, Some("k")).await else {
        panic!("one more export is allowed");
    };
    let again = fixture.ask_for_export(&upload, Some("k")).await;
    assert!(matches!(again, Created::Again(it) if it.uid == last.uid));
    let more = fixture.ask_for_export(&upload, Some("l")).await;
    let Created::OverQuota(exceeded) = more else {
        panic!("{more:?}");
    };
    assert_eq!(exceeded.quota, Quota::ExportsUnfinished);
    assert_eq!(
        (exceeded.used, exceeded.allowed),
        (EXPORTS_AT_ONCE, EXPORTS_AT_ONCE)
    );
}
