//! The figures as tables for people.

use serde_json::{Map, Value};

use super::beside;
use super::pages::shown;
use crate::report::grouped;

const HEADING: &str = "| rows of a user in | page | offset | cursor | plain `OFFSET` | offset, handler | cursor, handler |\n|---|---|---|---|---|---|---|\n";
const SUMS: &str = "| rows of a user in | `count(*)` | kept count | cursor, no match | summary by country | its handler | to an odd day | finishing, s | adding up, s |\n|---|---|---|---|---|---|---|---|---|\n";

/// Two tables of the sales records, whose times are milliseconds, p50 / p99; then declared datasets
/// beside them.
pub fn text(machine: &str, rows: i64, figures: &Value) -> String {
    let none = Map::new();
    let users = figures["users"].as_object().unwrap_or(&none);
    let sellers = || users.iter().filter(|(_, it)| it["declared"] != true);
    let pages: String = sellers().map(|(name, it)| pages(name, it)).collect();
    let sums: String = sellers().map(|(name, it)| sums(name, it)).collect();
    let mut text = format!(
        "{machine}. {} users with {} rows each in one table; milliseconds, p50 / p99.\n\n{HEADING}{pages}\n{SUMS}{sums}",
        sellers().count(),
        grouped(rows as f64)
    );
    text += &beside::tables(users);
    text
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
    let cell = |key: &str| shown(&figures["totals"][key]);
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
