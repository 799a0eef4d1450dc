//! By what rows are sorted, and by what a cursor finds its place among them.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

/// A value of the column that rows are sorted by. Those of one dataset are of one kind, and stand
/// in the order of their values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// A day.
    Date(Date),
    /// A day and a time, or a moment in UTC.
    DateTime(DateTime),
    /// A whole number.
    Integer(i64),
}

impl Key {
    /// The key as one number: microseconds since 1970 for a day and time.
    pub fn number(self) -> i64 {
        match self {
            Key::Integer(it) => it,
            Key::Date(it) => Key::moment(it.at(0, 0, 0, 0)).as_microsecond(),
            Key::DateTime(it) => Key::moment(it).as_microsecond(),
        }
    }

    /// A moment, by its day and time in UTC.
    pub fn of_moment(moment: Timestamp) -> Self {
        Self::DateTime(moment.to_zoned(TimeZone::UTC).datetime())
    }

    /// The moment of a day and time in UTC, or the nearest there is.
    pub fn moment(at: DateTime) -> Timestamp {
        let zoned = at.to_zoned(TimeZone::UTC);
        zoned.map_or(Timestamp::MAX, |it| it.timestamp())
    }
}
