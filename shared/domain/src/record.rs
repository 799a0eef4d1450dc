//! A streaming reader of CSV records: bytes in any pieces in, one record at a time out.
//!
//! The rules are those of the `csv` crate (flexible, comma, double quotes); the crate is the
//! oracle of the tests. It is a reader of our own for three reasons:
//!
//! - A record must come with its number and the physical line it starts on, from any chunk of a
//!   file. The crate (1.4) counts `\n` only, although a `\r` alone ends a record, and takes empty
//!   lines before a record for its start.
//! - A quote that is never closed must be told. The crate ends the record with the file, silently.
//! - The reader and the chunk planner must cut at the same bytes. They share one step, `rules`; the
//!   planner keeps no field.
//!
//! Speed is no reason: the crate takes 0.94 of its time. `simd-csv` (0.14) takes 0.43 to 0.48, but
//! has other rules: a `\r` alone is data, and a quote also opens in the middle of a field, so that
//! `b"c` swallows the records after it. (50,000 sales records in memory, each reader in turn, 101
//! times; medians of three such runs.)

mod writer;

pub use writer::RecordWriter;

use crate::rules::{NOTHING_BEFORE, Role, State, breaks_line, lines_ended};

/// One raw record. Its buffers are reused from record to record.
#[derive(Clone, Debug, Default)]
pub struct Record {
    bytes: Vec<u8>,
    ends: Vec<usize>,
    open_quote: bool,
    /// Number of the record in its file; 1 is the first after the heading.
    pub number: u64,
    /// Physical line the record starts on; 1 is the first line of the file.
    pub line: u64,
}

impl Record {
    /// How many fields the record has.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// True only before the first record was read: a complete record has one field or more.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The bytes of field `i` from 0, without its quotes, or `None` after the last.
    pub fn field(&self, i: usize) -> Option<&[u8]> {
        let end = *self.ends.get(i)?;
        let start = if i == 0 { 0 } else { self.ends[i - 1] };
        self.bytes.get(start..end)
    }

    /// All fields in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.len()).filter_map(|i| self.field(i))
    }

    /// True if the input ended between quotes: the record is the last one, and a quote in it was
    /// never closed.
    pub fn has_open_quote(&self) -> bool {
        self.open_quote
    }

    fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
        self.open_quote = false;
    }

    fn end_field(&mut self) {
        self.ends.push(self.bytes.len());
    }
}

/// Cuts bytes into records.
#[derive(Clone, Debug)]
pub struct RecordReader {
    state: State,
    last: u8,
    next_number: u64,
    line: u64,
}

impl RecordReader {
    /// A reader at the start of a record: `first_record` is the number of the first record to
    /// come, `first_line` the physical line of the first byte to come.
    pub fn new(first_record: u64, first_line: u64) -> Self {
        Self {
            state: State::RecordStart,
            last: NOTHING_BEFORE,
            next_number: first_record,
            line: first_line,
        }
    }

    /// Takes bytes from `input`; returns how many, and true if `record` is complete.
    ///
    /// If the record is not complete, it has taken all of them. Call again with the bytes that
    /// follow the taken ones and, until the record is complete, with the same `record`.
    pub fn read(&mut self, input: &[u8], record: &mut Record) -> (usize, bool) {
        if self.state == State::RecordStart {
            record.clear();
        }
        let mut at = 0;
        while let Some(&byte) = input.get(at) {
            if self.state == State::RecordStart && !breaks_line(byte) {
                self.begin(record);
            }
            at += self.take_run(&input[at..], record);
            let Some(&byte) = input.get(at) else { break };
            at += 1;
            if self.take_byte(byte, record) {
                return (at, true);
            }
        }
        (at, false)
    }

    /// Ends the input: true if a last record without a line break is now complete in `record`. An
    /// open quote ends with the input.
    pub fn finish(&mut self, record: &mut Record) -> bool {
        let open = self.state != State::RecordStart;
        if open {
            record.end_field();
            record.open_quote = self.state == State::Quoted;
        }
        self.state = State::RecordStart;
        open
    }

    /// Physical line of the next byte; between `\r` and `\n` already the next line.
    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    fn begin(&mut self, record: &mut Record) {
        record.number = self.next_number;
        record.line = self.line;
        self.next_number += 1;
    }

    fn take_run(&mut self, input: &[u8], record: &mut Record) -> usize {
        let (state, run) = self.state.data_run(input);
        if run > 0 {
            record.bytes.extend_from_slice(&input[..run]);
            self.last = input[run - 1];
            self.state = state;
        }
        run
    }

    fn take_byte(&mut self, byte: u8, record: &mut Record) -> bool {
        let (state, role) = self.state.step(byte);
        match role {
            Role::Data => record.bytes.push(byte),
            Role::FieldEnd | Role::RecordEnd => record.end_field(),
            Role::Syntax => {}
        }
        self.line += u64::from(lines_ended(self.last, byte));
        self.last = byte;
        self.state = state;
        role == Role::RecordEnd
    }
}
