//! Lock files that Cargo reads only where somebody builds with them.

use std::collections::HashSet;

use super::root;

/// Nobody builds the fuzz targets in the ordinary tests, so a merge may leave its lock file in a
/// state that Cargo refuses.
#[test]
fn no_package_is_locked_twice() {
    for lock in ["Cargo.lock", "fuzz/Cargo.lock"] {
        let text = std::fs::read_to_string(root().join(lock)).unwrap();
        let packages = text.split("[[package]]\n").skip(1);
        let names: Vec<String> = packages
            .map(|it| it.lines().take(2).collect::<Vec<_>>().join(" "))
            .collect();
        assert!(names.len() > 20, "{lock}");
        let mut seen = HashSet::new();
        let twice: Vec<_> = names.iter().filter(|it| !seen.insert(*it)).collect();
        assert!(twice.is_empty(), "{lock}: {twice:?}");
    }
}
