use jiff::civil::{Date, Time, Weekday};
use jiff::tz::Offset;

use super::{FIRST_DAY, Field, Is, MONTHS, Miss, Moment, Part, SHORT, WEEKDAYS};

/// What was read so far.
#[derive(Default)]
struct Read {
    year: i16,
    month: i8,
    day: i8,
    day_of_year: Option<i16>,
    weekday: Option<i8>,
    hour: i8,
    afternoon: Option<bool>,
    minute: i8,
    second: i8,
    micros: i32,
    offset: Option<Offset>,
    has_day: bool,
}

pub(super) fn read(parts: &[Part], text: &[u8]) -> Result<Moment, Miss> {
    let mut read = Read::default();
    let mut rest = text;
    for part in parts {
        rest = match part {
            Part::Literal(bytes) => rest.strip_prefix(&**bytes).ok_or(Miss::Form)?,
            Part::Field(field) => read.field(*field, rest).ok_or(Miss::Form)?,
        };
    }
    if !rest.is_empty() {
        return Err(Miss::Form);
    }
    read.moment().ok_or(Miss::NoSuch)
}

impl Read {
    /// Takes a field; the text after it, or `None` if the text has another form.
    fn field<'t>(&mut self, field: Field, text: &'t [u8]) -> Option<&'t [u8]> {
        match field.is {
            Is::Offset => {
                let (offset, rest) = offset(text)?;
                self.offset = Some(offset);
                Some(rest)
            }
            Is::HalfDay => {
                let (half, rest) = text.split_at_checked(2)?;
                self.afternoon = Some(match half.to_ascii_uppercase().as_slice() {
                    b"AM" => false,
                    b"PM" => true,
                    _ => return None,
                });
                Some(rest)
            }
            Is::ShortMonth | Is::LongMonth => {
                let (month, rest) = name(&MONTHS, field.is == Is::ShortMonth, text)?;
                self.month = month;
                Some(rest)
            }
            Is::ShortWeekday | Is::LongWeekday => {
                let (weekday, rest) = name(&WEEKDAYS, field.is == Is::ShortWeekday, text)?;
                self.weekday = Some(weekday);
                Some(rest)
            }
            _ => self.number(field, text),
        }
    }

    fn number<'t>(&mut self, field: Field, text: &'t [u8]) -> Option<&'t [u8]> {
        let (least, most) = match field.is {
            Is::Year => (4, 4),
            Is::DayOfYear => (3, 3),
            Is::ShortYear => (2, 2),
            Is::Fraction if field.full => (6, 6),
            Is::Fraction => (1, 6),
            _ if field.full => (2, 2),
            _ => (1, 2),
        };
        let (digits, rest) = digits(text, least, most)?;
        let number = digits
            .iter()
            .fold(0, |it, digit| it * 10 + i32::from(digit - b'0'));
        let small = number as i8;
        match field.is {
            Is::Year => (self.year, self.has_day) = (number as i16, true),
            Is::ShortYear => {
                let century = if number < 69 { 2000 } else { 1900 };
                (self.year, self.has_day) = (century + number as i16, true);
            }
            Is::Month => self.month = small,
            Is::Day => self.day = small,
            Is::DayOfYear => self.day_of_year = Some(number as i16),
            Is::Hour | Is::HalfDayHour => self.hour = small,
            Is::Minute => self.minute = small,
            Is::Second => self.second = small,
            _ => self.micros = number * 10i32.pow(6 - digits.len() as u32),
        }
        Some(rest)
    }

    /// `None` if there is no such day or time.
    fn moment(self) -> Option<Moment> {
        let hour = match (self.afternoon, self.hour) {
            (None, hour) => hour,
            (Some(afternoon), 12) => 12 * i8::from(afternoon),
            (Some(afternoon), 1..12) => self.hour + 12 * i8::from(afternoon),
            _ => return None,
        };
        let time = Time::new(hour, self.minute, self.second, self.micros * 1_000).ok()?;
        let date = match self.has_day {
            true => self.date()?,
            false => FIRST_DAY,
        };
        let weekday = |it: i8| Weekday::from_monday_zero_offset(it - 1).ok();
        match self.weekday {
            Some(it) if weekday(it) != Some(date.weekday()) => None,
            _ => Some(Moment {
                date,
                time,
                offset: self.offset,
            }),
        }
    }

    fn date(&self) -> Option<Date> {
        if self.year < 1 {
            return None;
        }
        let Some(day_of_year) = self.day_of_year else {
            return Date::new(self.year, self.month, self.day).ok();
        };
        let first = Date::new(self.year, 1, 1).ok()?;
        first.with().day_of_year(day_of_year).build().ok()
    }
}

/// Digits at the start of a text, as many as there are up to `most`.
pub(super) fn digits(text: &[u8], least: usize, most: usize) -> Option<(&[u8], &[u8])> {
    let count = text.iter().take(most).take_while(|it| it.is_ascii_digit());
    let count = count.count();
    (count >= least).then(|| text.split_at(count))
}

/// The number of a name from 1, in any case of letters.
fn name<'t>(names: &[&str], short: bool, text: &'t [u8]) -> Option<(i8, &'t [u8])> {
    let begins = |name: &&str| {
        let name = if short { &name[..SHORT] } else { name };
        let start = text.get(..name.len())?;
        start
            .eq_ignore_ascii_case(name.as_bytes())
            .then_some(name.len())
    };
    let mut found = names
        .iter()
        .zip(1..)
        .filter_map(|(it, number)| Some((number, begins(it)?)));
    let (number, length) = found.next()?;
    Some((number, &text[length..]))
}

/// `Z`, `+02`, `+0200` or `+02:00`, and what follows.
pub(super) fn offset(text: &[u8]) -> Option<(Offset, &[u8])> {
    let (sign, rest) = match *text {
        [b'Z' | b'z', ref rest @ ..] => return Some((Offset::UTC, rest)),
        [b'+', ref rest @ ..] => (1, rest),
        [b'-', ref rest @ ..] => (-1, rest),
        _ => return None,
    };
    let (hours, rest) = digits(rest, 2, 2)?;
    let after_colon = rest.strip_prefix(b":");
    let minutes = digits(after_colon.unwrap_or(rest), 2, 2);
    let (minutes, rest) = match (minutes, after_colon) {
        (Some(it), _) => it,
        (None, Some(_)) => return None,
        (None, None) => (&b"00"[..], rest),
    };
    let number = |digits: &[u8]| i32::from(digits[0] - b'0') * 10 + i32::from(digits[1] - b'0');
    let (hours, minutes) = (number(hours), number(minutes));
    // No zone has ever been further from UTC than 16 hours.
    let known = hours <= 18 && minutes < 60;
    let seconds = sign * (hours * 3_600 + minutes * 60);
    let offset = Offset::from_seconds(seconds).ok().filter(|_| known)?;
    Some((offset, rest))
}
