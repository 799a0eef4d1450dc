//! What the reader does about a lone quote: it takes back what it read as one record, lets the first
//! line be a broken one, and reads the lines after it again.
//!
//! The bytes that may have to be read again are those of one quoted cell from its first line break
//! to the end of the line on which its quote is told to be a lone one; the planner refuses records
//! above [`RECORD_BYTES_AT_MOST`](crate::limits::RECORD_BYTES_AT_MOST), and never cuts within them.

use super::{Record, RecordReader};
use crate::rejection::{BrokenKind, BrokenQuotes};
use crate::rules::{State, Told, Watch};

/// A quoted cell with a line break, of which it is not known yet whether its quote is a lone one.
#[derive(Clone, Debug)]
pub(super) struct Doubt {
    watch: Watch,
    /// The bytes since the line break.
    since: Vec<u8>,
    /// What there was of the record at the line break, without it.
    bytes: usize,
    cells: usize,
    text: usize,
    broken: Option<BrokenQuotes>,
    line_break: u8,
    /// The line after the line break.
    line: u64,
    opened: u64,
}

/// Bytes to be read again before those that follow.
#[derive(Clone, Debug, Default)]
pub(super) struct Again {
    bytes: Vec<u8>,
    at: usize,
}

impl Again {
    fn is_over(&self) -> bool {
        self.at == self.bytes.len()
    }
}

impl RecordReader {
    /// How many of the taken bytes are read again: the next record begins as many before them.
    pub fn bytes_behind(&self) -> usize {
        self.again.bytes.len() - self.again.at
    }

    #[inline]
    pub(super) fn is_behind(&self) -> bool {
        self.doubt.is_some() || !self.again.is_over()
    }

    #[cold]
    pub(super) fn begin_doubt(&mut self, line_break: u8, record: &Record) {
        self.doubt = Some(Box::new(Doubt {
            watch: Watch::after(line_break, self.syntax),
            since: Vec::new(),
            bytes: record.bytes.len() - 1,
            cells: record.ends.len(),
            text: record.text.len(),
            broken: record.broken,
            line_break,
            line: self.line,
            opened: self.opened,
        }));
    }

    /// Reads what was taken before, then from the input.
    #[cold]
    pub(super) fn read_behind(&mut self, input: &[u8], record: &mut Record) -> (usize, bool) {
        if self.read_again(record) {
            return (0, true);
        }
        self.read_through_doubt(input, record)
    }

    /// True if `record` is complete from bytes that were taken before.
    fn read_again(&mut self, record: &mut Record) -> bool {
        if self.again.is_over() {
            return false;
        }
        let again = std::mem::take(&mut self.again);
        let bytes = &again.bytes[again.at..];
        let (taken, complete) = self.read_through_doubt(bytes, record);
        let rest = &bytes[taken..];
        if self.again.is_over() {
            let at = again.bytes.len() - rest.len();
            self.again = Again { at, ..again };
        } else {
            // There was another lone quote: its bytes come before the others.
            self.again.bytes.extend_from_slice(rest);
        }
        complete
    }

    fn read_through_doubt(&mut self, input: &[u8], record: &mut Record) -> (usize, bool) {
        if self.doubt.is_none() {
            return self.read_on(input, record);
        }
        let (taken, told) = self.read_in_doubt(input, record);
        if told != Told::Meant {
            return (taken, told == Told::Lone);
        }
        let (more, complete) = self.read_on(&input[taken..], record);
        (taken + more, complete)
    }

    /// Reads a record by what its first quote says, until it is told whether that is right; returns
    /// how many bytes were taken. A lone quote completes the record.
    #[cold]
    pub(super) fn read_in_doubt(&mut self, input: &[u8], record: &mut Record) -> (usize, Told) {
        let Some(mut doubt) = self.doubt.take() else {
            return (0, Told::Meant);
        };
        let (taken, told) = doubt.watch.take(input);
        doubt.since.extend_from_slice(&input[..taken]);
        if told == Told::Lone {
            self.take_back(*doubt, record);
            return (taken, told);
        }
        self.doubt = Some(doubt);
        let (same, complete) = self.read_on(&input[..taken], record);
        debug_assert!(same == taken && !complete, "a doubt ends with its record");
        if told == Told::Meant {
            self.doubt = None;
        }
        (taken, told)
    }

    /// The quote is a lone one: the record is its line, and the lines after it are read again.
    fn take_back(&mut self, doubt: Doubt, record: &mut Record) {
        record.bytes.truncate(doubt.bytes);
        record.ends.truncate(doubt.cells);
        record.ends.push(doubt.bytes);
        record.quoted.retain(|it| *it <= doubt.cells);
        record.text.truncate(doubt.text);
        record.broken = doubt.broken.or(Some(BrokenQuotes {
            field: doubt.cells,
            line: doubt.opened,
            kind: BrokenKind::NeverClosed,
        }));
        record.lines = doubt.line - record.line;
        self.state = State::RecordStart;
        self.begins_blank = false;
        self.last = doubt.line_break;
        self.line = doubt.line;
        self.again = Again {
            bytes: doubt.since,
            at: 0,
        };
    }

    /// True if a record is complete from bytes that were taken before, or by the end of the input.
    #[cold]
    pub(super) fn finish_behind(&mut self, record: &mut Record) -> bool {
        if self.read_again(record) {
            return true;
        }
        let Some(doubt) = self.doubt.take() else {
            return false;
        };
        let lone = doubt.watch.told_by_end() == Told::Lone;
        if lone {
            self.take_back(*doubt, record);
        }
        lone
    }
}
