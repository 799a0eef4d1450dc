//! What can be asked, and with which parameters.

use contracts::http::routes::Route;

use super::table::{code, table};
use crate::contract::page::heading;
use crate::contract::topics;

const WORDS: &str = "## Requests

`{dataset}` is `baseline` (sales records), `team`, or a dataset that you have declared; `{id}` is the number of an import, an export or an API key. A slash at the end makes no difference. Every path also takes `OPTIONS`, and `HEAD` where it takes `GET`. Bodies are JSON, an urlencoded form or a multipart form. Parameters and fields that are not known are ignored. One that is nearly a known one (`fron`, `state` for `status`) is ignored too, but the answer of a list names it in `warnings`, beside `results`; a summary, an export and the rows of a dataset refuse it with a 400, because their answer would be a wrong one. In the body of an export, a field that is empty or null counts as missing.

";

/// Route and method, what a request does, the status of its answer, what that is.
#[rustfmt::skip]
const REQUESTS: [(Route, &str, &str, &str, &str); 39] = [
    (Route::Users, "POST", "sign up", "201", "[account](#account)"),
    (Route::Me, "GET", "show your account", "200", "[own account](#own-account)"),
    (Route::SetPassword, "POST", "change your password, and sign out everywhere", "204", "–"),
    (Route::ApiKeys, "POST", "make an API key", "201", "[API key](#api-key)"),
    (Route::ApiKeys, "GET", "list API keys, the newest first; all on one page", "200", "[page](#page) of [API keys](#api-key)"),
    (Route::ApiKey, "DELETE", "revoke an API key: it is refused from the answer on", "204", "–"),
    (Route::Token, "POST", "sign in", "200", "[pair of tokens](#pair-of-tokens), or an [access token](#access-token) and a cookie"),
    (Route::TokenRefresh, "POST", "get a new access token", "200", "[access token](#access-token), or a [rotated pair](#rotated-pair)"),
    (Route::TokenBlacklist, "POST", "sign out, or sign out everywhere", "200", "`{}`"),
    (Route::Datasets, "GET", "list datasets: those that are built in, then your own by name", "200", "[page](#page) of [datasets](#dataset-in-a-list)"),
    (Route::Infer, "POST", "make a declaration of a sample; nothing is stored", "200", "[declaration of a sample](#declaration-of-a-sample)"),
    (Route::Validate, "POST", "say what an import of a sample would say; nothing is stored", "200", "[validation of a sample](#validation-of-a-sample)"),
    (Route::Dataset, "PUT", "declare a dataset (201), or change what is declared (200)", "201 or 200", "[dataset](#dataset)"),
    (Route::Dataset, "GET", "show a dataset", "200", "[dataset](#dataset)"),
    (Route::Dataset, "DELETE", "drop a dataset; 202 while it is under way", "204 or 202", "[dataset that is dropped](#dataset-that-is-dropped), or –"),
    (Route::Schema, "GET", "show the columns of a dataset, and how their values are answered", "200", "columns and declaration"),
    (Route::TemplateFile, "GET", "get a file to fill in: the heading and, if the fields have examples, one record", "200", "a CSV file"),
    (Route::Imports, "POST", "upload a file, or ask for an upload URL", "201", "[import](#import)"),
    (Route::Imports, "GET", "list imports, newest first", "200", "[page](#page) of [imports](#import)"),
    (Route::Import, "GET", "show an import", "200", "[import](#import)"),
    (Route::Import, "DELETE", "delete an import", "204", "–"),
    (Route::CancelImport, "POST", "cancel an import, on its way or completed", "202", "[import](#import)"),
    (Route::PauseImport, "POST", "pause an import", "202", "[import](#import)"),
    (Route::ResumeImport, "POST", "resume an import that is paused or held", "202", "[import](#import)"),
    (Route::UploadUrl, "GET", "sign the upload URL again of an import that waits for its file", "200", "[import](#import)"),
    (Route::ReplaceImport, "POST", "upload another file in the place of an import", "201", "[import](#import)"),
    (Route::RetryImport, "POST", "import the original of an import that failed, was cancelled or only validated again", "201", "[import](#import)"),
    (Route::RowErrors, "GET", "list the row errors of an import", "200", "[page](#page) of [row errors](#row-error)"),
    (Route::Rows, "GET", "list the rows of a completed team import, in the order of its file", "200", "[page](#page) of [rows](#row)"),
    (Route::DatasetRows, "GET", "list rows of a dataset by its fields: the greatest value first where they are sorted by a field, else in the order of the files", "200", "[page](#page) of [rows by fields](#row-by-its-fields)"),
    (Route::DatasetSummary, "GET", "add rows of a dataset up", "200", "[page](#page) of [groups of rows](#group-of-rows)"),
    (Route::Sales, "GET", "list sales records, newest order date first", "200", "[page](#page) of [sales records](#sales-record)"),
    (Route::Summary, "GET", "add sales records up", "200", "[page](#page) of [groups](#group-of-a-summary)"),
    (Route::Exports, "POST", "ask for an export", "201", "[export](#export)"),
    (Route::Exports, "GET", "list exports, newest first", "200", "[page](#page) of [exports](#export)"),
    (Route::Export, "GET", "show an export", "200", "[export](#export)"),
    (Route::ConfirmExport, "POST", "let a large export begin", "202", "[export](#export)"),
    (Route::CancelExport, "POST", "cancel an export", "202", "[export](#export)"),
    (Route::Export, "DELETE", "delete an export", "204", "–"),
];

/// The table.
pub fn page() -> String {
    let rows = REQUESTS.map(|(route, method, what, status, answer)| {
        [
            code(request(route, method)),
            what.to_owned(),
            status.to_owned(),
            answer.to_owned(),
        ]
    });
    let rows = table(["request", "to", "status", "answer"], rows);
    format!("{WORDS}{rows}")
}

/// Method and path of a route, as they are written.
fn request(route: Route, method: &str) -> String {
    format!("{method} {}", route.written())
}

#[test]
fn these_are_the_requests_that_the_routes_allow() {
    for &route in Route::ALL {
        for method in route
            .allow()
            .split(", ")
            .filter(|it| !it.starts_with(['H', 'O']))
        {
            let listed = |it: &&(Route, &str, &str, &str, &str)| (it.0, it.1) == (route, method);
            let times = REQUESTS.iter().filter(listed).count();
            assert_eq!(times, 1, "{}", request(route, method));
        }
    }
}

#[test]
fn these_are_the_requests_of_the_exchanges() {
    let topics = topics();
    let cases = || topics.iter().flat_map(|it| &it.cases);
    let listed = |asked: &str, status: u16| {
        let is = |it: &(Route, &str, &str, &str, &str)| {
            let statuses = it.3.split(" or ");
            request(it.0, it.1) == asked && statuses.into_iter().any(|it| it == status.to_string())
        };
        REQUESTS.iter().any(is)
    };
    for case in cases().filter(|it| it.status < 300) {
        let asked = heading(&case.request);
        let known = listed(&asked, case.status) || asked.starts_with(['H', 'O']);
        assert!(known, "{}: {asked} {}", case.name, case.status);
    }
    for (route, method, ..) in REQUESTS {
        let request = request(route, method);
        let asked = cases().any(|it| heading(&it.request) == request);
        assert!(asked, "no exchange asks {request}");
    }
}
