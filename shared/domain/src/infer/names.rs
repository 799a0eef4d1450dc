//! Names for columns, from their headings.

use std::collections::HashSet;

use super::doubt::{Doubt, DoubtKind, cell};
use crate::heading::folded;
use crate::limits::HEADING_CHARS_AT_MOST;

/// A name that can stand in a filter, and the heading where it is another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Name {
    pub(super) name: String,
    pub(super) title: Option<String>,
}

/// A name for each heading. No two of them, nor of their headings, are one when they are compared.
/// `others_unnamed` says that the file has columns without one, too.
pub(super) fn names(
    headings: &[String],
    others_unnamed: bool,
    doubts: &mut Vec<Doubt>,
) -> Vec<Name> {
    let mut taken = HashSet::new();
    let mut names = Vec::with_capacity(headings.len());
    for (at, heading) in headings.iter().enumerate() {
        let heading = heading.replace('\0', "");
        let heading = heading.trim();
        let own = folded(heading);
        let is_taken = !taken.insert(own);
        if is_taken {
            let heading = cell(heading);
            let path = format!("fields[{at}].title");
            let doubt = DoubtKind::HeadingTwice {
                heading,
                others_unnamed,
            };
            doubts.push(Doubt::at(path, &doubt));
        }
        let base = match slug(heading) {
            slug if slug.is_empty() => format!("column_{}", at + 1),
            slug => slug,
        };
        let is_own = |name: &String| folded(name) == folded(heading) && !is_taken;
        let numbered = (2..).map(|number| format!("{base}_{number}"));
        let mut candidates = std::iter::once(base.clone()).chain(numbered);
        let name = candidates.find(|it| is_own(it) || taken.insert(folded(it)));
        let name = name.unwrap_or(base);
        let title = (name != heading && !is_taken).then(|| heading.to_owned());
        names.push(Name { name, title });
    }
    names
}

/// Letters and digits in lower case, and `_` between words.
fn slug(heading: &str) -> String {
    let words = heading.split(|it: char| !it.is_alphanumeric());
    let words: Vec<String> = words
        .filter(|it| !it.is_empty())
        .map(str::to_lowercase)
        .collect();
    words
        .join("_")
        .chars()
        .take(HEADING_CHARS_AT_MOST / 2)
        .collect()
}
