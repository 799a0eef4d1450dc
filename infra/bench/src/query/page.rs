//! The figures as a table for people.

use serde_json::{Map, Value};

use crate::report::grouped;

const HEADING: &str = "| rows of a user in | page | offset | cursor | plain `OFFSET` | offset, handler | cursor, handler |\n|---|---|---|---|---|---|---|\n";
const SUMS: &str = "| rows of a user in | `count(*)` | kept count | cursor, no match | summary by country | its handler | to an odd day | finishing, s | adding up, s |\n|---|---|---|---|---|---|---|---|---|\n";

/// Two tables; times are milliseconds, p50 / p99.
pub fn text(machine: &str, rows: i64, figures: &Value) -> String {
    let none = Map::new();
    let users = figures["users"].as_object().unwrap_or(&none);
    let pages: String = users.iter().map(|(name, it)| pages(name, it)).collect();
    let sums: String = users.iter().map(|(name, it)| sums(name, it)).collect();
    format!(
        "{machine}. {} users with {} rows each in one table; milliseconds, p50 / p99.\n\n{HEADING}{pages}\n{SUMS}{sums}",
        users.len(),
        grouped(rows as f64)
    )
}

fn pages(name: &str, figures: &Value) -> String {
    let line = |page: &str| {
        let of = &figures["pages"][page];
        let cell = |key: &str| shown(&of[key]);
        format!(
            "| {name} | {page} | {} | {} | {} | {} | {} |\n",
            cell("offset"),
            cell("cursor"),
            cell("plain"),
            cell("offset_handler"),
            cell("cursor_handler")
        )
    };
    ["first", "middle", "last"].map(line).concat()
}

fn sums(name: &str, figures: &Value) -> String {
    let cell = |key: &str| shown(&figures["pages"][key]);
    let seconds = |key: &str| figures[key].as_f64().unwrap_or(f64::NAN);
    format!(
        "| {name} | {} | {} | {} | {} | {} | {} | {:.1} | {:.1} |\n",
        cell("plain_count"),
        cell("count"),
        cell("no_match"),
        cell("summary"),
        cell("summary_handler"),
        cell("summary_of_days"),
        seconds("finish_seconds"),
        seconds("sum_seconds")
    )
}

/// `1.2 / 3.4`
pub fn shown(figure: &Value) -> String {
    let ms = |key: &str| figure[key].as_f64().unwrap_or(f64::NAN);
    format!("{:.1} / {:.1}", ms("p50_ms"), ms("p99_ms"))
}
