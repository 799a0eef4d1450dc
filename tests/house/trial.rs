//! A release must not contain the switches that tests and trials use.

use std::fs::{read, read_to_string, remove_file};
use std::path::{Path, PathBuf};
use std::process::Command;

use uuid::Uuid;

use super::root;

/// The name of every variable that the switches read begins with this.
const SWITCHES: &str = "COLLECT_TRIAL";

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
    for folder in ["shared", "functions"] {
        sources(&root().join(folder), &mut files);
    }
    let named = files
        .iter()
        .filter(|file| read_to_string(file).unwrap().contains(SWITCHES));
    let named: Vec<_> = named.map(|it| it.strip_prefix(root()).unwrap()).collect();
    assert_eq!(named, [Path::new("shared/trial/src/debug.rs")]);
    let lib = read_to_string(root().join("shared/trial/src/lib.rs")).unwrap();
    assert!(lib.contains("#[cfg(debug_assertions)]\nmod debug;"));
}

/// `shared/trial`, which has no dependency, compiled with these options.
fn compiled(options: &[&str]) -> Vec<u8> {
    let object = std::env::temp_dir().join(format!("trial-{}.o", Uuid::new_v4()));
    let output = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
        .current_dir(root())
        .args(["--crate-name", "trial", "--crate-type", "rlib"])
        .args(["--edition", "2024", "--emit", "obj", "-C", "opt-level=3"])
        .args(options)
        .arg("-o")
        .arg(&object)
        .arg("shared/trial/src/lib.rs")
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let bytes = read(&object).unwrap();
    remove_file(&object).unwrap();
    bytes
}

fn names_a_switch(object: &[u8]) -> bool {
    let mut places = object.windows(SWITCHES.len());
    places.any(|place| place == SWITCHES.as_bytes())
}

/// To build a whole release takes minutes. This crate is the only one that could bring the switches
/// into it.
#[test]
fn a_release_of_the_crate_with_the_switches_has_none() {
    assert!(names_a_switch(&compiled(&["-C", "debug-assertions=on"])));
    assert!(!names_a_switch(&compiled(&[])));
}

/// The switches depend on debug assertions, so these must not be turned on for a release.
#[test]
fn a_release_has_no_debug_assertions() {
    for file in ["Cargo.toml", ".cargo/config.toml"] {
        let text = read_to_string(root().join(file)).unwrap();
        assert!(!text.contains("debug-assertions"), "{file}");
    }
}
