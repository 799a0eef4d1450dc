//! A record in the dialect that a dataset declares.

use std::borrow::Cow;

use super::{CellWriter, LINE_END};
use crate::dialect::{Dialect, Escape};
use crate::guard;

/// A record of a CSV file in a declared dialect being written, cell by cell. What is not declared is
/// as in [`RecordWriter`](super::RecordWriter).
///
/// Some dialects cannot hold every text: one without quotes and escape, and one whose quotes cannot
/// be escaped. No file in such a dialect has brought such a text, but a file that was said to be
/// otherwise may have. It is written in quotes, with those in it doubled: nothing of it is lost,
/// though the dialect does not read it back.
#[derive(Debug)]
pub struct DialectWriter<'a> {
    out: &'a mut Vec<u8>,
    cells: CellWriter,
    first: bool,
}

impl<'a> DialectWriter<'a> {
    /// Begins a record after what `out` already holds.
    pub fn new(out: &'a mut Vec<u8>, dialect: &Dialect) -> Self {
        let cells = CellWriter {
            delimiter: dialect.delimiter.unwrap_or(b','),
            quote: dialect.quote,
            escape: dialect.escape,
        };
        Self {
            out,
            cells,
            first: true,
        }
    }

    /// Writes a cell exactly as it is. With `guard`, one that a spreadsheet would run as a formula
    /// gets an apostrophe in front.
    pub fn cell(&mut self, cell: &[u8], guard: bool) {
        if !self.first {
            self.out.push(self.cells.delimiter);
        }
        let cell = match guard::guard(cell) {
            sign if guard && !sign.is_empty() => Cow::Owned([sign, cell].concat()),
            _ => Cow::Borrowed(cell),
        };
        match self.way(&cell) {
            Way::Declared => self.cells.write(self.out, &cell, self.first),
            Way::Bare => self.out.extend_from_slice(&cell),
            Way::Doubled => self.doubled(&cell),
        }
        self.first = false;
    }

    /// Ends the record with CR LF.
    pub fn end(self) {
        self.out.extend_from_slice(LINE_END);
    }

    fn way(&self, cell: &[u8]) -> Way {
        let cuts = |it: &u8| *it == self.cells.delimiter || b"\r\n".contains(it);
        match (self.cells.quote, self.cells.escape) {
            (None, Escape::Doubled | Escape::None) if cell.iter().any(cuts) => Way::Doubled,
            // A quote that does not begin a cell is data.
            (Some(quote), Escape::None) if cell.contains(&quote) => {
                let begins = cell.trim_ascii_start().first() == Some(&quote);
                match begins || cell.iter().any(cuts) {
                    true => Way::Doubled,
                    false => Way::Bare,
                }
            }
            _ => Way::Declared,
        }
    }

    fn doubled(&mut self, cell: &[u8]) {
        let quote = self.cells.quote.unwrap_or(b'"');
        let usual = CellWriter {
            escape: Escape::Doubled,
            ..self.cells
        };
        usual.quoted(self.out, cell, quote);
    }
}

/// How a cell is written.
enum Way {
    /// As the dialect has it.
    Declared,
    /// As it is.
    Bare,
    /// In quotes, with quotes doubled, which is not the dialect.
    Doubled,
}

#[cfg(test)]
mod tests;
