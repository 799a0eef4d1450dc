//! The chunk planner: one pass over an object that says where it may be cut.
//!
//! A chunk is a range of whole records. The plan is a pure function of the bytes, the chunk size
//! and the start, for any pieces the bytes come in; the ranges follow each other without gap or
//! overlap from the end of the heading to the end of the object. A planner's memory does not grow.

use crate::limits::{
    CHUNK_BYTES_AT_LEAST, CHUNK_BYTES_AT_MOST, CHUNKS_OF_A_FILE, RECORD_BYTES_AT_MOST,
};
use crate::reading::Reading;
use crate::reason::Reason;
use crate::rules::{NOTHING_BEFORE, Role, State, Syntax, Told, Watch, breaks_line, lines_ended};

/// Raised whenever the same bytes and settings would be cut differently: a pinned plan of
/// another version must not be continued.
pub const PLAN_VERSION: i16 = 2;

/// True of the versions that are cut here: in version 1, no reading was pinned, and the plan goes
/// on by [`Reading::before`].
pub fn is_known(version: i16) -> bool {
    (1..=PLAN_VERSION).contains(&version)
}

/// The bytes a chunk should have.
pub fn chunk_bytes(object_size: i64) -> i64 {
    (object_size / CHUNKS_OF_A_FILE).clamp(CHUNK_BYTES_AT_LEAST, CHUNK_BYTES_AT_MOST)
}

/// A range of whole records of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// Number of the chunk in the plan, from 0.
    pub number: i32,
    /// First byte in the object.
    pub byte_start: i64,
    /// The byte after the last one.
    pub byte_end: i64,
    /// Number of the first record; 1 is the first after the heading.
    pub first_record: i64,
    /// Physical line of the first byte; 1 is the first line of the object.
    pub first_line: i64,
    /// How many records start (and end) in the range; 0 if it has only empty lines.
    pub records: i64,
    /// How many physical lines end in the range.
    pub lines: i64,
}

/// Where a plan starts or continues: always at the start of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Start {
    /// Number of the first chunk to be planned.
    pub number: i32,
    /// Its first byte in the object.
    pub byte: i64,
    /// Number of its first record.
    pub record: i64,
    /// Physical line of its first byte.
    pub line: i64,
}

impl Start {
    /// The start of a new plan: the first record after a heading that ends before `byte`.
    pub fn after_heading(byte: i64, line: i64) -> Self {
        Self {
            number: 0,
            byte,
            record: 1,
            line,
        }
    }

    /// Where another planner continues after the last chunk that was stored.
    pub fn after(chunk: &Chunk) -> Self {
        Self {
            number: chunk.number + 1,
            byte: chunk.byte_end,
            record: chunk.first_record + chunk.records,
            line: chunk.first_line + chunk.lines,
        }
    }
}

/// Plans chunks as the object's bytes are passed in.
#[derive(Clone, Debug)]
pub struct Planner {
    syntax: Syntax,
    /// True if a quote that is never closed fails the plan.
    strict: bool,
    chunk_bytes: i64,
    /// Start of the chunk that is open.
    chunk: Start,
    /// Start of the record that is open, or of the last one.
    record_byte: i64,
    record_line: i64,
    /// The next byte's position in the object, its record if one starts there, and its line.
    byte: i64,
    record: i64,
    line: i64,
    state: State,
    last: u8,
    /// The line of the last opening quote.
    opened: i64,
    /// In a quoted cell with a line break: whether its quote is a lone one is not known yet.
    doubt: Option<Doubt>,
}

/// A watch, and where it began.
#[derive(Clone, Debug)]
struct Doubt {
    watch: Watch,
    byte: i64,
    line: i64,
}

impl Planner {
    /// A planner of comma and double quotes, by the rules from before readings were pinned. Its
    /// next byte is the object's byte `start.byte`. `chunk_bytes` below 1 is 1.
    pub fn new(chunk_bytes: i64, start: Start) -> Self {
        Self::by(&Reading::before(), chunk_bytes, start)
    }

    /// A planner by this reading, with its next byte as in [`new`](Self::new).
    pub fn by(reading: &Reading, chunk_bytes: i64, start: Start) -> Self {
        Self {
            syntax: Syntax::of(reading),
            strict: reading.strict,
            opened: start.line,
            chunk_bytes: chunk_bytes.max(1),
            chunk: start,
            record_byte: start.byte,
            record_line: start.line,
            byte: start.byte,
            record: start.record,
            line: start.line,
            state: State::RecordStart,
            last: NOTHING_BEFORE,
            doubt: None,
        }
    }

    /// Takes the next bytes and appends the chunks whose end is now known to `planned`.
    ///
    /// A chunk ends at the first record boundary at or after the chunk size. The byte after it must
    /// be known, so that `\r\n` is not cut.
    ///
    /// # Errors
    /// `record_too_large` if a record exceeds [`RECORD_BYTES_AT_MOST`]; the planner is then of no
    /// more use.
    pub fn push(&mut self, bytes: &[u8], planned: &mut Vec<Chunk>) -> Result<(), Reason> {
        let mut rest = match self.doubt {
            None => bytes,
            Some(_) => self.watch(bytes)?,
        };
        while let Some(&byte) = rest.first() {
            if self.may_cut_before(byte) {
                planned.push(self.cut());
            }
            rest = self.take_some(rest)?;
        }
        self.refuse_large_record()
    }

    /// Ends the plan at the end of the object. Returns the last chunk, or `None` if nothing follows
    /// the chunk before it (or the heading). If only empty lines follow, it has 0 records.
    ///
    /// # Errors
    /// As [`push`](Self::push); `open_quote` if a quote is still open, unless the reading is from
    /// before readings were pinned.
    pub fn finish(mut self) -> Result<Option<Chunk>, Reason> {
        self.refuse_large_record()?;
        if let Some(doubt) = self.doubt.take() {
            let told = doubt.watch.told_by_end();
            self.settle(&doubt, told)?;
        }
        let unclosed = matches!(self.state, State::Quoted | State::EscapedInQuoted);
        if self.strict && unclosed {
            return Err(Reason::open_quote(self.opened.unsigned_abs()));
        }
        if self.state != State::RecordStart {
            self.record += 1;
        }
        Ok((self.byte > self.chunk.byte).then(|| self.cut()))
    }

    /// The next byte the planner expects: how far it has read the object.
    pub fn position(&self) -> i64 {
        self.byte
    }

    /// The first byte that is in no planned chunk yet.
    pub fn planned_to(&self) -> i64 {
        self.chunk.byte
    }

    #[inline]
    fn may_cut_before(&self, byte: u8) -> bool {
        self.state == State::RecordStart
            && self.byte - self.chunk.byte >= self.chunk_bytes
            && !(self.last == b'\r' && byte == b'\n')
    }

    fn cut(&mut self) -> Chunk {
        let chunk = Chunk {
            number: self.chunk.number,
            byte_start: self.chunk.byte,
            byte_end: self.byte,
            first_record: self.chunk.record,
            first_line: self.chunk.line,
            records: self.record - self.chunk.record,
            lines: self.line - self.chunk.line,
        };
        self.chunk = Start::after(&chunk);
        chunk
    }

    /// Takes the bytes that change nothing and the byte after them; returns the rest.
    #[inline]
    fn take_some<'b>(&mut self, bytes: &'b [u8]) -> Result<&'b [u8], Reason> {
        if self.state == State::RecordStart && !breaks_line(bytes[0]) {
            self.record_byte = self.byte;
            self.record_line = self.line;
        }
        let (state, run) = self.syntax.skip_run(self.state, bytes);
        if run > 0 {
            self.state = state;
            self.last = bytes[run - 1];
            self.byte += run as i64;
        }
        let Some(&byte) = bytes.get(run) else {
            return Ok(&[]);
        };
        let rest = &bytes[run + 1..];
        // Most bytes that need a step end a record.
        if Syntax::ends_record(self.state, byte) {
            self.refuse_large_record()?;
            self.record += 1;
            self.state = State::RecordStart;
            self.count(byte);
            return Ok(rest);
        }
        self.step(byte);
        self.count(byte);
        match self.doubt {
            None => Ok(rest),
            Some(_) => self.watch(rest),
        }
    }

    #[inline]
    fn count(&mut self, byte: u8) {
        self.line += i64::from(lines_ended(self.last, byte));
        self.byte += 1;
        self.last = byte;
    }

    /// Takes a byte that ends no record.
    #[inline]
    fn step(&mut self, byte: u8) {
        let (state, role) = self.syntax.step(self.state, byte);
        if state == State::Quoted {
            if role == Role::Syntax {
                self.opened = self.line;
            } else if breaks_line(byte) && self.state == State::Quoted && self.strict {
                self.begin_doubt(byte);
            }
        }
        self.state = state;
    }

    /// Called with the first line break of a quoted cell, before it is counted.
    #[cold]
    fn begin_doubt(&mut self, line_break: u8) {
        self.doubt = Some(Doubt {
            watch: Watch::after(line_break, self.syntax),
            byte: self.byte + 1,
            line: self.line + i64::from(lines_ended(self.last, line_break)),
        });
    }

    /// Takes bytes of a quoted cell with line breaks; returns the rest. No chunk ends here: whoever
    /// reads one must be able to tell the same.
    #[cold]
    fn watch<'b>(&mut self, bytes: &'b [u8]) -> Result<&'b [u8], Reason> {
        let Some(mut doubt) = self.doubt.take() else {
            return Ok(bytes);
        };
        let (taken, told) = doubt.watch.take(bytes);
        self.byte += taken as i64;
        self.line = doubt.line + doubt.watch.lines() as i64;
        self.last = taken.checked_sub(1).map_or(self.last, |it| bytes[it]);
        match told {
            Told::Nothing => self.doubt = Some(doubt),
            told => self.settle(&doubt, told)?,
        }
        Ok(&bytes[taken..])
    }

    /// Goes on as was told.
    fn settle(&mut self, doubt: &Doubt, told: Told) -> Result<(), Reason> {
        if doubt.watch.is_doubted() {
            self.opened = self.line;
        }
        self.state = doubt.watch.first();
        if told == Told::Lone {
            self.refuse_large_record()?;
            let (byte, line) = doubt.watch.record_at();
            self.record += 1 + doubt.watch.records() as i64;
            self.record_byte = doubt.byte + byte as i64;
            self.record_line = doubt.line + line as i64;
            self.state = doubt.watch.second();
        }
        Ok(())
    }

    #[inline]
    fn refuse_large_record(&self) -> Result<(), Reason> {
        let open = self.state != State::RecordStart;
        if open && self.byte - self.record_byte > RECORD_BYTES_AT_MOST {
            return Err(Reason::RecordTooLarge {
                line: self.record_line,
            });
        }
        Ok(())
    }
}
