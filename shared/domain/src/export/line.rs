use crate::dataset::Dataset;

/// Bytes of a row are below this: five texts of 500 characters of 4 bytes, quotes doubled, and
/// nine numbers.
pub const CLOSE_TO: usize = 32 * 1024;

/// What a cell may begin with for a spreadsheet to run it as a formula.
const FORMULA: [u8; 7] = [b'=', b'+', b'-', b'@', b'\t', b'\r', b'\n'];

/// Days from 0000-03-01 to 1970-01-01, and in 400 years.
const EPOCH: i64 = 719_468;
const ERA: i64 = 146_097;

/// `00` to `99`: a number is written two digits at a time, which takes half the divisions.
const TWO_DIGITS: [[u8; 2]; 100] = {
    let mut table = [[0; 2]; 100];
    let mut number = 0;
    while number < table.len() {
        table[number] = [b'0' + (number / 10) as u8, b'0' + (number % 10) as u8];
        number += 1;
    }
    table
};

/// A record of a CSV file being written: cell by cell, then [`Line::end`]. Numbers and dates are
/// in the form of the files that are imported; text is quoted only where it must be.
#[derive(Debug)]
pub struct Line<'a> {
    out: &'a mut Vec<u8>,
    first: bool,
}

impl<'a> Line<'a> {
    /// Behind what `out` holds.
    pub fn new(out: &'a mut Vec<u8>) -> Self {
        Self { out, first: true }
    }

    /// The heading of a dataset: every column, in the dataset's order.
    pub fn heading(out: &'a mut Vec<u8>, dataset: &Dataset) {
        let mut line = Self::new(out);
        for column in dataset.columns {
            line.text(column.heading.as_bytes(), false);
        }
        line.end();
    }

    /// Text exactly as it is; with `guard`, what a spreadsheet would run gets an apostrophe in
    /// front.
    #[inline]
    pub fn text(&mut self, text: &[u8], guard: bool) {
        self.separate();
        let disarm = guard && text.first().is_some_and(|it| FORMULA.contains(it));
        let quote = text
            .iter()
            .any(|it| matches!(it, b',' | b'"' | b'\r' | b'\n'));
        if quote {
            self.out.push(b'"');
        }
        if disarm {
            self.out.push(b'\'');
        }
        if quote {
            self.doubling(text);
            self.out.push(b'"');
        } else {
            self.out.extend_from_slice(text);
        }
    }

    /// A whole number.
    #[inline]
    pub fn integer(&mut self, value: i64) {
        self.separate();
        if value < 0 {
            self.out.push(b'-');
        }
        self.digits(value.unsigned_abs());
    }

    /// An amount in cents as its shortest exact decimal, as [`crate::money::format`] has it.
    #[inline]
    pub fn money(&mut self, cents: i64) {
        self.separate();
        if cents < 0 {
            self.out.push(b'-');
        }
        let cents = cents.unsigned_abs();
        self.digits(cents / 100);
        let (tenths, hundredths) = (cents % 100 / 10, cents % 10);
        if tenths + hundredths > 0 {
            self.out.push(b'.');
            self.digits(tenths);
        }
        if hundredths > 0 {
            self.digits(hundredths);
        }
    }

    /// The day so many days after 1970-01-01, as M/D/YYYY.
    #[inline]
    pub fn date(&mut self, day: i64) {
        self.separate();
        let (year, month, day) = civil(day);
        self.digits(month);
        self.out.push(b'/');
        self.digits(day);
        self.out.push(b'/');
        for wider in [1000, 100, 10] {
            if year < wider {
                self.out.push(b'0');
            }
        }
        self.digits(year);
    }

    /// Ends the record.
    #[inline]
    pub fn end(self) {
        self.out.extend_from_slice(b"\r\n");
    }

    #[inline]
    fn separate(&mut self) {
        if !self.first {
            self.out.push(b',');
        }
        self.first = false;
    }

    fn doubling(&mut self, text: &[u8]) {
        for &byte in text {
            if byte == b'"' {
                self.out.push(b'"');
            }
            self.out.push(byte);
        }
    }

    #[inline]
    fn digits(&mut self, mut value: u64) {
        let mut buffer = [b'0'; 20];
        let mut start = buffer.len();
        while value >= 100 {
            start -= 2;
            buffer[start..start + 2].copy_from_slice(&TWO_DIGITS[(value % 100) as usize]);
            value /= 100;
        }
        if value >= 10 {
            start -= 2;
            buffer[start..start + 2].copy_from_slice(&TWO_DIGITS[value as usize]);
        } else {
            start -= 1;
            buffer[start] = b'0' + value as u8;
        }
        self.out.extend_from_slice(&buffer[start..]);
    }
}

/// Year, month and day of a day in the proleptic Gregorian calendar, year 1 or later. The year is
/// taken to begin in March, so that the day a leap year adds is its last.
#[inline]
fn civil(day: i64) -> (u64, u64, u64) {
    let shifted = day + EPOCH;
    let (era, of_era) = (shifted.div_euclid(ERA), shifted.rem_euclid(ERA));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year + era * 400 + i64::from(month <= 2);
    (
        year.unsigned_abs(),
        month.unsigned_abs(),
        day.unsigned_abs(),
    )
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, date};
    use proptest::prelude::*;

    use super::*;
    use crate::cell::{Value, parse};
    use crate::dataset::{BASELINE, Kind};
    use crate::money;

    fn written(cell: impl FnOnce(&mut Line<'_>)) -> String {
        let mut out = Vec::new();
        let mut line = Line::new(&mut out);
        cell(&mut line);
        String::from_utf8(out).unwrap()
    }

    fn days(date: Date) -> i64 {
        let span = date.since(Date::constant(1970, 1, 1)).unwrap();
        i64::from(span.get_days())
    }

    #[test]
    fn the_heading_is_the_originals() {
        let mut out = Vec::new();
        Line::heading(&mut out, BASELINE);
        let expected = "Region,Country,Item Type,Sales Channel,Order Priority,Order Date,Order ID,\
            Ship Date,Units Sold,Unit Price,Unit Cost,Total Revenue,Total Cost,Total Profit\r\n";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    #[test]
    fn text_is_quoted_where_it_must_be_and_guarded_where_it_is_asked() {
        #[rustfmt::skip]
        let table = [
            // text, as it is, guarded
            ("",            "",                  ""),
            ("Azerbaijan ", "Azerbaijan ",       "Azerbaijan "),
            (" a",          " a",                " a"),
            ("Cote d'Ivoire", "Cote d'Ivoire",   "Cote d'Ivoire"),
            ("a,b",         "\"a,b\"",           "\"a,b\""),
            ("say \"no\"",  "\"say \"\"no\"\"\"", "\"say \"\"no\"\"\""),
            ("a\nb",        "\"a\nb\"",          "\"a\nb\""),
            ("a\r",         "\"a\r\"",           "\"a\r\""),
            ("=1+1",        "=1+1",              "'=1+1"),
            ("+1",          "+1",                "'+1"),
            ("-1",          "-1",                "'-1"),
            ("@x",          "@x",                "'@x"),
            ("\tx",         "\tx",               "'\tx"),
            ("\r=x",        "\"\r=x\"",          "\"'\r=x\""),
            ("\n=x",        "\"\n=x\"",          "\"'\n=x\""),
            ("=a,\"b\"",    "\"=a,\"\"b\"\"\"",  "\"'=a,\"\"b\"\"\""),
            ("a=1",         "a=1",               "a=1"),
            ("'=1",         "'=1",               "'=1"),
            ("Ünïcödé 東京", "Ünïcödé 東京",       "Ünïcödé 東京"),
        ];
        for (text, plain, guarded) in table {
            let write = |guard| written(|line| line.text(text.as_bytes(), guard));
            assert_eq!(write(false), plain, "{text:?}");
            assert_eq!(write(true), guarded, "{text:?}");
        }
    }

    #[test]
    fn negative_numbers_stay_numbers() {
        assert_eq!(written(|line| line.money(-50)), "-0.5");
        assert_eq!(written(|line| line.integer(-7)), "-7");
    }

    #[test]
    fn money_is_what_answers_show() {
        for cents in [
            0,
            1,
            9,
            10,
            90,
            100,
            101,
            950,
            933,
            905,
            -1,
            -1_005,
            i64::MIN,
        ] {
            assert_eq!(written(|line| line.money(cents)), money::format(cents));
        }
    }

    #[test]
    fn every_day_of_every_year_has_its_date() {
        let mut day = date(1, 1, 1);
        let mut number = days(day);
        while day < Date::MAX {
            let expected = format!("{}/{}/{:04}", day.month(), day.day(), day.year());
            assert_eq!(written(|line| line.date(number)), expected);
            (day, number) = (day.tomorrow().unwrap(), number + 1);
        }
    }

    fn cells() -> impl Strategy<Value = (String, String, i64, i64, i64)> {
        let text = || prop::string::string_regex("[a-z,\"\r\n =+'é\t-]{0,8}").unwrap();
        let cents = -99_999_999_999_999i64..=99_999_999_999_999;
        let day = days(date(1, 1, 1))..=days(date(9999, 12, 31));
        (text(), text(), 0..=9_999_999_999i64, cents, day)
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, cases: 2_000, ..ProptestConfig::default() })]

        #[test]
        fn what_is_written_without_guard_is_read_back_the_same((one, two, integer, cents, day) in cells()) {
            let mut out = Vec::new();
            let mut line = Line::new(&mut out);
            line.text(one.as_bytes(), false);
            line.text(two.as_bytes(), false);
            line.integer(integer);
            line.money(cents);
            line.date(day);
            line.end();
            let mut read = Vec::new();
            let mut csv = csv::ReaderBuilder::new().has_headers(false).from_reader(&out[..]);
            for record in csv.byte_records() {
                read.push(record.unwrap());
            }
            prop_assert_eq!(read.len(), 1);
            let cell = |at: usize| read[0].get(at).unwrap();
            prop_assert_eq!(cell(0), one.as_bytes());
            prop_assert_eq!(cell(1), two.as_bytes());
            let range = Kind::Integer { min: 0, max: i64::MAX };
            prop_assert_eq!(parse(range, cell(2)).unwrap(), Value::Integer(integer));
            prop_assert_eq!(parse(Kind::Money, cell(3)).unwrap(), Value::Money(cents));
            let Value::Date(date) = parse(Kind::Date, cell(4)).unwrap() else { unreachable!() };
            prop_assert_eq!(days(date), day);
        }
    }
}
