//! By what rows are sorted, and by what a cursor finds its place among them.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

/// The last moment there is with six decimals.
const LAST_MOMENT: Timestamp = Timestamp::constant(253_402_207_200, 999_999_000);

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

    /// The moment of a day and time in UTC, or the nearest there is with six decimals.
    pub fn moment(at: DateTime) -> Timestamp {
        let zoned = at.to_zoned(TimeZone::UTC);
        zoned.map_or(LAST_MOMENT, |it| it.timestamp())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_moment_is_the_last_that_can_be_stored() {
        let cut = Timestamp::MAX.as_nanosecond() / 1_000 * 1_000;
        assert_eq!(LAST_MOMENT.as_nanosecond(), cut);
        assert_eq!(Key::moment(DateTime::MAX), LAST_MOMENT);
    }
}
