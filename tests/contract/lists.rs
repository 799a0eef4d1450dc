//! `GET /collect/{dataset}/`.

use super::case::{Case, get};
use super::objects::{page, sales, teams, validated, waiting};
use super::stage::State::{Cancelled, Deleted, Fresh, Sales, Teams, Validated, Waiting};

const TEAM: &str = "/collect/team/";
const BASELINE: &str = "/collect/baseline/";

pub fn cases() -> Vec<Case> {
    [lists(), vec![misspelt()], pages()]
        .into_iter()
        .flatten()
        .collect()
}

fn lists() -> Vec<Case> {
    let awaited = waiting("baseline", "sales.csv", 1000);
    let one = page(&[&teams()]);
    let list = |name, path, by, answer: String| Case::new(name, get(path).by(by), 200, answer);
    vec![
        list("Nothing yet", TEAM, Fresh, page(&[])),
        list("A list of teams", TEAM, Teams, one.clone()),
        list(
            "A list without a slash at the end",
            "/collect/team",
            Teams,
            one,
        )
        .deviates("there, a path without its slash is redirected"),
        list("A list of baselines", BASELINE, Sales, page(&[&sales()])),
        list(
            "A list while a baseline is active",
            BASELINE,
            Waiting,
            page(&[&awaited]),
        )
        .deviates("there, 403"),
        list("Teams are no baselines", BASELINE, Teams, page(&[])),
        list("Deleted imports are gone", TEAM, Deleted, page(&[])),
        list(
            "Deleted imports are gone for good",
            "/collect/team/?status=all",
            Deleted,
            page(&[]),
        )
        .added(),
        list("Cancelled imports are left out", TEAM, Cancelled, page(&[])).added(),
        list("Validated imports are left out", TEAM, Validated, page(&[])).added(),
        list(
            "Imports that were only validated",
            "/collect/team/?status=validated",
            Validated,
            page(&[&validated()]),
        )
        .added(),
        list(
            "Imports of one state",
            "/collect/team/?status=completed",
            Teams,
            page(&[&teams()]),
        )
        .added(),
        list(
            "Imports of several states",
            "/collect/team/?status=failed,cancelled",
            Teams,
            page(&[]),
        )
        .added(),
        Case::new(
            "A state that is none",
            get("/collect/team/?status=running").by(Fresh),
            400,
            r#"{"status":["\"running\" is not a valid choice. Choose one of these: awaiting_upload, planning, importing, paused, finishing, completed, held, rolling_back, failed, validating, validated, cancelling, cancelled, deleting, rollback_failed, all."]}"#,
        )
        .added(),
    ]
}

/// Ignored as any unknown parameter, but not in silence.
fn misspelt() -> Case {
    let whole = page(&[&teams()]);
    let warning = r#""warnings":[{"code":"unknown_parameter","detail":"\"state\" is no parameter and was ignored. Did you mean \"status\"?"}]"#;
    let whole = whole.strip_suffix('}').unwrap();
    Case::new(
        "A parameter that is nearly a known one is ignored, and named",
        get("/collect/team/?state=failed").by(Teams),
        200,
        format!("{whole},{warning}}}"),
    )
    .deviates("there, without `warnings`")
}

fn pages() -> Vec<Case> {
    let whole = page(&[&teams()]);
    let past_the_end = |previous: &str| {
        format!(
            r#"{{"count":1,"next":null,"previous":"<api>/collect/team/?{previous}","results":[]}}"#
        )
    };
    let list = |name, path, answer: String| Case::new(name, get(path).by(Teams), 200, answer);
    vec![
        list(
            "A page after the end",
            "/collect/team/?limit=2&offset=5",
            past_the_end("limit=2&offset=3"),
        ),
        list(
            "The page before is the first",
            "/collect/team/?limit=2&offset=1",
            past_the_end("limit=2"),
        ),
        list(
            "Other parameters stay, sorted",
            "/collect/team/?x=1&offset=3",
            past_the_end("limit=10&x=1"),
        ),
        list(
            "An invalid page is ignored",
            "/collect/team/?limit=x&offset=-1",
            whole.clone(),
        ),
        list(
            "A limit of nothing is ignored",
            "/collect/team/?limit=0",
            whole,
        ),
        list(
            "A limit is 30 at most",
            "/collect/team/?limit=99&offset=40",
            past_the_end("limit=30&offset=10"),
        ),
    ]
}
