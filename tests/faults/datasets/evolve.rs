//! What is declared is changed, with imports and without, and while its table is in use.

use domain::cell::Value;
use domain::import::State;
use jiff::civil::date;
use postgres::copy::{RowBuffer, RowSink};
use postgres::datasets::{self, Put};
use postgres::{Client, finishing};
use uuid::Uuid;

use super::{entry, set_state};
use crate::fixture::database::{
    FIELDS, Field, Fixture, GOOD_PER_CHUNK, MORE_FIELDS, MOVED_FIELDS, OTHER_FIELDS, Upload,
    new_version, pid, put,
};

async fn evolve(fixture: &Fixture, owner: Uuid, fields: &[Field<'_>]) -> Put<String> {
    let new = new_version(owner, "visits", fields);
    fixture.ask(async |client| put(client, &new).await).await
}

/// A dataset with one import that is in this state.
async fn with_import(fixture: &Fixture, state: State) -> Upload {
    let owner = Uuid::new_v4();
    let visits = fixture.declared(owner, &FIELDS).await;
    let upload = fixture.awaiting_in(owner, visits, 1, None).await;
    upload.finish_chunks(fixture).await;
    let set = "UPDATE import SET content_bytes = 0 WHERE id = $1";
    fixture.execute(set, &[&upload.id]).await;
    let count = "INSERT INTO import_day VALUES ($1, '2015-01-01', 4)";
    fixture.execute(count, &[&upload.id]).await;
    set_state(fixture, &upload, state.as_str()).await;
    upload
}

#[tokio::test]
async fn what_may_change_in_each_state_of_its_import() {
    let fixture = Fixture::new().await;
    for state in State::ALL {
        let upload = with_import(&fixture, *state).await;
        let other = evolve(&fixture, upload.owner, &OTHER_FIELDS).await;
        if *state == State::Deleted {
            assert!(matches!(other, Put::Evolved(_)), "{state}: {other:?}");
            continue;
        }
        assert!(matches!(other, Put::Incompatible(_)), "{state}: {other:?}");
        let more = evolve(&fixture, upload.owner, &MORE_FIELDS).await;
        match state.is_active() {
            true => assert_eq!(more, Put::ImportsUnderWay, "{state}"),
            false => assert_eq!(entry(more).column_numbers, [1, 2, 3, 4], "{state}"),
        }
    }
}

/// Another table: none of its columns has a number that one before had.
#[tokio::test]
async fn without_imports_anything_may_change() {
    let fixture = Fixture::new().await;
    let upload = with_import(&fixture, State::Deleted).await;
    let owner = upload.owner;
    let table = upload.dataset().table.clone();
    assert_eq!(fixture.dataset_tables().await, [table.as_str()]);
    let changed = entry(evolve(&fixture, owner, &OTHER_FIELDS).await);
    assert_eq!(changed.column_numbers, [4, 5]);
    assert_eq!((changed.version, changed.made), (2, false));
    assert_eq!(fixture.dataset_tables().await, [""; 0]);
    let back = entry(evolve(&fixture, owner, &FIELDS).await);
    assert_eq!(
        back.column_numbers,
        [4, 5, 6],
        "a field is added: compatible"
    );
    assert_eq!((back.version, back.columns_used), (3, 6));
    let visits = fixture.visits(owner).await.unwrap();
    let names: Vec<&str> = visits.columns.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(
        (names, visits.key()),
        (vec!["c4", "c5", "c6"], vec!["c5", "record"])
    );
    let next = fixture.awaiting_in(owner, visits, 1, None).await;
    next.finish_chunks(&fixture).await;
    next.complete(&fixture).await;
}

/// A value is found in its column by the name of its field, wherever the field stands.
#[tokio::test]
async fn a_field_that_moves_keeps_its_column() {
    let fixture = Fixture::new().await;
    let upload = with_import(&fixture, State::Completed).await;
    let owner = upload.owner;
    let moved = entry(evolve(&fixture, owner, &MOVED_FIELDS).await);
    assert_eq!(moved.column_numbers, [4, 2, 3, 1]);
    let visits = fixture.visits(owner).await.unwrap();
    let by_field = |field: &str| {
        let found = visits.columns.iter().find(|it| it.field == field);
        found.unwrap().name.clone()
    };
    assert_eq!(
        ["who", "day", "visits", "note"].map(by_field),
        ["c1", "c2", "c3", "c4"]
    );
    let next = fixture.awaiting_in(owner, visits, 1, None).await;
    next.finish_chunks(&fixture).await;
    let sql = format!(
        "SELECT count(*) FROM {} WHERE import_id IN ($1, $2) AND c1 LIKE 'who %'",
        upload.dataset().table
    );
    assert_eq!(fixture.number(&sql, &[&upload.id, &next.id]).await, 8);
}

/// A change without another field is taken at any time, and the import does not see it: its chunks
/// are read and stored by the version that it began with.
#[tokio::test]
async fn an_import_under_way_goes_on_by_the_version_it_began_with() {
    let fixture = Fixture::new().await;
    let owner = Uuid::new_v4();
    let began_with = fixture.declared(owner, &FIELDS).await;
    let upload = fixture
        .awaiting_in(owner, began_with.clone(), 2, None)
        .await;
    upload.arrive(&fixture).await;
    upload.store(&fixture, 0).await;

    let other_way = [FIELDS[2], FIELDS[1], FIELDS[0]];
    let evolved = entry(evolve(&fixture, owner, &other_way).await);
    assert_eq!(
        (evolved.version, evolved.column_numbers),
        (2, vec![3, 2, 1])
    );
    let current = fixture.visits(owner).await.unwrap();
    assert_ne!(*current, *began_with);
    let import = fixture
        .ask(async |client| upload.import(client).await)
        .await;
    let pinned = async |client: &mut Client| datasets::of_import(client, &import).await;
    assert_eq!(fixture.ask(pinned).await.unwrap(), began_with);

    upload.store(&fixture, 1).await;
    let begin = async |client: &mut Client| finishing::begin(client, upload.uid).await;
    assert!(fixture.ask(begin).await.unwrap().is_some());
    upload.complete(&fixture).await;
    let sql = format!(
        "SELECT count(*) FROM {} WHERE import_id = $1 AND c1 LIKE 'who %' AND c3 = record",
        began_with.table
    );
    let stored = fixture.number(&sql, &[&upload.id]).await;
    assert_eq!(stored, 2 * GOOD_PER_CHUNK);
}

/// Sends rows of the dataset that are not committed.
async fn copy(client: &Client, upload: &Upload, import: i64) -> RowSink {
    client.batch_execute("BEGIN").await.unwrap();
    let sink = RowSink::open(client, upload.dataset(), import, RowBuffer::default()).await;
    let mut sink = sink.unwrap();
    let day = Value::Date(date(2015, 1, 1));
    for record in 1..=2_000 {
        let row = [Value::Text("someone"), day, Value::Integer(record)];
        sink.push(record, &row).await.unwrap();
    }
    sink
}

const NOT_ITS_IMPORT: i64 = -1;

/// An import that was resumed after the look at it: its worker is in the middle of COPY.
#[tokio::test]
async fn a_field_is_added_once_a_running_copy_has_ended() {
    let fixture = Fixture::new().await;
    let upload = with_import(&fixture, State::Completed).await;
    let worker = fixture.worker_connection().await;
    let worker_pid = pid(&worker).await;
    let sink = copy(&worker, &upload, NOT_ITS_IMPORT).await;
    let ends = async {
        fixture.who_waits_for(worker_pid).await;
        sink.finish().await.unwrap();
        worker.batch_execute("COMMIT").await.unwrap();
    };
    let (evolved, ()) = tokio::join!(evolve(&fixture, upload.owner, &MORE_FIELDS), ends);
    assert!(matches!(evolved, Put::Evolved(_)), "{evolved:?}");
    let sql = format!(
        "SELECT count(*) FROM {} WHERE import_id = $1 AND c4 IS NULL",
        upload.dataset().table
    );
    assert_eq!(fixture.number(&sql, &[&NOT_ITS_IMPORT]).await, 2_000);
}

/// Whoever reads the table waits behind the change, so the change does not wait long.
#[tokio::test]
async fn a_change_gives_up_behind_a_copy_that_goes_on() {
    let fixture = Fixture::new().await;
    let upload = with_import(&fixture, State::Completed).await;
    let worker = fixture.worker_connection().await;
    let worker_pid = pid(&worker).await;
    let sink = copy(&worker, &upload, NOT_ITS_IMPORT).await;
    let read = async {
        fixture.who_waits_for(worker_pid).await;
        // It waits behind the change, and goes on while the worker still copies.
        upload.rows(&fixture).await
    };
    let (evolved, rows) = tokio::join!(evolve(&fixture, upload.owner, &MORE_FIELDS), read);
    assert_eq!((evolved, rows), (Put::Busy, 4));
    let versions = "SELECT count(*) FROM dataset_version";
    assert_eq!(
        fixture.number(versions, &[]).await,
        1,
        "nothing has changed"
    );
    sink.finish().await.unwrap();
    worker.batch_execute("COMMIT").await.unwrap();
    let evolved = evolve(&fixture, upload.owner, &MORE_FIELDS).await;
    assert!(matches!(evolved, Put::Evolved(_)), "{evolved:?}");
}

#[tokio::test]
async fn a_statement_prepared_before_a_change_does_the_same_after_it() {
    let fixture = Fixture::new().await;
    let upload = with_import(&fixture, State::Completed).await;
    let table = &upload.dataset().table;
    let client = fixture.connection().await;
    let rows = format!("SELECT c1, c2, c3 FROM {table} WHERE import_id = $1");
    let gone = format!("DELETE FROM {table} WHERE import_id = $1 AND (c2, record) <= ($2, $3)");
    let (rows, gone) = (
        client.prepare(&rows).await.unwrap(),
        client.prepare(&gone).await.unwrap(),
    );
    assert_eq!(client.query(&rows, &[&upload.id]).await.unwrap().len(), 4);

    entry(evolve(&fixture, upload.owner, &MORE_FIELDS).await);
    assert_eq!(client.query(&rows, &[&upload.id]).await.unwrap().len(), 4);
    let all = client
        .execute(&gone, &[&upload.id, &date(9999, 12, 31), &i64::MAX])
        .await;
    assert_eq!(all.unwrap(), 4);
}
