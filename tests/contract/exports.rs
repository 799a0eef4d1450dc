//! `/collect/exports/`.

use super::case::{Case, Request, get, post};
use super::objects::page;
use super::stage::State::{Fresh, Ordered, Sales, Teams};

const ALL: &str = "/collect/exports/";
const NOT_FOUND: &str = r#"{"detail":"Not found."}"#;

/// An export that was just asked for.
pub fn asked(filters: &str, gzip: bool, rows: i64) -> String {
    format!(
        "{{\"id\":1,\"status\":\"exporting\",\"filters\":{filters},\"gzip\":{gzip},\"guard\":true,\
         \"estimate\":{{\"rows\":{rows},\"bytes\":<number>,\"exact\":true}},\
         \"progress\":{{\"percent\":0,\"rows_done\":0,\"bytes_done\":0,\"parts_done\":0,\
         \"last_stored_at\":null,\"rows_per_second\":<number>,\"eta_seconds\":null}},\"created_at\":\"<time>\",\
         \"started_at\":\"<time>\",\"finished_at\":null,\"confirm_expires_at\":null,\
         \"expires_at\":null,\"error\":null,\"waiting_for\":null,\"download\":null}}"
    )
}

/// The same of a dataset that was said.
fn asked_of(dataset: &str, filters: &str, rows: i64) -> String {
    let said = format!("\"dataset\":\"{dataset}\",\"filters\"");
    asked(filters, false, rows).replacen("\"filters\"", &said, 1)
}

pub fn cases() -> Vec<Case> {
    [asking(), of_any(), looking(), wrong()]
        .into_iter()
        .flatten()
        .map(Case::added)
        .collect()
}

fn asking() -> Vec<Case> {
    let ask = |name, request: Request, answer| Case::new(name, request.by(Sales), 201, answer);
    let japan = r#"{"country":"Japan"}"#;
    vec![
        ask("Everything", post(ALL).json("{}"), asked("{}", false, 3)),
        ask(
            "Some of it, compressed",
            post(ALL).json(r#"{"country":"Japan","gzip":true}"#),
            asked(japan, true, 2),
        ),
        ask(
            "A form; what is unknown is ignored",
            post(ALL).form("country=Japan&color=red"),
            asked(japan, false, 2),
        ),
        ask(
            "Nothing of the kind",
            post(ALL).json(r#"{"from":"2020-01-01","to":"2020-12-31","import":7}"#),
            asked(
                r#"{"from":"2020-01-01","to":"2020-12-31","import":7}"#,
                false,
                0,
            ),
        ),
    ]
}

fn of_any() -> Vec<Case> {
    let ask = |name, by, body, answer| Case::new(name, post(ALL).json(body).by(by), 201, answer);
    let refused = |name, body, status, answer| {
        Case::new(name, post(ALL).json(body).by(Ordered), status, answer)
    };
    vec![
        ask(
            "Everything of a declared dataset",
            Ordered,
            r#"{"dataset":"orders"}"#,
            asked_of("orders", "{}", 2),
        ),
        ask(
            "Some rows of it, by any field",
            Ordered,
            r#"{"dataset":"orders","number__in":[1,2],"paid__isnull":false}"#,
            asked_of(
                "orders",
                r#"{"number__in":["1","2"],"paid__isnull":false}"#,
                1,
            ),
        ),
        ask(
            "Some rows of another dataset that is built in",
            Teams,
            r#"{"dataset":"team","team_name":"Owls"}"#,
            asked_of("team", r#"{"team_name":"Owls"}"#, 1),
        ),
        ask(
            "Sales records by any field",
            Sales,
            r#"{"dataset":"baseline","units_sold__gte":2}"#,
            asked(r#"{"units_sold__gte":"2"}"#, false, 2),
        ),
        refused(
            "A dataset that is not there",
            r#"{"dataset":"visits"}"#,
            404,
            NOT_FOUND,
        ),
        refused(
            "A dataset that is no name",
            r#"{"dataset":["orders"]}"#,
            400,
            r#"{"dataset":["Not a valid string."]}"#,
        ),
        refused(
            "Fields of a dataset that will not do",
            r#"{"dataset":"orders","placed__gte":"2.3.2026","f.x":1,"numbr":1}"#,
            400,
            concat!(
                r#"{"f.x":["This field is not known."],"#,
                r#""placed__gte":["Date has wrong format. Use one of these formats instead: YYYY-MM-DD."],"#,
                r#""numbr":["This field is not known. Did you mean \"number\"?"]}"#,
            ),
        ),
    ]
}

fn looking() -> Vec<Case> {
    let missing = |name, request: Request| Case::new(name, request.by(Fresh), 404, NOT_FOUND);
    vec![
        Case::new("No exports", get(ALL).by(Fresh), 200, page(&[])),
        missing("An export that is not there", get("/collect/exports/1/")),
        missing(
            "What has happened to nothing",
            get("/collect/exports/1/events/"),
        ),
        missing(
            "A confirmation of nothing",
            post("/collect/exports/1/confirm/"),
        ),
        missing("A cancel of nothing", post("/collect/exports/1/cancel/")),
        missing(
            "A delete of nothing",
            Request::new("DELETE", "/collect/exports/1/"),
        ),
        missing("A number that is none", get("/collect/exports/x/")),
    ]
}

fn wrong() -> Vec<Case> {
    let refused = |name, method, path, allow| {
        let answer = format!(r#"{{"detail":"Method \"{method}\" not allowed."}}"#);
        Case::new(name, Request::new(method, path).by(Fresh), 405, answer)
            .with_header("allow", allow)
    };
    vec![
        Case::new(
            "Values that will not do",
            post(ALL)
                .json(r#"{"from":"8/1/2015","import":"x","gzip":"maybe"}"#)
                .by(Fresh),
            400,
            concat!(
                r#"{"from":["Date has wrong format. Use one of these formats instead: YYYY-MM-DD."],"#,
                r#""import":["A valid integer is required."],"gzip":["Must be a valid boolean."]}"#,
            ),
        ),
        Case::new(
            "A field that is misspelt",
            post(ALL).json(r#"{"contry":"Japan"}"#).by(Fresh),
            400,
            r#"{"contry":["This field is not known. Did you mean \"country\"?"]}"#,
        ),
        refused("PUT of exports", "PUT", ALL, "GET, POST, HEAD, OPTIONS"),
        refused(
            "POST of an export",
            "POST",
            "/collect/exports/1/",
            "GET, DELETE, HEAD, OPTIONS",
        ),
        refused(
            "GET of a confirmation",
            "GET",
            "/collect/exports/1/confirm/",
            "POST, OPTIONS",
        ),
    ]
}
