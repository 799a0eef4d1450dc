//! Patterns of dates and times as strptime has them, compiled once.
//!
//! Reading and writing go by the same list of fields, and what one writes the other reads. jiff has
//! such patterns too, but compiles them for every cell, and takes more blanks and shorter numbers
//! than a pattern says.

mod compile;
mod disagree;
mod iso;
mod read;
mod write;

use jiff::civil::{Date, Time};
use jiff::tz::Offset;

use crate::forms::DateOrder;

pub use compile::PatternError;
pub use disagree::disagree;

/// How dates, times or both are written: `%d.%m.%Y`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    text: String,
    of: Of,
    /// None is the form of ISO 8601: `default`.
    parts: Vec<Part>,
}

/// What a pattern is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// A day.
    Date,
    /// A day and a time of day: midnight, if the pattern has none.
    Datetime,
    /// The same, and if need be the offset from UTC.
    Zoned,
    /// A time of day.
    Time,
}

/// What a pattern reads and writes. What it is not of, is the first day of year 1 and midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The day.
    pub date: Date,
    /// The time of day, with whole microseconds.
    pub time: Time,
    /// The offset from UTC, if it was said.
    pub offset: Option<Offset>,
}

/// Why a text is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Miss {
    /// It is not written so.
    Form,
    /// It is, but there is no such day, time or weekday.
    NoSuch,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    /// Bytes that stand for themselves.
    Literal(Box<[u8]>),
    Field(Field),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Field {
    is: Is,
    /// Written with a leading zero.
    padded: bool,
    /// Read with all its digits only, because it stands beside others. Else a leading zero may be
    /// missing.
    full: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Is {
    /// `%Y`: four digits.
    Year,
    /// `%y`: two digits, 1969 to 2068.
    ShortYear,
    /// `%m`.
    Month,
    /// `%b`: `Feb`.
    ShortMonth,
    /// `%B`: `February`.
    LongMonth,
    /// `%d`.
    Day,
    /// `%j`: the day of the year, three digits.
    DayOfYear,
    /// `%a`: `Thu`.
    ShortWeekday,
    /// `%A`: `Thursday`.
    LongWeekday,
    /// `%H`.
    Hour,
    /// `%I`.
    HalfDayHour,
    /// `%p`: AM or PM.
    HalfDay,
    /// `%M`.
    Minute,
    /// `%S`.
    Second,
    /// `%f`: one to six digits.
    Fraction,
    /// `%z`: `+0200`, `+02:00` or `Z`.
    Offset,
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

const WEEKDAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

/// The number of letters of a short name.
const SHORT: usize = 3;

impl Moment {
    /// The day at midnight.
    pub fn of_date(date: Date) -> Self {
        Self {
            date,
            time: Time::midnight(),
            offset: None,
        }
    }

    /// The time on the first day of year 1.
    pub fn of_time(time: Time) -> Self {
        Self {
            date: FIRST_DAY,
            time,
            offset: None,
        }
    }
}

const FIRST_DAY: Date = Date::constant(1, 1, 1);

impl Pattern {
    /// The form that ISO 8601 has for this: what a declaration calls `default`.
    pub fn iso(of: Of) -> Self {
        Self {
            text: compile::DEFAULT.to_owned(),
            of,
            parts: Vec::new(),
        }
    }

    /// As it was declared.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// True if it is the form of ISO 8601.
    pub fn is_iso(&self) -> bool {
        self.parts.is_empty()
    }

    /// What a text written so means.
    ///
    /// # Errors
    /// It is not written so, or there is no such day or time.
    pub fn read(&self, text: &[u8]) -> Result<Moment, Miss> {
        if self.is_iso() {
            return iso::read(self.of, text);
        }
        read::read(&self.parts, text)
    }

    /// Writes a moment. Parts of it that the pattern does not have are lost: see
    /// [`holds`](Self::holds).
    pub fn write(&self, out: &mut Vec<u8>, moment: &Moment) {
        if self.is_iso() {
            return iso::write(self.of, out, moment);
        }
        write::write(&self.parts, out, moment);
    }

    /// True if nothing of the moment is lost when it is written so.
    pub fn holds(&self, moment: &Moment) -> bool {
        let mut text = Vec::with_capacity(32);
        self.write(&mut text, moment);
        self.read(&text) == Ok(*moment)
    }

    /// With its example, for a sentence: `%d.%m.%Y (27.01.2016)`.
    pub fn in_words(&self) -> String {
        let moment = Moment {
            date: Date::constant(2016, 1, 27),
            time: Time::constant(14, 5, 9, 0),
            offset: None,
        };
        let mut example = Vec::new();
        self.write(&mut example, &moment);
        let example = String::from_utf8_lossy(&example);
        match (self.is_iso(), self.of) {
            (true, Of::Date) => format!("YYYY-MM-DD ({example})"),
            (true, Of::Time) => format!("hh:mm:ss ({example})"),
            (true, _) => format!("YYYY-MM-DDThh:mm:ss ({example})"),
            (false, _) => format!("{} ({example})", self.text),
        }
    }

    /// The separator and the order, if it is a date of three numbers with a separator between
    /// them.
    pub(super) fn numeric(&self) -> Option<(u8, DateOrder)> {
        let [
            Part::Field(a),
            Part::Literal(first),
            Part::Field(b),
            Part::Literal(second),
            Part::Field(c),
        ] = &self.parts[..]
        else {
            return None;
        };
        let separator = match (&first[..], &second[..]) {
            (&[one], &[two]) if one == two && b"/.-".contains(&one) => one,
            _ => return None,
        };
        let order = match (a.is, b.is, c.is) {
            (Is::Month, Is::Day, Is::Year) => DateOrder::Mdy,
            (Is::Day, Is::Month, Is::Year) => DateOrder::Dmy,
            (Is::Year, Is::Month, Is::Day) => DateOrder::Ymd,
            _ => return None,
        };
        Some((separator, order))
    }

    /// True if it has day and month as numbers, and not in the order of ISO 8601: what an order
    /// that is said with the upload takes the place of.
    pub(super) fn has_order(&self) -> bool {
        let at = |wanted: &[Is]| {
            let is = |it: &Part| matches!(it, Part::Field(field) if wanted.contains(&field.is));
            self.parts.iter().position(is)
        };
        let year = at(&[Is::Year, Is::ShortYear]);
        match (at(&[Is::Month]), at(&[Is::Day])) {
            (Some(month), Some(day)) => !(year < Some(month) && month < day),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests;
