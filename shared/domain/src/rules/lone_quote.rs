//! A lone quote opens a cell that ends at the next quote of the file, however far away that is, and
//! every record in between would be lost with it. [`Watch`] tells such a quote from an honest one.
//!
//! A quoted cell with a line break is read in two ways at once. In the first the quote means what
//! it says. In the second it is a lone one: its line is a broken record, and another record begins
//! after the line break. The second is right where the first is certainly wrong and the second is
//! not: text follows the quote that would close the cell, that same quote opens a cell in the second
//! way, and no quote is broken there up to the end of its line. A cell whose quotes are right never
//! looks like that.
//!
//! What is told depends on the bytes from the start of the record to the end of that line, never on
//! the pieces in which they come. It needs no bytes twice: both ways are states of the same rules.

use super::{State, Syntax, breaks_line, lines_ended};

/// What a watch has found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// Nothing yet: it needs the bytes that follow.
    Nothing,
    /// The quote means what it says, or it cannot be told: the first way is kept.
    Meant,
    /// It is a lone quote: the second way is right.
    Lone,
}

/// Two ways to read on after the first line break of a quoted cell.
#[derive(Clone, Debug)]
pub(crate) struct Watch {
    syntax: Syntax,
    first: State,
    second: State,
    /// True if the first way is broken; it is left to see whether the second is whole.
    doubted: bool,
    last: u8,
    taken: u64,
    lines: u64,
    records: u64,
    /// Where the second way's last record begins: bytes and lines since the line break.
    record_at: (u64, u64),
}

impl Watch {
    /// A watch whose next byte is the one after this byte of a line break, the first in its cell.
    #[cold]
    pub(crate) fn after(line_break: u8, syntax: Syntax) -> Self {
        Self {
            syntax,
            first: State::Quoted,
            second: State::RecordStart,
            doubted: false,
            last: line_break,
            taken: 0,
            lines: 0,
            records: 0,
            record_at: (0, 0),
        }
    }

    /// Takes bytes until something is told; returns how many. Neither way ends a record of the
    /// first one: the byte that tells is not taken if it is a delimiter or a line break.
    pub(crate) fn take(&mut self, bytes: &[u8]) -> (usize, Told) {
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            if self.first == State::Quoted && !self.doubted {
                let run = self.take_run(&bytes[at..]);
                at += run;
                if run > 0 {
                    continue;
                }
            }
            match self.judge(byte) {
                Told::Nothing => self.step(byte),
                told => return (at, told),
            }
            at += 1;
        }
        (at, Told::Nothing)
    }

    /// What is told if nothing follows.
    pub(crate) fn told_by_end(&self) -> Told {
        let closed = !matches!(self.second, State::Quoted | State::EscapedInQuoted);
        match self.doubted && closed {
            true => Told::Lone,
            false => Told::Meant,
        }
    }

    /// True if the first way is broken. Whatever quote is open was then opened on this line.
    pub(crate) fn is_doubted(&self) -> bool {
        self.doubted
    }

    /// The state of the first way.
    pub(crate) fn first(&self) -> State {
        self.first
    }

    /// The state of the second way.
    pub(crate) fn second(&self) -> State {
        self.second
    }

    /// How many lines have ended since the watch began.
    pub(crate) fn lines(&self) -> u64 {
        self.lines
    }

    /// How many records of the second way have ended.
    pub(crate) fn records(&self) -> u64 {
        self.records
    }

    /// Where its next record begins: bytes and lines since the watch began.
    pub(crate) fn record_at(&self) -> (u64, u64) {
        self.record_at
    }

    /// What is told by the next byte, which is then not taken; or nothing, which is a step.
    fn judge(&mut self, byte: u8) -> Told {
        if self.doubted {
            return self.judge_second(byte);
        }
        if self.first != State::QuoteInQuoted || self.syntax.doubles(byte) {
            return Told::Nothing;
        }
        let closes = self.syntax.ends_field(self.first, byte) || breaks_line(byte);
        if closes || self.second != State::Quoted {
            return Told::Meant;
        }
        self.doubted = true;
        Told::Nothing
    }

    fn judge_second(&self, byte: u8) -> Told {
        if breaks_line(byte) {
            return Told::Lone;
        }
        let closed = self.second == State::QuoteInQuoted;
        let goes_on = self.syntax.doubles(byte) || self.syntax.ends_field(self.second, byte);
        match closed && !goes_on {
            true => Told::Meant,
            false => Told::Nothing,
        }
    }

    fn step(&mut self, byte: u8) {
        self.begin_record(byte);
        let ends = Syntax::ends_record(self.second, byte);
        self.records += u64::from(ends);
        self.first = self.syntax.step(self.first, byte).0;
        self.second = self.syntax.step(self.second, byte).0;
        self.lines += u64::from(lines_ended(self.last, byte));
        self.taken += 1;
        self.last = byte;
    }

    /// Takes the bytes that both ways take for data.
    fn take_run(&mut self, bytes: &[u8]) -> usize {
        let (_, run) = self.syntax.data_run(State::Quoted, bytes);
        let mut rest = &bytes[..run];
        while let Some(&byte) = rest.first() {
            self.begin_record(byte);
            let (second, length) = match self.syntax.skip_run(self.second, rest) {
                (_, 0) => (self.syntax.step(self.second, byte).0, 1),
                skipped => skipped,
            };
            self.second = second;
            self.taken += length as u64;
            self.last = rest[length - 1];
            rest = &rest[length..];
        }
        run
    }

    fn begin_record(&mut self, byte: u8) {
        if self.second == State::RecordStart && !breaks_line(byte) {
            self.record_at = (self.taken, self.lines);
        }
    }
}
