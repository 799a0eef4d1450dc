use serde_json::Value;

use super::sales;
use crate::fixture::client::{Import, User};
use crate::fixture::sample;
use crate::fixture::stack::sql;

const RECORDS: i64 = 100_000;

/// The counters that may only grow while an import goes on.
const GROWING: [&str; 5] = [
    "percent",
    "bytes_done",
    "rows_imported",
    "rows_rejected",
    "chunks_done",
];

#[test]
fn a_hundred_thousand_sales_records_through_an_upload_url() {
    let user = User::new();
    let file = sample::sales(12, RECORDS as u64);
    let import = user.upload_to_url("baseline", &file);
    let progress = watched_to_its_end(&user, &import);
    assert_eq!(progress["percent"], 100);
    assert_eq!(progress["rows_imported"], RECORDS);
    assert_eq!(progress["rows_rejected"], 0);
    assert_eq!(progress["bytes_done"], file.len());
    assert_eq!(progress["bytes_total"], file.len());
    assert_eq!(progress["chunks_done"], progress["chunks_total"]);
    assert!(
        progress["chunks_total"].as_i64().unwrap() >= 3,
        "{progress}"
    );
    assert_eq!(user.sales_seen(), RECORDS);
    pages_here_and_there(&user, &file);
    sums_agree(&import, &file);
}

/// The progress at the end. No counter ever falls, and no row is seen before the end.
fn watched_to_its_end(user: &User, import: &Import<'_>) -> Value {
    let mut before: Option<Value> = None;
    loop {
        // Asked before the detail: if rows are seen, the import must have been completed by then.
        let seen = user.sales_seen();
        let detail = import.until(|_| true);
        let progress = detail["progress"].clone();
        for name in GROWING {
            let value = |of: &Value| of[name].as_i64().unwrap();
            let grown = before
                .as_ref()
                .is_none_or(|it| value(it) <= value(&progress));
            assert!(grown, "{name}: {before:?}, then {progress}");
        }
        if detail["status"] == "completed" {
            return progress;
        }
        assert_eq!(seen, 0, "{detail}");
        assert!(progress["percent"].as_i64().unwrap() < 100, "{detail}");
        assert_ne!(detail["status"], "failed", "{detail}");
        before = Some(progress);
    }
}

fn pages_here_and_there(user: &User, file: &[u8]) {
    let expected = sales::expected(file);
    for offset in [0, 49_950, 99_900] {
        let page = user.get(&format!("/collect/data/?limit=100&offset={offset}"));
        assert_eq!(page.expect(200)["count"], RECORDS);
        let entries = sales::entries(&expected[offset..offset + 100]);
        let results = format!(r#""results":[{entries}]}}"#);
        assert!(page.body.ends_with(&results), "offset {offset}");
    }
}

fn sums_agree(import: &Import<'_>, file: &[u8]) {
    let (mut units, mut revenue, mut orders) = (0, 0, 0);
    for record in sales::records(file) {
        orders += record[6].parse::<i64>().unwrap();
        units += record[8].parse::<i64>().unwrap();
        revenue += cents(&record[11]);
    }
    let row = sql::row(
        "SELECT sum(units_sold)::bigint, (sum(total_revenue) * 100)::bigint, \
             sum(order_id)::bigint, count(DISTINCT record), min(record), max(record) \
         FROM sales_record WHERE import_id = (SELECT id FROM import WHERE uid = $1)",
        &[&import.uid],
    );
    let found: Vec<i64> = (0..6).map(|column| row.get(column)).collect();
    assert_eq!(found, [units, revenue, orders, RECORDS, 1, RECORDS]);
}

fn cents(amount: &str) -> i64 {
    let (whole, decimals) = amount.split_once('.').unwrap_or((amount, ""));
    format!("{whole}{decimals:0<2}").parse().unwrap()
}
