//! `GET /collect/data/`.

use super::case::{Case, Request, get};
use super::objects::page;
use super::stage::State::{self, Fresh, Sales, Teams, Waiting};

const DATA: &str = "/collect/data/";
pub const CEREAL: &str = r#"{"data":{"Region":"Asia","Country":"Japan","Item Type":"Cereal","Sales Channel":"Online","Order Priority":"L","Order Date":"8/1/2015","Order ID":100000003,"Ship Date":"8/2/2015","Units Sold":3,"Unit Price":3,"Unit Cost":2,"Total Revenue":9,"Total Cost":6,"Total Profit":3},"order_placed":"2015-08-01T00:00:00Z"}"#;
pub const SNACKS: &str = r#"{"data":{"Region":"Asia","Country":"Japan","Item Type":"Snacks","Sales Channel":"Online","Order Priority":"C","Order Date":"8/1/2015","Order ID":100000001,"Ship Date":"8/9/2015","Units Sold":1,"Unit Price":9.5,"Unit Cost":9.33,"Total Revenue":9.5,"Total Cost":9.33,"Total Profit":0.17},"order_placed":"2015-08-01T00:00:00Z"}"#;
pub const FRUITS: &str = r#"{"data":{"Region":"Europe","Country":"Cote d'Ivoire ","Item Type":"Fruits","Sales Channel":"Offline","Order Priority":"H","Order Date":"7/31/2015","Order ID":100000002,"Ship Date":"8/1/2015","Units Sold":2,"Unit Price":2,"Unit Cost":1,"Total Revenue":4,"Total Cost":2,"Total Profit":2},"order_placed":"2015-07-31T00:00:00Z"}"#;
const FORMS: &str = "there, last inserted first, times in +05:30, keys in the database's order";

pub fn cases() -> Vec<Case> {
    [rows(), pages(), refusals()]
        .into_iter()
        .flatten()
        .collect()
}

fn shown(name: &'static str, path: &'static str, by: State, results: &[&str]) -> Case {
    let case = Case::new(name, get(path).by(by), 200, page(results));
    if results.is_empty() {
        case
    } else {
        case.deviates(FORMS)
    }
}

fn rows() -> Vec<Case> {
    let all = [CEREAL, SNACKS, FRUITS];
    vec![
        shown("All sales records", DATA, Sales, &all),
        shown(
            "All sales records without a slash at the end",
            "/collect/data",
            Sales,
            &all,
        ),
        shown(
            "On or after a day, without a slash at the end",
            "/collect/data?from=2015-08-01",
            Sales,
            &all[..2],
        ),
        shown(
            "On or after a day",
            "/collect/data/?from=2015-08-01",
            Sales,
            &all[..2],
        ),
        shown(
            "The day itself counts",
            "/collect/data/?from=2015-07-31",
            Sales,
            &all,
        ),
        shown(
            "A day without padding",
            "/collect/data/?from=2015-8-1",
            Sales,
            &all[..2],
        ),
        shown(
            "After the last day",
            "/collect/data/?from=2015-08-02",
            Sales,
            &[],
        ),
        shown(
            "Of two days the last one counts",
            "/collect/data/?from=x&from=2015-08-02",
            Sales,
            &[],
        ),
        shown("No sales records", DATA, Fresh, &[]),
        shown("Teams are no sales records", DATA, Teams, &[]),
        shown("A baseline that is not completed", DATA, Waiting, &[]),
    ]
}

fn pages() -> Vec<Case> {
    let part = |name, path, next: &str, previous: &str, result: &str| {
        let link = |query: &str| match query {
            "" => "null".to_owned(),
            _ => format!(r#""<api>/collect/data/?{query}""#),
        };
        let (next, previous) = (link(next), link(previous));
        let answer =
            format!(r#"{{"count":3,"next":{next},"previous":{previous},"results":[{result}]}}"#);
        Case::new(name, get(path).by(Sales), 200, answer).deviates(FORMS)
    };
    let all = [CEREAL, SNACKS, FRUITS].join(",");
    vec![
        part(
            "The first page",
            "/collect/data/?limit=1",
            "limit=1&offset=1",
            "",
            CEREAL,
        ),
        part(
            "A page between",
            "/collect/data/?limit=1&offset=1",
            "limit=1&offset=2",
            "limit=1",
            SNACKS,
        ),
        part(
            "The last page",
            "/collect/data/?limit=1&offset=2",
            "",
            "limit=1&offset=1",
            FRUITS,
        ),
        part(
            "A page from a day on",
            "/collect/data/?offset=1&limit=1&from=2015-07-01",
            "from=2015-07-01&limit=1&offset=2",
            "from=2015-07-01&limit=1",
            SNACKS,
        ),
        part(
            "A page after the end",
            "/collect/data/?offset=500&limit=200",
            "",
            "limit=100&offset=400",
            "",
        ),
        part(
            "An invalid page is ignored",
            "/collect/data/?limit=x&offset=y",
            "",
            "",
            &all,
        ),
    ]
}

fn refusals() -> Vec<Case> {
    let bad =
        r#"{"from":["Date has wrong format. Use one of these formats instead: YYYY-MM-DD."]}"#;
    let refused = |name, path| Case::new(name, get(path).by(Fresh), 400, bad);
    let not_allowed = |name, method| {
        let answer = format!(r#"{{"detail":"Method \"{method}\" not allowed."}}"#);
        Case::new(name, Request::new(method, DATA).by(Fresh), 405, answer)
            .with_header("allow", "GET, HEAD, OPTIONS")
    };
    vec![
        refused("A day in another form", "/collect/data/?from=8/1/2015"),
        refused("A day there is not", "/collect/data/?from=2015-02-29"),
        refused("A day left empty", "/collect/data/?from="),
        not_allowed("POST to the data", "POST"),
        not_allowed("PUT to the data", "PUT"),
        not_allowed("DELETE of the data", "DELETE"),
        Case::new(
            "HEAD of the data",
            Request::new("HEAD", DATA).by(Sales),
            200,
            "",
        ),
    ]
}
