use bytes::{BufMut, Bytes, BytesMut};
use domain::cell::Value;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};

use crate::numeric;

/// Signature, no flags, no header extension: PostgreSQL, "Binary Format" of COPY.
const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";

/// Field count that ends the stream.
const TRAILER: i16 = -1;

/// The length of a value that is null.
const NULL: i32 = -1;

/// Decimals of every money column.
const CENTS_SCALE: u16 = 2;

/// Rows in the binary COPY format, gathered until a frame is full.
///
/// tokio-postgres has `BinaryCopyInWriter` for this format, but it encodes each row straight into
/// what it sends next. Here rows are encoded first, then sorted, then sent (infra/adr/0005); and
/// amounts are encoded from cents, without a decimal type (infra/adr/0003).
pub(super) struct Frame {
    buffer: BytesMut,
    size: usize,
}

impl Frame {
    pub(super) fn new(size: usize) -> Self {
        let mut buffer = BytesMut::with_capacity(size + size / 4);
        buffer.put_slice(HEADER);
        Self { buffer, size }
    }

    pub(super) fn is_full(&self) -> bool {
        self.buffer.len() >= self.size
    }

    pub(super) fn take(&mut self) -> Bytes {
        let full = self.buffer.split().freeze();
        self.buffer.reserve(self.size + self.size / 4);
        full
    }

    pub(super) fn end(&mut self) -> Bytes {
        self.buffer.put_i16(TRAILER);
        self.buffer.split().freeze()
    }

    pub(super) fn row(&mut self, import_id: i64, record: i64, values: &[Value<'_>]) {
        put_row(&mut self.buffer, import_id, record, values);
    }

    /// A row that [`put_row`] has encoded.
    pub(super) fn encoded_row(&mut self, row: &[u8]) {
        self.buffer.put_slice(row);
    }
}

/// One row: the key, then the dataset's columns.
pub(super) fn put_row(out: &mut impl BufMut, import_id: i64, record: i64, values: &[Value<'_>]) {
    let fields = i16::try_from(values.len() + 2).expect("a dataset has a few columns");
    out.put_i16(fields);
    put_bigint(out, import_id);
    put_bigint(out, record);
    for value in values {
        match value {
            Value::Text(text) => put_text(out, text),
            Value::Integer(number) => put_bigint(out, *number),
            Value::Money(cents) => put_money(out, *cents),
            Value::Date(date) => put_date(out, *date),
            other => put_declared(out, other),
        }
    }
}

/// A value that only declared datasets have.
fn put_declared(out: &mut impl BufMut, value: &Value<'_>) {
    match value {
        Value::Number(number) => numeric::put(out, *number),
        Value::Boolean(value) => {
            out.put_i32(1);
            out.put_u8(u8::from(*value));
        }
        Value::Datetime(datetime) => put_bigint(out, datetime_micros(*datetime)),
        Value::Timestamp(timestamp) => put_bigint(out, timestamp_micros(*timestamp)),
        Value::Time(time) => put_bigint(out, time_micros(*time)),
        Value::Year(year) => {
            out.put_i32(4);
            out.put_i32(i32::from(*year));
        }
        Value::Uuid(uuid) => {
            out.put_i32(16);
            out.put_slice(uuid.as_bytes());
        }
        _ => out.put_i32(NULL),
    }
}

fn put_text(out: &mut impl BufMut, text: &str) {
    let length = i32::try_from(text.len()).expect("a cell is shorter than its record's limit");
    out.put_i32(length);
    out.put_slice(text.as_bytes());
}

fn put_bigint(out: &mut impl BufMut, number: i64) {
    out.put_i32(8);
    out.put_i64(number);
}

fn put_date(out: &mut impl BufMut, date: Date) {
    out.put_i32(4);
    out.put_i32(days_since_2000(date));
}

const MICROS_OF_A_DAY: i64 = 86_400_000_000;

/// PostgreSQL's timestamp: microseconds since the beginning of 2000.
pub(super) fn datetime_micros(datetime: DateTime) -> i64 {
    let days = i64::from(days_since_2000(datetime.date()));
    days * MICROS_OF_A_DAY + time_micros(datetime.time())
}

/// PostgreSQL's timestamptz: the same, in UTC.
pub(super) fn timestamp_micros(timestamp: Timestamp) -> i64 {
    /// From 1970 to 2000.
    const TO_2000: i64 = 10_957 * MICROS_OF_A_DAY;
    timestamp.as_microsecond() - TO_2000
}

/// PostgreSQL's time: microseconds since midnight.
fn time_micros(time: Time) -> i64 {
    let seconds =
        i64::from(time.hour()) * 3_600 + i64::from(time.minute()) * 60 + i64::from(time.second());
    seconds * 1_000_000 + i64::from(time.subsec_nanosecond() / 1_000)
}

/// PostgreSQL's date: days since 2000-01-01. Years are counted from March, so that a leap day is
/// the last of its year; eras of 400 years have the same number of days.
///
/// jiff can count the days too (`Date::since`), but as a general difference of two dates, which was
/// computed for both dates of every sales record. This needs a few integer operations; a test
/// compares it with jiff for every day.
fn days_since_2000(date: Date) -> i32 {
    const ERA: i32 = 146_097;
    /// From 0000-03-01 to 2000-01-01.
    const TO_2000: i32 = 730_425;
    let (month, day) = (i32::from(date.month()), i32::from(date.day()));
    let year = i32::from(date.year()) - i32::from(month < 3);
    let (era, year) = (year.div_euclid(400), year.rem_euclid(400));
    let month = (month + 9) % 12;
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    era * ERA + year * 365 + year / 4 - year / 100 + day_of_year - TO_2000
}

/// numeric: digits of base 10,000, the weight of the first, sign, decimals shown. Cents are a
/// whole part and one fractional digit of base 10,000.
fn put_money(out: &mut impl BufMut, cents: i64) {
    let digits = MoneyDigits::of(cents.unsigned_abs());
    let sign = if cents < 0 {
        numeric::NEGATIVE
    } else {
        numeric::POSITIVE
    };
    let count = digits.end - digits.start;
    out.put_i32(8 + 2 * count as i32);
    out.put_i16(count as i16);
    out.put_i16(digits.weight());
    out.put_u16(sign);
    out.put_u16(CENTS_SCALE);
    for digit in &digits.digits[digits.start..digits.end] {
        out.put_i16(*digit);
    }
}

/// Base-10,000 digits of an amount, most significant first; the last place is the fraction.
struct MoneyDigits {
    digits: [i16; MoneyDigits::PLACES],
    start: usize,
    end: usize,
}

impl MoneyDigits {
    /// Five places hold the whole part of any 64-bit number of cents, one the fraction.
    const PLACES: usize = 6;
    const FRACTION: usize = Self::PLACES - 1;

    fn of(cents: u64) -> Self {
        let mut digits = [0i16; Self::PLACES];
        digits[Self::FRACTION] = (cents % 100 * 100) as i16;
        let mut whole = cents / 100;
        for place in (0..Self::FRACTION).rev() {
            digits[place] = (whole % 10_000) as i16;
            whole /= 10_000;
        }
        let start = digits.iter().position(|it| *it != 0);
        let end = digits.iter().rposition(|it| *it != 0);
        Self {
            digits,
            start: start.unwrap_or(0),
            end: end.map_or(0, |last| last + 1),
        }
    }

    /// Power of 10,000 of the first digit sent; 0 for zero.
    fn weight(&self) -> i16 {
        if self.end == 0 {
            return 0;
        }
        (Self::FRACTION as i16) - 1 - (self.start as i16)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_is_one_behind_the_day_before() {
        let mut date = Date::constant(-4, 1, 1);
        let mut expected = date
            .since((jiff::Unit::Day, Date::constant(2000, 1, 1)))
            .unwrap()
            .get_days();
        while let Ok(next) = date.tomorrow() {
            assert_eq!(days_since_2000(date), expected, "{date}");
            (date, expected) = (next, expected + 1);
        }
        assert_eq!(days_since_2000(Date::constant(2000, 1, 1)), 0);
        assert_eq!(days_since_2000(Date::MAX), expected);
    }

    #[test]
    fn moments_are_counted_from_2000() {
        let first = Date::constant(2000, 1, 1).at(0, 0, 0, 0);
        assert_eq!(datetime_micros(first), 0);
        assert_eq!(
            datetime_micros(Date::constant(1999, 12, 31).at(23, 59, 59, 999_999_000)),
            -1
        );
        let utc = |it: DateTime| jiff::tz::Offset::UTC.to_timestamp(it).unwrap();
        for datetime in [
            first,
            Date::constant(1, 1, 1).at(1, 2, 3, 4_000),
            DateTime::MAX,
        ] {
            let seen = timestamp_micros(utc(
                datetime.min(Date::constant(9999, 12, 30).at(0, 0, 0, 0))
            ));
            let expected =
                datetime_micros(datetime.min(Date::constant(9999, 12, 30).at(0, 0, 0, 0)));
            assert_eq!(seen, expected);
        }
    }
}
