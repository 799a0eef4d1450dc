//! The reasons why a heading does not fit, in words a user can act on.

use super::{index_of, times};
use crate::dataset::Dataset;
use crate::limits::COLUMNS_AT_MOST;
use crate::reason::Reason;

/// Names in a sentence are cut to this many characters …
const NAME_CHARS: usize = 40;
/// … and lists of names to this many names.
const NAMES: usize = 20;

/// The reason of a heading that does not end within its limit of bytes.
pub(super) fn too_long() -> Reason {
    let detail = "The heading is longer than 64 KiB. A quote in it may never be closed.";
    Reason::new("bad_heading", detail)
}

/// The reason of a heading with a quote that is closed nowhere in the file.
pub(super) fn open_quote() -> Reason {
    let detail = "A quote in the heading is never closed: the whole file was read as part of it.";
    Reason::new("bad_heading", detail)
}

/// The reason of a heading with more than [`MAX_COLUMNS`] columns.
pub(super) fn too_many_columns(found: usize) -> Reason {
    let detail = format!("The heading has {found} columns; at most {COLUMNS_AT_MOST} are taken.");
    Reason::new("bad_heading", detail)
}

/// The warning that names the ignored columns; `None` if there are none.
pub(super) fn unknown_columns(unknown: &[String]) -> Option<Reason> {
    let list = list(unknown.iter().map(String::as_str))?;
    Some(Reason::new(
        "unknown_columns",
        format!("Columns that are not known were ignored: {list}."),
    ))
}

/// The reason of a heading with missing or doubled columns. It names these and the unknown ones
/// or, if that explains them, the wrong delimiter.
pub(super) fn bad_heading(
    names: &[String],
    order: &[Option<usize>],
    unknown: &[String],
    dataset: &Dataset,
) -> Reason {
    let intro = format!("The heading does not fit a {} file.", dataset.name);
    if let Some(delimiter) = wrong_delimiter(names, dataset) {
        return Reason::new("bad_heading", format!("{intro} {delimiter}"));
    }
    let headings = |wanted: fn(usize) -> bool| {
        let columns = dataset.columns.iter().enumerate();
        list(
            columns
                .filter(move |(column, _)| wanted(times(order, *column)))
                .map(|(_, column)| column.heading),
        )
    };
    let parts = [
        sentence("Missing", headings(|times| times == 0)),
        sentence("More than once", headings(|times| times > 1)),
        sentence("Unknown", list(unknown.iter().map(String::as_str))),
    ];
    let sentences: Vec<_> = [Some(intro)].into_iter().chain(parts).flatten().collect();
    Reason::new("bad_heading", sentences.join(" "))
}

fn sentence(label: &str, list: Option<String>) -> Option<String> {
    list.map(|list| format!("{label}: {list}."))
}

/// A sentence about the delimiter, if another one splits a name so that a piece is a known name.
fn wrong_delimiter(names: &[String], dataset: &Dataset) -> Option<String> {
    let delimiters = [(';', "semicolons (;)"), ('\t', "tabs"), ('|', "pipes (|)")];
    let known = |piece: &str| {
        let piece = piece.trim().trim_matches('"').trim();
        index_of(piece, dataset).is_some()
    };
    let falls =
        |name: &str, delimiter| name.contains(delimiter) && name.split(delimiter).any(known);
    delimiters
        .into_iter()
        .find(|&(delimiter, _)| names.iter().any(|name| falls(name, delimiter)))
        .map(|(_, word)| {
            format!("Its columns are separated by {word}; use commas, and a point in decimals.")
        })
}

/// The names in quotes, with long names and long lists cut; `None` if there are none.
fn list<'n>(names: impl Iterator<Item = &'n str>) -> Option<String> {
    let names: Vec<_> = names.collect();
    let mut shown: Vec<_> = names.iter().take(NAMES).map(|name| shown(name)).collect();
    if names.len() > NAMES {
        shown.push(format!("{} more", names.len() - NAMES));
    }
    (!shown.is_empty()).then(|| shown.join(", "))
}

fn shown(name: &str) -> String {
    let visible = |char: char| if char.is_control() { ' ' } else { char };
    let start: String = name.chars().take(NAME_CHARS).map(visible).collect();
    let cut = if name.chars().nth(NAME_CHARS).is_some() {
        "…"
    } else {
        ""
    };
    format!("\"{start}{cut}\"")
}
