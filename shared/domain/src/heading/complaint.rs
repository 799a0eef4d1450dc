//! What is wrong with a heading that does not have each column once.

use super::{index_of, times};
use crate::dataset::Dataset;
use crate::reason::BadHeading;

/// Columns that are missing or there twice, or what else explains it.
pub(super) fn bad_heading(
    names: &[String],
    order: &[Option<usize>],
    unknown: Vec<String>,
    dataset: &Dataset,
) -> BadHeading {
    if let Some(delimiter) = other_delimiter(names, dataset) {
        return BadHeading::OtherDelimiter {
            dataset: dataset.name,
            delimiter,
        };
    }
    let headings = |wanted: fn(usize) -> bool| {
        let columns = dataset.columns.iter().enumerate();
        let wanted = columns.filter(|(column, _)| wanted(times(order, *column)));
        wanted.map(|(_, column)| column.heading).collect()
    };
    BadHeading::Columns {
        dataset: dataset.name,
        missing: headings(|times| times == 0),
        repeated: headings(|times| times > 1),
        unknown,
    }
}

/// The delimiter at which a name falls into known names, in words.
fn other_delimiter(names: &[String], dataset: &Dataset) -> Option<&'static str> {
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
        .map(|(_, words)| words)
}
