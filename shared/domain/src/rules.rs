//! The rules of CSV, once: the record reader and the chunk planner both follow [`State::step`].
//!
//! They are those of the `csv` crate: a quote opens only at the start of a field, two quotes
//! inside a quoted field are one, bytes after a closing quote belong to the field, `\n`, `\r` and
//! `\r\n` end a record, and empty lines are no records.
//!
//! Most bytes change nothing. [`State::data_run`] and [`State::skip_run`] jump over them with
//! SIMD; a property test compares them with single steps.

use memchr::memchr3;

/// Where in a record the next byte stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// Before the first byte of a record. A line break here is an empty line, or the `\n` of `\r\n`.
    RecordStart,
    /// Right after a comma.
    FieldStart,
    /// In a field without quotes, or in the data that follows a closing quote.
    Plain,
    /// Between quotes.
    Quoted,
    /// Right after a quote between quotes: it closes the field unless another one follows.
    QuoteInQuoted,
}

/// What a byte is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Part of the field.
    Data,
    /// A quote that is syntax, or a line break outside any record.
    Syntax,
    /// The comma that ends a field.
    FieldEnd,
    /// The line break that ends a record and its last field.
    RecordEnd,
}

impl State {
    /// Takes one byte: returns the state after it and what the byte was.
    #[inline]
    pub(crate) fn step(self, byte: u8) -> (State, Role) {
        use State::{FieldStart, Plain, QuoteInQuoted, Quoted, RecordStart};
        match (self, byte) {
            (Quoted, b'"') => (QuoteInQuoted, Role::Syntax),
            (Quoted, _) => (Quoted, Role::Data),
            (RecordStart, b'\r' | b'\n') => (RecordStart, Role::Syntax),
            (RecordStart | FieldStart, b'"') => (Quoted, Role::Syntax),
            (QuoteInQuoted, b'"') => (Quoted, Role::Data),
            (_, b',') => (FieldStart, Role::FieldEnd),
            (_, b'\r' | b'\n') => (RecordStart, Role::RecordEnd),
            _ => (Plain, Role::Data),
        }
    }

    /// How many of the first bytes are data for certain, and the state after them. The byte after
    /// them, if there is one, needs a [`step`](Self::step).
    #[inline]
    pub(crate) fn data_run(self, bytes: &[u8]) -> (State, usize) {
        use State::{FieldStart, Plain, QuoteInQuoted, Quoted, RecordStart};
        let run = match (self, bytes.first()) {
            (_, None) => 0,
            (Quoted, _) => run_before(memchr3(b'"', b'\n', b'\r', bytes), bytes),
            (RecordStart, Some(b'\r' | b'\n')) => 0,
            (RecordStart | FieldStart | QuoteInQuoted, Some(b'"')) => 0,
            _ => run_before(memchr3(b',', b'\n', b'\r', bytes), bytes),
        };
        match (self, run) {
            (_, 0) | (Quoted, _) => (self, run),
            _ => (Plain, run),
        }
    }

    /// How many of the first bytes neither open nor close a quote nor break a line, and the state
    /// after them. The byte after them, if there is one, needs a [`step`](Self::step).
    #[inline]
    pub(crate) fn skip_run(self, bytes: &[u8]) -> (State, usize) {
        let run = run_before(memchr3(b'"', b'\n', b'\r', bytes), bytes);
        let state = match (self, run) {
            (_, 0) | (State::Quoted, _) => self,
            _ if bytes[run - 1] == b',' => State::FieldStart,
            _ => State::Plain,
        };
        (state, run)
    }
}

#[inline]
fn run_before(found: Option<usize>, bytes: &[u8]) -> usize {
    found.unwrap_or(bytes.len())
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

    const STATES: [State; 5] = [
        State::RecordStart,
        State::FieldStart,
        State::Plain,
        State::Quoted,
        State::QuoteInQuoted,
    ];

    fn csv_bytes() -> impl Strategy<Value = Vec<u8>> {
        let byte = prop_oneof![
            Just(b'"'),
            Just(b','),
            Just(b'\r'),
            Just(b'\n'),
            Just(b'a'),
            Just(b'b'),
        ];
        prop::collection::vec(byte, 0..12)
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, cases: 2_000, ..ProptestConfig::default() })]

        #[test]
        fn runs_are_single_steps_taken_at_once(state in prop::sample::select(&STATES[..]), bytes in csv_bytes()) {
            let (after, run) = state.data_run(&bytes);
            let mut stepped = state;
            for &byte in &bytes[..run] {
                let (next, role) = stepped.step(byte);
                prop_assert_eq!(role, Role::Data);
                stepped = next;
            }
            prop_assert_eq!(after, stepped);

            let (after, run) = state.skip_run(&bytes);
            let stepped = bytes[..run].iter().fold(state, |state, &byte| state.step(byte).0);
            prop_assert_eq!(after, stepped);
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
