//! Names and headings: each field has its own.

use std::collections::HashMap;

use super::field::Draft;
use super::problem::ProblemKind;
use super::walk::Notes;
use crate::heading::folded;

/// The names and headings so far, each with the path and field where it was first.
#[derive(Debug, Default)]
struct Seen<'d> {
    names: HashMap<&'d str, usize>,
    headings: HashMap<String, (usize, String)>,
}

/// Notes names that two fields have, and headings that would be one.
pub(super) fn check(drafts: &[Draft], notes: &Notes) {
    let mut seen = Seen::default();
    for (at, draft) in drafts.iter().enumerate() {
        let doubled = draft.name.as_deref().and_then(|name| seen.name(at, name));
        if let Some(first) = doubled {
            let first = format!("fields[{first}]");
            let path = format!("fields[{at}].name");
            notes.add(path, &ProblemKind::DuplicateName { first });
        }
        for (path, heading) in headings(draft, at) {
            let is_doubled_name = doubled.is_some() && path.ends_with(".name");
            if let Some(first) = seen.heading(at, heading, &path)
                && !is_doubled_name
            {
                notes.add(path, &ProblemKind::SameHeading { first });
            }
        }
    }
}

impl<'d> Seen<'d> {
    /// The other field that has the name.
    fn name(&mut self, at: usize, name: &'d str) -> Option<usize> {
        let first = *self.names.entry(name).or_insert(at);
        (first != at).then_some(first)
    }

    /// The path of the other field's heading that is the same.
    fn heading(&mut self, at: usize, heading: &str, path: &str) -> Option<String> {
        let entry = self.headings.entry(folded(heading));
        let (first, first_path) = entry.or_insert_with(|| (at, path.to_owned()));
        (*first != at).then(|| first_path.clone())
    }
}

/// Every heading of a field and its path.
fn headings(draft: &Draft, at: usize) -> Vec<(String, &str)> {
    let own = |property: &str| format!("fields[{at}].{property}");
    let name = draft.name.as_deref().map(|it| (own("name"), it));
    let title = draft.title.as_deref().map(|it| (own("title"), it));
    let titles = draft.titles.iter().enumerate();
    let titles = titles.map(|(i, it)| (own(&format!("titles[{i}]")), it.as_str()));
    name.into_iter().chain(title).chain(titles).collect()
}
