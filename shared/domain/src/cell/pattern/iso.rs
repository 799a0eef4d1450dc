//! The forms of ISO 8601 that a cell without a pattern has: `2024-02-01`, `10:00:00` with up to six
//! decimals and with or without its seconds, both with `T` or a blank between them, and an offset.

use jiff::civil::{Date, Time};

use super::read::{digits, offset};
use super::write;
use super::{Miss, Moment, Of};

pub(super) fn read(of: Of, text: &[u8]) -> Result<Moment, Miss> {
    if of == Of::Time {
        let (time, rest) = time(text).ok_or(Miss::Form)?;
        end(rest)?;
        return Ok(Moment::of_time(time.ok_or(Miss::NoSuch)?));
    }
    let (date, rest) = date(text).ok_or(Miss::Form)?;
    if of == Of::Date {
        end(rest)?;
        return Ok(Moment::of_date(date.ok_or(Miss::NoSuch)?));
    }
    let [b'T' | b't' | b' ', rest @ ..] = rest else {
        return Err(Miss::Form);
    };
    let (time, rest) = time(rest).ok_or(Miss::Form)?;
    let (offset, rest) = match offset(rest).filter(|_| of == Of::Zoned) {
        Some((offset, rest)) => (Some(offset), rest),
        None => (None, rest),
    };
    end(rest)?;
    Ok(Moment {
        date: date.ok_or(Miss::NoSuch)?,
        time: time.ok_or(Miss::NoSuch)?,
        offset,
    })
}

fn end(rest: &[u8]) -> Result<(), Miss> {
    rest.is_empty().then_some(()).ok_or(Miss::Form)
}

fn number(digits: &[u8]) -> i32 {
    digits
        .iter()
        .fold(0, |it, digit| it * 10 + i32::from(digit - b'0'))
}

/// `YYYY-MM-DD`; `Some(None, …)` if the calendar lacks the day.
fn date(text: &[u8]) -> Option<(Option<Date>, &[u8])> {
    let (year, rest) = digits(text, 4, 4)?;
    let (month, rest) = digits(rest.strip_prefix(b"-")?, 2, 2)?;
    let (day, rest) = digits(rest.strip_prefix(b"-")?, 2, 2)?;
    let date = Date::new(number(year) as i16, number(month) as i8, number(day) as i8);
    Some((date.ok().filter(|it| it.year() > 0), rest))
}

fn time(text: &[u8]) -> Option<(Option<Time>, &[u8])> {
    let (hour, rest) = digits(text, 2, 2)?;
    let (minute, mut rest) = digits(rest.strip_prefix(b":")?, 2, 2)?;
    let (mut second, mut nanos) = (0, 0);
    if let Some(after) = rest.strip_prefix(b":") {
        let (digits_of, after) = digits(after, 2, 2)?;
        (second, rest) = (number(digits_of), after);
        if let Some(after) = rest.strip_prefix(b".") {
            let (fraction, after) = digits(after, 1, 6)?;
            nanos = number(fraction) * 10i32.pow(9 - fraction.len() as u32);
            rest = after;
        }
    }
    let time = Time::new(
        number(hour) as i8,
        number(minute) as i8,
        second as i8,
        nanos,
    );
    Some((time.ok(), rest))
}

pub(super) fn write(of: Of, out: &mut Vec<u8>, moment: &Moment) {
    let (date, time) = (moment.date, moment.time);
    if of != Of::Time {
        let date = format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day());
        out.extend_from_slice(date.as_bytes());
    }
    if of == Of::Date {
        return;
    }
    if of != Of::Time {
        out.push(b'T');
    }
    let clock = format!(
        "{:02}:{:02}:{:02}",
        time.hour(),
        time.minute(),
        time.second()
    );
    out.extend_from_slice(clock.as_bytes());
    let micros = time.subsec_nanosecond() / 1_000;
    if micros > 0 {
        let fraction = format!(".{micros:06}");
        out.extend_from_slice(fraction.trim_end_matches('0').as_bytes());
    }
    if let Some(offset) = moment.offset.filter(|_| of == Of::Zoned) {
        out.extend_from_slice(write::offset(offset).as_bytes());
    }
}
