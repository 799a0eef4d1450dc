//! Imports with random rows, stored as workers store them, and then finished.

use domain::catalog::BASELINE;
use domain::import::Import;
use domain::quota::Quotas;
use jiff::ToSpan as _;
use jiff::civil::{Date, date};
use postgres::Client;
use postgres::finishing::{self, Finished, Judged};
use postgres::imports::{self, Asked, Created};
use uuid::Uuid;

use crate::fixture::database::{Fixture, new_import};

pub struct Owner(pub Uuid);

/// A day of the random rows, counted from 1. The days lie in several months and two years.
pub fn day(number: i32) -> Date {
    date(2015, 11, 25).saturating_add(number.days())
}

/// An owner with one completed import for each number of rows in `imports`.
pub async fn owner_of(fixture: &Fixture, seed: i64, imports: &[i64]) -> Owner {
    let owner = Owner(Uuid::new_v4());
    for (index, rows) in imports.iter().enumerate() {
        let seed = seed * 1000 + index as i64;
        import(fixture, &owner, RANDOM, *rows, seed).await;
    }
    owner
}

/// One more import: all its rows are of one day.
pub async fn one_day(fixture: &Fixture, owner: &Owner, rows: i64) -> i32 {
    import(fixture, owner, "date '2016-01-15'", rows, 7).await
}

/// SQL: one of 65 days. Two of them get a third of the rows.
const RANDOM: &str = "date '2015-11-25' + \
     (CASE WHEN h % 3 = 0 THEN 20 + h / 3 % 2 ELSE 1 + h / 7 % 65 END)::integer";

/// A completed import. Every fifth of its records was rejected.
pub async fn import(fixture: &Fixture, owner: &Owner, days: &str, rows: i64, seed: i64) -> i32 {
    let client = &mut *fixture.connection().await;
    let import = finishing(client, owner).await;
    fill(client, &import, days, rows, seed).await;
    let import = imports::by_uid(client, import.uid).await.unwrap().unwrap();
    let judged = Judged {
        lines: (import.rows_imported + import.rows_rejected) as u64,
        ..Judged::default()
    };
    let finished = finishing::finish(client, &import, &BASELINE, &judged, &Quotas::UNLIMITED).await;
    let (proof, finished) = finished.unwrap();
    assert!(matches!(finished, Finished::Completed(_)), "{proof:?}");
    import.number
}

async fn finishing(client: &mut Client, owner: &Owner) -> Import {
    let new = new_import(owner.0, "baseline");
    let Created::Import(import) = imports::create(client, &new).await.unwrap() else {
        panic!("no other baseline is active");
    };
    *import
}

/// Stores plan, rows and receipt as planner and workers do.
async fn fill(client: &Client, import: &Import, days: &str, rows: i64, seed: i64) {
    let sql = format!(
        "INSERT INTO sales_record \
         SELECT $1, record, 'Region ' || h % 4, 'Country ''%', 'Item ' || h / 5 % 3, \
             CASE h % 2 WHEN 0 THEN 'Online' ELSE 'Offline' END, substr('CHLM', (1 + h % 4)::integer, 1), \
             {days}, record, date '2017-01-01', h % 100, h % 100, 0, (h % 1000) / 100.0, 0, h % 7 \
         FROM (SELECT record, hashint8(record * 7919 + $3::bigint)::bigint & 2147483647 AS h \
               FROM (SELECT n + (n - 1) / 4 AS record FROM generate_series(1, $2::bigint) AS n) AS n) AS r"
    );
    client
        .execute(&sql, &[&import.id, &rows, &seed])
        .await
        .unwrap();
    let records = rows + (rows - 1).max(0) / 4;
    let plan = "INSERT INTO import_chunk (import_id, number, byte_start, byte_end, first_record, \
             first_line, records, lines, done_at, rows_imported, rows_rejected) \
         VALUES ($1, 0, 0, 1, 1, 2, $2::bigint, $2::bigint, now(), $3::bigint, $2::bigint - $3::bigint)";
    client
        .execute(plan, &[&import.id, &records, &rows])
        .await
        .unwrap();
    let state = "UPDATE import SET state = 'finishing', object_size = 1, heading_end_byte = 0, \
             heading_end_line = 1, chunks_total = 1, chunks_done = 1, rows_imported = $2, \
             rows_rejected = $3, column_order = '{0,1,2,3,4,5,6,7,8,9,10,11,12,13}' WHERE id = $1";
    client
        .execute(state, &[&import.id, &rows, &(records - rows)])
        .await
        .unwrap();
}

/// Deletes an import: from this commit on its rows are not seen, though they are still stored.
pub async fn delete(fixture: &Fixture, owner: &Owner, number: i32) {
    let delete =
        async |client: &mut Client| imports::delete(client, owner.0, "baseline", number).await;
    let deleted = fixture.ask(delete).await.unwrap();
    assert!(matches!(deleted, Asked::Done(_)));
}
