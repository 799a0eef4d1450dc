//! Declared datasets beside the sales records: the median of each figure, and its ratio to theirs.

use domain::limits::QUERY_WITHIN;
use serde_json::{Map, Value};

/// A line of the table: what it is called, and where its figure is.
const LINES: [(&str, &str); 20] = [
    ("first page, offset", "/pages/first/offset"),
    ("first page, cursor", "/pages/first/cursor"),
    ("middle page, offset", "/pages/middle/offset"),
    ("middle page, cursor", "/pages/middle/cursor"),
    ("last page, offset", "/pages/last/offset"),
    ("last page, cursor", "/pages/last/cursor"),
    ("first page, cursor, handler", "/pages/first/cursor_handler"),
    ("kept count", "/totals/count"),
    ("half left: first page, offset", "/half/first/offset"),
    ("half left: middle page, offset", "/half/middle/offset"),
    ("half left: last page, offset", "/half/last/offset"),
    ("half left: first page, cursor", "/half/first/cursor"),
    ("half left: middle page, cursor", "/half/middle/cursor"),
    ("half left: last page, cursor", "/half/last/cursor"),
    ("nulls: middle page, offset", "/nulls/middle/offset"),
    ("nulls: middle page, cursor", "/nulls/middle/cursor"),
    ("cursor, no match", "/totals/no_match"),
    ("summary by country", "/totals/summary"),
    ("summary by priority", "/totals/summary_read"),
    ("finishing, s", "/finish_seconds"),
];

/// A table for each number of imports that a declared dataset's rows came in.
pub fn tables(users: &Map<String, Value>) -> String {
    let declared = |it: &Value| it["declared"] == true;
    let mut counts: Vec<_> = users.values().filter(|it| declared(it)).collect();
    counts.dedup_by_key(|it| it["imports"].clone());
    let tables = counts.iter().map(|of| {
        let same = |it: &Value| it["imports"] == of["imports"];
        let base = users.iter().find(|(_, it)| !declared(it) && same(it));
        let beside = users.iter().filter(|(_, it)| declared(it) && same(it));
        base.map_or_else(String::new, |base| table(base, &beside.collect::<Vec<_>>()))
    });
    tables.collect()
}

fn table(base: (&String, &Value), beside: &[(&String, &Value)]) -> String {
    let names = beside.iter().map(|(name, _)| format!(" {name} |"));
    let mut text = format!(
        "\nMedians in milliseconds, and their ratio to those of the sales records:\n\n\
         | | sales, {} |{}\n|---|---|{}\n",
        base.0,
        names.collect::<String>(),
        "---|".repeat(beside.len())
    );
    for (name, place) in LINES {
        let figure = |of: &Value| of.pointer(place).cloned().unwrap_or_default();
        let sales = figure(base.1);
        let cells = beside.iter().map(|(_, it)| cell(&figure(it), &sales));
        let cells: String = cells.map(|it| format!(" {it} |")).collect();
        text += &format!("| {name} | {} |{cells}\n", cell(&sales, &Value::Null));
    }
    text
}

/// `4.6 (1.02)`
fn cell(figure: &Value, base: &Value) -> String {
    if figure["too_slow"] == true {
        return format!("> {}", QUERY_WITHIN.as_millis());
    }
    match (median(figure), median(base)) {
        (Some(median), Some(base)) => format!("{median:.1} ({:.2})", median / base),
        (Some(median), None) => format!("{median:.1}"),
        (None, _) => "–".to_owned(),
    }
}

/// A figure of one number is its own median.
fn median(figure: &Value) -> Option<f64> {
    figure.as_f64().or_else(|| figure["p50_ms"].as_f64())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_declared_one_stands_beside_sales_of_as_many_imports() {
        let count = |ms: f64| json!({"count": {"p50_ms": ms, "p99_ms": 9.0}});
        let user = |declared: bool, imports: i64, ms: f64| json!({"declared": declared, "imports": imports, "totals": count(ms)});
        let users = json!({
            "1 import": user(false, 1, 2.0),
            "10 imports": user(false, 10, 4.0),
            "by a date": user(true, 1, 3.0),
            "by nothing": user(true, 1, 1.0),
            "by a number": user(true, 10, 5.0),
        });
        let text = tables(users.as_object().unwrap());
        assert!(
            text.contains("| | sales, 1 import | by a date | by nothing |"),
            "{text}"
        );
        assert!(
            text.contains("| kept count | 2.0 | 3.0 (1.50) | 1.0 (0.50) |"),
            "{text}"
        );
        assert!(
            text.contains("| | sales, 10 imports | by a number |"),
            "{text}"
        );
        assert!(text.contains("| kept count | 4.0 | 5.0 (1.25) |"), "{text}");
    }

    #[test]
    fn what_was_not_measured_is_said() {
        let too_slow = json!({"too_slow": true});
        assert_eq!(cell(&too_slow, &json!({"p50_ms": 1.0})), "> 20000");
        assert_eq!(cell(&Value::Null, &json!({"p50_ms": 1.0})), "–");
        assert_eq!(cell(&json!(3.0), &json!(1.5)), "3.0 (2.00)");
    }
}
