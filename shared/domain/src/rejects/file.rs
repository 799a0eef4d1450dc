//! The rejects file: UTF-8, with the delimiter and the quotes of the original, and each record as
//! it was, so that it is rejected again unless it is corrected.

use crate::guard::{guard, unguarded};
use crate::limits::REJECTED_FILE_BYTES_AT_MOST;
use crate::reading::Reading;
use crate::record::{CellWriter, Record};
use crate::row::RowError;

/// The columns that are added to the original ones. No dataset has them, and a file that comes back
/// is known by them.
pub(crate) const ADDED: [&[u8]; 3] = [b"record", b"line", b"error"];

const UTF8_MARK: &[u8] = b"\xef\xbb\xbf";

/// A rejects file that is written record by record.
#[derive(Clone, Debug)]
pub struct RejectsFile {
    bytes: Vec<u8>,
    cells: CellWriter,
    /// How many columns the original has; if it was a rejects file itself, without the added ones.
    width: usize,
    /// True if the original was a rejects file that came back.
    again: bool,
    /// The number of records in it.
    pub records: i64,
    full: bool,
}

impl RejectsFile {
    /// A file with no record yet, for an original with these names of columns.
    pub fn new<N: AsRef<[u8]>>(reading: &Reading, names: &[N]) -> Self {
        let width = match reading.guarded {
            true => names.len().saturating_sub(ADDED.len()),
            false => names.len(),
        };
        let mut file = Self {
            bytes: UTF8_MARK.to_vec(),
            cells: CellWriter {
                delimiter: reading.delimiter,
                quote: reading.quote,
                escape: reading.escape,
            },
            width,
            again: reading.guarded,
            records: 0,
            full: false,
        };
        let own = names[..width].iter().map(AsRef::as_ref);
        for (i, name) in own.chain(ADDED).enumerate() {
            file.cell(name, i == 0);
        }
        file.bytes.extend_from_slice(b"\r\n");
        file
    }

    /// Adds a record, whose reader kept its text
    /// ([`keep_text`](crate::record::RecordReader::keep_text)); false if the file has no space left
    /// for it. Then it takes no later record either.
    pub fn push(&mut self, record: &Record, errors: &[RowError]) -> bool {
        let before = self.bytes.len();
        if !self.full {
            self.write(record, errors);
        }
        self.full |= self.bytes.len() > REJECTED_FILE_BYTES_AT_MOST;
        if self.full {
            self.bytes.truncate(before);
        } else {
            self.records += 1;
        }
        !self.full
    }

    /// The whole file.
    pub fn finish(self) -> Vec<u8> {
        self.bytes
    }

    /// Neither too few nor too many cells are mended: the added ones then stand elsewhere than below
    /// their headings, and the record is rejected again.
    fn write(&mut self, record: &Record, errors: &[RowError]) {
        match record.unsound_quotes() {
            Some(_) => self.write_text(record),
            None => self.write_cells(record),
        }
        for number in [record.number, record.line] {
            self.cell(number.to_string().as_bytes(), false);
        }
        let reasons: Vec<String> = errors.iter().map(reason).collect();
        self.reason(&reasons.join(" "), record.unsound_quotes().is_some());
        self.bytes.extend_from_slice(b"\r\n");
    }

    /// The sentence. After broken quotes it stands in quotes: one that was never closed then ends
    /// here, as broken as before, and not in another record.
    fn reason(&mut self, sentence: &str, broken: bool) {
        match self.cells.quote.filter(|_| broken) {
            Some(quote) => {
                self.bytes.push(self.cells.delimiter);
                self.cells
                    .quoted(&mut self.bytes, sentence.as_bytes(), quote);
            }
            None => self.cell(sentence.as_bytes(), false),
        }
    }

    fn write_cells(&mut self, record: &Record) {
        let kept = match self.again && record.len() == self.width + ADDED.len() {
            true => self.width,
            false => record.len(),
        };
        for (i, cell) in record.iter().take(kept).enumerate() {
            let cell = if self.again { unguarded(cell) } else { cell };
            self.cell(cell, i == 0);
        }
    }

    /// Quotes that are broken stay broken. If a cell is a formula, the text is one guarded cell.
    fn write_text(&mut self, record: &Record) {
        match record.iter().any(|cell| !guard(cell).is_empty()) {
            true => self.cell(record.text(), true),
            false => self.bytes.extend_from_slice(record.text()),
        }
    }

    fn cell(&mut self, cell: &[u8], first: bool) {
        if !first {
            self.bytes.push(self.cells.delimiter);
        }
        // Where apostrophes are quotes, the guard is written as text, too.
        match guard(cell) {
            b"" => self.cells.write(&mut self.bytes, cell, first),
            guard => {
                let cell = [guard, cell].concat();
                self.cells.write(&mut self.bytes, &cell, first);
            }
        }
    }
}

fn reason(error: &RowError) -> String {
    match error.column.as_str() {
        "" => error.message.clone(),
        column => format!("{column}: {}", error.message),
    }
}

#[cfg(test)]
mod tests;
