//! Turns a raw record into a row of typed values, or into row errors for all that is wrong with it.

mod of_totals;
mod width;

use jiff::civil::Date;

use crate::arithmetic::Total;
use crate::cell::Value;
use crate::dataset::{Column, Dataset};
use crate::forms::Forms;
use crate::guard::unguarded;
use crate::limits::{RECORD_LINES_AT_MOST, REJECTED_VALUE_CHARS_KEPT, ROW_BYTES_AT_MOST};
use crate::reading::{Encoding, NOT_DECODED, Reading};
use crate::record::Record;
use crate::rejection::{BrokenQuotes, Rejection};

pub use crate::rejection::RowError;
use crate::witness::Witness;
use of_totals::is_row_of_totals;
pub(crate) use of_totals::says_total;
use width::Widths;

/// True if a record with more cells than the heading has columns can only have too many at its end,
/// where the others are blank. If the last column may be blank itself, it cannot be told: a delimiter
/// within a text, say, may have moved all cells after it by one.
pub(crate) fn may_end_blank(dataset: &Dataset, column_order: &[Option<usize>]) -> bool {
    let last = column_order.last().copied().flatten();
    let column = last.and_then(|it| dataset.columns.get(it));
    column.is_some_and(|it| it.required && !it.kind.is_text())
}

/// What became of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Parsed<'r> {
    /// A row, in the order of the dataset's columns.
    Row(Vec<Value<'r>>),
    /// Nothing of it is stored.
    Rejected(Vec<RowError>),
    /// It has nothing but blanks.
    Empty,
}

/// Turns records of one file into rows of its dataset.
#[derive(Clone, Debug)]
pub struct RowParser<'d> {
    dataset: &'d Dataset,
    file_columns: usize,
    /// True if more cells than columns fit, where the others are blank.
    may_end_blank: bool,
    /// For each column of the dataset, its column in the file.
    sources: Vec<Option<usize>>,
    forms: Forms,
    strict: bool,
    guarded: bool,
    /// The file was decoded: a cell that is not UTF-8 could not be.
    decoded: bool,
    /// Where a row may need more room than there is.
    widths: Option<Widths>,
}

impl<'d> RowParser<'d> {
    /// A parser for a file whose column `i` is `dataset.columns[column_order[i]]`, or ignored if
    /// that is `None`: [`Heading::column_order`](crate::heading::Heading). Its import has no
    /// reading pinned.
    pub fn new(dataset: &'d Dataset, column_order: Vec<Option<usize>>) -> Self {
        Self::by(dataset, column_order, &Reading::before())
    }

    /// A parser by this reading, for columns as in [`new`](Self::new).
    pub fn by(dataset: &'d Dataset, column_order: Vec<Option<usize>>, reading: &Reading) -> Self {
        let source = |column| column_order.iter().position(|&known| known == Some(column));
        Self {
            dataset,
            file_columns: column_order.len(),
            may_end_blank: reading.strict && may_end_blank(dataset, &column_order),
            sources: (0..dataset.columns.len()).map(source).collect(),
            forms: reading.forms(dataset),
            strict: reading.strict,
            guarded: reading.guarded,
            decoded: reading.encoding != Encoding::Utf8,
            widths: Widths::of(&dataset.columns),
        }
    }

    /// The record's values, or why it has none; `witness` sees the record.
    #[inline]
    pub fn read<'r>(&self, record: &'r Record, witness: &mut Witness) -> Parsed<'r> {
        if self.strict && record.is_blank(self.file_columns) {
            witness.empty += 1;
            witness.lines.empty += record.lines;
            return Parsed::Empty;
        }
        witness.see_record(record);
        match self.parse_seen(record, Some(witness)) {
            Ok(row) => {
                witness.see_row(self.dataset, record, &row);
                witness.lines.rows += record.lines;
                Parsed::Row(row)
            }
            Err(errors) => {
                witness.lines.rejected += record.lines;
                Parsed::Rejected(errors)
            }
        }
    }

    /// The record's values in the order of the dataset's columns.
    ///
    /// # Errors
    /// One error `open_quote`, `broken_quotes`, `too_many_lines`, `wrong_column_count` or
    /// `row_of_totals`, or else one for every bad cell, or else one `wrong_total` for every total
    /// that is wrong, or else one `row_too_wide`.
    pub fn parse<'r>(&self, record: &'r Record) -> Result<Vec<Value<'r>>, Vec<RowError>> {
        self.parse_seen(record, None)
    }

    fn parse_seen<'r>(
        &self,
        record: &'r Record,
        mut witness: Option<&mut Witness>,
    ) -> Result<Vec<Value<'r>>, Vec<RowError>> {
        if let Some(error) = self.whole_record(record) {
            if let Some(witness) = witness {
                self.see_rejected(witness, record);
            }
            return Err(vec![error]);
        }
        let mut row = Vec::with_capacity(self.sources.len());
        let mut errors = Vec::new();
        for (at, (column, &source)) in self.dataset.columns.iter().zip(&self.sources).enumerate() {
            let field = self.field(record, source);
            let parsed = parse_field(column, field, &self.forms);
            match parsed {
                Ok(value) => {
                    if let (Value::Date(date), Some(witness)) = (value, witness.as_deref_mut()) {
                        self.see_date(witness, record, at, Some(date));
                    }
                    row.push(value);
                }
                Err(error) => {
                    let error = self.of_decoded(field, error);
                    if let Some(witness) = witness.as_deref_mut() {
                        if column.kind.is_date() {
                            self.see_date(witness, record, at, None);
                        }
                        let cell = field.unwrap_or_default();
                        witness.see_rejected_cell(record, at, cell, &error);
                    }
                    errors.push(bad_cell(record, column, field, &error));
                }
            }
        }
        if errors.is_empty() {
            errors = self.wrong_row(record, &row, witness);
        }
        match errors.is_empty() {
            true => Ok(row),
            false => Err(self.of_totals(record).map_or(errors, |it| vec![it])),
        }
    }

    /// Of a file that was decoded, what is wrong with a cell that could not be.
    #[cold]
    fn of_decoded(&self, field: Option<&[u8]>, error: Rejection) -> Rejection {
        let not_decoded = |it: &[u8]| memchr::memchr(NOT_DECODED, it).is_some();
        match self.decoded && field.is_some_and(not_decoded) {
            true => Rejection::NotDecodable,
            false => error,
        }
    }

    #[cold]
    fn see_rejected(&self, witness: &mut Witness, record: &Record) {
        let broken = record.unsound_quotes().filter(|_| self.strict);
        let field = |it: BrokenQuotes| self.sources.iter().position(|&i| i == Some(it.field));
        witness.see_rejected_record(record, broken.and_then(field), broken);
    }

    #[inline]
    fn field<'r>(&self, record: &'r Record, source: Option<usize>) -> Option<&'r [u8]> {
        let field = record.field(source?)?;
        Some(if self.guarded {
            unguarded(field)
        } else {
            field
        })
    }

    /// What is wrong with the record before its cells are looked at.
    #[inline]
    fn whole_record(&self, record: &Record) -> Option<RowError> {
        if record.has_open_quote() {
            return Some(bad_record(record, &Rejection::OpenQuote));
        }
        if let Some(broken) = self.strict.then(|| record.unsound_quotes()).flatten() {
            return Some(self.broken_quotes(record, broken));
        }
        let multiline = self.dataset.reading.multiline || !self.strict;
        if record.lines > RECORD_LINES_AT_MOST && !multiline {
            return Some(bad_record(record, &Rejection::TooManyLines(record.lines)));
        }
        let fits = match self.may_end_blank {
            true => record.fits(self.file_columns),
            false => record.len() == self.file_columns,
        };
        (!fits).then(|| self.wrong_column_count(record))
    }

    #[inline]
    fn see_date(&self, witness: &mut Witness, record: &Record, at: usize, date: Option<Date>) {
        let source = self.sources[at];
        let forms = self.dataset.columns[at].kind.dates(&self.forms);
        let Some(cell) = source.and_then(|i| record.field(i)) else {
            return;
        };
        let column = |it: &usize| self.sources[*it] == source;
        let Some(seen) = witness.dates.iter_mut().find(|it| column(&it.column)) else {
            return;
        };
        match date {
            Some(date) => seen.see(record, cell, date, forms),
            None => seen.see_bad(record, cell, forms),
        }
    }

    #[cold]
    fn broken_quotes(&self, record: &Record, broken: BrokenQuotes) -> RowError {
        let mut sources = self.sources.iter();
        let column = sources.position(|&it| it == Some(broken.field));
        let column = column.map_or("", |it| self.dataset.columns[it].heading.as_str());
        let value = shown(record.field(broken.field).unwrap_or_default());
        row_error(record, column, value, &Rejection::BrokenQuotes(broken))
    }

    /// What is wrong with a row whose cells are each fine.
    #[inline]
    fn wrong_row(
        &self,
        record: &Record,
        row: &[Value<'_>],
        mut witness: Option<&mut Witness>,
    ) -> Vec<RowError> {
        let errors = self.wrong_totals(record, row, witness.as_deref_mut());
        match &self.widths {
            Some(widths) if errors.is_empty() => self.too_wide(record, widths.of_row(row), witness),
            _ => errors,
        }
    }

    /// The error of a row that needs so many bytes, if that is too many.
    fn too_wide(
        &self,
        record: &Record,
        bytes: usize,
        witness: Option<&mut Witness>,
    ) -> Vec<RowError> {
        if bytes <= ROW_BYTES_AT_MOST {
            return Vec::new();
        }
        if let Some(witness) = witness {
            self.see_rejected(witness, record);
        }
        vec![bad_record(record, &Rejection::RowTooWide(bytes))]
    }

    /// What does not add up, in a row whose cells are each fine.
    fn wrong_totals(
        &self,
        record: &Record,
        row: &[Value<'_>],
        mut witness: Option<&mut Witness>,
    ) -> Vec<RowError> {
        let totals = self.dataset.totals.iter();
        let wrong = totals.filter(|total| !total.holds(row));
        let error = |total| self.wrong_total(record, total, witness.as_deref_mut());
        wrong.map(error).collect()
    }

    #[cold]
    fn wrong_total(
        &self,
        record: &Record,
        total: &Total,
        witness: Option<&mut Witness>,
    ) -> RowError {
        let field = self.sources[total.column].and_then(|i| record.field(i));
        let expected = self.dataset.in_words(total);
        let error = Rejection::WrongTotal { expected };
        if let Some(witness) = witness {
            witness.see_rejected_cell(record, total.column, field.unwrap_or_default(), &error);
        }
        bad_cell(record, &self.dataset.columns[total.column], field, &error)
    }

    /// The error of a row of totals: it has nothing in some column that is not text.
    #[cold]
    fn of_totals(&self, record: &Record) -> Option<RowError> {
        let blank = |(column, &source): (&Column, &Option<usize>)| {
            let cell = source.and_then(|i| record.field(i)).unwrap_or_default();
            !column.kind.is_text() && cell.trim_ascii().is_empty()
        };
        let mut columns = self.dataset.columns.iter().zip(&self.sources);
        let is_total = self.strict && columns.any(blank) && is_row_of_totals(record);
        is_total.then(|| bad_record(record, &Rejection::RowOfTotals))
    }

    fn wrong_column_count(&self, record: &Record) -> RowError {
        if let Some(error) = self.of_totals(record) {
            return error;
        }
        let error = Rejection::WrongColumnCount {
            expected: self.file_columns,
            found: record.len(),
        };
        bad_record(record, &error)
    }
}

#[inline]
fn parse_field<'r>(
    column: &Column,
    field: Option<&'r [u8]>,
    forms: &Forms,
) -> Result<Value<'r>, Rejection> {
    match field {
        Some(cell) => column.parse(cell, forms),
        None if column.required => Err(Rejection::MissingColumn),
        // A file may lack a column that need not have a value.
        None => Ok(Value::Null),
    }
}

fn bad_cell(record: &Record, column: &Column, field: Option<&[u8]>, error: &Rejection) -> RowError {
    row_error(
        record,
        &column.heading,
        shown(field.unwrap_or_default()),
        error,
    )
}

#[cold]
fn bad_record(record: &Record, error: &Rejection) -> RowError {
    row_error(record, "", shown_record(record), error)
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
