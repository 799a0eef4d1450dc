//! Every kind of a declared column through the binary COPY, compared with what the server prints
//! and with what a page gives back; and rows as wide as a page of the server takes.

use std::sync::Arc;

use domain::cell::{
    BigInteger, Boolean, Datetime, Decimal, Kind, Number, Rules, TimeOfDay, Value, Zoned,
};
use domain::dataset::{Column, Dataset};
use domain::reading::Reading;
use domain::record::{Record, RecordReader};
use domain::row::RowParser;
use jiff::Timestamp;
use jiff::civil::{date, datetime, time};
use jiff::tz::TimeZone;
use postgres::Client;
use postgres::copy::{RowBuffer, RowSink};
use postgres::rows::{self, Cell};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use uuid::Uuid;

use crate::fixture::database::Fixture;

fn kinds() -> Vec<Kind> {
    let most = 10i128.pow(38) - 1;
    let (min, max, bare, one_of) = (-most, most, true, None);
    let texts = |it: &str| vec![it.to_owned()];
    vec![
        Kind::text(100),
        Kind::Uuid(None),
        Kind::integer(i64::MIN, i64::MAX),
        Kind::BigInteger(Arc::new(BigInteger {
            min,
            max,
            bare,
            one_of,
        })),
        Kind::MONEY,
        Kind::Number(Arc::new(Number::any())),
        Kind::Boolean(Arc::new(Boolean {
            true_values: texts("true"),
            false_values: texts("false"),
            one_of: None,
        })),
        Kind::DATE,
        Kind::Datetime(Arc::new(Datetime {
            patterns: Vec::new(),
            rules: Rules::default(),
        })),
        Kind::Timestamp(Arc::new(Zoned {
            patterns: Vec::new(),
            zone: TimeZone::UTC,
            rules: Rules::default(),
        })),
        Kind::Time(Arc::new(TimeOfDay {
            patterns: Vec::new(),
            rules: Rules::default(),
        })),
        Kind::Year(None),
        Kind::Yearmonth(None),
    ]
}

/// A dataset with a table of its own, whose columns are as `sql` says.
fn dataset(table: &str, kinds: Vec<Kind>) -> Dataset {
    let column = |(kind, number): (Kind, i32)| Column {
        heading: format!("field {number}"),
        field: format!("field_{number}"),
        titles: Vec::new(),
        name: format!("c{number}"),
        kind,
        required: false,
        missing: vec!["-".to_owned()],
    };
    Dataset {
        name: table.to_owned(),
        table: table.to_owned(),
        columns: kinds.into_iter().zip(1..).map(column).collect(),
        totals: Vec::new(),
        ..Dataset::clone(&domain::catalog::TEAM)
    }
}

async fn create(client: &Client, dataset: &Dataset) {
    let column = |it: &Column| {
        let sql = match it.kind.sql().code() {
            "text" => "text COLLATE \"C\"",
            "money" => "numeric(14, 2)",
            code => code,
        };
        format!("{} {sql}", it.name)
    };
    let columns: Vec<String> = dataset.columns.iter().map(column).collect();
    let sql = format!(
        "CREATE TABLE {} (import_id bigint, record bigint, {}, PRIMARY KEY (import_id, record))",
        dataset.table,
        columns.join(", ")
    );
    client.batch_execute(&sql).await.unwrap();
}

async fn copy(
    client: &Client,
    dataset: &Dataset,
    import_id: i64,
    rows: &[Vec<Value<'_>>],
) -> Result<u64, postgres::Error> {
    let mut sink = RowSink::open(client, dataset, import_id, RowBuffer::default()).await?;
    for (record, row) in (1..).zip(rows) {
        sink.push(record, row).await?;
    }
    Ok(sink.finish().await?.0)
}

/// Each row as the server prints it, null as `-`.
async fn printed(client: &Client, dataset: &Dataset) -> Vec<Vec<String>> {
    let columns = dataset.columns.iter();
    let columns: Vec<String> = columns
        .map(|it| format!("coalesce({}::text, '-')", it.name))
        .collect();
    let sql = format!(
        "SELECT {} FROM {} ORDER BY record",
        columns.join(", "),
        dataset.table
    );
    client.batch_execute("SET timezone = 'UTC'").await.unwrap();
    let rows = client.query(&sql, &[]).await.unwrap();
    let texts = |row: &tokio_postgres::Row| (0..row.len()).map(|at| row.get(at)).collect();
    rows.iter().map(texts).collect()
}

fn at(second: i64) -> Value<'static> {
    Value::Timestamp(Timestamp::from_second(second).unwrap())
}

#[tokio::test]
async fn the_server_prints_what_was_meant() {
    let fixture = Fixture::new().await;
    let client = fixture.connection().await;
    let dataset = dataset("every", kinds());
    create(&client, &dataset).await;
    let (uuid, most) = (Uuid::from_u128(7), 10i128.pow(38) - 1);
    let rows = [
        vec![
            Value::Text("é"),
            Value::Uuid(uuid),
            Value::Integer(-1),
            Value::Number(Decimal::from(-most)),
            Value::Money(-150),
            Value::Number(Decimal::new(-15, 301)),
            Value::Boolean(true),
            Value::Date(date(1, 1, 1)),
            Value::Datetime(datetime(9999, 12, 31, 23, 59, 59, 999_999_000)),
            at(0),
            Value::Time(time(23, 59, 59, 1_000)),
            Value::Year(9_999),
            Value::Date(date(2024, 2, 1)),
        ],
        vec![Value::Null; 13],
        vec![
            Value::Text(""),
            Value::Uuid(Uuid::nil()),
            Value::Integer(0),
            Value::Number(Decimal::from(10_000)),
            Value::Money(0),
            Value::Number(Decimal::new(120, 2)),
            Value::Boolean(false),
            Value::Date(date(9999, 12, 31)),
            Value::Datetime(datetime(1, 1, 1, 0, 0, 0, 0)),
            at(-62_135_596_800),
            Value::Time(time(0, 0, 0, 0)),
            Value::Year(1),
            Value::Date(date(1, 1, 1)),
        ],
    ];
    assert_eq!(copy(&client, &dataset, 1, &rows).await.unwrap(), 3);
    let small = format!("-0.{}15", "0".repeat(299));
    let nines = format!("-{}", "9".repeat(38));
    #[rustfmt::skip]
    let expected = [
        vec![
            "é", "00000000-0000-0000-0000-000000000007", "-1", &nines, "-1.50", &small, "true",
            "0001-01-01", "9999-12-31 23:59:59.999999", "1970-01-01 00:00:00+00",
            "23:59:59.000001", "9999", "2024-02-01",
        ],
        vec!["-"; 13],
        vec![
            "", "00000000-0000-0000-0000-000000000000", "0", "10000", "0.00", "1.2", "false",
            "9999-12-31", "0001-01-01 00:00:00", "0001-01-01 00:00:00+00", "00:00:00", "1",
            "0001-01-01",
        ],
    ];
    assert_eq!(printed(&client, &dataset).await, expected);
}

/// Values of every kind, and nulls.
fn row() -> impl Strategy<Value = Vec<Value<'static>>> {
    let most = 10i128.pow(38) - 1;
    let mantissa = || prop_oneof![-most..=most, -10_000i128..=10_000];
    let day = || (1..=9_999i16, 1..=12i8, 1..=28i8).prop_map(|(y, m, d)| date(y, m, d));
    let clock = || {
        (0..86_400_000_000i64).prop_map(|micros| {
            let seconds = micros / 1_000_000;
            let part = |it: i64| i8::try_from(it).unwrap();
            let nanos = i32::try_from(micros % 1_000_000 * 1_000).unwrap();
            time(
                part(seconds / 3_600),
                part(seconds / 60 % 60),
                part(seconds % 60),
                nanos,
            )
        })
    };
    let micros = -62_135_596_800_000_000i64..=253_402_200_000_000_000;
    let values = (
        prop::sample::select(vec!["", "a", "\t\\N", "東京"]).prop_map(Value::Text),
        any::<u128>().prop_map(|it| Value::Uuid(Uuid::from_u128(it))),
        any::<i64>().prop_map(Value::Integer),
        mantissa().prop_map(|it| Value::Number(Decimal::from(it))),
        (-99_999_999_999_999i64..=99_999_999_999_999).prop_map(Value::Money),
        (mantissa(), -360i16..=400).prop_map(|(it, scale)| Value::Number(Decimal::new(it, scale))),
        any::<bool>().prop_map(Value::Boolean),
        day().prop_map(Value::Date),
        (day(), clock()).prop_map(|(day, clock)| Value::Datetime(day.to_datetime(clock))),
        (
            micros.prop_map(|it| Value::Timestamp(Timestamp::from_microsecond(it).unwrap())),
            clock().prop_map(Value::Time),
            (1..=9_999i16).prop_map(Value::Year),
            day().prop_map(|it| Value::Date(it.first_of_month())),
        ),
    );
    (values, any::<u16>()).prop_map(|((a, b, c, d, e, f, g, h, i, (j, k, l, m)), nulls)| {
        let mut row = vec![a, b, c, d, e, f, g, h, i, j, k, l, m];
        for (at, value) in row.iter_mut().enumerate() {
            if nulls >> at & 3 == 3 {
                *value = Value::Null;
            }
        }
        row
    })
}

#[test]
fn a_page_gives_back_what_was_stored() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let fixture = runtime.block_on(Fixture::new());
    // Its rows stand beside those of an import that is completed, of which a page is asked.
    let dataset = Dataset {
        name: "team".to_owned(),
        ..dataset("every", kinds())
    };
    let upload = runtime.block_on(async {
        let upload = fixture.completed("team", 1).await;
        let client = fixture.connection().await;
        create(&client, &dataset).await;
        drop(client);
        upload
    });
    let config = Config {
        cases: 32,
        failure_persistence: None,
        ..Config::default()
    };
    let tested = TestRunner::new(config).run(&prop::collection::vec(row(), 1..50), |rows| {
        let found = runtime.block_on(async {
            let mut client = fixture.connection().await;
            client.batch_execute("TRUNCATE every").await.unwrap();
            copy(&client, &dataset, upload.id, &rows).await.unwrap();
            let (import, limit) = (upload.import(&client).await, 1_000);
            let page = rows::import_page(&mut client, &import, &dataset, limit, 0, None).await;
            page.unwrap().1
        });
        prop_assert_eq!(found.len(), rows.len());
        for (cells, row) in found.iter().zip(&rows) {
            let read: Vec<Value<'_>> = cells.iter().map(Cell::value).collect();
            prop_assert_eq!(&read, row);
        }
        Ok(())
    });
    tested.unwrap();
}

fn record(line: &str) -> Record {
    let mut record = Record::default();
    let (_, complete) = RecordReader::new(1, 2).read(line.as_bytes(), &mut record);
    assert!(complete);
    record
}

/// PostgreSQL takes every row that is not too wide by our measure, and refuses those that are wider
/// than a page by it.
#[tokio::test]
async fn rows_are_as_wide_as_a_page_takes() {
    const COLUMNS: usize = 500;
    const PAGE: usize = 8_160;
    let fixture = Fixture::new().await;
    let client = fixture.connection().await;
    let kind = |at: usize| match at % 5 {
        4 => Kind::integer(0, 9),
        3 => Kind::Number(Arc::new(Number::any())),
        _ => Kind::text(5_000),
    };
    let mixed = dataset("mixed", (0..COLUMNS).map(kind).collect());
    let texts = dataset("texts", vec![Kind::text(5_000); COLUMNS]);
    let mut refused = 0;
    for dataset in [&mixed, &texts] {
        create(&client, dataset).await;
        let order = (0..COLUMNS).map(Some).collect();
        let parser = RowParser::by(dataset, order, &Reading::declared(dataset));
        for length in [0, 1, 12, 14, 15, 16, 20, 22, 23, 24, 30, 126, 127, 2_000] {
            for nulls in [0, 3, 10] {
                let cell = |at: usize| match &dataset.columns[at].kind {
                    _ if nulls > 0 && at.is_multiple_of(nulls) => "-".to_owned(),
                    Kind::Text { .. } => noise(at, length),
                    Kind::Integer { .. } => "7".to_owned(),
                    _ => "1".repeat(length.clamp(1, 38)),
                };
                let cells: Vec<String> = (0..COLUMNS).map(cell).collect();
                let record = record(&format!("{}\n", cells.join(",")));
                let what = format!("{} {length} {nulls}", dataset.table);
                client
                    .batch_execute(&format!("TRUNCATE {}", dataset.table))
                    .await
                    .unwrap();
                match parser.parse(&record) {
                    Ok(row) => assert!(copy(&client, dataset, 1, &[row]).await.is_ok(), "{what}"),
                    Err(errors) => {
                        assert_eq!(errors[0].code, "row_too_wide", "{what}");
                        let digits = errors[0].message.split(' ').nth(3).unwrap();
                        if digits.parse::<usize>().unwrap() > PAGE {
                            refused += 1;
                            let row = plain(dataset, &cells);
                            let stored = copy(&client, dataset, 1, &[row]).await;
                            assert!(stored.is_err(), "{what}: {}", errors[0].message);
                        }
                    }
                }
            }
        }
    }
    assert!(refused > 5, "{refused}");
}

/// Text that cannot be compressed.
fn noise(seed: usize, length: usize) -> String {
    let mut state = (seed as u32).wrapping_mul(2_654_435_761) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        char::from(b'0' + (state >> 8) as u8 % 75)
    };
    (0..length).map(|_| next()).collect()
}

/// The values of cells, however wide the row is.
fn plain<'c>(dataset: &Dataset, cells: &'c [String]) -> Vec<Value<'c>> {
    let columns = dataset.columns.iter().zip(cells);
    columns
        .map(|(column, cell)| {
            column
                .parse(cell.as_bytes(), &domain::forms::Forms::PLAIN)
                .unwrap()
        })
        .collect()
}
