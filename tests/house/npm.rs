//! Packages of npm: what builds the console, drives a browser and tries the CDK. They are pinned by a hash, from
//! no place in particular, and under licences like those of the crates.

use std::collections::BTreeSet;

use serde_json::Value;

use super::root;

const LOCKS: [&str; 3] = ["functions/console/app", "tests/browser", "infra/cdk"];

/// MPL-2.0 and BlueOak-1.0.0 are taken for tools: nothing of them is built in. Of two that are offered
/// it is the first.
const LICENCES: [&str; 10] = [
    "MIT",
    "ISC",
    "Apache-2.0",
    "BSD-3-Clause",
    "0BSD",
    "(MIT OR CC0-1.0)",
    "(MIT OR GPL-3.0-or-later)",
    "BlueOak-1.0.0",
    "Python-2.0",
    "MPL-2.0",
];

/// Name and entry of each package that is locked.
fn locked(folder: &str) -> Vec<(String, Value)> {
    let text = std::fs::read_to_string(root().join(folder).join("package-lock.json")).unwrap();
    let mut lock: Value = serde_json::from_str(&text).unwrap();
    let packages = lock["packages"].as_object_mut().unwrap();
    packages.remove("").unwrap();
    let packages: Vec<_> = std::mem::take(packages).into_iter().collect();
    assert!(packages.len() > 5, "{folder}");
    packages
}

#[test]
fn packages_are_pinned_and_licensed() {
    for (name, package) in LOCKS.into_iter().flat_map(locked) {
        let hash = package["integrity"].as_str().unwrap_or_default();
        // What comes in the archive of another package has its hash.
        let is_bundled = package["inBundle"] == Value::Bool(true);
        assert!(
            is_bundled || hash.starts_with("sha512-"),
            "{name} has no hash"
        );
        assert_eq!(package["resolved"], Value::Null, "{name}");
        let licence = package["license"].as_str().unwrap_or_default();
        assert!(LICENCES.contains(&licence), "{name}: {licence}");
    }
}

/// Whoever gets the console gets the licences of what is built into it.
#[test]
fn licences_of_what_is_built_in_go_with_it() {
    let folder = root().join(LOCKS[0]);
    let text = std::fs::read_to_string(folder.join("package.json")).unwrap();
    let package: Value = serde_json::from_str(&text).unwrap();
    let built_in = package["dependencies"].as_object().unwrap().keys();
    // Svelte builds, and a part of it goes along.
    let built_in: BTreeSet<&str> = built_in.map(String::as_str).chain(["svelte"]).collect();
    let licences = std::fs::read_to_string(folder.join("public/licences.txt")).unwrap();
    let licences = licences.to_lowercase();
    for name in built_in {
        assert!(licences.contains(name), "{name}");
    }
}
