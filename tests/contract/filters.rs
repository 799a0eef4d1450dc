//! `GET /collect/data/` with filters and by cursors, and `GET /collect/data/summary/`.

use super::case::{Case, get};
use super::data::{CEREAL, FRUITS, SNACKS};
use super::objects::page;
use super::stage::State::{Fresh, Sales};

/// Cursors: after the cereal and after the snacks; before the snacks and before the fruits.
const AFTER_CEREAL: &str = "AQAH3wgBAAAAAQAAAAAAAAAD";
const AFTER_SNACKS: &str = "AQAH3wgBAAAAAQAAAAAAAAAB";
const BEFORE_SNACKS: &str = "AQEH3wgBAAAAAQAAAAAAAAAB";
const BEFORE_FRUITS: &str = "AQEH3wcfAAAAAQAAAAAAAAAC";

pub fn cases() -> Vec<Case> {
    [filters(), misspelt(), cursors(), sums(), refusals()]
        .into_iter()
        .flatten()
        .collect()
}

fn shown(name: &'static str, path: &'static str, results: &[&str]) -> Case {
    Case::new(name, get(path).by(Sales), 200, page(results)).added()
}

fn filters() -> Vec<Case> {
    vec![
        shown(
            "Up to a day, that day included",
            "/collect/data/?to=2015-07-31",
            &[FRUITS],
        ),
        shown(
            "From a day to a day",
            "/collect/data/?from=2015-08-01&to=2015-08-01",
            &[CEREAL, SNACKS],
        ),
        shown(
            "Days the wrong way round",
            "/collect/data/?from=2015-08-02&to=2015-08-01",
            &[],
        ),
        shown(
            "Of one import",
            "/collect/data/?import=1",
            &[CEREAL, SNACKS, FRUITS],
        ),
        shown(
            "Of an import that is not there",
            "/collect/data/?import=2",
            &[],
        ),
        shown(
            "Of a number no import can have",
            "/collect/data/?import=99999999999",
            &[],
        ),
        shown("Of one region", "/collect/data/?region=Europe", &[FRUITS]),
        shown(
            "Of one country, its trailing space included",
            "/collect/data/?country=Cote+d%27Ivoire+",
            &[FRUITS],
        ),
        shown(
            "Of a country without its trailing space",
            "/collect/data/?country=Cote+d%27Ivoire",
            &[],
        ),
        shown(
            "Of one item type",
            "/collect/data/?item_type=Cereal",
            &[CEREAL],
        ),
        shown(
            "Of one sales channel",
            "/collect/data/?sales_channel=Online",
            &[CEREAL, SNACKS],
        ),
        shown(
            "Of one order priority",
            "/collect/data/?order_priority=C",
            &[SNACKS],
        ),
        shown(
            "Under several filters",
            "/collect/data/?region=Asia&order_priority=L&from=2015-08-01&import=1",
            &[CEREAL],
        ),
        shown(
            "An unknown parameter is ignored",
            "/collect/data/?colour=red&to=2015-07-31",
            &[FRUITS],
        ),
    ]
}

/// The warning stands beside the rows.
fn misspelt() -> Vec<Case> {
    let all = page(&[CEREAL, SNACKS, FRUITS]);
    let warning = r#""warnings":[{"code":"unknown_parameter","detail":"\"fron\" is no parameter and was ignored. Did you mean \"from\"?"}]"#;
    let answer = format!("{},{warning}}}", all.strip_suffix('}').unwrap());
    let name = "A parameter that is nearly a known one is ignored, and named";
    let request = get("/collect/data/?fron=2015-08-01").by(Sales);
    vec![Case::new(name, request, 200, answer).deviates("there, without `warnings`")]
}

fn cursors() -> Vec<Case> {
    let at =
        |name, path, count: &str, next: Option<String>, previous: Option<String>, rows: &[&str]| {
            let link = |query: Option<String>| {
                query.map_or("null".to_owned(), |it| {
                    format!(r#""<api>/collect/data/?{it}""#)
                })
            };
            let answer = format!(
                r#"{{"count":{count},"next":{},"previous":{},"results":[{}]}}"#,
                link(next),
                link(previous),
                rows.join(",")
            );
            Case::new(name, get(path).by(Sales), 200, answer).added()
        };
    let one = |cursor: &str| Some(format!("cursor={cursor}&limit=1"));
    vec![
        at(
            "The first page by cursor",
            "/collect/data/?cursor=&limit=1",
            "3",
            one(AFTER_CEREAL),
            None,
            &[CEREAL],
        ),
        at(
            "The next page by cursor; an offset says nothing there",
            "/collect/data/?cursor=AQAH3wgBAAAAAQAAAAAAAAAD&limit=1&offset=7",
            "3",
            one(AFTER_SNACKS),
            one(BEFORE_SNACKS),
            &[SNACKS],
        ),
        at(
            "The last page by cursor",
            "/collect/data/?cursor=AQAH3wgBAAAAAQAAAAAAAAAB",
            "3",
            None,
            Some(format!("cursor={BEFORE_FRUITS}&limit=30")),
            &[FRUITS],
        ),
        at(
            "The page before a cursor",
            "/collect/data/?cursor=AQEH3wgBAAAAAQAAAAAAAAAB&limit=1",
            "3",
            one(AFTER_CEREAL),
            None,
            &[CEREAL],
        ),
        at(
            "By cursor under a filter that is not counted; where few rows match, a page may be short and yet not the last",
            "/collect/data/?cursor=&limit=1&region=Asia",
            "null",
            Some(format!("cursor={AFTER_CEREAL}&limit=1&region=Asia")),
            None,
            &[CEREAL],
        ),
    ]
}

fn sums() -> Vec<Case> {
    let asia = r#""rows":2,"units":4,"revenue":18.5,"cost":15.33,"profit":3.17}"#;
    let europe = r#""rows":1,"units":2,"revenue":4,"cost":2,"profit":2}"#;
    let group = |name: &str, sums: &str| format!("{{{name},{sums}");
    let both = |one: &str, other: &str, sums: [&str; 2]| {
        [group(one, sums[0]), group(other, sums[1])].map(String::from)
    };
    let shown = |name, path, groups: &[String]| {
        let groups: Vec<&str> = groups.iter().map(String::as_str).collect();
        shown(name, path, &groups)
    };
    vec![
        shown(
            "What sales records add up to, by region",
            "/collect/data/summary/?by=region",
            &both(r#""region":"Asia""#, r#""region":"Europe""#, [asia, europe]),
        ),
        shown(
            "By month",
            "/collect/data/summary/?by=month",
            &both(
                r#""month":"2015-07""#,
                r#""month":"2015-08""#,
                [europe, asia],
            ),
        ),
        shown(
            "By year, from a day to a day",
            "/collect/data/summary/?by=year&from=2015-07-31&to=2015-07-31",
            &[group(r#""year":"2015""#, europe)],
        ),
        shown(
            "Of one country alone",
            "/collect/data/summary/?by=month&country=Japan",
            &[group(r#""month":"2015-08""#, asia)],
        ),
        shown(
            "Under every filter that the list has",
            "/collect/data/summary/?by=region&import=1&region=Europe&item_type=Fruits&sales_channel=Offline&order_priority=H&to=2015-07-31",
            &[group(r#""region":"Europe""#, europe)],
        ),
        shown(
            "Of an import that is not there",
            "/collect/data/summary/?by=month&import=2",
            &[],
        ),
        shown(
            "By sales channel, from a day on",
            "/collect/data/summary?by=sales_channel&from=2015-08-01&limit=x",
            &[group(r#""sales_channel":"Online""#, asia)],
        ),
    ]
}

fn refusals() -> Vec<Case> {
    let refused =
        |name, path, answer: &str| Case::new(name, get(path).by(Fresh), 400, answer).added();
    let date = r#"["Date has wrong format. Use one of these formats instead: YYYY-MM-DD."]"#;
    let (to, both) = (
        format!(r#"{{"to":{date}}}"#),
        format!(r#"{{"from":{date},"to":{date},"import":["A valid integer is required."]}}"#),
    );
    vec![
        refused(
            "A last day in another form",
            "/collect/data/?to=7/31/2015",
            &to,
        ),
        refused(
            "An import that is no number",
            "/collect/data/?import=one",
            r#"{"import":["A valid integer is required."]}"#,
        ),
        refused(
            "Everything that is wrong is named",
            "/collect/data/?from=x&to=&import=1.5",
            &both,
        ),
        refused(
            "A character no text can hold",
            "/collect/data/?country=a%00b",
            r#"{"country":["Null characters are not allowed."]}"#,
        ),
        refused(
            "A summary by nothing",
            "/collect/data/summary/",
            r#"{"by":["This field is required."]}"#,
        ),
        refused(
            "A summary by what is not added up, to no day",
            "/collect/data/summary/?by=order_priority&to=x",
            &format!(
                r#"{{"by":["\"order_priority\" is not a valid choice. Choose one of these: region, country, item_type, sales_channel, year, month."],"to":{date}}}"#
            ),
        ),
        refused(
            "A summary under a filter that is misspelt",
            "/collect/data/summary/?by=month&contry=Japan",
            r#"{"contry":["This parameter is not known. Did you mean \"country\"?"]}"#,
        ),
        refused(
            "A summary of an import that is no number",
            "/collect/data/summary/?by=month&import=one",
            r#"{"import":["A valid integer is required."]}"#,
        ),
        refused(
            "A cursor that is none",
            "/collect/data/?cursor=abc",
            r#"{"cursor":["Invalid cursor."]}"#,
        ),
    ]
}
