//! Days in queries and bodies: YYYY-MM-DD.

use jiff::civil::Date;

/// Reads a date as the original's framework does: four digits, then one or two, then one or two.
pub fn read(text: &str) -> Option<Date> {
    let mut parts = text.split('-');
    let year = digits(parts.next()?, 4..=4)?;
    let month = digits(parts.next()?, 1..=2)?;
    let day = digits(parts.next()?, 1..=2)?;
    if parts.next().is_some() || year == 0 {
        return None;
    }
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

fn digits(text: &str, how_many: std::ops::RangeInclusive<usize>) -> Option<i16> {
    let digits = text.bytes().all(|it| it.is_ascii_digit());
    text.parse()
        .ok()
        .filter(|_| digits && how_many.contains(&text.len()))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn dates() {
        let first = Some(date(2015, 8, 1));
        assert_eq!(read("2015-08-01"), first);
        assert_eq!(read("2015-8-1"), first);
        assert_eq!(read("2016-02-29"), Some(date(2016, 2, 29)));
        for none in [
            "",
            "8/1/2015",
            "2015-02-29",
            "0000-01-01",
            "2015-+8-01",
            "2015-08",
        ] {
            assert_eq!(read(none), None, "{none}");
        }
    }
}
