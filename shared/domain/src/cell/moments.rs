//! Dates with times, times, years and months.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};

use super::formats::bad_form;
use super::kind::{Datetime, TimeOfDay, Zoned};
use super::pattern::{Miss, Moment, Of, Pattern};
use super::rules::Rules;
use super::{all_digits, number};
use crate::rejection::{BadForm, Rejection};

/// Reads a cell by the first pattern that fits, or by the form of ISO 8601 if there are none.
fn read(cell: &[u8], of: Of, patterns: &[Pattern], what: &'static str) -> Result<Moment, BadForm> {
    let iso;
    let patterns = match patterns {
        [] => {
            iso = [Pattern::iso(of)];
            &iso[..]
        }
        declared => declared,
    };
    let mut is_written = false;
    for pattern in patterns {
        match pattern.read(cell) {
            Ok(moment) => return Ok(moment),
            Err(miss) => is_written |= miss == Miss::NoSuch,
        }
    }
    let forms = patterns.iter().map(Pattern::in_words).collect();
    Err(bad_form(what, forms, is_written))
}

/// Writes a moment by the first pattern whose text `is_right` reads back, or in the form of ISO
/// 8601.
fn write(
    out: &mut Vec<u8>,
    of: Of,
    patterns: &[Pattern],
    moment: &Moment,
    is_right: impl Fn(&[u8]) -> bool,
) {
    let start = out.len();
    for pattern in patterns {
        pattern.write(out, moment);
        if is_right(&out[start..]) {
            return;
        }
        out.truncate(start);
    }
    Pattern::iso(of).write(out, moment);
}

impl Datetime {
    pub(super) fn parse(&self, cell: &[u8]) -> Result<DateTime, Rejection> {
        self.rules.check(self.read(cell)?, |it| it.to_string())
    }

    fn read(&self, cell: &[u8]) -> Result<DateTime, Rejection> {
        let moment = read(cell, Of::Datetime, &self.patterns, "Datetime");
        let moment = moment.map_err(Rejection::BadDatetime)?;
        Ok(moment.date.to_datetime(moment.time))
    }

    pub(super) fn write(&self, datetime: DateTime, out: &mut Vec<u8>) {
        let moment = Moment {
            date: datetime.date(),
            time: datetime.time(),
            offset: None,
        };
        let is_right = |text: &[u8]| self.read(text).is_ok_and(|it| it == datetime);
        write(out, Of::Datetime, &self.patterns, &moment, is_right);
    }
}

/// 0001-01-01T00:00:00Z: no year is before the first.
const FIRST_SECOND: i64 = -62_135_596_800;

impl Zoned {
    pub(super) fn parse(&self, cell: &[u8]) -> Result<Timestamp, Rejection> {
        self.rules.check(self.read(cell)?, |it| iso(it, &self.zone))
    }

    fn read(&self, cell: &[u8]) -> Result<Timestamp, Rejection> {
        let moment = read(cell, Of::Zoned, &self.patterns, "Datetime");
        let moment = moment.map_err(Rejection::BadDatetime)?;
        let datetime = moment.date.to_datetime(moment.time);
        let offset = match moment.offset {
            Some(offset) => offset,
            None => self.offset(datetime)?,
        };
        // A day in the first or last hours of all time is none in another zone.
        let timestamp = offset.to_timestamp(datetime).ok();
        let known = timestamp.filter(|it| it.as_second() >= FIRST_SECOND);
        known.ok_or_else(|| Rejection::BadDatetime(bad_form("Datetime", self.forms(), true)))
    }

    /// The offset of the zone at this time of its clocks.
    fn offset(&self, datetime: DateTime) -> Result<Offset, Rejection> {
        match self.zone.to_ambiguous_timestamp(datetime).offset() {
            AmbiguousOffset::Unambiguous { offset } => Ok(offset),
            AmbiguousOffset::Gap { .. } => Err(Rejection::NoSuchTime(self.name())),
            AmbiguousOffset::Fold { .. } => Err(Rejection::TimeExistsTwice(self.name())),
        }
    }

    fn name(&self) -> Box<str> {
        self.zone.iana_name().unwrap_or("its zone").into()
    }

    fn forms(&self) -> Vec<String> {
        self.patterns.iter().map(Pattern::in_words).collect()
    }

    pub(super) fn write(&self, timestamp: Timestamp, out: &mut Vec<u8>) {
        let moment = moment(timestamp, &self.zone);
        let is_right = |text: &[u8]| self.read(text).is_ok_and(|it| it == timestamp);
        write(out, Of::Zoned, &self.patterns, &moment, is_right);
    }
}

/// A point in time by the clocks of a zone, with its offset from UTC; in UTC where the offset has
/// seconds, as it had before there were zones.
fn moment(timestamp: Timestamp, zone: &TimeZone) -> Moment {
    let offset = zone.to_offset(timestamp);
    let offset = match offset.seconds() % 60 {
        0 => offset,
        _ => Offset::UTC,
    };
    let datetime = offset.to_datetime(timestamp);
    Moment {
        date: datetime.date(),
        time: datetime.time(),
        offset: Some(offset),
    }
}

/// A point in time in the form of ISO 8601, by the clocks of a zone: `2024-02-01T10:00:00+01:00`.
pub(super) fn iso(timestamp: Timestamp, zone: &TimeZone) -> String {
    let mut out = Vec::with_capacity(32);
    Pattern::iso(Of::Zoned).write(&mut out, &moment(timestamp, zone));
    String::from_utf8(out).unwrap_or_default()
}

impl TimeOfDay {
    pub(super) fn parse(&self, cell: &[u8]) -> Result<Time, Rejection> {
        self.rules.check(self.read(cell)?, |it| it.to_string())
    }

    fn read(&self, cell: &[u8]) -> Result<Time, Rejection> {
        let moment = read(cell, Of::Time, &self.patterns, "Time");
        Ok(moment.map_err(Rejection::BadTime)?.time)
    }

    pub(super) fn write(&self, time: Time, out: &mut Vec<u8>) {
        let is_right = |text: &[u8]| self.read(text).is_ok_and(|it| it == time);
        write(
            out,
            Of::Time,
            &self.patterns,
            &Moment::of_time(time),
            is_right,
        );
    }
}

/// Four digits; there is no year 0.
pub(super) fn year(cell: &[u8]) -> Result<i16, Rejection> {
    let digits = Some(cell).filter(|it| it.len() == 4 && all_digits(it));
    let year = digits.and_then(|it| i16::try_from(number(false, it)?).ok());
    year.filter(|it| *it > 0).ok_or(Rejection::BadYear)
}

/// `2024-02`, as its first day.
pub(super) fn yearmonth(cell: &[u8]) -> Result<Date, Rejection> {
    let parts = match cell {
        [year @ .., b'-', m1, m2] => Some((year, [*m1, *m2])),
        _ => None,
    };
    let day = parts.and_then(|(digits, month)| {
        let month = Some(month).filter(|it| all_digits(it));
        let month = i8::try_from(number(false, &month?)?).ok()?;
        Date::new(year(digits).ok()?, month, 1).ok()
    });
    day.ok_or(Rejection::BadYearmonth)
}

/// The year and month of a day: `2024-02`.
pub(super) fn yearmonth_text(date: Date) -> String {
    format!("{:04}-{:02}", date.year(), date.month())
}

pub(super) fn in_rules<T: Ord + Copy>(
    value: T,
    rules: Option<&Rules<T>>,
    shown: impl Fn(T) -> String,
) -> Result<T, Rejection> {
    match rules {
        Some(rules) => rules.check(value, shown),
        None => Ok(value),
    }
}
