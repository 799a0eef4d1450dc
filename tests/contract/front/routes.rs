//! What can be asked, and with which parameters.

use contracts::http::routes::Route;
use openapi::{Answer, operations};

use super::objects::link_to;
use super::table::{code, table};
use crate::contract::case::Case;
use crate::contract::described::operation_of;
use crate::contract::page::heading;
use crate::contract::topics;

const WORDS: &str = "## Requests

`{dataset}` is `baseline` (sales records), `team`, or a dataset that you have declared; `{id}` is the number of an import, an export or an API key. A slash at the end makes no difference. Every path also takes `OPTIONS`, and `HEAD` where it takes `GET`. Bodies are JSON, an urlencoded form or a multipart form. Parameters and fields that are not known are ignored. One that is nearly a known one (`fron`, `state` for `status`) is ignored too, but the answer of a list names it in `warnings`, beside `results`; a summary, an export and the rows of a dataset refuse it with a 400, because their answer would be a wrong one. In the body of an export, a field that is empty or null counts as missing.

A 201 for an import or export has its address in `Location`. An answer that shows one which is not at its end says in `Retry-After` after how many seconds to look again: 1 while less than a minute of work is left, 5 below ten minutes, then 15; where that is not known, the time counts that has passed since something happened. So do the 403 for a second baseline, and every 503. An import, an export, a list of imports and the list of all have a weak `ETag`: it stays the same while nothing but `rows_per_second` and `eta_seconds` changes, and for at most ten minutes where the answer has a link.

";

/// The table.
pub fn page() -> String {
    let rows = operations::all().map(|it| {
        let statuses = it.answers.iter().map(|it| it.0.to_string());
        let answers = it.answers.iter().map(|it| told(it.1));
        [
            code(it.request()),
            it.to.to_owned(),
            each_once(statuses).join(" or "),
            each_once(answers).join(", or "),
        ]
    });
    let rows = table(["request", "to", "status", "answer"], rows);
    format!("{WORDS}{rows}")
}

fn each_once(words: impl Iterator<Item = String>) -> Vec<String> {
    let mut words: Vec<String> = words.collect();
    words.dedup();
    words
}

fn told(answer: Answer) -> String {
    match answer {
        Answer::Nothing => "–".to_owned(),
        Answer::Object(name) => link_to(name),
        Answer::AnyOf(names) => names
            .iter()
            .map(|it| link_to(it))
            .collect::<Vec<_>>()
            .join(", or "),
        Answer::Empty => code("{}"),
        Answer::Page(name) => format!("[page](#page): {}", link_to(name)),
        Answer::PageOfAny(names) => {
            let links: Vec<String> = names.iter().map(|it| link_to(it)).collect();
            format!("[page](#page): {}", links.join(" and "))
        }
        Answer::Csv => "a CSV file".to_owned(),
        Answer::Columns => "columns and declaration".to_owned(),
        Answer::Html => "a page for people".to_owned(),
        Answer::Description => "an OpenAPI document".to_owned(),
    }
}

fn methods(route: Route) -> impl Iterator<Item = &'static str> {
    let all = route.allow().split(", ");
    all.filter(|it| !["HEAD", "OPTIONS"].contains(it))
}

#[test]
fn these_are_the_requests_that_the_routes_allow() {
    for &route in Route::ALL {
        let listed = operations::all().filter(|it| it.route == route);
        let mut listed: Vec<&str> = listed.map(|it| it.method).collect();
        let mut allowed: Vec<&str> = methods(route).collect();
        listed.sort_unstable();
        allowed.sort_unstable();
        assert_eq!(listed, allowed, "{}", route.path());
    }
}

#[test]
fn these_are_the_requests_of_the_exchanges() {
    let topics = topics();
    let mut asked = topics.iter().flat_map(|it| &it.cases);
    for operation in operations::all() {
        let request = operation.request();
        let is = |it: &Case| heading(&it.request) == request;
        let is_whole_file = [Answer::Html, Answer::Description].contains(&operation.answers[0].1);
        assert!(
            is_whole_file || asked.clone().any(is),
            "no exchange asks {request}"
        );
    }
    let is_other = |it: &&Case| it.status < 300 && !heading(&it.request).starts_with(['H', 'O']);
    let other = asked.find(|it| is_other(it) && operation_of(it).is_none());
    assert!(other.is_none(), "{:?}", other.map(|it| it.name));
}
