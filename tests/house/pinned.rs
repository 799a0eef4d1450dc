//! Packages of Rust and of Python: each is the one that was looked at, by its hash, and crates come
//! from one registry.

use std::fs::read_to_string;
use std::path::PathBuf;

use super::root;

const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

#[test]
fn crates_come_from_one_place_by_their_sums() {
    for lock in ["Cargo.lock", "fuzz/Cargo.lock"] {
        let text = read_to_string(root().join(lock)).unwrap();
        let mut from_elsewhere = 0;
        for package in text.split("[[package]]\n").skip(1) {
            let value = |name: &str| {
                let start = format!("{name} = \"");
                let line = package.lines().find_map(|it| it.strip_prefix(&start));
                line.map(|it| it.trim_end_matches('"'))
            };
            // Those without a source are in this repository.
            if let Some(source) = value("source") {
                from_elsewhere += 1;
                assert_eq!(source, REGISTRY, "{package}");
                let sum = value("checksum").unwrap_or_default();
                assert_eq!(sum.len(), 64, "{package}");
            }
        }
        assert!(from_elsewhere > 50, "{lock}: {from_elsewhere}");
    }
}

/// Requirements that are installed; each is made of the `.in` beside it.
fn requirements() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for folder in ["infra/local", "infra/bench", "infra/smoke", "infra/tried"] {
        for entry in root().join(folder).read_dir().unwrap() {
            let path = entry.unwrap().path();
            if path.with_extension("in").exists() && path.extension().is_some_and(|it| it == "txt")
            {
                found.push(path);
            }
        }
    }
    found
}

#[test]
fn python_packages_are_pinned_by_hashes() {
    let requirements = requirements();
    assert!(requirements.len() >= 8, "{requirements:?}");
    for path in requirements {
        let text = read_to_string(&path).unwrap().replace("\\\n", " ");
        let lines = text.lines().map(str::trim);
        let packages: Vec<&str> = lines
            .filter(|it| !it.is_empty() && !it.starts_with('#'))
            .collect();
        assert!(!packages.is_empty(), "{}", path.display());
        for package in packages {
            let is_pinned = package.contains("==") && package.contains("--hash=sha256:");
            assert!(is_pinned, "{}: {package}", path.display());
        }
    }
}
