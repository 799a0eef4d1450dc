//! What a file says about its own reading, counted over all of its records.
//!
//! A worker counts a chunk while it reads it; the counts of all chunks are added up in any order
//! and give what one count of the whole file would have given. Nothing here grows with the file.

mod blanks;
mod content;
mod dates;
mod order;
mod rejected;

use serde::{Deserialize, Serialize};

pub use blanks::Blanks;
pub use content::{ContentCounter, ContentSum};
pub use dates::DateWitness;
pub use order::OrderWitness;
pub use rejected::FirstRejected;

use crate::cell::{Kind, Value};
use crate::dataset::Dataset;
use crate::reason::Found;
use crate::record::Record;
use crate::rejection::{BrokenQuotes, Rejection};
use crate::words::shown;

/// The counts of a chunk or of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Witness {
    /// Physical lines by what became of them.
    pub lines: Lines,
    /// Records with nothing but blanks, which are neither rows nor rejected.
    pub empty: u64,
    /// What the bytes above ASCII are.
    pub text: TextWitness,
    /// Records on more than one line.
    pub long: LongRecords,
    /// The line of the quote that is open at the end of the file.
    pub open_quote: Option<u64>,
    /// The date columns, in the order of the dataset.
    pub dates: Vec<DateWitness>,
    /// The pairs of dates that are declared to be in order.
    pub in_order: Vec<OrderWitness>,
    /// The text columns, in the order of the dataset.
    pub blanks: Vec<Blanks>,
    /// What was rejected, the first of each column.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rejected: Vec<FirstRejected>,
}

/// Physical lines by what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lines {
    /// Lines of records that became rows.
    pub rows: u64,
    /// Lines of rejected records.
    pub rejected: u64,
    /// Empty lines and lines of empty records.
    pub empty: u64,
}

impl Lines {
    /// All lines.
    pub fn all(self) -> u64 {
        self.rows + self.rejected + self.empty
    }
}

/// Cells with bytes above ASCII.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextWitness {
    /// Cells in which all of them are UTF-8.
    pub valid: u64,
    /// Cells in which some are not.
    pub invalid: u64,
    /// The first such cell.
    pub first_invalid: Option<Example>,
}

/// Records on more than one line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LongRecords {
    /// How many there are.
    pub records: u64,
    /// How many lines they have together.
    pub lines: u64,
    /// The lines of the longest one …
    pub longest: u64,
    /// … and the line it starts on.
    pub longest_at: u64,
}

/// A cell that shows what is meant.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Example {
    /// Physical line on which its record starts.
    pub line: u64,
    /// The cell, cut.
    pub cell: String,
}

impl Example {
    pub(crate) fn new(record: &Record, cell: &[u8]) -> Self {
        Self {
            line: record.line,
            cell: shown(cell),
        }
    }

    pub(crate) fn found(&self, column: Option<&str>) -> Found {
        Found {
            column: column.map(str::to_owned),
            line: self.line,
            cell: self.cell.clone(),
            readings: Vec::new(),
        }
    }
}

/// Keeps the earlier of two examples.
pub(crate) fn keep_first(kept: &mut Option<Example>, other: Option<&Example>) {
    if let Some(other) = other
        && kept.as_ref().is_none_or(|kept| other < kept)
    {
        *kept = Some(other.clone());
    }
}

impl Witness {
    /// No counts yet, for each column of a dataset that is looked at.
    pub fn of(dataset: &Dataset) -> Self {
        let columns = |wanted: fn(&Kind) -> bool| {
            let all = dataset.columns.iter().enumerate();
            all.filter(move |(_, it)| wanted(&it.kind))
                .map(|(at, _)| at)
        };
        Self {
            dates: columns(Kind::is_date).map(DateWitness::of).collect(),
            in_order: vec![OrderWitness::default(); dataset.reading.in_order.len()],
            blanks: columns(Kind::is_text).map(Blanks::of).collect(),
            ..Self::default()
        }
    }

    /// Adds the counts of another part of the same file.
    pub fn merge(&mut self, other: &Self) {
        self.lines.rows += other.lines.rows;
        self.lines.rejected += other.lines.rejected;
        self.lines.empty += other.lines.empty;
        self.empty += other.empty;
        self.text.valid += other.text.valid;
        self.text.invalid += other.text.invalid;
        keep_first(
            &mut self.text.first_invalid,
            other.text.first_invalid.as_ref(),
        );
        self.long.merge(&other.long);
        self.open_quote = self.open_quote.max(other.open_quote);
        merge_each(&mut self.dates, &other.dates, DateWitness::merge);
        merge_each(&mut self.in_order, &other.in_order, OrderWitness::merge);
        merge_each(&mut self.blanks, &other.blanks, Blanks::merge);
        for first in &other.rejected {
            rejected::keep(&mut self.rejected, first.clone());
        }
    }

    /// What does not depend on the record's cells.
    #[inline]
    pub(crate) fn see_record(&mut self, record: &Record) {
        if record.lines > 1 {
            self.long.see(record);
        }
        if !record.bytes().is_ascii() {
            self.see_text(record);
        }
        self.open_quote = self.open_quote.or(record.open_quote());
    }

    #[cold]
    fn see_text(&mut self, record: &Record) {
        for cell in record.iter().filter(|it| !it.is_ascii()) {
            if std::str::from_utf8(cell).is_ok() {
                self.text.valid += 1;
            } else {
                self.text.invalid += 1;
                let example = || Example::new(record, cell);
                self.text.first_invalid.get_or_insert_with(example);
            }
        }
    }

    /// A cell that its column does not take.
    #[cold]
    pub(crate) fn see_rejected_cell(
        &mut self,
        record: &Record,
        column: usize,
        cell: &[u8],
        error: &Rejection,
    ) {
        let first = FirstRejected::cell(record, column, cell, error);
        rejected::keep(&mut self.rejected, first);
    }

    /// A record that is rejected before its cells are looked at, if need be for a quote in this
    /// column.
    #[cold]
    pub(crate) fn see_rejected_record(
        &mut self,
        record: &Record,
        column: Option<usize>,
        broken: Option<BrokenQuotes>,
    ) {
        let first = FirstRejected::record(record, column, broken);
        rejected::keep(&mut self.rejected, first);
    }

    /// The values of a row.
    #[inline]
    pub(crate) fn see_row(&mut self, dataset: &Dataset, record: &Record, row: &[Value<'_>]) {
        let pairs = dataset.reading.in_order.iter().zip(&mut self.in_order);
        for (&(first, second), seen) in pairs {
            if let (Some(Value::Date(first)), Some(Value::Date(second))) =
                (row.get(first), row.get(second))
            {
                seen.see(record, *first, *second);
            }
        }
        for blanks in &mut self.blanks {
            if let Some(Value::Text(text)) = row.get(blanks.column) {
                blanks.see(record, text);
            }
        }
    }
}

impl LongRecords {
    #[cold]
    fn see(&mut self, record: &Record) {
        self.merge(&LongRecords {
            records: 1,
            lines: record.lines,
            longest: record.lines,
            longest_at: record.line,
        });
    }

    fn merge(&mut self, other: &Self) {
        self.records += other.records;
        self.lines += other.lines;
        let later = |it: &Self| (it.longest, std::cmp::Reverse(it.longest_at));
        if later(other) > later(self) {
            (self.longest, self.longest_at) = (other.longest, other.longest_at);
        }
    }
}

/// Both come from the same dataset, or one of them is new.
fn merge_each<T: Clone>(all: &mut Vec<T>, others: &[T], merge: impl Fn(&mut T, &T)) {
    for (one, other) in all.iter_mut().zip(others) {
        merge(one, other);
    }
    let new = others.get(all.len()..).unwrap_or_default();
    all.extend_from_slice(new);
}

#[cfg(test)]
mod tests;
