//! Days by their numbers, as PostgreSQL counts them.

use jiff::ToSpan as _;
use jiff::civil::{Date, Time};

/// The first day that is stored.
pub const FIRST: Date = Date::constant(1, 1, 1);

/// The last moment of a day, as exactly as it is stored.
pub const LAST_OF_DAY: Time = Time::constant(23, 59, 59, 999_999_000);

const EPOCH: Date = Date::constant(1970, 1, 1);

/// Days since 1970; negative before.
pub fn number(day: Date) -> i32 {
    let days = day.duration_since(EPOCH).as_hours() / 24;
    i32::try_from(days).unwrap_or(if day < EPOCH { i32::MIN } else { i32::MAX })
}

/// The day of a number, or the nearest there is.
pub fn day(number: i32) -> Date {
    EPOCH.saturating_add(number.days()).max(FIRST)
}
