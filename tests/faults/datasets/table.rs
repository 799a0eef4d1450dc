//! The table of a declared dataset.

use domain::import::State;
use futures_util::future::join_all;
use postgres::Client;
use postgres::datasets;
use postgres::imports;
use uuid::Uuid;

use super::entry;
use crate::fixture::database::{
    FIELDS, Field, Fixture, GOOD_PER_CHUNK, MORE_FIELDS, new_version, put, roll_back,
};

/// Every code, and the type that PostgreSQL shows.
const TYPES: [(&str, &str, &str); 11] = [
    ("text", "text", "C"),
    ("date", "date", ""),
    ("uuid", "uuid", ""),
    ("bigint", "bigint", ""),
    ("integer", "integer", ""),
    ("numeric", "numeric", ""),
    ("money", "numeric(14,2)", ""),
    ("boolean", "boolean", ""),
    ("timestamp", "timestamp without time zone", ""),
    ("timestamptz", "timestamp with time zone", ""),
    ("time", "time without time zone", ""),
];

async fn columns(fixture: &Fixture, table: &str) -> Vec<(String, String, String)> {
    let sql = "SELECT attname::text, format_type(atttypid, atttypmod), coalesce(collname::text, '') \
         FROM pg_attribute LEFT JOIN pg_collation c ON c.oid = attcollation \
         WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum";
    let rows = fixture
        .ask(async |client| client.query(sql, &[&table]).await)
        .await;
    let rows = rows.unwrap();
    rows.iter()
        .map(|row| (row.get(0), row.get(1), row.get(2)))
        .collect()
}

async fn key(fixture: &Fixture, table: &str) -> String {
    let sql = "SELECT pg_get_constraintdef(oid) FROM pg_constraint \
         WHERE conrelid = $1::text::regclass AND contype = 'p'";
    let row = fixture
        .ask(async |client| client.query_one(sql, &[&table]).await)
        .await;
    row.unwrap().get(0)
}

async fn make(fixture: &Fixture, id: i64) -> bool {
    let make = "SELECT make_dataset_table($1)";
    let row = fixture
        .ask(async |client| client.query_one(make, &[&id]).await)
        .await;
    row.unwrap().get(0)
}

#[tokio::test]
async fn every_type_is_made_as_it_is_declared() {
    let fixture = Fixture::new().await;
    let owner = Uuid::new_v4();
    let fields: Vec<Field<'_>> = TYPES.iter().map(|(code, _, _)| (*code, *code)).collect();
    let new = new_version(owner, "visits", &fields);
    let declared = entry(fixture.ask(async |client| put(client, &new).await).await);
    assert!(make(&fixture, declared.id).await);
    let table = format!("d_{}", declared.id);
    let mut columns = columns(&fixture, &table).await;
    assert_eq!(columns[0].0, "import_id");
    assert_eq!(columns[1].0, "record");
    let order: Vec<&str> = columns[2..].iter().map(|it| it.0.as_str()).collect();
    // 8 bytes, 4 bytes, 16, 1, any length.
    assert_eq!(
        order,
        [
            "c4", "c9", "c10", "c11", "c2", "c5", "c3", "c8", "c1", "c6", "c7"
        ]
    );
    columns.drain(..2);
    columns.sort_by_key(|(name, _, _)| name[1..].parse::<usize>().unwrap());
    for (number, ((name, shown, collation), (_, expected, collated))) in
        (1..).zip(columns.iter().zip(TYPES))
    {
        assert_eq!(
            (name.as_str(), shown.as_str(), collation.as_str()),
            (format!("c{number}").as_str(), expected, collated)
        );
    }
    assert_eq!(
        key(&fixture, &table).await,
        "PRIMARY KEY (import_id, c2, record)"
    );
}

#[tokio::test]
async fn without_an_order_of_its_own_the_key_is_the_record() {
    let fixture = Fixture::new().await;
    let new = new_version(Uuid::new_v4(), "visits", &[("who", "text")]);
    let declared = entry(fixture.ask(async |client| put(client, &new).await).await);
    assert!(make(&fixture, declared.id).await);
    let key = key(&fixture, &format!("d_{}", declared.id)).await;
    assert_eq!(key, "PRIMARY KEY (import_id, record)");
    assert!(
        !make(&fixture, declared.id + 1).await,
        "there is no such dataset"
    );
}

#[tokio::test]
async fn a_table_is_made_when_the_first_import_arrives() {
    let fixture = Fixture::with_sessions(12).await;
    let owner = Uuid::new_v4();
    let visits = fixture.declared(owner, &FIELDS).await;
    let upload = fixture.awaiting_in(owner, visits.clone(), 1, None).await;
    let others = fixture.awaiting_in(owner, visits.clone(), 1, None).await;
    assert_eq!(fixture.dataset_tables().await, [""; 0]);
    // Both arrive at once, each with an event that comes four times.
    let pins = [&upload, &others].repeat(4);
    let pinned = pins.into_iter().map(|it| async {
        let client = fixture.connection().await;
        imports::pin(&client, it.uid, "v1", 1).await.unwrap()
    });
    join_all(pinned).await;
    assert_eq!(fixture.dataset_tables().await, [visits.table.as_str()]);
}

/// Nothing has arrived, so there is no table to look for rows in.
#[tokio::test]
async fn an_import_that_waits_is_taken_back_without_a_table() {
    let fixture = Fixture::new().await;
    let owner = Uuid::new_v4();
    let visits = fixture.declared(owner, &FIELDS).await;
    let client = fixture.connection().await;
    for end in [State::Cancelled, State::Deleted] {
        let upload = fixture.awaiting_in(owner, visits.clone(), 1, None).await;
        let asked = match end {
            State::Cancelled => imports::cancel(&client, owner, "visits", upload.number).await,
            _ => imports::delete(&client, owner, "visits", upload.number).await,
        };
        asked.unwrap();
        let ended = roll_back(&client, &upload).await.expect("nothing is left");
        assert_eq!(ended.state, end);
        let proof = ended.rollback.unwrap();
        assert_eq!((proof.rows_deleted, proof.rows_remaining), (0, 0));
    }
    assert_eq!(fixture.dataset_tables().await, [""; 0]);
}

/// What no import arrives for, and what is marked, costs no table.
#[tokio::test]
async fn a_marked_dataset_gets_no_table() {
    let fixture = Fixture::new().await;
    let owner = Uuid::new_v4();
    let visits = fixture.declared(owner, &FIELDS).await;
    let upload = fixture.awaiting_in(owner, visits, 1, None).await;
    super::set_state(&fixture, &upload, "deleting").await;
    let mut client = fixture.connection().await;
    datasets::begin_drop(&mut client, owner, "visits", None, false)
        .await
        .unwrap();
    imports::pin(&client, upload.uid, "v1", 1).await.unwrap();
    assert_eq!(fixture.dataset_tables().await, [""; 0]);
}

#[tokio::test]
async fn rows_are_stored_counted_seen_and_taken_back() {
    let fixture = Fixture::new().await;
    let owner = Uuid::new_v4();
    let visits = fixture.declared(owner, &FIELDS).await;
    let upload = fixture.awaiting_in(owner, visits, 3, None).await;
    upload.finish_chunks(&fixture).await;
    upload.complete(&fixture).await;
    assert_eq!(upload.rows(&fixture).await, 3 * GOOD_PER_CHUNK);

    // A field is added while its rows are there: they have no value in it.
    let more = fixture.declared(owner, &MORE_FIELDS).await;
    let null = format!("SELECT count(*) FROM {} WHERE c4 IS NULL", more.table);
    assert_eq!(fixture.number(&null, &[]).await, 3 * GOOD_PER_CHUNK);

    let mut client = fixture.connection().await;
    imports::delete(&client, owner, "visits", upload.number)
        .await
        .unwrap();
    let deleted = roll_back(&client, &upload).await.expect("nothing is left");
    assert_eq!(deleted.state, State::Deleted);
    assert_eq!(upload.rows(&fixture).await, 0);
    let dropped = datasets::begin_drop(&mut client, owner, "visits", None, false)
        .await
        .unwrap();
    assert!(matches!(dropped, datasets::DropBegun::Marked(_)));
}

/// No function drops a table that may have rows, whoever asks.
#[tokio::test]
async fn the_table_of_an_import_cannot_be_dropped() {
    let fixture = Fixture::new().await;
    let owner = Uuid::new_v4();
    let visits = fixture.declared(owner, &FIELDS).await;
    let upload = fixture.awaiting_in(owner, visits.clone(), 1, None).await;
    upload.finish_chunks(&fixture).await;
    let count = "INSERT INTO import_day VALUES ($1, '2015-01-01', 4)";
    fixture.execute(count, &[&upload.id]).await;
    let drop = async |client: &mut Client| {
        let dropped = client
            .execute("SELECT drop_dataset_table($1)", &[&visits.id])
            .await;
        dropped.map_err(|error| error.as_db_error().unwrap().message().to_owned())
    };
    for state in State::ALL {
        let set = "UPDATE import SET state = $2, goal = NULL, content_bytes = 0 WHERE id = $1";
        fixture.execute(set, &[&upload.id, &state.as_str()]).await;
        let dropped = fixture.ask(async |client| drop(client).await).await;
        assert_eq!(
            dropped.is_ok(),
            *state == State::Deleted,
            "{state}: {dropped:?}"
        );
        if dropped.is_ok() {
            assert_eq!(fixture.dataset_tables().await, [""; 0]);
            make(&fixture, visits.id.unwrap()).await;
        }
    }
}
