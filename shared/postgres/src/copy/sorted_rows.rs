//! Rows put into the order of the table's key before they are sent.

use domain::cell::Value;
use jiff::civil::Date;

use super::encoder::{datetime_micros, put_row, timestamp_micros};

/// Encoded bytes of rows sorted at a time. It bounds the memory of a worker whatever its chunk is:
/// a chunk of 16 MiB of ordinary sales records is 29 MiB of rows and is sorted at once; one of tiny
/// records goes in a few lots, each sorted.
const SORTED_AT_A_TIME: usize = 32 * 1024 * 1024;

/// Space after [`SORTED_AT_A_TIME`] for the row that fills it: the buffer then never has to move.
const LAST_ROW: usize = 64 * 1024;

/// The memory rows are sorted in: empty at first, then kept from one COPY to the next. The pages
/// of a buffer of this size are given back to the system when it is dropped, and every one of
/// them costs a fault when it is touched anew.
#[derive(Default)]
pub struct RowBuffer {
    bytes: Vec<u8>,
    rows: Vec<RowBytes>,
}

/// Encoded rows and their order.
pub(super) struct SortedRows {
    buffer: RowBuffer,
    sorted_by: usize,
}

/// Rows come in the order of their records, so the start of a row stands for its record.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct RowBytes {
    key: i64,
    start: u32,
    end: u32,
}

impl SortedRows {
    /// No rows yet, of a dataset whose value `sorted_by` is a date, a datetime or a whole number.
    /// New memory is touched as it fills.
    pub(super) fn new(sorted_by: usize, buffer: RowBuffer) -> Self {
        let mut rows = Self { buffer, sorted_by };
        rows.clear();
        rows.buffer.bytes.reserve_exact(SORTED_AT_A_TIME + LAST_ROW);
        rows
    }

    /// Its memory, for the next one.
    pub(super) fn into_buffer(self) -> RowBuffer {
        self.buffer
    }

    pub(super) fn push(&mut self, import_id: i64, record: i64, values: &[Value<'_>]) {
        let start = self.buffer.bytes.len() as u32;
        put_row(&mut self.buffer.bytes, import_id, record, values);
        let key = values.get(self.sorted_by).map_or(0, key);
        let end = self.buffer.bytes.len() as u32;
        self.buffer.rows.push(RowBytes { key, start, end });
    }

    /// True if it should be sent before another row comes.
    pub(super) fn is_full(&self) -> bool {
        self.buffer.bytes.len() >= SORTED_AT_A_TIME
    }

    /// Sorts the rows: by the value, then by record.
    pub(super) fn sort(&mut self) {
        self.buffer.rows.sort_unstable();
    }

    /// Row `i` in the order of the last [`sort`](Self::sort), encoded; `None` after the last.
    pub(super) fn row(&self, i: usize) -> Option<&[u8]> {
        let row = self.buffer.rows.get(i)?;
        Some(&self.buffer.bytes[row.start as usize..row.end as usize])
    }

    pub(super) fn clear(&mut self) {
        self.buffer.bytes.clear();
        self.buffer.rows.clear();
    }
}

/// A number that is greater for a greater value. Columns that rows are sorted by have no others.
#[inline]
fn key(value: &Value<'_>) -> i64 {
    match *value {
        Value::Date(date) => i64::from(day(date)),
        Value::Integer(number) => number,
        Value::Datetime(datetime) => datetime_micros(datetime),
        Value::Timestamp(timestamp) => timestamp_micros(timestamp),
        Value::Year(year) => i64::from(year),
        _ => 0,
    }
}

/// A number that is greater for a later day; nothing else matters.
fn day(date: Date) -> i32 {
    (i32::from(date.year()) << 9) + (i32::from(date.month()) << 5) + i32::from(date.day())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const DAYS: [Date; 6] = [
        date(2015, 3, 1),
        date(2014, 12, 31),
        date(2015, 3, 1),
        date(1, 1, 1),
        date(9999, 12, 31),
        date(2015, 2, 28),
    ];

    fn encoded(record: i64, date: Date) -> Vec<u8> {
        let mut bytes = Vec::new();
        put_row(
            &mut bytes,
            7,
            record,
            &[Value::Integer(1), Value::Date(date)],
        );
        bytes
    }

    fn in_order(rows: &mut SortedRows) -> Vec<Vec<u8>> {
        rows.sort();
        (0..)
            .map_while(|i| rows.row(i).map(<[u8]>::to_vec))
            .collect()
    }

    #[test]
    fn rows_come_by_date_then_by_record() {
        let mut sorted = SortedRows::new(1, RowBuffer::default());
        for (record, date) in (1..).zip(DAYS) {
            sorted.push(7, record, &[Value::Integer(1), Value::Date(date)]);
        }
        let expected = [4, 2, 6, 1, 3, 5].map(|record| encoded(record, DAYS[record as usize - 1]));
        assert_eq!(in_order(&mut sorted), expected);
        sorted.clear();
        assert_eq!(sorted.row(0), None);
    }

    #[test]
    fn rows_in_the_buffer_of_others_begin_empty() {
        let mut sorted = SortedRows::new(1, RowBuffer::default());
        sorted.push(7, 1, &[Value::Integer(1), Value::Date(DAYS[0])]);
        let mut next = SortedRows::new(1, sorted.into_buffer());
        assert_eq!(next.row(0), None);
        next.push(7, 1, &[Value::Integer(1), Value::Date(DAYS[1])]);
        assert_eq!(in_order(&mut next), [encoded(1, DAYS[1])]);
    }

    #[test]
    fn a_later_day_is_greater() {
        let days = (1..=12).flat_map(|month| (1..=28).map(move |day| date(2015, month, day)));
        let numbers: Vec<i32> = days.map(day).collect();
        assert!(numbers.is_sorted_by(|a, b| a < b));
        assert!(day(date(2015, 12, 31)) < day(date(2016, 1, 1)));
    }
}
