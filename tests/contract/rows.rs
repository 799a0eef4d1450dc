//! `GET /collect/{dataset}/rows/` and `GET /collect/{dataset}/summary/`.

use super::case::{Case, Request, get};
use super::objects::page;
use super::stage::State::{self, Fresh, Ordered, Sales, Teams};

const FALCONS: &str = r#"{"import":1,"record":1,"data":{"team_name":"Falcons","manager_name":"Ada","manager_phone_number":"(674) 566-5530"}}"#;
const OWLS: &str = r#"{"import":1,"record":2,"data":{"team_name":"Owls","manager_name":"Grace","manager_phone_number":"(674) 566-5531"}}"#;
const CEREAL: &str = r#"{"import":1,"record":3,"data":{"region":"Asia","country":"Japan","item_type":"Cereal","sales_channel":"Online","order_priority":"L","order_date":"2015-08-01","order_id":100000003,"ship_date":"2015-08-02","units_sold":3,"unit_price":3,"unit_cost":2,"total_revenue":9,"total_cost":6,"total_profit":3}}"#;
const SNACKS: &str = r#"{"import":1,"record":1,"data":{"region":"Asia","country":"Japan","item_type":"Snacks","sales_channel":"Online","order_priority":"C","order_date":"2015-08-01","order_id":100000001,"ship_date":"2015-08-09","units_sold":1,"unit_price":9.5,"unit_cost":9.33,"total_revenue":9.5,"total_cost":9.33,"total_profit":0.17}}"#;
const FRUITS: &str = r#"{"import":1,"record":2,"data":{"region":"Europe","country":"Cote d'Ivoire ","item_type":"Fruits","sales_channel":"Offline","order_priority":"H","order_date":"2015-07-31","order_id":100000002,"ship_date":"2015-08-01","units_sold":2,"unit_price":2,"unit_cost":1,"total_revenue":4,"total_cost":2,"total_profit":2}}"#;

const FIRST_ORDER: &str =
    r#"{"import":1,"record":1,"data":{"number":"1","placed":"2026-03-02","paid":59.7}}"#;
const SECOND_ORDER: &str =
    r#"{"import":1,"record":2,"data":{"number":"2","placed":"2026-03-03","paid":null}}"#;

/// Cursors: after the Falcons, and before the Owls.
const AFTER_FALCONS: &str = "AgAAAAAAAAAAAAAAAAABAAAAAAAAAAE";
const BEFORE_OWLS: &str = "AgEAAAAAAAAAAAAAAAABAAAAAAAAAAI";

/// The same where rows are sorted by a date: after the second order, and before the first.
const AFTER_SECOND_ORDER: &str = "AQAH6gMDAAAAAQAAAAAAAAAC";
const BEFORE_FIRST_ORDER: &str = "AQEH6gMCAAAAAQAAAAAAAAAB";

const NOT_FOUND: &str = r#"{"detail":"Not found."}"#;

pub fn cases() -> Vec<Case> {
    [rows(), pages(), of_declared(), groups(), refusals()]
        .into_iter()
        .flatten()
        .collect()
}

fn shown(name: &'static str, path: &'static str, by: State, results: &[&str]) -> Case {
    Case::new(name, get(path).by(by), 200, page(results)).added()
}

fn rows() -> Vec<Case> {
    let teams = |name, path, results: &[&str]| shown(name, path, Teams, results);
    let sales = |name, path, results: &[&str]| shown(name, path, Sales, results);
    vec![
        teams(
            "Rows in the order of their files",
            "/collect/team/rows/",
            &[FALCONS, OWLS],
        ),
        teams(
            "Rows of one value",
            "/collect/team/rows/?team_name=Owls",
            &[OWLS],
        ),
        teams(
            "Rows of one of several values",
            "/collect/team/rows/?f.manager_name__in=Ada,Bob",
            &[FALCONS],
        ),
        teams(
            "Rows of an import that is not there",
            "/collect/team/rows/?import=2",
            &[],
        ),
        teams("Rows of another dataset", "/collect/baseline/rows/", &[]),
        sales(
            "Rows with the greatest value first",
            "/collect/baseline/rows",
            &[CEREAL, SNACKS, FRUITS],
        ),
        sales(
            "Rows with a value or a greater one",
            "/collect/baseline/rows/?units_sold__gte=2",
            &[CEREAL, FRUITS],
        ),
        sales(
            "Rows between two values",
            "/collect/baseline/rows/?unit_price__gte=2.5&unit_price__lte=9.49",
            &[CEREAL],
        ),
        sales(
            "Rows of a day",
            "/collect/baseline/rows/?from=2015-07-31&to=2015-07-31",
            &[FRUITS],
        ),
        sales(
            "Rows of days, by their field",
            "/collect/baseline/rows/?order_date__in=2015-07-31,2015-08-02",
            &[FRUITS],
        ),
        sales(
            "Rows with a value, and with none",
            "/collect/baseline/rows/?region__isnull=false&country__isnull=true",
            &[],
        ),
        shown("No rows", "/collect/baseline/rows/", Fresh, &[]),
    ]
}

fn pages() -> Vec<Case> {
    let at = |name, path, [next, previous]: [Option<String>; 2], row: &str| {
        let link = |query: Option<String>| {
            let link = query.map(|it| format!(r#""<api>/collect/team/rows/?{it}""#));
            link.unwrap_or_else(|| "null".to_owned())
        };
        let answer = format!(
            r#"{{"count":2,"next":{},"previous":{},"results":[{row}]}}"#,
            link(next),
            link(previous)
        );
        Case::new(name, get(path).by(Teams), 200, answer).added()
    };
    let cursor = |cursor: &str| Some(format!("cursor={cursor}&limit=1"));
    vec![
        at(
            "The last page of rows",
            "/collect/team/rows/?limit=1&offset=1",
            [None, Some("limit=1".to_owned())],
            OWLS,
        ),
        at(
            "The first page of rows by cursor",
            "/collect/team/rows/?limit=1&cursor=",
            [cursor(AFTER_FALCONS), None],
            FALCONS,
        ),
        at(
            "The next page of rows by cursor",
            "/collect/team/rows/?limit=1&cursor=AgAAAAAAAAAAAAAAAAABAAAAAAAAAAE",
            [None, cursor(BEFORE_OWLS)],
            OWLS,
        ),
        at(
            "The page of rows before a cursor",
            "/collect/team/rows/?limit=1&cursor=AgEAAAAAAAAAAAAAAAABAAAAAAAAAAI",
            [cursor(AFTER_FALCONS), None],
            FALCONS,
        ),
    ]
}

/// A dataset that its owner has declared, sorted by a date: the newest first.
fn of_declared() -> Vec<Case> {
    let orders = |name, path, results: &[&str]| shown(name, path, Ordered, results);
    let page = |name, path, next: &str, previous: &str, row: &str| {
        let answer =
            format!(r#"{{"count":2,"next":{next},"previous":{previous},"results":[{row}]}}"#);
        Case::new(name, get(path).by(Ordered), 200, answer).added()
    };
    let link = |query: &str| format!(r#""<api>/collect/orders/rows/?{query}""#);
    vec![
        orders(
            "Rows of a declared dataset by the field that they are sorted by",
            "/collect/orders/rows/",
            &[SECOND_ORDER, FIRST_ORDER],
        ),
        page(
            "A page of them",
            "/collect/orders/rows/?limit=1&offset=1",
            "null",
            &link("limit=1"),
            FIRST_ORDER,
        ),
        page(
            "The first page of them by cursor",
            "/collect/orders/rows/?limit=1&cursor=",
            &link(&format!("cursor={AFTER_SECOND_ORDER}&limit=1")),
            "null",
            SECOND_ORDER,
        ),
        page(
            "The next page of them by cursor",
            "/collect/orders/rows/?limit=1&cursor=AQAH6gMDAAAAAQAAAAAAAAAC",
            "null",
            &link(&format!("cursor={BEFORE_FIRST_ORDER}&limit=1")),
            FIRST_ORDER,
        ),
        orders(
            "Those of some days",
            "/collect/orders/rows/?to=2026-03-02",
            &[FIRST_ORDER],
        ),
        orders(
            "Those without a value",
            "/collect/orders/1/rows/?paid__isnull=true",
            &[SECOND_ORDER],
        ),
        orders(
            "What they add up to by month",
            "/collect/orders/summary/?by=month",
            &[r#"{"value":"2026-03","rows":2,"sums":{"number":"3","paid":"59.7"}}"#],
        ),
    ]
}

fn groups() -> Vec<Case> {
    let asia = r#"{"value":"Asia","rows":2,"sums":{"units_sold":"4","total_revenue":"18.5","total_cost":"15.33","total_profit":"3.17"}}"#;
    let europe = r#"{"value":"Europe","rows":1,"sums":{"units_sold":"2","total_revenue":"4","total_cost":"2","total_profit":"2"}}"#;
    let on = |day: &str| asia.replace("Asia", day);
    vec![
        shown(
            "What rows add up to, by a field",
            "/collect/baseline/summary/?by=region",
            Sales,
            &[asia, europe],
        ),
        shown(
            "By day, under a filter",
            "/collect/baseline/summary/?by=day&units_sold__in=1,3",
            Sales,
            &[&on("2015-08-01")],
        ),
        shown(
            "Of rows without numbers",
            "/collect/team/summary/?by=manager_name&team_name__gte=G",
            Teams,
            &[r#"{"value":"Grace","rows":1,"sums":{}}"#],
        ),
    ]
}

fn refusals() -> Vec<Case> {
    let refused =
        |name, path, answer: &str| Case::new(name, get(path).by(Fresh), 400, answer).added();
    let none = |name, path| Case::new(name, get(path).by(Fresh), 404, NOT_FOUND).added();
    vec![
        refused(
            "A field that is nearly one",
            "/collect/team/rows/?team_nam=Owls",
            r#"{"team_nam":["This parameter is not known. Did you mean \"team_name\"?"]}"#,
        ),
        refused(
            "A field that is none",
            "/collect/team/rows/?f.x=1",
            r#"{"f.x":["This parameter is not known."]}"#,
        ),
        refused(
            "Values that are none",
            "/collect/baseline/rows/?units_sold__in=1,x&unit_price__gte=9,50&ship_date=8/1/2015",
            r#"{"ship_date":["Date has wrong format. Use one of these formats instead: YYYY-MM-DD."],"unit_price__gte":["A valid number is required."],"units_sold__in":["A valid integer is required."]}"#,
        ),
        refused(
            "A cursor of another dataset",
            "/collect/team/rows/?cursor=AQAH3wgBAAAAAQAAAAAAAAAD",
            r#"{"cursor":["Invalid cursor."]}"#,
        ),
        refused(
            "Groups of teams by month",
            "/collect/team/summary/?by=month",
            r#"{"by":["\"month\" is not a valid choice. Choose one of these: team_name, manager_name, manager_phone_number."]}"#,
        ),
        none(
            "Rows of a dataset that is not there",
            "/collect/teams/rows/",
        ),
        none(
            "Groups of a dataset that is not there",
            "/collect/teams/summary/?by=x",
        ),
        Case::new(
            "POST to the rows of a dataset",
            Request::new("POST", "/collect/team/rows/").by(Fresh),
            405,
            r#"{"detail":"Method \"POST\" not allowed."}"#,
        )
        .with_header("allow", "GET, HEAD, OPTIONS")
        .added(),
    ]
}
