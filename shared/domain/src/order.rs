//! In which order the rows of a dataset are read, and how they are counted so that no page passes
//! over the rows before it: infra/adr/0009.
//!
//! Rows that are sorted by a column are read greatest value first. Their values are counted in
//! *buckets*: a date or a moment by its day, a whole number by one of 4,096 equal parts of what the
//! column may hold. Of an owner's rows the counts of some buckets together, a *band*, are kept added
//! up: those of a month, or of 64 parts.

mod bands;
mod days;
mod merged;

pub use crate::key::Key;
pub use bands::Bands;
pub use days::LAST_OF_DAY;
pub use merged::{Mark, Marked, Narrowed, narrow};

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};

use crate::cell::{Kind, SqlType};
use crate::dataset::Dataset;

/// Equal parts of the numbers that a column may hold.
const PARTS: i64 = 4_096;

/// Parts whose counts are kept added up.
const PARTS_IN_A_BAND: i32 = 64;

/// The column that a dataset's rows are sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Days.
    Dates,
    /// Days with a time, as written.
    DateTimes,
    /// Moments; their days are those of UTC.
    Moments,
    /// Whole numbers between these two.
    Integers {
        /// The smallest.
        min: i64,
        /// The greatest.
        max: i64,
    },
}

impl Dataset {
    /// The order of its rows; `None`: that of their files.
    pub fn order(&self) -> Option<Order> {
        let kind = &self.columns.get(self.sorted_by?)?.kind;
        match (kind.sql(), kind) {
            (SqlType::Date, _) => Some(Order::Dates),
            (SqlType::Timestamp, _) => Some(Order::DateTimes),
            (SqlType::Timestamptz, _) => Some(Order::Moments),
            (_, &Kind::Integer { min, max, .. }) => Some(Order::Integers { min, max }),
            _ => None,
        }
    }
}

impl Order {
    /// True if the key is of the kind that rows are sorted by.
    pub fn has(self, key: Key) -> bool {
        match key {
            Key::Date(_) => self == Order::Dates,
            Key::DateTime(_) => matches!(self, Order::DateTimes | Order::Moments),
            Key::Integer(_) => matches!(self, Order::Integers { .. }),
        }
    }

    /// The key of a number that [`Key::number`] gave; `None` if it gave no such number.
    pub fn key_of(self, number: i64) -> Option<Key> {
        if let Order::Integers { .. } = self {
            return Some(Key::Integer(number));
        }
        let key = Key::of_moment(Timestamp::from_microsecond(number).ok()?);
        match (self, key) {
            (Order::Dates, Key::DateTime(it)) => Some(Key::Date(it.date())),
            _ => Some(key),
        }
    }

    /// The bucket of a key: days since 1970, or the number of the part.
    pub fn bucket(self, key: Key) -> i32 {
        match key {
            Key::Date(day) => days::number(day),
            Key::DateTime(it) => days::number(it.date()),
            Key::Integer(it) => self.part(it),
        }
    }

    /// The least and the greatest key of a bucket.
    pub fn keys(self, bucket: i32) -> (Key, Key) {
        match self {
            Order::Dates => {
                let day = days::day(bucket);
                (Key::Date(day), Key::Date(day))
            }
            Order::DateTimes | Order::Moments => {
                let at = |time| Key::DateTime(DateTime::from_parts(days::day(bucket), time));
                (at(jiff::civil::Time::MIN), at(days::LAST_OF_DAY))
            }
            Order::Integers { .. } => {
                let (first, last) = self.numbers(i64::from(bucket));
                (Key::Integer(first), Key::Integer(last))
            }
        }
    }

    /// The first and the last bucket there can be.
    pub fn all(self) -> (i32, i32) {
        match self {
            Order::Integers { .. } => (0, PARTS as i32 - 1),
            _ => (days::number(days::FIRST), days::number(Date::MAX)),
        }
    }

    /// True if a bucket is one value: then rows of a bucket are in the order of their imports.
    pub fn has_one_value_in_a_bucket(self) -> bool {
        self == Order::Dates
    }

    /// The smallest number of the first part, and the numbers in a part.
    pub fn parts(self) -> (i64, i128) {
        match self {
            Order::Integers { min, max } => {
                let all = (i128::from(max) - i128::from(min) + 1).max(1);
                (min, (all - 1) / i128::from(PARTS) + 1)
            }
            _ => (0, 1),
        }
    }

    /// A number beside those that the column may hold belongs to the nearest part.
    fn part(self, number: i64) -> i32 {
        let (min, width) = self.parts();
        let part = (i128::from(number) - i128::from(min)).div_euclid(width);
        part.clamp(0, i128::from(PARTS) - 1) as i32
    }

    fn numbers(self, part: i64) -> (i64, i64) {
        let (min, width) = self.parts();
        let begin = |part: i64| {
            let begin = i128::from(min) + i128::from(part) * width;
            begin.clamp(i128::from(i64::MIN), i128::from(i64::MAX))
        };
        let first = if part <= 0 {
            i64::MIN
        } else {
            begin(part) as i64
        };
        let is_last = part >= PARTS - 1;
        let last = if is_last {
            i64::MAX
        } else {
            (begin(part + 1) - 1) as i64
        };
        (first, last)
    }
}

#[cfg(test)]
mod tests;
