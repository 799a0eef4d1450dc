//! What is written down once an hour, however often it happens: a flood of it must not fill the list
//! that it stands in, nor cost a write each time.

use std::collections::HashSet;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

const SECONDS_OF_AN_HOUR: i64 = 60 * 60;

/// So many are told apart. When there are more, all are forgotten, and may come once more.
const TOLD_APART: usize = 10_000;

/// The hour of a time, counted from 1970.
#[must_use]
pub fn hour(at: Timestamp) -> i64 {
    at.as_second().div_euclid(SECONDS_OF_AN_HOUR)
}

/// What one process has seen in this hour. Others may have seen the same: who writes it down has to
/// look there.
#[derive(Debug)]
pub struct Hourly<K>(Mutex<Seen<K>>);

#[derive(Debug)]
struct Seen<K> {
    hour: i64,
    what: HashSet<K>,
}

impl<K> Default for Hourly<K> {
    fn default() -> Self {
        let what = HashSet::new();
        Self(Mutex::new(Seen { hour: 0, what }))
    }
}

impl<K: Eq + Hash> Hourly<K> {
    /// Whether it is seen for the first time in the hour of this time.
    pub fn is_first(&self, what: K, at: Timestamp) -> bool {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let hour = hour(at);
        if hour != seen.hour || seen.what.len() >= TOLD_APART {
            seen.what.clear();
            seen.hour = hour;
        }
        seen.what.insert(what)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn each_is_first_once_an_hour() {
        let hourly = Hourly::default();
        #[rustfmt::skip]
        let table = [
            ("2026-01-01T12:00:00Z", 'a', true),
            ("2026-01-01T12:00:00Z", 'b', true),
            ("2026-01-01T12:59:59Z", 'a', false),
            ("2026-01-01T13:00:00Z", 'a', true),
            ("2026-01-01T13:00:01Z", 'a', false),
            ("2026-01-01T13:00:01Z", 'b', true),
        ];
        for (time, what, expected) in table {
            assert_eq!(hourly.is_first(what, at(time)), expected, "{what} {time}");
        }
    }

    #[test]
    fn what_is_seen_is_bounded() {
        let (hourly, now) = (Hourly::default(), at("2026-01-01T12:00:00Z"));
        for what in 0..3 * TOLD_APART {
            assert!(hourly.is_first(what, now));
            assert!(hourly.0.lock().unwrap().what.len() <= TOLD_APART);
        }
    }

    #[test]
    fn hours_are_counted_from_1970() {
        assert_eq!(hour(Timestamp::UNIX_EPOCH), 0);
        assert_eq!(hour(at("1970-01-01T01:59:59.999Z")), 1);
        assert_eq!(hour(at("1969-12-31T23:59:59Z")), -1);
    }
}
