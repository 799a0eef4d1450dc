//! What can be asked, and with which parameters.

use super::table::{code, table};
use crate::contract::page::route;
use crate::contract::topics;

const REQUESTS: &str = "## Requests

`{dataset}` is `baseline` (sales records) or `team`, `{id}` the number of an import or export. A slash at the end makes no difference. Every path also takes `OPTIONS`, and `HEAD` where it takes `GET`. Bodies are JSON, an urlencoded form or a multipart form. Parameters and fields that are not known are ignored; in the body of an export, one that is empty or null counts as missing.

";

/// Request, what it does, the status of its answer, what that is.
const ROUTES: [[&str; 4]; 21] = [
    ["POST /auth/users/", "sign up", "201", "[account](#account)"],
    [
        "POST /token/",
        "sign in",
        "200",
        "[pair of tokens](#pair-of-tokens)",
    ],
    [
        "POST /token/refresh/",
        "get a new access token",
        "200",
        "[access token](#access-token)",
    ],
    [
        "POST /collect/{dataset}/",
        "upload a file, or ask for an upload URL",
        "201",
        "[import](#import)",
    ],
    [
        "GET /collect/{dataset}/",
        "list imports, newest first",
        "200",
        "[page](#page) of [imports](#import)",
    ],
    [
        "GET /collect/{dataset}/{id}/",
        "show an import",
        "200",
        "[import](#import)",
    ],
    [
        "DELETE /collect/{dataset}/{id}/",
        "delete an import",
        "204",
        "–",
    ],
    [
        "POST /collect/{dataset}/{id}/cancel/",
        "cancel an import",
        "202",
        "[import](#import)",
    ],
    [
        "POST /collect/{dataset}/{id}/pause/",
        "pause an import",
        "202",
        "[import](#import)",
    ],
    [
        "POST /collect/{dataset}/{id}/resume/",
        "resume an import that is paused or held",
        "202",
        "[import](#import)",
    ],
    [
        "POST /collect/{dataset}/{id}/replace/",
        "cancel an import and upload another in its place",
        "201",
        "[import](#import)",
    ],
    [
        "GET /collect/{dataset}/{id}/errors/",
        "list the row errors of an import",
        "200",
        "[page](#page) of [row errors](#row-error)",
    ],
    [
        "GET /collect/team/{id}/rows/",
        "list the rows of a completed team import, in the order of its file",
        "200",
        "[page](#page) of [rows](#row)",
    ],
    [
        "GET /collect/data/",
        "list sales records, newest order date first",
        "200",
        "[page](#page) of [sales records](#sales-record)",
    ],
    [
        "GET /collect/data/summary/",
        "add sales records up",
        "200",
        "[page](#page) of [groups](#group-of-a-summary)",
    ],
    [
        "POST /collect/exports/",
        "ask for an export",
        "201",
        "[export](#export)",
    ],
    [
        "GET /collect/exports/",
        "list exports, newest first",
        "200",
        "[page](#page) of [exports](#export)",
    ],
    [
        "GET /collect/exports/{id}/",
        "show an export",
        "200",
        "[export](#export)",
    ],
    [
        "POST /collect/exports/{id}/confirm/",
        "let a large export begin",
        "202",
        "[export](#export)",
    ],
    [
        "POST /collect/exports/{id}/cancel/",
        "cancel an export",
        "202",
        "[export](#export)",
    ],
    [
        "DELETE /collect/exports/{id}/",
        "delete an export",
        "204",
        "–",
    ],
];

/// The table.
pub fn page() -> String {
    let rows = ROUTES.map(|[request, what, status, answer]| {
        [
            code(request),
            what.to_owned(),
            status.to_owned(),
            answer.to_owned(),
        ]
    });
    let rows = table(["request", "to", "status", "answer"], rows);
    format!("{REQUESTS}{rows}")
}

/// As the table has it.
fn general(route: &str) -> String {
    let rows = route.ends_with("/rows/");
    let dataset = if rows { "/team/" } else { "/{dataset}/" };
    route
        .replace("/team/", dataset)
        .replace("/baseline/", "/{dataset}/")
}

#[test]
fn these_are_the_requests_of_the_exchanges() {
    let topics = topics();
    let cases = || topics.iter().flat_map(|it| &it.cases);
    let listed = |route: &str, status: u16| {
        ROUTES
            .iter()
            .any(|it| it[0] == route && it[2] == status.to_string())
    };
    for case in cases().filter(|it| it.status < 300) {
        let route = general(&route(&case.request));
        let known = listed(&route, case.status) || route.starts_with(['H', 'O']);
        assert!(known, "{}: {route} {}", case.name, case.status);
    }
    for [request, ..] in ROUTES {
        let asked = cases().any(|it| general(&route(&it.request)) == request);
        assert!(asked, "no exchange asks {request}");
    }
}
