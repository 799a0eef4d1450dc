//! What the documents say, for the checks that compare it with the code.

use std::fs::read_to_string;
use std::path::PathBuf;

use super::root;

/// The first page, the architecture and every page of `docs/` itself, each with its path.
pub fn documents() -> Vec<(PathBuf, String)> {
    let pages = root().join("docs").read_dir().unwrap();
    let pages = pages.map(|it| it.unwrap().path());
    let pages = pages.filter(|it| it.extension().is_some_and(|it| it == "md"));
    let first = ["README.md", "ARCHITECTURE.md"].map(|it| root().join(it));
    first.into_iter().chain(pages).map(read).collect()
}

fn read(path: PathBuf) -> (PathBuf, String) {
    let text = read_to_string(&path).unwrap_or_else(|it| panic!("{}: {it}", path.display()));
    (path, text)
}
