//! The rules of CSV, once: the record reader and the chunk planner both follow [`Syntax::step`].
//!
//! A quote opens only at the start of a field, bytes after a closing quote belong to the field,
//! `\n`, `\r` and `\r\n` end a record, and empty lines are no records. With comma, double quote
//! and doubled quotes these are the rules of the `csv` crate.
//!
//! Most bytes change nothing. [`Syntax::data_run`] and [`Syntax::skip_run`] jump over them with
//! SIMD; a property test compares them with single steps.

mod lone_quote;

pub(crate) use lone_quote::{Told, Watch};

use memchr::memchr3;

use crate::reading::{Escape, Reading};

/// Where in a record the next byte stands. Those before `Quoted` are outside of quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// Before the first byte of a record. A line break here is an empty line, or the `\n` of `\r\n`.
    RecordStart,
    /// Right after a delimiter, or after the blanks that follow it where they are skipped.
    FieldStart,
    /// In a field without quotes, or in the data that follows a closing quote.
    Plain,
    /// Right after a quote between quotes: it closes the field unless another one follows.
    QuoteInQuoted,
    /// Between quotes.
    Quoted,
    /// Right after an escape outside of quotes: the next byte is data.
    Escaped,
    /// Right after an escape between quotes: the next byte is data.
    EscapedInQuoted,
}

/// What a byte is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Part of the field.
    Data,
    /// A quote, an escape or a blank that is syntax, or a line break outside any record.
    Syntax,
    /// The delimiter that ends a field.
    FieldEnd,
    /// The line break that ends a record and its last field.
    RecordEnd,
}

/// The bytes of a reading that are syntax.
///
/// A quote or an escape that there is not is held as a line feed. That one never gets as far as
/// being compared with it, and searching for it costs nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Syntax {
    delimiter: u8,
    quote: u8,
    escape: u8,
    doubled: bool,
    skip_blanks: bool,
}

const NONE: u8 = b'\n';

impl Syntax {
    pub(crate) fn of(reading: &Reading) -> Self {
        let escape = match reading.escape {
            Escape::Byte(byte) => byte,
            Escape::Doubled | Escape::None => NONE,
        };
        Self {
            delimiter: reading.delimiter,
            quote: reading.quote.unwrap_or(NONE),
            escape,
            doubled: reading.escape == Escape::Doubled,
            skip_blanks: reading.skip_initial_space,
        }
    }

    /// Comma, double quote, doubled.
    pub(crate) const PLAIN: Syntax = Syntax {
        delimiter: b',',
        quote: b'"',
        escape: NONE,
        doubled: true,
        skip_blanks: false,
    };

    pub(crate) fn quote(self) -> Option<u8> {
        (self.quote != NONE).then_some(self.quote)
    }

    /// The escape, in a syntax that has one.
    pub(crate) fn escape(self) -> u8 {
        self.escape
    }

    /// Takes one byte: returns the state after it and what the byte was.
    #[inline]
    pub(crate) fn step(self, state: State, byte: u8) -> (State, Role) {
        use State::{Escaped, EscapedInQuoted, Plain, QuoteInQuoted, Quoted};
        match state {
            _ if self.ends_field(state, byte) => (State::FieldStart, Role::FieldEnd),
            Escaped => (Plain, Role::Data),
            EscapedInQuoted => (Quoted, Role::Data),
            Quoted if byte == NONE => (Quoted, Role::Data),
            Quoted if byte == self.quote => (QuoteInQuoted, Role::Syntax),
            Quoted if byte == self.escape => (EscapedInQuoted, Role::Syntax),
            Quoted => (Quoted, Role::Data),
            _ => self.step_outside(state, byte),
        }
    }

    /// Takes one byte outside of quotes and escapes that is no delimiter.
    #[inline]
    fn step_outside(self, state: State, byte: u8) -> (State, Role) {
        use State::{FieldStart, QuoteInQuoted, Quoted, RecordStart};
        match state {
            RecordStart if breaks_line(byte) => (RecordStart, Role::Syntax),
            _ if breaks_line(byte) => (RecordStart, Role::RecordEnd),
            RecordStart | FieldStart if byte == self.quote => (Quoted, Role::Syntax),
            RecordStart | FieldStart if self.skips(byte) => (FieldStart, Role::Syntax),
            QuoteInQuoted if self.doubles(byte) => (Quoted, Role::Data),
            _ if byte == self.escape => (State::Escaped, Role::Syntax),
            _ => (State::Plain, Role::Data),
        }
    }

    /// True if an escape means the byte after it: any other byte has one before it that is data.
    pub(crate) fn is_escapable(self, byte: u8) -> bool {
        let syntax = [self.delimiter, self.quote, self.escape];
        syntax.contains(&byte) || breaks_line(byte)
    }

    /// True if the byte, after a quote between quotes, makes both of them one that is data.
    #[inline]
    pub(crate) fn doubles(self, byte: u8) -> bool {
        self.doubled && byte == self.quote
    }

    /// True if the byte is the delimiter, and not between quotes or escaped.
    #[inline]
    pub(crate) fn ends_field(self, state: State, byte: u8) -> bool {
        byte == self.delimiter && (state as u8) < (State::Quoted as u8)
    }

    /// True if the byte ends a record: a line break that is neither between records nor between
    /// quotes nor escaped.
    #[inline]
    pub(crate) fn ends_record(state: State, byte: u8) -> bool {
        let inside = (State::FieldStart as u8)..(State::Quoted as u8);
        breaks_line(byte) && inside.contains(&(state as u8))
    }

    /// How many of the first bytes are data for certain, and the state after them. The byte after
    /// them, if there is one, needs a [`step`](Self::step).
    #[inline]
    pub(crate) fn data_run(self, state: State, bytes: &[u8]) -> (State, usize) {
        use State::{Plain, Quoted};
        let run = match (state, bytes.first()) {
            (_, None) => 0,
            (Plain, _) => self.run_before(self.delimiter, bytes),
            (Quoted, _) => self.run_before(self.quote, bytes),
            (_, Some(&first)) if !self.begins_data(state, first) => 0,
            _ => self.run_before(self.delimiter, bytes),
        };
        match (state, run) {
            (_, 0) | (Quoted, _) => (state, run),
            _ => (Plain, run),
        }
    }

    /// How many of the first bytes neither open nor close a quote, escape nothing and break no
    /// line, and the state after them. The byte after them, if there is one, needs a
    /// [`step`](Self::step).
    #[inline]
    pub(crate) fn skip_run(self, state: State, bytes: &[u8]) -> (State, usize) {
        if state as u8 > State::Quoted as u8 {
            return (state, 0);
        }
        let run = self.run_before(self.quote, bytes);
        let after = match (state, run) {
            (_, 0) | (State::Quoted, _) => state,
            _ if self.skip_blanks => self.after_blanks(state, &bytes[..run]),
            _ if bytes[run - 1] == self.delimiter => State::FieldStart,
            _ => State::Plain,
        };
        (after, run)
    }

    /// True if a first byte of this state begins a run of data, whatever follows it.
    #[inline]
    fn begins_data(self, state: State, first: u8) -> bool {
        match state {
            State::RecordStart | State::FieldStart => first != self.quote && !self.skips(first),
            State::QuoteInQuoted => first != self.quote,
            _ => false,
        }
    }

    /// The bytes before the first one that is `byte`, an escape or a line break.
    #[inline]
    fn run_before(self, byte: u8, bytes: &[u8]) -> usize {
        let found = match self.escape {
            NONE => memchr3(byte, b'\n', b'\r', bytes),
            _ => self.find_with_escape(byte, bytes),
        };
        found.unwrap_or(bytes.len())
    }

    /// Four bytes are too many for the SIMD search, and two searches would look at a long field
    /// again from each of its escapes.
    fn find_with_escape(self, byte: u8, bytes: &[u8]) -> Option<usize> {
        let ends = |it: &u8| *it == byte || *it == self.escape || breaks_line(*it);
        bytes.iter().position(ends)
    }

    /// The state after a run, where blanks after a delimiter are skipped.
    #[cold]
    fn after_blanks(self, before: State, run: &[u8]) -> State {
        let last = run.iter().rposition(|&it| !self.skips(it));
        match last.map(|at| run[at]) {
            Some(byte) if byte == self.delimiter => State::FieldStart,
            None if matches!(before, State::RecordStart | State::FieldStart) => State::FieldStart,
            _ => State::Plain,
        }
    }

    /// True for a blank that is no part of a field which it begins.
    #[inline]
    fn skips(self, byte: u8) -> bool {
        self.skip_blanks && is_blank(byte) && byte != self.delimiter
    }
}

/// True for a blank inside a line.
#[inline]
pub(crate) fn is_blank(byte: u8) -> bool {
    byte == b' ' || byte == b'\t'
}

/// True if the byte breaks a line, alone or as a half of `\r\n`.
#[inline]
pub(crate) fn breaks_line(byte: u8) -> bool {
    byte == b'\n' || byte == b'\r'
}

/// How many lines (0 or 1) end with this byte: `\r\n` counts at its `\r`.
#[inline]
pub(crate) fn lines_ended(before: u8, byte: u8) -> u8 {
    u8::from(byte == b'\r' || (byte == b'\n' && before != b'\r'))
}

/// The byte that is assumed before the first one, for [`lines_ended`]: the end of a line.
pub(crate) const NOTHING_BEFORE: u8 = b'\n';

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const STATES: [State; 7] = [
        State::RecordStart,
        State::FieldStart,
        State::Plain,
        State::Quoted,
        State::QuoteInQuoted,
        State::Escaped,
        State::EscapedInQuoted,
    ];

    fn csv_bytes() -> impl Strategy<Value = Vec<u8>> {
        let byte = prop::sample::select(&b"\",\r\nab \t\\;'"[..]);
        prop::collection::vec(byte, 0..12)
    }

    fn any_syntax() -> impl Strategy<Value = Syntax> {
        let delimiter = prop::sample::select(&b",;\t "[..]);
        let quote = prop::sample::select(&[b'"', b'\'', NONE][..]);
        let escape = prop::sample::select(&[NONE, NONE, b'\\'][..]);
        let any = (delimiter, quote, escape, any::<bool>(), any::<bool>());
        any.prop_map(|(delimiter, quote, escape, doubled, skip_blanks)| Syntax {
            delimiter,
            quote,
            escape,
            doubled: doubled && escape == NONE,
            skip_blanks: skip_blanks && delimiter != b' ',
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, cases: 5_000, ..ProptestConfig::default() })]

        #[test]
        fn runs_are_single_steps_taken_at_once(
            syntax in prop_oneof![Just(Syntax::PLAIN), any_syntax()],
            state in prop::sample::select(&STATES[..]),
            bytes in csv_bytes(),
        ) {
            let (after, run) = syntax.data_run(state, &bytes);
            let mut stepped = state;
            for &byte in &bytes[..run] {
                let (next, role) = syntax.step(stepped, byte);
                prop_assert_eq!(role, Role::Data);
                stepped = next;
            }
            prop_assert_eq!(after, stepped);

            let (after, run) = syntax.skip_run(state, &bytes);
            let step = |state, &byte: &u8| syntax.step(state, byte).0;
            let stepped = bytes[..run].iter().fold(state, step);
            prop_assert_eq!(after, stepped);
            let ends = |byte: &u8| breaks_line(*byte);
            prop_assert!(!bytes[..run].iter().any(ends), "lines are counted at their breaks");
        }
    }

    #[test]
    fn a_line_ends_once_at_each_kind_of_break() {
        let count = |bytes: &[u8]| {
            let mut before = NOTHING_BEFORE;
            let mut lines = 0;
            for &byte in bytes {
                lines += lines_ended(before, byte);
                before = byte;
            }
            lines
        };
        assert_eq!(count(b"a\nb\r\nc\rd"), 3);
        assert_eq!(count(b"\n\n\r\r\n\n"), 5);
    }
}
