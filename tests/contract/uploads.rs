//! `POST /collect/{dataset}/`.

mod again;
mod files;
mod urls;

use super::case::{Case, FormPart, Request, get, post};
use super::objects::{copied, waiting, with_upload};
use super::stage::State::{
    Cancelled, Exported, Failed, Fresh, Keyed, Paused, Replaced, Sales, Teams, Validated, Waiting,
};
use super::stage::{HEADLESS, KEYED, REJECTED, SALES, TEAMS};

const TEAM: &str = "/collect/team/";
const BASELINE: &str = "/collect/baseline/";
const NO_FILE: &str =
    r#"{"file":["The submitted data was not a file. Check the encoding type on the form."]}"#;
const ACTIVE: &str = r#"{"detail":"You do not have permission to perform this action.","code":"baseline_active","import":1,"until":"<time>"}"#;

pub fn cases() -> Vec<Case> {
    [
        files::files(),
        files::refusals(),
        second_baselines(),
        urls::urls(),
        urls::keys(),
        held(),
        limited(),
        again::replacements(),
        again::validations(),
        again::retries(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn second_baselines() -> Vec<Case> {
    let refused = |name, request| Case::new(name, request, 403, ACTIVE);
    let waits = || post(BASELINE).by(Waiting);
    vec![
        refused("A second baseline", waits().file("sales.csv", SALES)),
        refused(
            "A second baseline while one is paused",
            post(BASELINE).by(Paused).file("s.csv", SALES),
        ),
        refused("Before the file is looked at", waits()),
        refused(
            "Before the body is looked at",
            waits().text(Some("text/plain"), "x"),
        ),
        refused(
            "A second baseline by URL",
            waits().json(r#"{"filename":"s.csv","size":5}"#),
        )
        .added(),
        Case::new(
            "A baseline after a completed one",
            post(BASELINE).by(Sales).file("sales.csv", SALES),
            201,
            waiting("baseline", "sales.csv", SALES.len()).replace(r#""id":1"#, r#""id":2"#),
        ),
        Case::new(
            "Teams beside a baseline",
            post(TEAM).by(Waiting).file("teams.csv", TEAMS),
            201,
            waiting("team", "teams.csv", TEAMS.len()),
        ),
    ]
}

fn limited() -> Vec<Case> {
    let no_limit = r#"{"max_errors":["A whole number or a percentage is required: 100 or 5%."]}"#;
    let sent = |path| post(path).by(Fresh).file("teams.csv", TEAMS);
    let (count, percentage) = (
        "/collect/team/?max_errors=100",
        "/collect/team/?max_errors=5%25",
    );
    let object = || waiting("team", "teams.csv", TEAMS.len());
    let stopped =
        "At most this number of records may be rejected, or the import is stopped and taken back";
    let percent = "At most this percentage of records may be rejected";
    vec![
        Case::new(stopped, sent(count), 201, object()).added(),
        Case::new(percent, sent(percentage), 201, object()).added(),
        Case::new(
            "A limit that is none",
            sent("/collect/team/?max_errors=few"),
            400,
            no_limit,
        )
        .added(),
    ]
}

fn held() -> Vec<Case> {
    let on_failure =
        r#"{"on_failure":["\"later\" is not a valid choice. Choose one of these: hold."]}"#;
    vec![
        Case::new(
            "To be held if it fails and resuming might help",
            post("/collect/team/?on_failure=hold")
                .by(Fresh)
                .file("teams.csv", TEAMS),
            201,
            waiting("team", "teams.csv", TEAMS.len()),
        )
        .added(),
        Case::new(
            "Another choice for a failure",
            post("/collect/team/?on_failure=later")
                .by(Fresh)
                .file("teams.csv", TEAMS),
            400,
            on_failure,
        )
        .added(),
    ]
}
