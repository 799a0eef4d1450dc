//! The README's walks with curl, run from the README itself.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::fixture::client::script::Folder;
use crate::fixture::client::{Import, User, api_url};

const README: &str = include_str!("../../README.md");
const WALK: &str = "## A walk with curl";
const OWN_FILE: &str = "## With your own file";

/// The lines of the first block after a heading.
fn block(heading: &str) -> &'static str {
    let after = README.split_once(heading).expect("the heading is there").1;
    let begun = after.split_once("```sh\n").expect("a block is there").1;
    begun.split_once("```").expect("the block ends").0
}

/// The beginning of the first walk, which the second goes on from: sign up, and the function that asks.
fn sign_up() -> &'static str {
    let whole = block(WALK);
    let asks = whole.find("\ncollect() {").expect("the function is there") + 1;
    let end = whole[asks..].find('\n').expect("it is one line") + 1;
    &whole[..asks + end]
}

/// The lines for a user of this name, with the commands of this checkout. How often its loops ask
/// before they see what they wait for differs: their statuses are dropped.
fn walk(lines: &str, name: &str) -> String {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml");
    let xtask = format!("cargo run --quiet --manifest-path '{manifest}' --package xtask --");
    lines
        .replace("http://localhost:8000", &api_url())
        .replace("username=you", &format!("username={name}"))
        .replace("cargo xtask", &xtask)
        .replace("docs/", concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/"))
        .replace(" | grep", " 2>/dev/null | grep")
}

#[test]
fn the_walk_of_the_readme_does_what_it_says() {
    let name = format!("user_{}", uuid::Uuid::new_v4().simple());
    let said = Folder::new().run(&walk(block(WALK), &name));
    // Sign up, token, upload, data, ask for a URL, PUT, cancel.
    assert_eq!(said.statuses, [201, 200, 201, 200, 201, 200, 202]);
    let [account, sales, completed, page, importing, cancelled, proof] = &said.bodies[..] else {
        panic!("{:?}", said.bodies);
    };
    assert_eq!(account["username"], name);
    assert_eq!((&sales["id"], &completed["id"]), (&1.into(), &1.into()));
    assert_eq!(completed["progress"]["rows_imported"], 10_000);
    assert!(page["count"].as_i64() > Some(0), "{page}");
    assert!(importing["progress"]["rows_imported"].as_i64() > Some(0));
    assert_eq!(cancelled["status"], "cancelling");
    assert!(proof["rollback"]["rows_deleted"].as_i64() > Some(0));
    assert_eq!(proof["rollback"]["rows_remaining"], 0);
    let user = User::sign_in(account, "12ab34cd");
    Import::of(&user, "baseline", sales).ends("completed");
    assert_eq!(user.sales_seen(), 10_000);
    let taken_back = Import::of(&user, "team", cancelled).ends("cancelled");
    assert_eq!(taken_back["rollback"]["rows_remaining"], 0);
}

#[test]
fn the_walk_with_an_own_file_does_what_it_says() {
    let name = format!("user_{}", uuid::Uuid::new_v4().simple());
    let lines = [sign_up(), block(OWN_FILE)].concat();
    let said = Folder::new().run(&walk(&lines, &name));
    // Sign up, token, infer, declare, upload, rows, summary, cancel, drop.
    assert_eq!(said.statuses, [201, 200, 200, 201, 201, 200, 200, 202, 202]);
    let [
        _,
        inferred,
        declared,
        import,
        completed,
        rows,
        months,
        cancelled,
        proof,
        dropping,
    ] = &said.bodies[..]
    else {
        panic!("{:?}", said.bodies);
    };
    let doubts = inferred["doubts"].as_array().unwrap().iter();
    let doubts: Vec<&Value> = doubts.map(|it| &it["code"]).collect();
    assert_eq!(doubts, ["lines_before_heading", "leading_zeros"]);
    assert_eq!(
        (&declared["name"], &declared["version"]),
        (&"shop".into(), &1.into())
    );
    assert_eq!(import["id"], 1);
    let orders = orders();
    let progress = &completed["progress"];
    let counts = (&progress["rows_imported"], &progress["rows_rejected"]);
    assert_eq!(counts, (&orders.len().into(), &0.into()));
    rows_are(rows, &orders);
    months_are(months, &orders);
    assert_eq!(cancelled["status"], "cancelling");
    assert_eq!(proof["rollback"]["rows_deleted"], orders.len());
    assert_eq!(proof["rollback"]["rows_remaining"], 0);
    assert_eq!(dropping["rows_remaining"], 0, "{dropping}");
}

/// The orders of the file, read by another reader: number, day, country, total in cents.
fn orders() -> Vec<(String, String, String, i64)> {
    let text = include_str!("../../docs/shop.csv");
    let records = text.split_once("Note\r\n").expect("it has a heading").1;
    let mut reader = csv::ReaderBuilder::new();
    let mut reader = reader
        .delimiter(b';')
        .has_headers(false)
        .from_reader(records.as_bytes());
    let order = |record: csv::StringRecord| {
        let [day, month, year] = record[1].split('.').collect::<Vec<_>>()[..] else {
            panic!("{record:?}");
        };
        let cents = record[6].replace(['.', ','], "").parse().unwrap();
        let day = format!("{year}-{month}-{day}");
        (record[0].to_owned(), day, record[3].to_owned(), cents)
    };
    reader.records().map(|it| order(it.unwrap())).collect()
}

type Orders = [(String, String, String, i64)];

/// The last two of one country.
fn rows_are(rows: &Value, orders: &Orders) {
    let finnish = orders.iter().filter(|it| it.2 == "FI");
    let mut finnish: Vec<_> = finnish.map(|it| (&it.1, &it.0)).collect();
    finnish.sort();
    finnish.reverse();
    assert_eq!(rows["count"], finnish.len());
    let results = rows["results"].as_array().unwrap().iter();
    let shown: Vec<_> = results
        .map(|it| (&it["data"]["placed"], &it["data"]["order_no"]))
        .collect();
    let last: Vec<(Value, Value)> = finnish[..2]
        .iter()
        .map(|(day, number)| (json!(day), json!(number)))
        .collect();
    let last: Vec<_> = last.iter().map(|(day, number)| (day, number)).collect();
    assert_eq!(shown, last);
}

fn months_are(months: &Value, orders: &Orders) {
    let mut cents = BTreeMap::<&str, i64>::new();
    for (_, day, _, total) in orders {
        *cents.entry(&day[..7]).or_default() += total;
    }
    let results = months["results"].as_array().unwrap().iter();
    let shown = results.map(|it| {
        let total: f64 = it["sums"]["total"].as_str().unwrap().parse().unwrap();
        (
            it["value"].as_str().unwrap(),
            (total * 100.0).round() as i64,
        )
    });
    assert_eq!(shown.collect::<BTreeMap<_, _>>(), cents);
}
