//! A heading that was tried, and which of several is the one.

use super::super::names::{Names, folded};
use super::super::reasons;
use crate::dataset::{Column, Dataset};
use crate::limits::COLUMNS_AT_MOST;
use crate::reading::Reading;
use crate::reason::{NoRecords, Reason};
use crate::record::{Record, RecordReader};
use crate::rejects::ADDED;

/// A heading that was tried: where it begins, with which delimiter, and what its names are.
pub(super) struct Tried {
    pub(super) reading: Reading,
    pub(super) names: Vec<String>,
    pub(super) order: Vec<Option<usize>>,
    /// Bytes from the start of the text to the first record.
    pub(super) end: usize,
    pub(super) next_line: u64,
    pub(super) open_quote: bool,
    /// True if it has not ended where the first look ends.
    pub(super) cut: bool,
}

pub(super) fn ends_as_rejects_file(names: &[String]) -> bool {
    let added = ADDED.iter().rev();
    let mut pairs = names.iter().rev().zip(added);
    names.len() > ADDED.len() && pairs.all(|(name, added)| name.as_bytes() == *added)
}

/// Reads the heading that begins at a byte. Its cells on several lines are joined.
pub(super) fn heading_at(
    text: &[u8],
    at: usize,
    whole: bool,
    dataset: &Dataset,
    reading: Reading,
) -> Tried {
    let mut reader = RecordReader::by(&reading, 0, u64::from(reading.preamble) + 1);
    let mut record = Record::default();
    let mut names: Vec<String> = Vec::new();
    let mut end = at;
    let (mut open_quote, mut cut) = (false, false);
    for _ in 0..reading.heading_lines {
        let (taken, complete) = reader.read(&text[end..], &mut record);
        end += taken;
        if !complete && !reader.finish(&mut record) {
            break;
        }
        open_quote |= record.has_open_quote();
        cut |= !complete && !whole;
        join(&mut names, &record);
    }
    end -= reader.bytes_behind();
    if text.get(end.wrapping_sub(1)) == Some(&b'\r') && text.get(end) == Some(&b'\n') {
        end += 1;
    }
    let known = Names::of(dataset);
    let order = names.iter().map(|name| known.column(name)).collect();
    Tried {
        next_line: reader.line(),
        reading,
        names,
        order,
        end,
        open_quote,
        cut,
    }
}

pub(super) fn join(names: &mut Vec<String>, record: &Record) {
    // One more than is taken is enough to refuse it.
    for (i, cell) in record.iter().take(COLUMNS_AT_MOST + 1).enumerate() {
        let cell = String::from_utf8_lossy(cell);
        match names.get_mut(i) {
            Some(name) => *name = format!("{name} {}", cell.trim()).trim().to_owned(),
            None => names.push(cell.trim().to_owned()),
        }
    }
}

impl Tried {
    pub(super) fn times(&self, column: usize) -> usize {
        self.order.iter().filter(|&&it| it == Some(column)).count()
    }

    /// How many of the declared columns are there.
    pub(super) fn known(&self, dataset: &Dataset) -> usize {
        (0..dataset.columns.len())
            .filter(|&it| self.times(it) > 0)
            .count()
    }

    /// The names of ignored columns. Of a rejects file, the ones that we added are known.
    pub(super) fn unknown(&self) -> Vec<String> {
        let own = match ends_as_rejects_file(&self.names) {
            true => self.names.len() - ADDED.len(),
            false => self.names.len(),
        };
        let pairs = self.names[..own].iter().zip(&self.order);
        let unknown = pairs.filter(|(_, column)| column.is_none());
        unknown.map(|(name, _)| name.clone()).collect()
    }

    /// The headings of the columns that are not there.
    pub(super) fn missing(&self, dataset: &Dataset) -> Vec<String> {
        let columns = dataset.columns.iter().enumerate();
        let missing = columns.filter(|(column, _)| self.times(*column) == 0);
        missing.map(|(_, it)| it.heading.clone()).collect()
    }

    pub(super) fn fits(&self, dataset: &Dataset) -> bool {
        let fits = |(at, column)| match self.times(at) {
            0 => may_be_missing(column, dataset),
            times => times == 1,
        };
        let others = || self.unknown().iter().any(|it| !folded(it).is_empty());
        !self.open_quote
            && !self.cut
            && self.names.len() <= COLUMNS_AT_MOST
            && self.order.iter().any(Option::is_some)
            && dataset.columns.iter().enumerate().all(fits)
            && (dataset.fields_match.may_have_others() || !others())
    }
}

pub(super) fn may_be_missing(column: &Column, dataset: &Dataset) -> bool {
    !column.required && dataset.fields_match.may_have_fewer()
}

pub(super) fn known(tried: &Tried) -> usize {
    tried.order.iter().flatten().count()
}

pub(super) fn better(tried: &Tried, best: Option<&Tried>) -> bool {
    best.is_none_or(|best| known(tried) > known(best))
}

/// The delimiter under which most declared columns are found, and how many; with two, it cannot be
/// told, unless neither is in the line.
pub(super) fn only_best(
    mut fitting: Vec<Tried>,
    dataset: &Dataset,
) -> Option<(usize, Result<Tried, Reason>)> {
    let most = fitting.iter().map(|it| it.known(dataset)).max()?;
    fitting.retain(|it| it.known(dataset) == most);
    if fitting.len() == 1 || fitting.iter().all(|it| it.names.len() == 1) {
        return Some((most, Ok(fitting.swap_remove(0))));
    }
    let delimiters: Vec<u8> = fitting.iter().map(|it| it.reading.delimiter).collect();
    Some((most, Err(reasons::delimiters_tie(&delimiters))))
}

/// A file without a heading has the declared columns in the declared order.
pub(super) fn no_heading(
    starts: &[(u32, usize)],
    dataset: &Dataset,
    said: &Reading,
) -> Result<Tried, Reason> {
    let &(preamble, end) = starts.first().ok_or(Reason::NoRecords(NoRecords::Empty))?;
    Ok(Tried {
        reading: Reading {
            preamble,
            ..said.clone()
        },
        names: declared_names(dataset),
        order: (0..dataset.columns.len()).map(Some).collect(),
        end,
        next_line: u64::from(preamble) + 1,
        open_quote: false,
        cut: false,
    })
}

pub(super) fn declared_names(dataset: &Dataset) -> Vec<String> {
    let columns = dataset.columns.iter();
    columns.map(|it| it.heading.clone()).collect()
}
