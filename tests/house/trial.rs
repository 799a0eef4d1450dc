//! What a release must not contain.

use std::fs::read_to_string;
use std::path::{Path, PathBuf};

use super::root;

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in folder.read_dir().unwrap().map(|it| it.unwrap().path()) {
        if entry.is_dir() {
            sources(&entry, found);
        } else if entry.extension().is_some_and(|it| it == "rs") {
            found.push(entry);
        }
    }
}

#[test]
fn only_a_module_that_no_release_compiles_names_a_switch() {
    let mut files = Vec::new();
    for room in ["shared", "functions"] {
        sources(&root().join(room), &mut files);
    }
    let named = files
        .iter()
        .filter(|file| read_to_string(file).unwrap().contains("COLLECT_TRIAL"));
    let named: Vec<_> = named.map(|it| it.strip_prefix(root()).unwrap()).collect();
    assert_eq!(named, [Path::new("shared/trial/src/debug.rs")]);
    let lib = read_to_string(root().join("shared/trial/src/lib.rs")).unwrap();
    assert!(lib.contains("#[cfg(debug_assertions)]\nmod debug;"));
}
