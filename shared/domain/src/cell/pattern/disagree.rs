use jiff::civil::{Time, date};
use jiff::tz::Offset;

use super::{Moment, Of, Pattern};

/// Two patterns that read one text as two moments: their numbers, and the text. `None` if there are
/// none, for every day of 1990 to 2030 and with it for times of all hours, minutes and seconds.
pub fn disagree(patterns: &[Pattern]) -> Option<(usize, usize, String)> {
    let mut text = Vec::with_capacity(64);
    for (number, day) in date(1990, 1, 1)
        .series(jiff::Span::new().days(1))
        .take_while(|it| it.year() <= 2030)
        .enumerate()
    {
        for (one, pattern) in patterns.iter().enumerate() {
            let moment = Moment {
                date: if pattern.of == Of::Time {
                    super::FIRST_DAY
                } else {
                    day
                },
                time: time(number),
                offset: (pattern.of == Of::Zoned).then_some(Offset::UTC),
            };
            text.clear();
            pattern.write(&mut text, &moment);
            let Ok(meant) = pattern.read(&text) else {
                continue;
            };
            let otherwise = |it: &Pattern| it.read(&text).is_ok_and(|read| !same(&read, &meant));
            if let Some(other) = patterns.iter().position(otherwise) {
                return Some((one, other, String::from_utf8_lossy(&text).into_owned()));
            }
        }
    }
    None
}

/// Days by themselves come to hours, minutes and seconds in every combination of small numbers.
fn time(number: usize) -> Time {
    let part = |of: usize, by: usize| i8::try_from(number * by / 3 % of).unwrap_or(0);
    Time::constant(part(24, 1), part(60, 7), part(60, 11), 0)
}

fn same(one: &Moment, two: &Moment) -> bool {
    one.date == two.date && one.time == two.time
}
