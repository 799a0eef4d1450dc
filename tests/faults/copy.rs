//! Values sent through the binary COPY are compared with what the server prints.

use domain::catalog::{self, BASELINE};
use domain::cell::Value;
use domain::filter::Filter;
use jiff::civil::{Date, date};
use postgres::Client;
use postgres::copy::{RowBuffer, RowSink};
use postgres::rows::{self, Cell};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::fixture::database::{Fixture, Upload};

/// numeric(14,2): twelve digits before the point.
const MOST_CENTS: i64 = 99_999_999_999_999;

fn sale<'a>(text: &'a str, cents: i64, date: Date, number: i64) -> Vec<Value<'a>> {
    let mut row = vec![Value::Text(text); 5];
    row.extend([Value::Date(date), Value::Integer(number)]);
    row.extend([Value::Date(date), Value::Integer(number)]);
    row.extend([Value::Money(cents); 5]);
    row
}

async fn copy(client: &Client, import_id: i64, rows: &[Vec<Value<'_>>]) {
    let mut sink = RowSink::open(client, &BASELINE, import_id, RowBuffer::default())
        .await
        .unwrap();
    for (record, row) in (1..).zip(rows) {
        sink.push(record, row).await.unwrap();
    }
    assert_eq!(sink.finish().await.unwrap().0, rows.len() as u64);
}

/// One column as text, in the order of the records.
async fn spelled(client: &Client, import_id: i64, column: &str) -> Vec<String> {
    let sql =
        format!("SELECT {column}::text FROM sales_record WHERE import_id = $1 ORDER BY record");
    let rows = client.query(&sql, &[&import_id]).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

const DAY: Date = date(2015, 2, 3);

#[tokio::test]
async fn money_at_its_edges() {
    let fixture = Fixture::new().await;
    let client = fixture.connection().await;
    #[rustfmt::skip]
    let table = [
        (0, "0.00"),
        (1, "0.01"),
        (-1, "-0.01"),
        (10, "0.10"),
        (99, "0.99"),
        (100, "1.00"),
        (-50, "-0.50"),
        (99_99, "99.99"),
        (999_999, "9999.99"),
        (1_000_000, "10000.00"),
        (1_000_001, "10000.01"),
        (9_999_999_999, "99999999.99"),
        (10_000_000_000, "100000000.00"),
        (10_000_000_001, "100000000.01"),
        (1_000_000_000_000, "10000000000.00"),
        (14_250_972, "142509.72"),
        (MOST_CENTS, "999999999999.99"),
        (-MOST_CENTS, "-999999999999.99"),
    ];
    let rows = table.map(|(cents, _)| sale("", cents, DAY, 1));
    copy(&client, 1, &rows).await;
    let expected = table.map(|(_, text)| text.to_owned());
    for column in [
        "unit_price",
        "unit_cost",
        "total_revenue",
        "total_cost",
        "total_profit",
    ] {
        assert_eq!(spelled(&client, 1, column).await, expected, "{column}");
    }
    let same = "SELECT count(*) FROM sales_record WHERE unit_price = unit_price::text::numeric \
                AND hash_numeric(unit_price) = hash_numeric(unit_price::text::numeric)";
    let same = fixture.number(same, &[]).await;
    assert_eq!(same, table.len() as i64, "as the server itself stores it");
}

#[tokio::test]
async fn dates_and_numbers_at_their_edges() {
    let fixture = Fixture::new().await;
    let client = fixture.connection().await;
    let dates = [
        (date(1, 1, 1), "0001-01-01"),
        (date(1582, 10, 15), "1582-10-15"),
        (date(1999, 12, 31), "1999-12-31"),
        (date(2000, 1, 1), "2000-01-01"),
        (date(2000, 2, 29), "2000-02-29"),
        (date(2015, 8, 1), "2015-08-01"),
        (date(9999, 12, 31), "9999-12-31"),
    ];
    let numbers = [0, 1, -1, 535_113_847, 9_999_999_999, i64::MAX, i64::MIN];
    let pairs = dates.iter().zip(numbers);
    let rows: Vec<_> = pairs
        .map(|((date, _), number)| sale("", 0, *date, number))
        .collect();
    copy(&client, 1, &rows).await;
    let expected = dates.map(|(_, text)| text);
    assert_eq!(spelled(&client, 1, "order_date").await, expected);
    assert_eq!(spelled(&client, 1, "ship_date").await, expected);
    let expected = numbers.map(|it| it.to_string());
    assert_eq!(spelled(&client, 1, "order_id").await, expected);
    assert_eq!(spelled(&client, 1, "units_sold").await, expected);
}

const TEXTS: [&str; 12] = [
    "",
    " ",
    "trailing spaces   ",
    "  leading spaces",
    "Cote d'Ivoire",
    "quote \" comma , semicolon ;",
    "line\nbreak\r\nand\ttab",
    "\\N",
    "NULL",
    "Sao Tom\u{e9} e\u{301} \u{6771}\u{4eac} \u{1f30d}",
    "\u{feff}\u{200b}",
    "\u{1}\u{7f}",
];

#[tokio::test]
async fn texts_are_kept_as_they_are() {
    let fixture = Fixture::new().await;
    let client = fixture.connection().await;
    let long = "\u{6771}".repeat(500);
    let texts: Vec<&str> = TEXTS.into_iter().chain([long.as_str()]).collect();
    let rows: Vec<_> = texts.iter().map(|it| sale(it, 0, DAY, 1)).collect();
    copy(&client, 1, &rows).await;
    for column in [
        "region",
        "country",
        "item_type",
        "sales_channel",
        "order_priority",
    ] {
        assert_eq!(spelled(&client, 1, column).await, texts, "{column}");
    }
}

#[tokio::test]
async fn a_team_at_its_limits() {
    let fixture = Fixture::new().await;
    let client = fixture.connection().await;
    let team = &catalog::TEAM;
    let (name, phone) = ("\u{6771}".repeat(100), "(674) 566-5530 ");
    let mut sink = RowSink::open(&client, team, 7, RowBuffer::default())
        .await
        .unwrap();
    let row = [Value::Text(&name), Value::Text(&name), Value::Text(phone)];
    sink.push(3, &row).await.unwrap();
    assert_eq!(sink.finish().await.unwrap().0, 1);
    let sql = "SELECT * FROM team";
    let row = client.query_one(sql, &[]).await.unwrap();
    assert_eq!((row.get::<_, i64>(0), row.get::<_, i64>(1)), (7, 3));
    assert_eq!(row.get::<_, &str>(2), name);
    assert_eq!(row.get::<_, &str>(3), name);
    assert_eq!(row.get::<_, &str>(4), phone);
}

/// The readers return the stored values unchanged.
#[tokio::test]
async fn readers_give_back_what_was_stored() {
    let fixture = Fixture::new().await;
    let upload = fixture.completed("baseline", 1).await;
    let mut client = fixture.connection().await;
    let gone = "DELETE FROM sales_record WHERE import_id = $1";
    fixture.execute(gone, &[&upload.id]).await;
    let unseen = "UPDATE import SET state = 'finishing' WHERE id = $1";
    fixture.execute(unseen, &[&upload.id]).await;
    fixture.execute("DELETE FROM import_day", &[]).await;
    let cents = [0, -1, 1, 999_999, 1_000_000, MOST_CENTS, -MOST_CENTS];
    let rows: Vec<_> = (TEXTS.iter().zip(cents))
        .map(|(text, cents)| sale(text, cents, DAY, cents))
        .collect();
    copy(&client, upload.id, &rows).await;
    let counted = "INSERT INTO import_day SELECT import_id, order_date, count(*) FROM sales_record \
         GROUP BY 1, 2";
    fixture.execute(counted, &[]).await;
    let seen = "UPDATE import SET state = 'completed' WHERE id = $1";
    fixture.execute(seen, &[&upload.id]).await;
    assert_eq!(
        pages(&mut client, &upload).await,
        rows.iter().map(|row| cells(row)).collect::<Vec<_>>()
    );
}

/// In the order of the file: the reverse of the query's newest first.
async fn pages(client: &mut Client, upload: &Upload) -> Vec<Vec<Cell>> {
    let sales = rows::page(client, upload.owner, &BASELINE, &Filter::default(), 100, 0).await;
    let sales = sales.unwrap().1;
    sales.into_iter().rev().map(|it| it.cells).collect()
}

fn cells(row: &[Value<'_>]) -> Vec<Cell> {
    let cell = |value: &Value<'_>| match *value {
        Value::Text(text) => Cell::Text(text.to_owned()),
        Value::Integer(number) => Cell::Integer(number),
        Value::Money(cents) => Cell::Money(cents),
        Value::Date(date) => Cell::Date(date),
        other => unreachable!("no built-in dataset has {other:?}"),
    };
    row.iter().map(cell).collect()
}

/// The amount as the server prints it: `-123.45`.
fn decimal(cents: i64) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    let cents = cents.unsigned_abs();
    format!("{sign}{}.{:02}", cents / 100, cents % 100)
}

fn any_cents() -> impl Strategy<Value = i64> {
    prop_oneof![
        -MOST_CENTS..=MOST_CENTS,
        -200i64..=200,
        // Around every power of ten: where base-10,000 digits begin and end.
        (0u32..14, -1i64..=1, prop::bool::ANY).prop_map(|(power, off, negative)| {
            let cents = 10i64.pow(power) + off;
            if negative { -cents } else { cents }
        }),
    ]
}

#[test]
fn any_amount_is_spelled_as_the_server_spells_it() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let fixture = runtime.block_on(Fixture::new());
    let config = Config {
        cases: 64,
        failure_persistence: None,
        ..Config::default()
    };
    let amounts = prop::collection::vec(any_cents(), 1..200);
    let tested = TestRunner::new(config).run(&amounts, |amounts| {
        let rows: Vec<_> = amounts.iter().map(|it| sale("", *it, DAY, 1)).collect();
        let found = runtime.block_on(async {
            let client = fixture.connection().await;
            client.batch_execute("TRUNCATE sales_record").await.unwrap();
            copy(&client, 1, &rows).await;
            spelled(&client, 1, "unit_price").await
        });
        let expected: Vec<_> = amounts.iter().map(|it| decimal(*it)).collect();
        prop_assert_eq!(found, expected);
        Ok(())
    });
    tested.unwrap();
}
