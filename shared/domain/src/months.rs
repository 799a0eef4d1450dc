//! Splits a range of days into whole months and the days left over, because sums are kept by month.

use jiff::civil::Date;

/// The parts of a range of days, which do not overlap.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Months {
    /// The first day of the first month, and the last day of the last month, of those that lie
    /// wholly in the range.
    pub whole: Option<(Date, Date)>,
    /// The first and last day of each piece that is left: none, one or two pieces, the older first.
    pub rest: Vec<(Date, Date)>,
}

/// Cuts the days from `from` to `to`, both inclusive.
pub fn split(from: Date, to: Date) -> Months {
    if from > to {
        return Months::default();
    }
    let first = first_whole(from);
    let last = last_whole(to);
    let whole = first.zip(last).filter(|(first, last)| first < last);
    let Some((first, last)) = whole else {
        return Months {
            whole: None,
            rest: vec![(from, to)],
        };
    };
    let before = first.yesterday().ok().filter(|_| from < first);
    let after = last.tomorrow().ok().filter(|_| last < to);
    let before = before.map(|end| (from, end));
    let after = after.map(|begin| (begin, to));
    Months {
        whole,
        rest: before.into_iter().chain(after).collect(),
    }
}

/// First day of the first month that begins on or after the day.
fn first_whole(day: Date) -> Option<Date> {
    if day.day() == 1 {
        return Some(day);
    }
    day.last_of_month().tomorrow().ok()
}

/// Last day of the last month that ends on or before the day.
fn last_whole(day: Date) -> Option<Date> {
    if day == day.last_of_month() {
        return Some(day);
    }
    day.first_of_month().yesterday().ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn days((from, to): (Date, Date)) -> Vec<Date> {
        let mut days = vec![from];
        while *days.last().unwrap() < to {
            days.push(days.last().unwrap().tomorrow().unwrap());
        }
        days
    }

    #[test]
    fn the_parts_are_the_range() {
        let begin = date(2015, 11, 29);
        for length in 0..130 {
            for shift in 0..70 {
                let from = begin.checked_add(jiff::Span::new().days(shift)).unwrap();
                let to = from.checked_add(jiff::Span::new().days(length)).unwrap();
                let parts = split(from, to);
                let mut all: Vec<Date> = parts.rest.iter().copied().flat_map(days).collect();
                all.extend(parts.whole.into_iter().flat_map(days));
                all.sort();
                assert_eq!(all, days((from, to)), "{parts:?}");
                if let Some((first, last)) = parts.whole {
                    assert_eq!(first.day(), 1);
                    assert_eq!(last, last.last_of_month());
                }
                let left: usize = parts.rest.iter().map(|it| days(*it).len()).sum();
                assert!(left <= 60, "{parts:?}");
            }
        }
    }

    #[test]
    fn the_ends_of_time() {
        let all = split(date(1, 1, 1), date(9999, 12, 31));
        assert_eq!(all.whole, Some((date(1, 1, 1), date(9999, 12, 31))));
        assert_eq!(all.rest, []);
        assert_eq!(split(date(2015, 8, 2), date(2015, 8, 1)), Months::default());
        let end = split(date(9999, 12, 2), date(9999, 12, 31));
        assert_eq!(end.rest, [(date(9999, 12, 2), date(9999, 12, 31))]);
    }
}
