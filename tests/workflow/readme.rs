//! The README's walks with curl, run from the README itself.

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
    // Sign up, token, infer, declare, upload, rows, drop.
    assert_eq!(said.statuses, [201, 200, 200, 201, 201, 200, 202]);
    let [_, declared, import, completed, rows, dropping] = &said.bodies[..] else {
        panic!("{:?}", said.bodies);
    };
    assert_eq!(
        (&declared["name"], &declared["version"]),
        (&"shop".into(), &1.into())
    );
    assert_eq!(import["id"], 1);
    let progress = &completed["progress"];
    let counts = (&progress["rows_imported"], &progress["rows_rejected"]);
    assert_eq!(counts, (&6.into(), &0.into()));
    assert_eq!(rows["count"], 6, "{rows}");
    assert_eq!(dropping["rows_remaining"], 0, "{dropping}");
}
