//! What a client sends and the exact answer it gets: one table, sent through the front door, and
//! the page for people that is made of it (`docs/api.md`). Needs the stack; [`page`],
//! [`files_page`] and [`datasets_page`], which makes `docs/datasets.md`, need nothing.

mod account;
mod accounts;
mod audit;
mod brought_along;
mod by_key;
mod case;
mod check;
mod confused;
mod console;
mod data;
mod datasets;
mod datasets_page;
mod declared;
mod described;
mod edges;
mod ended;
mod events;
mod everything;
mod exports;
mod fifty;
mod files_page;
mod filters;
mod forged;
mod front;
mod imports;
mod keys;
mod lists;
mod matrix;
mod methods;
mod objects;
mod original;
mod origins;
mod padded;
mod page;
mod pattern;
mod polite;
mod protected;
mod rotation;
mod rows;
mod service;
mod sessions;
mod signed_in_twice;
mod stage;
mod tokens;
mod uploads;
mod usage;

use std::sync::Mutex;
use std::thread;

use case::Case;
use stage::Stage;

/// Requests that are sent at the same time.
const AT_ONCE: usize = 8;

/// A part of the table.
struct Topic {
    name: &'static str,
    cases: Vec<Case>,
}

/// The whole table.
fn topics() -> Vec<Topic> {
    let topic = |name, cases| Topic { name, cases };
    vec![
        topic("Accounts", accounts::cases()),
        topic("Tokens", tokens::cases()),
        topic("Sessions", sessions::cases()),
        topic("Your own account", account::cases()),
        topic("API keys", keys::cases()),
        topic("Who did what", audit::cases()),
        topic("Who is let in", protected::cases()),
        topic("Uploads", uploads::cases()),
        topic("Lists", lists::cases()),
        topic("Imports", imports::cases()),
        topic("What is going on", everything::cases()),
        topic("What you may have", usage::cases()),
        topic("Methods", methods::cases()),
        topic("Datasets", datasets::cases()),
        topic("Data", data::cases()),
        topic("Data under filters and by cursors", filters::cases()),
        topic("Rows and sums of a dataset", rows::cases()),
        topic("Exports", exports::cases()),
        topic("The service", service::cases()),
    ]
}

#[test]
fn every_request_of_the_table_has_its_answer() {
    let topics = topics();
    let cases: Vec<&Case> = topics.iter().flat_map(|it| &it.cases).collect();
    let stage = Stage::of(cases.iter().map(|it| it.request.by));
    let rest = Mutex::new(cases.into_iter());
    let complaints = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some(case) = { rest.lock().unwrap().next() } {
                    let found = check::complaint(case, &stage);
                    complaints.lock().unwrap().extend(found);
                }
            });
        }
    });
    let complaints = complaints.into_inner().unwrap();
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}
