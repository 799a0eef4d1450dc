//! `GET /collect/imports/`, and what has happened to an import or export.

use super::case::{Case, Request, get};
use super::objects::{page, sales, teams, waiting};
use super::stage::State::{Deleted, Exported, Fresh, Ordering, Sales, Teams, Waiting};

const ALL: &str = "/collect/imports/";
const EVENTS: &str = "/collect/team/1/events/";
const NOT_FOUND: &str = r#"{"detail":"Not found."}"#;

pub fn cases() -> Vec<Case> {
    let cases = [lists(), filters(), wrong(), events()];
    cases.into_iter().flatten().map(Case::added).collect()
}

/// The object of an import as the list of all shows it.
pub fn entry_of_all(object: &str, dataset: &str) -> String {
    let rest = object.strip_prefix(r#"{"id":1,"#).unwrap();
    format!(r#"{{"id":"{dataset}/1","kind":"import","changed_at":"<time>",{rest}"#)
}

/// The event of an import that was just asked for.
pub fn asked_for() -> String {
    event(1, None, "awaiting_upload", "user")
}

/// A page of the list, which is not counted.
fn page_of_all(results: &[&str]) -> String {
    let whole = page(results);
    let (_, rest) = whole.split_once(',').unwrap();
    format!(r#"{{"count":null,{rest}"#)
}

fn event(number: i32, was: Option<&str>, status: &str, by: &str) -> String {
    let was = was.map_or_else(|| "null".to_owned(), |it| format!("\"{it}\""));
    format!(
        r#"{{"number":{number},"at":"<time>","was":{was},"status":"{status}","by":"{by}","code":null}}"#
    )
}

fn lists() -> Vec<Case> {
    let list = |name, by, answer| Case::new(name, get(ALL).by(by), 200, answer);
    let team = entry_of_all(&teams(), "team");
    let baseline = entry_of_all(&sales(), "baseline");
    let awaited = entry_of_all(&waiting("orders", "sales.csv", 1000), "orders");
    vec![
        list("Nothing yet, of any dataset", Fresh, page_of_all(&[])),
        list("Everything of a user", Teams, page_of_all(&[&team])),
        list(
            "Everything of another user",
            Sales,
            page_of_all(&[&baseline]),
        ),
        list(
            "An import of a declared dataset",
            Ordering,
            page_of_all(&[&awaited]),
        ),
        list("What is deleted is gone", Deleted, page_of_all(&[])),
        Case::new(
            "HEAD of everything",
            Request::new("HEAD", ALL).by(Teams),
            200,
            "",
        ),
    ]
}

fn filters() -> Vec<Case> {
    let list = |name, path, by, answer| Case::new(name, get(path).by(by), 200, answer);
    let team = page_of_all(&[&entry_of_all(&teams(), "team")]);
    let none = || page_of_all(&[]);
    vec![
        list(
            "What is in some states, of one kind and dataset",
            "/collect/imports/?status=failed,completed&kind=import&dataset=team",
            Teams,
            team.clone(),
        ),
        list(
            "What has this in the name of its file, and changed since then",
            "/collect/imports/?file=TEAM&changed_since=2026-01-01T00:00:00Z",
            Teams,
            team.clone(),
        ),
        list("Every state", "/collect/imports/?status=all", Teams, team),
        list("No exports", "/collect/imports/?kind=export", Teams, none()),
        list(
            "Nothing is in this state",
            "/collect/imports/?status=expired",
            Teams,
            none(),
        ),
        list(
            "Nothing of this dataset",
            "/collect/imports/?dataset=baseline",
            Teams,
            none(),
        ),
        list(
            "Nothing has such a file",
            "/collect/imports/?file=sales",
            Teams,
            none(),
        ),
        list(
            "Nothing has changed since then",
            "/collect/imports/?changed_since=9998-12-31T00:00:00Z",
            Teams,
            none(),
        ),
        list(
            "A parameter that is nearly one is named",
            "/collect/imports/?state=failed",
            Fresh,
            none().replace(
                r#""results":[]"#,
                r#""results":[],"warnings":[{"code":"unknown_parameter","detail":"\"state\" is no parameter and was ignored. Did you mean \"status\"?"}]"#,
            ),
        ),
    ]
}

fn wrong() -> Vec<Case> {
    vec![
        Case::new(
            "Filters that will not do",
            get("/collect/imports/?kind=upload&changed_since=yesterday&cursor=x").by(Fresh),
            400,
            concat!(
                r#"{"kind":["\"upload\" is not a valid choice. Choose one of these: import, export."],"#,
                r#""changed_since":["Time has wrong format. Use one of these formats instead: YYYY-MM-DDThh:mm:ssZ."],"#,
                r#""cursor":["Invalid cursor."]}"#,
            ),
        ),
        Case::new(
            "A state that neither has",
            get("/collect/imports/?status=running").by(Fresh),
            400,
            r#"{"status":["\"running\" is not a valid choice. Choose one of these: awaiting_upload, planning, importing, paused, finishing, completed, held, rolling_back, failed, validating, validated, cancelling, cancelled, deleting, rollback_failed, needs_confirmation, exporting, failing, expiring, expired, all."]}"#,
        ),
        Case::new(
            "POST to everything",
            Request::new("POST", ALL).by(Fresh),
            405,
            r#"{"detail":"Method \"POST\" not allowed."}"#,
        )
        .with_header("allow", "GET, HEAD, OPTIONS"),
    ]
}

fn events() -> Vec<Case> {
    // Whoever comes first after the last chunk is planned, and after the last one is stored, goes on
    // with the import: its planner or one of its workers.
    let completed = [
        asked_for(),
        event(2, Some("awaiting_upload"), "planning", "start-import"),
        event(3, Some("planning"), "importing", "<function>"),
        event(4, Some("importing"), "finishing", "<function>"),
        event(5, Some("finishing"), "completed", "finish-import"),
    ];
    let completed: Vec<&str> = completed.iter().map(String::as_str).collect();
    let exported = [
        event(1, None, "exporting", "user"),
        event(2, Some("exporting"), "completed", "write-export"),
    ];
    let missing = |name, path, by| Case::new(name, get(path).by(by), 404, NOT_FOUND);
    vec![
        Case::new(
            "What has happened to an import",
            get(EVENTS).by(Teams),
            200,
            page(&completed),
        ),
        Case::new(
            "One that awaits its upload",
            get("/collect/baseline/1/events/").by(Waiting),
            200,
            page(&[&asked_for()]),
        ),
        Case::new(
            "What has happened to an export",
            get("/collect/exports/1/events/").by(Exported),
            200,
            page(&[&exported[0], &exported[1]]),
        ),
        missing("Of an import that is deleted", EVENTS, Deleted),
        missing("Of an import there is not", EVENTS, Fresh),
        missing(
            "Of an export there is not",
            "/collect/exports/9/events/",
            Fresh,
        ),
    ]
}
