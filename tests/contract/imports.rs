//! `/collect/{dataset}/{id}/` and the paths below it.

use super::case::{Case, Request, get, post};
use super::objects::{
    ONE_OF_TWO_REJECTED, completed, not_waiting, page, sales, taken_back, teams, validated, waiting,
};
use super::stage::State::{
    self, Cancelled, Deleted, Failed, Fresh, Paused, PausedTeams, Rejected, Sales, TakenBack,
    Teams, Validated, Waiting,
};
use super::stage::{HEADLESS, REJECTED};

const ONE: &str = "/collect/team/1/";
const NOT_FOUND: &str = r#"{"detail":"Not found."}"#;

pub fn cases() -> Vec<Case> {
    [
        single(),
        missing(),
        deletions(),
        commands(),
        reports(),
        ends(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn single() -> Vec<Case> {
    let awaited = waiting("baseline", "sales.csv", 1000);
    vec![
        Case::new("One import", get(ONE).by(Teams), 200, teams()),
        Case::new(
            "One import without a slash at the end",
            get("/collect/team/1").by(Teams),
            200,
            teams(),
        )
        .deviates("there, a path without its slash is redirected"),
        Case::new(
            "A number with a zero before it",
            get("/collect/team/01/").by(Teams),
            200,
            teams(),
        ),
        Case::new(
            "One baseline",
            get("/collect/baseline/1/").by(Sales),
            200,
            sales(),
        ),
        Case::new(
            "A baseline that is active",
            get("/collect/baseline/1/").by(Waiting),
            200,
            awaited,
        )
        .deviates("there, 403"),
    ]
}

fn missing() -> Vec<Case> {
    let gone = |name, request: Request| Case::new(name, request, 404, NOT_FOUND);
    let html = "there, the body is a page of HTML";
    vec![
        gone("An import there is not", get("/collect/team/2/").by(Teams)),
        gone("A deleted import", get(ONE).by(Deleted)),
        gone(
            "An import of the other dataset",
            get("/collect/baseline/1/").by(Teams),
        ),
        gone("A number that is none", get("/collect/team/x/").by(Teams)),
        gone("A number below nothing", get("/collect/team/-1/").by(Teams)),
        gone(
            "A number with a fraction",
            get("/collect/team/1.0/").by(Teams),
        ),
        gone(
            "A number that is too large",
            get("/collect/team/99999999999/").by(Teams),
        ),
        gone("A dataset there is not", get("/collect/players/").by(Fresh)).deviates(html),
        gone(
            "An upload to a dataset there is not",
            post("/collect/players/").by(Fresh),
        )
        .deviates(html),
        gone(
            "One of a dataset there is not",
            get("/collect/players/1/").by(Fresh),
        )
        .deviates(html),
        gone(
            "The deletion of what is not there",
            Request::new("DELETE", ONE).by(Fresh),
        ),
        gone(
            "The deletion of what is deleted",
            Request::new("DELETE", ONE).by(Deleted),
        ),
    ]
}

fn deletions() -> Vec<Case> {
    let delete =
        |name, path, by: State| Case::new(name, Request::new("DELETE", path).by(by), 204, "");
    vec![
        delete("Delete teams", ONE, Teams),
        delete(
            "Delete without a slash at the end",
            "/collect/team/1",
            Teams,
        )
        .deviates("there, a path without its slash is redirected"),
        delete("Delete a baseline", "/collect/baseline/1/", Sales),
        delete(
            "An active import of teams is stopped and taken back",
            ONE,
            PausedTeams,
        ),
        delete("Delete a failed import", ONE, Failed).added(),
        delete("Delete a cancelled import", ONE, Cancelled).added(),
        delete(
            "Delete a baseline that awaits its upload",
            "/collect/baseline/1/",
            Waiting,
        )
        .added(),
        Case::new(
            "An active baseline stays",
            Request::new("DELETE", "/collect/baseline/1/").by(Paused),
            403,
            r#"{"detail":"You do not have permission to perform this action."}"#,
        ),
    ]
}

fn commands() -> Vec<Case> {
    let refused = |name, path, state: &str, participle: &str| {
        let detail = format!(
            "An import in state {state} cannot be {participle}. \
             Its rows are visible: cancel it to take them back, or replace it by another file."
        );
        let answer = format!(r#"{{"detail":"{detail}","code":"wrong_state"}}"#);
        Case::new(name, post(path).by(Teams), 409, answer).added()
    };
    vec![
        Case::new(
            "Cancel what is completed",
            post("/collect/team/1/cancel/").by(Teams),
            202,
            taken_back(&teams(), "cancelling", 2),
        )
        .added(),
        refused(
            "Pause what is completed",
            "/collect/team/1/pause/",
            "completed",
            "paused",
        ),
        refused(
            "Resume what is completed",
            "/collect/team/1/resume/",
            "completed",
            "resumed",
        ),
        Case::new(
            "Cancel what awaits its upload",
            post("/collect/baseline/1/cancel/").by(Waiting),
            202,
            not_waiting(&waiting("baseline", "sales.csv", 1000))
                .replace("awaiting_upload", "cancelling"),
        )
        .added(),
        Case::new(
            "Cancel what is not there",
            post("/collect/team/9/cancel/").by(Teams),
            404,
            NOT_FOUND,
        )
        .added(),
    ]
}

fn reports() -> Vec<Case> {
    let rejected = completed("team", "teams.csv", REJECTED.len(), 1, 1)
        .replace(r#""warnings":[]"#, ONE_OF_TWO_REJECTED);
    let error = r#"{"record":2,"line":3,"column":"manager_phone_number","value":"(674) 566-5531 ext. 7","code":"too_long","message":"<words>"}"#;
    let list =
        |name, path, by, answer: String| Case::new(name, get(path).by(by), 200, answer).added();
    let of_sales = Request::new("GET", "/collect/baseline/1/rows/").by(Sales);
    vec![
        list("An import with a rejected record", ONE, Rejected, rejected),
        list(
            "The errors of an import",
            "/collect/team/1/errors/",
            Rejected,
            page(&[error]),
        ),
        list("No errors", "/collect/team/1/errors/", Teams, page(&[])),
        list(
            "Where the chunks of an import stand",
            "/collect/team/1/chunks/",
            Teams,
            page(&[r#"{"state":"stored","first":0,"count":1}"#]),
        ),
        list(
            "An import that has no chunks yet",
            "/collect/baseline/1/chunks/",
            Waiting,
            page(&[]),
        ),
        list(
            "The rows of an import",
            "/collect/team/1/rows/",
            Teams,
            page(&[
                r#"{"data":{"team_name":"Falcons","manager_name":"Ada","manager_phone_number":"(674) 566-5530"}}"#,
                r#"{"data":{"team_name":"Owls","manager_name":"Grace","manager_phone_number":"(674) 566-5531"}}"#,
            ]),
        ),
        Case::new("Sales have a route of their own", of_sales, 404, NOT_FOUND).added(),
    ]
}

/// How a cancelled and a failed import are shown.
fn ends() -> Vec<Case> {
    let proof = r#""rollback":{"rows_deleted":0,"rows_remaining":0}"#;
    let unended = r#""finished_at":null"#;
    let ended = r#""finished_at":"<time>""#;
    let cancelled = not_waiting(&waiting("team", "sales.csv", 1000))
        .replace("awaiting_upload", "cancelled")
        .replace(unended, ended)
        .replace(r#""rollback":null"#, proof);
    let reason = r#""error":{"code":"bad_heading","detail":"None of the first 20 lines is the heading of a team file. Missing: \"team_name\", \"manager_name\", \"manager_phone_number\". Unknown: \"a\", \"b\". For a file without a heading, say heading_lines=0.","found":[{"column":null,"line":1,"cell":""}]}"#;
    let failed = not_waiting(&waiting("team", "teams.csv", HEADLESS.len()))
        .replace("awaiting_upload", "failed")
        .replace(unended, ended)
        .replace(r#""started_at":null"#, r#""started_at":"<time>""#)
        .replace(r#""rows_per_second":null"#, r#""rows_per_second":<number>"#)
        .replace(r#""error":null"#, reason)
        .replace(r#""rollback":null"#, proof);
    vec![
        Case::new("A cancelled import", get(ONE).by(Cancelled), 200, cancelled).added(),
        Case::new(
            "An import that was only validated",
            get(ONE).by(Validated),
            200,
            validated(),
        )
        .added(),
        Case::new("A failed import", get(ONE).by(Failed), 200, failed).added(),
        Case::new(
            "An import that was cancelled after it was completed",
            get(ONE).by(TakenBack),
            200,
            taken_back(&teams(), "cancelled", 2),
        )
        .added(),
    ]
}
