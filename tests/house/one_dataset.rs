//! No code but the wire shapes of the original knows one dataset from another.

use std::fs::read_to_string;
use std::path::Path;

use super::root;

/// Where the sales records may be named: the list of datasets, what the original's routes show and
/// take, and the rule of one import at a time, for imports from before it was declared.
const KNOW_IT: [&str; 5] = [
    "functions/control-export/src/request.rs",
    "functions/query-data/src/sales.rs",
    "shared/domain/src/catalog.rs",
    "shared/postgres/src/imports.rs",
    "shared/postgres/src/imports/ask.rs",
];

/// How code names them.
const NAMES: [&str; 2] = ["BASELINE", "'baseline'"];

/// Sources below a folder, without those of tests.
fn sources(within: &Path, found: &mut Vec<String>) {
    for entry in within.read_dir().unwrap().map(|it| it.unwrap().path()) {
        let name = entry.file_name().unwrap().to_str().unwrap();
        if entry.is_dir() && name != "tests" && name != "target" {
            sources(&entry, found);
        } else if name.ends_with(".rs") && name != "tests.rs" {
            let path = entry.strip_prefix(root()).unwrap();
            found.push(path.to_str().unwrap().to_owned());
        }
    }
}

fn without_tests(path: &str) -> String {
    let text = read_to_string(root().join(path)).unwrap();
    let tests = text.find("#[cfg(test)]").unwrap_or(text.len());
    text[..tests].to_owned()
}

#[test]
fn one_dataset_is_named_where_the_original_shows_it_and_nowhere_else() {
    let mut all = Vec::new();
    for folder in ["shared", "functions"] {
        sources(&root().join(folder), &mut all);
    }
    all.sort();
    let names = |path: &String| {
        let text = without_tests(path);
        NAMES.iter().any(|it| text.contains(it))
    };
    let named: Vec<String> = all.into_iter().filter(names).collect();
    assert_eq!(named, KNOW_IT);
}
