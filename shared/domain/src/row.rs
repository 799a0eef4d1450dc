//! Turns a raw record into a row of typed values, or into row errors for all that is wrong with it.

use crate::arithmetic::Total;
use crate::cell::{self, Value};
use crate::dataset::{Column, Dataset};
use crate::limits::REJECTED_VALUE_CHARS_KEPT;
use crate::record::Record;
use crate::rejection::Rejection;

/// Why a record, or one cell of it, was rejected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowError {
    /// Number of the record; 1 is the first after the heading.
    pub record: i64,
    /// Physical line the record starts on; 1 is the first line of the file.
    pub line: i64,
    /// Heading of the column, or empty if the whole record is meant.
    pub column: String,
    /// The cell (or the record, its fields joined by commas), at most 200 characters, with
    /// U+FFFD for NUL (PostgreSQL's text cannot hold it) and for what is not UTF-8.
    pub value: String,
    /// The code of its [`Rejection`].
    pub code: &'static str,
    /// A sentence for people, without the value.
    pub message: String,
}

/// Turns records of one file into rows of its dataset.
#[derive(Clone, Debug)]
pub struct RowParser {
    dataset: &'static Dataset,
    file_columns: usize,
    /// For each column of the dataset, its column in the file.
    sources: Vec<Option<usize>>,
}

impl RowParser {
    /// A parser for a file whose column `i` is `dataset.columns[column_order[i]]`, or ignored if
    /// that is `None`: [`Heading::column_order`](crate::heading::Heading).
    pub fn new(dataset: &'static Dataset, column_order: Vec<Option<usize>>) -> Self {
        let source = |column| column_order.iter().position(|&known| known == Some(column));
        Self {
            dataset,
            file_columns: column_order.len(),
            sources: (0..dataset.columns.len()).map(source).collect(),
        }
    }

    /// The record's values in the order of the dataset's columns.
    ///
    /// # Errors
    /// One error `open_quote` or `wrong_column_count`, or else one for every bad cell, or else
    /// one `wrong_total` for every total that is wrong.
    pub fn parse<'r>(&self, record: &'r Record) -> Result<Vec<Value<'r>>, Vec<RowError>> {
        if record.has_open_quote() {
            let error = row_error(record, "", shown_record(record), &Rejection::OpenQuote);
            return Err(vec![error]);
        }
        if record.len() != self.file_columns {
            return Err(vec![self.wrong_column_count(record)]);
        }
        let mut row = Vec::with_capacity(self.sources.len());
        let mut errors = Vec::new();
        for (column, &source) in self.dataset.columns.iter().zip(&self.sources) {
            let field = source.and_then(|i| record.field(i));
            match parse_field(column, field) {
                Ok(value) => row.push(value),
                Err(error) => errors.push(bad_cell(record, column, field, &error)),
            }
        }
        if errors.is_empty() {
            errors = self.wrong_totals(record, &row);
        }
        if errors.is_empty() {
            Ok(row)
        } else {
            Err(errors)
        }
    }

    /// What does not add up, in a row whose cells are each fine.
    fn wrong_totals(&self, record: &Record, row: &[Value<'_>]) -> Vec<RowError> {
        let totals = self.dataset.totals.iter();
        let wrong = totals.filter(|total| !total.holds(row));
        wrong.map(|total| self.wrong_total(record, total)).collect()
    }

    #[cold]
    fn wrong_total(&self, record: &Record, total: &Total) -> RowError {
        let field = self.sources[total.column].and_then(|i| record.field(i));
        let expected = self.dataset.in_words(total);
        let error = Rejection::WrongTotal { expected };
        bad_cell(record, &self.dataset.columns[total.column], field, &error)
    }

    fn wrong_column_count(&self, record: &Record) -> RowError {
        let error = Rejection::WrongColumnCount {
            expected: self.file_columns,
            found: record.len(),
        };
        row_error(record, "", shown_record(record), &error)
    }
}

fn parse_field<'r>(column: &Column, field: Option<&'r [u8]>) -> Result<Value<'r>, Rejection> {
    // A heading always has every column. If an order that lacks one gets here nevertheless, no
    // value is made up for it.
    cell::parse(column.kind, field.ok_or(Rejection::MissingColumn)?)
}

fn bad_cell(record: &Record, column: &Column, field: Option<&[u8]>, error: &Rejection) -> RowError {
    row_error(
        record,
        column.heading,
        shown(field.unwrap_or_default()),
        error,
    )
}

fn row_error(record: &Record, column: &str, value: String, error: &Rejection) -> RowError {
    RowError {
        record: i64::try_from(record.number).unwrap_or(i64::MAX),
        line: i64::try_from(record.line).unwrap_or(i64::MAX),
        column: column.to_owned(),
        value,
        code: error.code(),
        message: error.to_string(),
    }
}

fn shown_record(record: &Record) -> String {
    let mut start = Vec::new();
    for (i, field) in record.iter().enumerate() {
        if start.len() > 4 * REJECTED_VALUE_CHARS_KEPT {
            break;
        }
        if i > 0 {
            start.push(b',');
        }
        start.extend_from_slice(&field[..field.len().min(4 * REJECTED_VALUE_CHARS_KEPT)]);
    }
    shown(&start)
}

fn shown(bytes: &[u8]) -> String {
    // A character has at most 4 bytes, so what is cut here would not be shown anyway.
    let start = &bytes[..bytes.len().min(4 * REJECTED_VALUE_CHARS_KEPT)];
    let visible = |char| {
        if char == '\0' {
            char::REPLACEMENT_CHARACTER
        } else {
            char
        }
    };
    String::from_utf8_lossy(start)
        .chars()
        .take(REJECTED_VALUE_CHARS_KEPT)
        .map(visible)
        .collect()
}

#[cfg(test)]
mod tests;
