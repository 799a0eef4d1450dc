//! Documents lead somewhere: every link has its file and heading, every path that is named exists.

use std::fs::read_to_string;
use std::path::{Path, PathBuf};

use super::root;

/// Where documents are looked for.
const FOLDERS: [&str; 4] = ["docs", "events", "functions", "infra"];

/// A name in backticks that begins so is a path in the repository.
const ROOMS: [&str; 7] = [
    "docs/",
    "events/",
    "functions/",
    "fuzz/",
    "infra/",
    "shared/",
    "tests/",
];

/// All documents, each with its text outside of code blocks.
fn documents() -> Vec<(PathBuf, String)> {
    let mut files = vec![root().join("README.md"), root().join("ARCHITECTURE.md")];
    for folder in FOLDERS {
        collect(&root().join(folder), &mut files);
    }
    assert!(files.len() > 25, "the documents were not found");
    files
        .into_iter()
        .map(|it| (it.clone(), prose(&it)))
        .collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in folder.read_dir().unwrap().map(|it| it.unwrap().path()) {
        if entry.ends_with("node_modules") {
            continue;
        }
        if entry.is_dir() {
            collect(&entry, files);
        } else if entry.extension().is_some_and(|it| it == "md") {
            files.push(entry);
        }
    }
}

fn prose(document: &Path) -> String {
    let text = read_to_string(document).unwrap();
    let outside = text.split("\n```").step_by(2);
    outside.collect::<Vec<_>>().join("\n")
}

/// The targets of the links in a text that stay in the repository.
fn links(text: &str) -> impl Iterator<Item = &str> {
    let ends = text.split("](").skip(1);
    let targets = ends.filter_map(|it| Some(it.split_once(')')?.0));
    targets.filter(|it| !it.contains("://"))
}

/// What is wrong with a link of this document.
fn complaint(document: &Path, link: &str) -> Option<String> {
    let (path, heading) = link.split_once('#').unwrap_or((link, ""));
    let target = match path {
        "" => document.to_owned(),
        path => document.parent().unwrap().join(path),
    };
    let missing = || format!("{}: {link}", document.display());
    if !target.exists() {
        return Some(missing());
    }
    let found = heading.is_empty() || anchors(&prose(&target)).any(|it| it == heading);
    (!found).then(missing)
}

/// What GitHub makes of the headings.
fn anchors(text: &str) -> impl Iterator<Item = String> {
    let headings = text.lines().filter(|it| it.starts_with('#'));
    headings.map(|it| {
        let words = it.trim_start_matches('#').trim().to_lowercase();
        let kept = words
            .chars()
            .filter(|it| it.is_alphanumeric() || " -_".contains(*it));
        kept.map(|it| if it == ' ' { '-' } else { it }).collect()
    })
}

#[test]
fn every_link_leads_to_a_file_and_a_heading() {
    let mut wrong = Vec::new();
    for (document, text) in documents() {
        wrong.extend(links(&text).filter_map(|it| complaint(&document, it)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_path_that_is_named_exists() {
    let mut wrong = Vec::new();
    for (document, text) in documents() {
        let named = text.split('`').skip(1).step_by(2);
        let paths = named.filter(|it| ROOMS.iter().any(|room| it.starts_with(room)));
        let paths = paths.filter(|it| !it.contains(['<', '*', '{', ' ']));
        let gone = paths.filter(|it| !root().join(it).exists());
        wrong.extend(gone.map(|it| format!("{}: {it}", document.display())));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
