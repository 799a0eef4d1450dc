use jiff::tz::Offset;

use super::{Field, Is, MONTHS, Moment, Part, SHORT, WEEKDAYS};

pub(super) fn write(parts: &[Part], out: &mut Vec<u8>, moment: &Moment) {
    for part in parts {
        match part {
            Part::Literal(bytes) => out.extend_from_slice(bytes),
            Part::Field(field) => out.extend_from_slice(text(*field, moment).as_bytes()),
        }
    }
}

fn text(field: Field, moment: &Moment) -> String {
    let (date, time) = (moment.date, moment.time);
    let two = |number: i8| match field.padded {
        true => format!("{number:02}"),
        false => number.to_string(),
    };
    let month = || MONTHS[usize::from(date.month().unsigned_abs()) - 1];
    let weekday = || WEEKDAYS[usize::from(date.weekday().to_monday_zero_offset().unsigned_abs())];
    match field.is {
        Is::Year => format!("{:04}", date.year()),
        Is::ShortYear => format!("{:02}", date.year() % 100),
        Is::Month => two(date.month()),
        Is::ShortMonth => month()[..SHORT].to_owned(),
        Is::LongMonth => month().to_owned(),
        Is::Day => two(date.day()),
        Is::DayOfYear => format!("{:03}", date.day_of_year()),
        Is::ShortWeekday => weekday()[..SHORT].to_owned(),
        Is::LongWeekday => weekday().to_owned(),
        Is::Hour => two(time.hour()),
        Is::HalfDayHour => two((time.hour() + 11) % 12 + 1),
        Is::HalfDay => if time.hour() < 12 { "AM" } else { "PM" }.to_owned(),
        Is::Minute => two(time.minute()),
        Is::Second => two(time.second()),
        Is::Fraction => format!("{:06}", time.subsec_nanosecond() / 1_000),
        Is::Offset => offset(moment.offset.unwrap_or(Offset::UTC)),
    }
}

/// `+02:00`. Seconds of an offset are lost.
pub(super) fn offset(offset: Offset) -> String {
    let seconds = offset.seconds();
    let sign = if seconds < 0 { '-' } else { '+' };
    let minutes = seconds.abs() / 60;
    format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}
