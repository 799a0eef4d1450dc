//! Pages of datasets that are sorted by something else than a date, or by nothing, with imports
//! whose values lie among one another, equal those of a plain statement.

use std::sync::Arc;

use domain::catalog::BASELINE;
use domain::cell::Kind;
use domain::dataset::{Column, Dataset};
use domain::declaration::{Declaration, Place};
use domain::filter::{Filter, Names};
use domain::order::{Key, Order};
use domain::paging::cursor::{Cursor, Direction, RowPosition};
use domain::quota::Quotas;
use postgres::Client;
use postgres::finishing::{self, Finished, Judged};
use postgres::imports::{self, Asked, Created};
use postgres::rows::{self, AtMost, CursorPage};
use serde_json::json;
use uuid::Uuid;

use crate::fixture::database::{Fixture, new_import_of, roll_back_import};

/// A dataset of a number, a text that may be missing and another number.
pub(super) fn dataset(name: &str, key: Option<Kind>) -> Dataset {
    let column = |field: &str, name: &str, kind: Kind| Column {
        heading: field.to_owned(),
        field: field.to_owned(),
        name: name.to_owned(),
        kind,
        ..BASELINE.columns[0].clone()
    };
    let integer = Kind::integer(i64::MIN, i64::MAX);
    Dataset {
        name: name.to_owned(),
        table: format!("d_{name}"),
        columns: vec![
            column("at", "c1", key.clone().unwrap_or_else(|| integer.clone())),
            column("word", "c2", BASELINE.columns[0].kind.clone()),
            column("number", "c3", integer),
        ],
        totals: Vec::new(),
        sums: None,
        sorted_by: key.map(|_| 0),
        ..Dataset::clone(&BASELINE)
    }
}

/// Each with the SQL of the values of a row with hash `h`: few buckets and many values, one bucket,
/// and as many buckets as values.
fn datasets() -> Vec<(Dataset, &'static str)> {
    let integer = |min, max| Some(Kind::integer(min, max));
    vec![
        (dataset("parts", integer(0, 40_959)), "h % 40"),
        (
            dataset("wide", integer(i64::MIN, i64::MAX)),
            "h % 3000 - 1500",
        ),
        (dataset("single", integer(1, 4_096)), "1 + h % 7 * h % 5"),
        (
            dataset("below", integer(i64::MIN, -1)),
            "-1 - h % 4000 * 2251799813685248 - h % 7 * 300000000000000",
        ),
        (of_times("written", None), TIMES),
        (of_times("zoned", Some("Europe/Berlin")), TIMES),
        (dataset("files", None), "h % 100"),
    ]
}

/// Sorted by times, as written or in a zone.
pub(super) fn of_times(name: &str, zone: Option<&str>) -> Dataset {
    let mut at = json!({"name": "at", "type": "datetime", "constraints": {"required": true}});
    if let Some(zone) = zone {
        at["timezone"] = json!(zone);
    }
    let document = json!({
        "fields": [at, {"name": "word", "type": "string"}, {"name": "number", "type": "integer"}],
        "sortedBy": "at",
    });
    let declaration = Declaration::parse(&document).unwrap();
    declaration.compile(&Place {
        name: name.to_owned(),
        table: format!("d_{name}"),
        columns: ["c1", "c2", "c3"].map(str::to_owned).to_vec(),
        version: 1,
        id: None,
    })
}

/// Four days with hundreds of times each, many of them more than once.
const TIMES: &str =
    "'2026-03-28'::timestamp + h % 4 * interval '1 day' + h % 431 * interval '200.5 s'";

/// SQL: the type of the column that rows are sorted by, or would be.
fn key_type(dataset: &Dataset) -> &'static str {
    match dataset.order() {
        Some(Order::DateTimes) => "timestamp",
        Some(Order::Moments) => "timestamptz",
        _ => "bigint",
    }
}

fn key(dataset: &Dataset, row: &tokio_postgres::Row) -> Option<Key> {
    Some(match dataset.order()? {
        Order::DateTimes => Key::DateTime(row.get(0)),
        Order::Moments => Key::of_moment(row.get(0)),
        _ => Key::Integer(row.get(0)),
    })
}

pub(super) async fn make(fixture: &Fixture, dataset: &Dataset) {
    let key = dataset.key().join(", ");
    let sql = format!(
        "CREATE TABLE {} (import_id bigint NOT NULL, record bigint NOT NULL, c1 {} NOT NULL, \
             c2 text COLLATE \"C\", c3 bigint, PRIMARY KEY (import_id, {key}))",
        dataset.table,
        key_type(dataset)
    );
    fixture.execute(&sql, &[]).await;
}

/// A completed import. Every fifth of its records was rejected.
pub(super) async fn import(
    fixture: &Fixture,
    owner: Uuid,
    dataset: &Dataset,
    values: &str,
    rows: i64,
) -> i32 {
    let client = &mut *fixture.connection().await;
    let new = new_import_of(owner, Arc::new(dataset.clone()));
    let Created::Import(import) = imports::create(client, &new).await.unwrap() else {
        panic!("the owner may import");
    };
    let sql = format!(
        "INSERT INTO {} (import_id, record, c1, c2, c3) \
         SELECT $1, record, {values}, nullif('Word ' || h % 4, 'Word 3'), h % 50 \
         FROM (SELECT record, hashint8(record * 7919 + $1)::bigint & 2147483647 AS h \
               FROM (SELECT n + (n - 1) / 4 AS record FROM generate_series(1, $2::bigint) AS n) AS n) AS r",
        dataset.table
    );
    client.execute(&sql, &[&import.id, &rows]).await.unwrap();
    let records = rows + (rows - 1).max(0) / 4;
    let plan = "INSERT INTO import_chunk (import_id, number, byte_start, byte_end, first_record, \
             first_line, records, lines, done_at, rows_imported, rows_rejected) \
         VALUES ($1, 0, 0, 1, 1, 2, $2::bigint, $2::bigint, now(), $3::bigint, $2::bigint - $3::bigint)";
    let parameters: [&(dyn tokio_postgres::types::ToSql + Sync); 3] = [&import.id, &records, &rows];
    client.execute(plan, &parameters).await.unwrap();
    let state = "UPDATE import SET state = 'finishing', object_size = 1, heading_end_byte = 0, \
             heading_end_line = 1, chunks_total = 1, chunks_done = 1, rows_imported = $2, \
             rows_rejected = $3, column_order = '{0,1,2}' WHERE id = $1";
    let rejected = records - rows;
    client
        .execute(state, &[&import.id, &rows, &rejected])
        .await
        .unwrap();
    let import = imports::by_uid(client, import.uid).await.unwrap().unwrap();
    let judged = Judged {
        lines: records as u64,
        ..Judged::default()
    };
    let finished = finishing::finish(client, &import, dataset, &judged, &Quotas::UNLIMITED).await;
    let (proof, finished) = finished.unwrap();
    assert!(matches!(finished, Finished::Completed(_)), "{proof:?}");
    import.number
}

/// The positions of all rows that match, in their order, by one statement that sorts them.
async fn plain(
    fixture: &Fixture,
    owner: Uuid,
    dataset: &Dataset,
    matching: &str,
) -> Vec<RowPosition> {
    let order = match dataset.sorted_by {
        Some(_) => "r.c1 DESC, i.number DESC, r.record DESC",
        None => "i.number, r.record",
    };
    let sql = format!(
        "SELECT r.c1, i.number, r.record FROM {} r JOIN import i ON i.id = r.import_id \
         WHERE i.owner = $1 AND i.state = 'completed' AND {matching} ORDER BY {order}",
        dataset.table
    );
    let rows = fixture
        .ask(async |client| client.query(&sql, &[&owner]).await)
        .await;
    let position = |row: &tokio_postgres::Row| RowPosition {
        key: key(dataset, row),
        number: row.get(1),
        record: row.get(2),
    };
    rows.unwrap().iter().map(position).collect()
}

fn asked(dataset: &Dataset, named: &[(&str, &str)]) -> Filter {
    let names = Names(dataset);
    let mut filter = Filter::default();
    for (name, text) in named {
        let parameter = names.find(name).unwrap();
        names.add(&mut filter, parameter, text).unwrap();
    }
    filter
}

/// Filters, each with the same as SQL.
fn filters(dataset: &Dataset) -> Vec<(Filter, &'static str)> {
    if key_type(dataset) != "bigint" {
        return filters_of_times(dataset);
    }
    #[rustfmt::skip]
    let table: [(&[(&str, &str)], &str); 10] = [
        (&[], "true"),
        (&[("import", "2")], "i.number = 2"),
        (&[("at__gte", "7")], "r.c1 >= 7"),
        (&[("at__lte", "-4503599627370497")], "r.c1 <= -4503599627370497"),
        (&[("at__gte", "3"), ("at__lte", "20")], "r.c1 BETWEEN 3 AND 20"),
        (&[("at", "5")], "r.c1 = 5"),
        (&[("at__in", "2,9,1000"), ("import", "1")], "r.c1 IN (2, 9, 1000) AND i.number = 1"),
        (&[("word", "Word 1")], "r.c2 = 'Word 1'"),
        (&[("word__isnull", "true"), ("number__lte", "9")], "r.c2 IS NULL AND r.c3 <= 9"),
        (&[("number__gte", "999")], "false"),
    ];
    table
        .into_iter()
        .map(|(named, sql)| (asked(dataset, named), sql))
        .collect()
}

/// Days are whole buckets, other times are not.
fn filters_of_times(dataset: &Dataset) -> Vec<(Filter, &'static str)> {
    #[rustfmt::skip]
    let table: [(&[(&str, &str)], &str); 5] = [
        (&[], "true"),
        (&[("from", "2026-03-29"), ("to", "2026-03-30")], "r.c1 >= '2026-03-29' AND r.c1 < '2026-03-31'"),
        (&[("at__gte", "2026-03-29T10:00:00")], "r.c1 >= '2026-03-29 10:00:00'"),
        (&[("at__lte", "2026-03-30"), ("word", "Word 2")], "r.c1 <= '2026-03-30' AND r.c2 = 'Word 2'"),
        (&[("import", "4"), ("to", "2026-03-28")], "r.c1 < '2026-03-29' AND i.number = 4"),
    ];
    let filter = |(named, sql)| (asked(dataset, named), sql);
    table.into_iter().map(filter).collect()
}

async fn at(
    fixture: &Fixture,
    owner: Uuid,
    dataset: &Dataset,
    filter: &Filter,
    (cursor, at_most): (Option<Cursor>, AtMost),
) -> CursorPage {
    let carried = cursor.map(|it| Cursor::decode(&it.encode()).unwrap());
    assert_eq!(carried, cursor);
    let ask = async |client: &mut Client| {
        rows::page_at(client, owner, dataset, filter, cursor, at_most).await
    };
    fixture.ask(ask).await.unwrap()
}

/// Every page in one direction.
async fn walk(
    fixture: &Fixture,
    owner: Uuid,
    dataset: &Dataset,
    filter: &Filter,
    (mut cursor, at_most): (Option<Cursor>, AtMost),
) -> Vec<CursorPage> {
    let direction = cursor.map_or(Direction::Older, |it| it.direction);
    let mut pages = Vec::new();
    loop {
        let page = at(fixture, owner, dataset, filter, (cursor, at_most)).await;
        cursor = match direction {
            Direction::Older => page.older,
            Direction::Newer => page.newer,
        };
        pages.push(page);
        if cursor.is_none() {
            return pages;
        }
    }
}

fn positions(pages: &[CursorPage]) -> Vec<RowPosition> {
    let rows = pages.iter().flat_map(|it| &it.rows);
    rows.map(|it| it.position).collect()
}

async fn compare(fixture: &Fixture, owner: Uuid, dataset: &Dataset) {
    for (filter, matching) in filters(dataset) {
        let expected = plain(fixture, owner, dataset, matching).await;
        let name = &dataset.name;
        let count = expected.len() as i64;
        let near_marks = [1023, 1024, 1025, 2048, 2049];
        let spread = (0..9).map(|it| count * it / 8);
        for offset in spread
            .chain(near_marks)
            .chain([count - 1, count + 5, i64::MAX])
        {
            let offset = offset.max(0);
            let ask = async |client: &mut Client| {
                rows::page(client, owner, dataset, &filter, 7, offset).await
            };
            let (counted, page) = fixture.ask(ask).await.unwrap();
            let found: Vec<RowPosition> = page.iter().map(|it| it.position).collect();
            let skipped = expected.iter().skip(usize::try_from(offset).unwrap());
            let wanted: Vec<RowPosition> = skipped.take(7).copied().collect();
            assert_eq!(
                (counted, found),
                (count, wanted),
                "{name} {matching} {offset}"
            );
        }
        for at_most in [
            AtMost::rows(500),
            AtMost {
                rows: 40,
                looked_at: 200,
            },
        ] {
            let down = walk(fixture, owner, dataset, &filter, (None, at_most)).await;
            assert_eq!(positions(&down), expected, "{name} {matching}");
            let Some((last, before)) = down.split_last().filter(|it| !it.1.is_empty()) else {
                continue;
            };
            let mut up = walk(fixture, owner, dataset, &filter, (last.newer, at_most)).await;
            up.reverse();
            assert_eq!(positions(&up), positions(before), "{name} {matching}");
        }
    }
}

#[tokio::test]
async fn pages_in_any_order_are_those_of_the_plain_statement() {
    let fixture = Fixture::new().await;
    for (dataset, values) in datasets() {
        make(&fixture, &dataset).await;
        let owner = Uuid::new_v4();
        for rows in [2600, 300, 0, 2100] {
            import(&fixture, owner, &dataset, values, rows).await;
        }
        let other = Uuid::new_v4();
        import(&fixture, other, &dataset, values, 50).await;
        compare(&fixture, owner, &dataset).await;
        // An import that goes takes its counts with it.
        let delete =
            async |client: &mut Client| imports::delete(client, owner, &dataset.name, 2).await;
        assert!(matches!(fixture.ask(delete).await.unwrap(), Asked::Done(_)));
        compare(&fixture, owner, &dataset).await;
    }
}

/// The kept counts of an owner are those of the rows, in each band.
#[tokio::test]
async fn counts_in_any_order_are_those_of_the_rows() {
    let fixture = Fixture::new().await;
    for (dataset, values) in datasets() {
        let Some(order) = dataset.order() else {
            continue;
        };
        make(&fixture, &dataset).await;
        let owner = Uuid::new_v4();
        for rows in [400, 900] {
            import(&fixture, owner, &dataset, values, rows).await;
        }
        let kept = async |client: &mut Client| {
            let sql = "SELECT band, rows FROM owner_count \
                 WHERE owner = $1 AND dataset = $2 AND rows <> 0 ORDER BY band";
            client.query(sql, &[&owner, &dataset.name]).await
        };
        let kept = fixture.ask(kept).await.unwrap();
        let kept: Vec<(i32, i64)> = kept.iter().map(|it| (it.get(0), it.get(1))).collect();
        let mut found = std::collections::BTreeMap::new();
        for position in plain(&fixture, owner, &dataset, "true").await {
            let band = order.band(order.bucket(position.key.unwrap()));
            *found.entry(band).or_insert(0) += 1;
        }
        assert_eq!(
            kept,
            found.into_iter().collect::<Vec<_>>(),
            "{}",
            dataset.name
        );
        for number in [1, 2] {
            let delete = async |client: &mut Client| {
                imports::delete(client, owner, &dataset.name, number).await
            };
            let Asked::Done(import) = fixture.ask(delete).await.unwrap() else {
                panic!("it may be deleted");
            };
            let client = fixture.connection().await;
            let ended = roll_back_import(&client, &import, &(&dataset).into()).await;
            assert!(ended.is_some());
        }
        for left in [
            "owner_count WHERE rows <> 0",
            "import_bucket",
            "import_bucket_mark",
            &dataset.table,
        ] {
            let sql = format!("SELECT count(*) FROM {left}");
            assert_eq!(fixture.number(&sql, &[]).await, 0, "{left}");
        }
    }
}
