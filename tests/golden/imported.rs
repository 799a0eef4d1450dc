//! The files through the real import, several at the same time.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::thread;

use domain::dataset::Dataset;
use domain::reason::StoredReason;
use serde_json::Value;

use super::file::Golden;
use super::outcome::{Outcome, Rejected};
use crate::fixture::client::{Import, User};

/// Users who import at the same time; each may have one baseline at a time.
const USERS: usize = 4;

/// The entries asked for in a page of rows or of row errors.
const PAGE: usize = 30;

#[test]
fn every_file_ends_as_its_page_says() {
    let files = Mutex::new(Golden::all());
    let next = || files.lock().unwrap().pop();
    let wrong = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..USERS {
            scope.spawn(|| {
                while let Some(file) = next() {
                    if let Some(difference) = difference(&file) {
                        wrong.lock().unwrap().push(difference);
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// Each file has a user of its own, because `/collect/data/` lists the rows of all imports of a
/// user.
fn difference(file: &Golden) -> Option<String> {
    let (expected, user) = (file.expected(), User::new());
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(&file.said)
        .finish();
    let import = user.upload_saying(&file.dataset.name, &query, &file.bytes);
    let detail = import.until(|it| it["status"] == "completed" || it["status"] == "failed");
    let found = outcome(file, &user, &import, &detail);
    let stored = import.rows_stored();
    let same = found == expected && stored == expected.rows.len() as i64;
    (!same).then(|| format!("{}: {} rows, {}", file.trap, stored, found.page()))
}

fn outcome(file: &Golden, user: &User, import: &Import<'_>, detail: &Value) -> Outcome {
    let reason = |it: &Value| serde_json::from_value::<StoredReason>(it.clone()).unwrap();
    let completed = detail["status"] == "completed";
    let warnings = detail["warnings"].as_array().unwrap();
    Outcome {
        status: detail["status"].as_str().unwrap().to_owned(),
        error: (!completed).then(|| reason(&detail["error"])),
        warnings: warnings.iter().map(reason).collect(),
        rows: rows(file, user, import, completed),
        row_errors: row_errors(user, import),
        read_as: match completed {
            true => read_as(&file.dataset, &detail["read_as"]),
            false => BTreeMap::new(),
        },
    }
}

fn read_as(dataset: &Dataset, shown: &Value) -> BTreeMap<String, String> {
    let parts = shown.as_object().unwrap().iter();
    let text = |it: &Value| it.as_str().unwrap().to_owned();
    Outcome::read_as(
        dataset,
        parts.map(|(name, it)| (name.clone(), text(&it["origin"]), text(&it["value"]))),
    )
}

fn rows(file: &Golden, user: &User, import: &Import<'_>, completed: bool) -> Vec<Vec<Value>> {
    let sales = file.dataset.name == "baseline";
    let list = match sales {
        true => "/collect/data/".to_owned(),
        false => format!("{}rows/", import.path),
    };
    let mut found = match completed || sales {
        true => all(user, &list),
        false => Vec::new(),
    };
    let columns = &file.dataset.columns;
    let values = |row: &Value| {
        columns
            .iter()
            .map(|it| row["data"][it.heading.as_str()].clone())
            .collect()
    };
    if sales {
        // The API lists the newest first; the page has the rows in the order of the file.
        return in_order_of(file, found.iter().map(values).collect());
    }
    found.drain(..).map(|it| values(&it)).collect()
}

/// The rows in the order of the page; rows that are not on the page come last.
fn in_order_of(file: &Golden, mut rows: Vec<Vec<Value>>) -> Vec<Vec<Value>> {
    let expected = file.expected().rows;
    let mut ordered = Vec::new();
    for row in &expected {
        if let Some(at) = rows.iter().position(|it| it == row) {
            ordered.push(rows.remove(at));
        }
    }
    ordered.extend(rows);
    ordered
}

fn row_errors(user: &User, import: &Import<'_>) -> Vec<Rejected> {
    let found = all(user, &format!("{}errors/", import.path));
    let rejected = found.into_iter().map(serde_json::from_value);
    rejected.map(Result::unwrap).collect()
}

/// Every entry of a list, page by page.
fn all(user: &User, list: &str) -> Vec<Value> {
    let mut entries = Vec::new();
    loop {
        let page = format!("{list}?limit={PAGE}&offset={}", entries.len());
        let page = user.get(&page).expect(200);
        entries.extend(page["results"].as_array().unwrap().iter().cloned());
        if page["next"].is_null() {
            assert_eq!(page["count"], entries.len());
            return entries;
        }
    }
}
