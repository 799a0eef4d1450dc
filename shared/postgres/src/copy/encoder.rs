use bytes::{BufMut, Bytes, BytesMut};
use domain::cell::Value;
use jiff::civil::Date;

/// Signature, no flags, no header extension: PostgreSQL, "Binary Format" of COPY.
const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";

/// Field count that ends the stream.
const TRAILER: i16 = -1;

const NUMERIC_POSITIVE: u16 = 0x0000;
const NUMERIC_NEGATIVE: u16 = 0x4000;

/// Decimals of every money column.
const CENTS_SCALE: u16 = 2;

/// Rows in the binary COPY format, gathered in one buffer.
pub(super) struct Encoder {
    buffer: BytesMut,
    frame: usize,
}

impl Encoder {
    pub(super) fn new(frame: usize) -> Self {
        let mut buffer = BytesMut::with_capacity(frame + frame / 4);
        buffer.put_slice(HEADER);
        Self { buffer, frame }
    }

    pub(super) fn len(&self) -> usize {
        self.buffer.len()
    }

    pub(super) fn take(&mut self) -> Bytes {
        let full = self.buffer.split().freeze();
        self.buffer.reserve(self.frame + self.frame / 4);
        full
    }

    pub(super) fn end(&mut self) -> Bytes {
        self.buffer.put_i16(TRAILER);
        self.buffer.split().freeze()
    }

    /// One row: the key, then the dataset's columns.
    pub(super) fn row(&mut self, import_id: i64, record: i64, values: &[Value<'_>]) {
        let fields = i16::try_from(values.len() + 2).expect("a dataset has a few columns");
        self.buffer.put_i16(fields);
        self.bigint(import_id);
        self.bigint(record);
        for value in values {
            self.value(value);
        }
    }

    fn value(&mut self, value: &Value<'_>) {
        match value {
            Value::Text(text) => self.text(text),
            Value::Integer(number) => self.bigint(*number),
            Value::Money(cents) => self.money(*cents),
            Value::Date(date) => self.date(*date),
        }
    }

    fn text(&mut self, text: &str) {
        let length = i32::try_from(text.len()).expect("a cell is shorter than its record's limit");
        self.buffer.put_i32(length);
        self.buffer.put_slice(text.as_bytes());
    }

    fn bigint(&mut self, number: i64) {
        self.buffer.put_i32(8);
        self.buffer.put_i64(number);
    }

    /// Days since 2000-01-01.
    fn date(&mut self, date: Date) {
        const EPOCH: Date = Date::constant(2000, 1, 1);
        let days = date.since((jiff::Unit::Day, EPOCH));
        let days = days.expect("two dates of the calendar are days apart");
        self.buffer.put_i32(4);
        self.buffer.put_i32(days.get_days());
    }

    /// numeric: digits of base 10,000, the weight of the first, sign, decimals shown. Cents are a
    /// whole part and one fractional digit of base 10,000.
    fn money(&mut self, cents: i64) {
        let digits = MoneyDigits::of(cents.unsigned_abs());
        let sign = if cents < 0 {
            NUMERIC_NEGATIVE
        } else {
            NUMERIC_POSITIVE
        };
        let count = digits.end - digits.start;
        self.buffer.put_i32(8 + 2 * count as i32);
        self.buffer.put_i16(count as i16);
        self.buffer.put_i16(digits.weight());
        self.buffer.put_u16(sign);
        self.buffer.put_u16(CENTS_SCALE);
        for digit in &digits.digits[digits.start..digits.end] {
            self.buffer.put_i16(*digit);
        }
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
