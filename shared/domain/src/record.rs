//! A streaming reader of CSV records: bytes in any pieces in, one record at a time out.
//!
//! The rules are those of a [`Reading`]; for comma and double quotes they are those of the `csv`
//! crate (flexible), which is the oracle of the tests. It is a reader of our own for three reasons:
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

mod cells;
mod declared;
mod lone_quote;
mod quotes;
mod writer;

pub(crate) use cells::CellWriter;
pub use declared::DialectWriter;
pub use writer::RecordWriter;

/// How a line of a file ends that we write.
pub(crate) const LINE_END: &[u8] = b"\r\n";

use lone_quote::{Again, Doubt};

use crate::reading::Reading;
use crate::rejection::{BrokenKind, BrokenQuotes};
use crate::rules::{NOTHING_BEFORE, Role, State, Syntax, Told, breaks_line, is_blank, lines_ended};

/// One raw record. Its buffers are reused from record to record.
#[derive(Clone, Debug, Default)]
pub struct Record {
    bytes: Vec<u8>,
    ends: Vec<usize>,
    /// The quote of the reading, if it has one.
    quote: Option<u8>,
    /// The fields that stand in quotes.
    quoted: Vec<usize>,
    open_quote: Option<u64>,
    broken: Option<BrokenQuotes>,
    ends_file: bool,
    /// The bytes as they stand in the file, if the reader keeps them.
    text: Vec<u8>,
    /// Number of the record in its file; 1 is the first after the heading.
    pub number: u64,
    /// Physical line the record starts on; 1 is the first line of the file.
    pub line: u64,
    /// How many physical lines the record has; more than 1 if a quoted cell has line breaks.
    pub lines: u64,
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

    /// The bytes of all fields, one after the other.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The bytes as they stand in the file, without the line break at the end; none unless the
    /// reader [keeps](RecordReader::keep_text) them.
    pub fn text(&self) -> &[u8] {
        let text = self.text.strip_suffix(b"\n").unwrap_or(&self.text);
        text.strip_suffix(b"\r").unwrap_or(text)
    }

    /// True if the input ended between quotes: the record is the last one, and a quote in it was
    /// never closed.
    pub fn has_open_quote(&self) -> bool {
        self.open_quote.is_some()
    }

    /// The physical line on which the quote opens that was never closed.
    pub fn open_quote(&self) -> Option<u64> {
        self.open_quote
    }

    /// True if no field has anything but blanks, in a file of this many columns. If that is one, a
    /// field in quotes is meant to be empty. What DOS writes at the end of a file (^Z) is nothing.
    #[inline]
    pub fn is_blank(&self, width: usize) -> bool {
        let blank = self.bytes.iter().all(|&it| is_blank(it));
        let meant = width == 1 && !self.quoted.is_empty();
        (blank && !meant) || self.is_end_mark()
    }

    fn is_end_mark(&self) -> bool {
        self.ends_file && self.len() == 1 && self.bytes.trim_ascii() == b"\x1a"
    }

    /// True if the record has this many fields, or more of which all others are blank.
    pub fn fits(&self, width: usize) -> bool {
        let others = || (width..self.len()).filter_map(|i| self.field(i));
        self.len() == width || (self.len() > width && others().all(|it| it.trim_ascii().is_empty()))
    }

    fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
        self.quoted.clear();
        self.open_quote = None;
        self.broken = None;
        self.ends_file = false;
        self.text.clear();
    }

    #[inline]
    fn end_field(&mut self, begins_blank: bool, line: u64) {
        if begins_blank {
            self.look_at_blanks(line);
        }
        self.ends.push(self.bytes.len());
    }
}

/// What a byte that needed a step did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Taken {
    /// The record goes on.
    InRecord,
    /// It ended the record.
    Record,
    /// It is the first line break of a quoted cell.
    Doubt,
}

/// Cuts bytes into records.
#[derive(Clone, Debug)]
pub struct RecordReader {
    syntax: Syntax,
    state: State,
    last: u8,
    /// True if the field without quotes begins with a blank.
    begins_blank: bool,
    /// The line of the last opening quote.
    opened: u64,
    next_number: u64,
    line: u64,
    empty_lines: u64,
    keeps_text: bool,
    /// True if lone quotes are told: see [`Doubt`].
    strict: bool,
    /// In a quoted cell with a line break: whether its quote is a lone one is not known yet.
    doubt: Option<Box<Doubt>>,
    /// Bytes that were taken once, for a record that was none.
    again: Again,
}

impl RecordReader {
    /// A reader of comma and double quotes, at the start of a record: `first_record` is the number
    /// of the first record to come, `first_line` the physical line of the first byte to come.
    pub fn new(first_record: u64, first_line: u64) -> Self {
        Self::with(Syntax::PLAIN, first_record, first_line)
    }

    /// A reader by this reading, at the start of a record as in [`new`](Self::new).
    pub fn by(reading: &Reading, first_record: u64, first_line: u64) -> Self {
        let mut reader = Self::with(Syntax::of(reading), first_record, first_line);
        reader.strict = reading.strict;
        reader
    }

    fn with(syntax: Syntax, first_record: u64, first_line: u64) -> Self {
        Self {
            syntax,
            state: State::RecordStart,
            last: NOTHING_BEFORE,
            begins_blank: false,
            opened: first_line,
            next_number: first_record,
            line: first_line,
            empty_lines: 0,
            keeps_text: false,
            strict: false,
            doubt: None,
            again: Again::default(),
        }
    }

    /// Keeps the text of each record, as it stands in the file.
    #[must_use]
    pub fn keep_text(mut self) -> Self {
        self.keeps_text = true;
        self
    }

    /// Takes bytes from `input`; returns how many, and true if `record` is complete.
    ///
    /// If the record is not complete, it has taken all of them. Call again with the bytes that
    /// follow the taken ones and, until the record is complete, with the same `record`. After a
    /// lone quote, records come from bytes that were taken before: none is then taken.
    pub fn read(&mut self, input: &[u8], record: &mut Record) -> (usize, bool) {
        if self.is_behind() {
            return self.read_behind(input, record);
        }
        self.read_on(input, record)
    }

    fn read_on(&mut self, input: &[u8], record: &mut Record) -> (usize, bool) {
        if self.state == State::RecordStart {
            record.clear();
        }
        let mut at = 0;
        // Where the record begins in the input, which may be after empty lines.
        let mut begin = 0;
        while let Some(&byte) = input.get(at) {
            if self.state == State::RecordStart && !breaks_line(byte) {
                begin = at;
                self.begin(record);
            }
            at += self.take_run(&input[at..], record);
            let Some(&byte) = input.get(at) else { break };
            at += 1;
            match self.take_byte(byte, record) {
                Taken::InRecord => {}
                Taken::Record => {
                    self.keep(&input[begin..at], record);
                    return (at, true);
                }
                Taken::Doubt => {
                    self.keep(&input[begin..at], record);
                    self.begin_doubt(byte, record);
                    let (taken, told) = self.read_in_doubt(&input[at..], record);
                    at += taken;
                    begin = at;
                    if told != Told::Meant {
                        return (at, told == Told::Lone);
                    }
                }
            }
        }
        if self.state != State::RecordStart {
            self.keep(&input[begin..at], record);
        }
        (at, false)
    }

    #[inline]
    fn keep(&self, text: &[u8], record: &mut Record) {
        if self.keeps_text {
            record.text.extend_from_slice(text);
        }
    }

    /// Ends the input: true if a last record without a line break is now complete in `record`. An
    /// open quote ends with the input. Call it until it is false: after a lone quote in the last
    /// lines there may be several records.
    pub fn finish(&mut self, record: &mut Record) -> bool {
        if self.is_behind() && self.finish_behind(record) {
            return true;
        }
        let open = self.state != State::RecordStart;
        if open {
            record.end_field(self.begins_blank, self.line);
            record.ends_file = true;
            record.lines = self.line - record.line + u64::from(!breaks_line(self.last));
            let unclosed = matches!(self.state, State::Quoted | State::EscapedInQuoted);
            record.open_quote = unclosed.then_some(self.opened);
        }
        self.state = State::RecordStart;
        self.begins_blank = false;
        open
    }

    /// How many empty lines, which are no records, were read so far.
    pub fn empty_lines(&self) -> u64 {
        self.empty_lines
    }

    /// True if the last byte did not end a line: one more line has begun than has ended.
    pub fn is_inside_line(&self) -> bool {
        !breaks_line(self.last)
    }

    /// Physical line of the next byte; between `\r` and `\n` already the next line.
    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    fn begin(&mut self, record: &mut Record) {
        record.number = self.next_number;
        record.line = self.line;
        record.quote = self.syntax.quote();
        self.next_number += 1;
    }

    #[inline]
    fn take_run(&mut self, input: &[u8], record: &mut Record) -> usize {
        let (state, run) = self.syntax.data_run(self.state, input);
        if run > 0 {
            match self.state {
                State::FieldStart | State::RecordStart => self.begins_blank = is_blank(input[0]),
                State::QuoteInQuoted => record.break_quotes(self.line, BrokenKind::TextAfter),
                _ => {}
            }
            record.bytes.extend_from_slice(&input[..run]);
            self.last = input[run - 1];
            self.state = state;
        }
        run
    }

    #[inline]
    fn take_byte(&mut self, byte: u8, record: &mut Record) -> Taken {
        // Most bytes that need a step are delimiters.
        if self.syntax.ends_field(self.state, byte) {
            self.end_field(record);
            self.last = byte;
            self.state = State::FieldStart;
            return Taken::InRecord;
        }
        let (state, role) = self.syntax.step(self.state, byte);
        let ended = u64::from(lines_ended(self.last, byte));
        match role {
            Role::Data => self.take_data(byte, state, record),
            Role::FieldEnd | Role::RecordEnd => self.end_field(record),
            Role::Syntax => self.take_syntax(state, ended, record),
        }
        // Data that a step is needed for is rare: an escaped byte, or a line break in quotes.
        let doubt = role == Role::Data && self.begins_doubt(byte);
        self.line += ended;
        self.last = byte;
        self.state = state;
        match role {
            Role::RecordEnd => {
                record.lines = self.line - record.line;
                Taken::Record
            }
            _ if doubt => Taken::Doubt,
            _ => Taken::InRecord,
        }
    }

    #[inline]
    fn begins_doubt(&self, byte: u8) -> bool {
        self.strict && self.state == State::Quoted && breaks_line(byte) && self.doubt.is_none()
    }

    #[inline]
    fn end_field(&mut self, record: &mut Record) {
        record.end_field(self.begins_blank, self.line);
        self.begins_blank = false;
    }

    #[inline]
    fn take_data(&mut self, byte: u8, next: State, record: &mut Record) {
        if self.state == State::QuoteInQuoted && next == State::Plain {
            record.break_quotes(self.line, BrokenKind::TextAfter);
        }
        let escaped = matches!(self.state, State::Escaped | State::EscapedInQuoted);
        if escaped && !self.syntax.is_escapable(byte) {
            record.bytes.push(self.syntax.escape());
        }
        record.bytes.push(byte);
    }

    #[inline]
    fn take_syntax(&mut self, next: State, ended: u64, record: &mut Record) {
        match (self.state, next) {
            (State::RecordStart, State::RecordStart) => self.empty_lines += ended,
            (State::RecordStart | State::FieldStart, State::Quoted) => {
                self.opened = self.line;
                record.quoted.push(record.ends.len());
            }
            (State::QuoteInQuoted, State::Escaped) => {
                record.break_quotes(self.line, BrokenKind::TextAfter);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests;
