//! Rows put into the order of the table's key before they are sent.

use domain::cell::Value;
use jiff::civil::Date;

use super::encoder::put_row;

/// Encoded bytes of rows sorted at a time. It bounds the memory of a worker whatever its chunk is:
/// a chunk of 16 MiB of ordinary sales records is 29 MiB of rows and goes as one run; one of tiny
/// records goes in a few, each sorted.
const RUN: usize = 32 * 1024 * 1024;

/// Room behind [`RUN`] for the row that fills it: the buffer then never has to move.
const LAST_ROW: usize = 64 * 1024;

/// The memory rows are sorted in: empty at first, then kept from one COPY to the next. The pages
/// of a buffer of this size are given back to the system when it is dropped, and every one of
/// them costs a fault when it is touched anew.
#[derive(Default)]
pub struct Room {
    bytes: Vec<u8>,
    rows: Vec<Place>,
}

/// Encoded rows and their order.
pub(super) struct Run {
    room: Room,
    sorted_by: usize,
}

/// Rows come in the order of their records, so the start of a row stands for its record.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    day: i32,
    start: u32,
    end: u32,
}

impl Run {
    /// An empty run of rows whose value `sorted_by` is a date. New memory is touched as it fills.
    pub(super) fn new(sorted_by: usize, room: Room) -> Self {
        let mut run = Self { room, sorted_by };
        run.clear();
        run.room.bytes.reserve_exact(RUN + LAST_ROW);
        run
    }

    /// Its memory, for the next one.
    pub(super) fn into_room(self) -> Room {
        self.room
    }

    pub(super) fn push(&mut self, import_id: i64, record: i64, values: &[Value<'_>]) {
        let start = self.room.bytes.len() as u32;
        put_row(&mut self.room.bytes, import_id, record, values);
        let day = match values.get(self.sorted_by) {
            Some(Value::Date(date)) => day(*date),
            _ => 0,
        };
        let end = self.room.bytes.len() as u32;
        self.room.rows.push(Place { day, start, end });
    }

    /// True if it should be sent before another row comes.
    pub(super) fn is_full(&self) -> bool {
        self.room.bytes.len() >= RUN
    }

    /// Sorts the rows: by date, then by record.
    pub(super) fn sort(&mut self) {
        self.room.rows.sort_unstable();
    }

    /// Row `i` in the order of the last [`sort`](Self::sort), encoded; none behind the last.
    pub(super) fn row(&self, i: usize) -> Option<&[u8]> {
        let place = self.room.rows.get(i)?;
        Some(&self.room.bytes[place.start as usize..place.end as usize])
    }

    pub(super) fn clear(&mut self) {
        self.room.bytes.clear();
        self.room.rows.clear();
    }
}

/// Any number that is greater for a later day.
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

    fn sorted(run: &mut Run) -> Vec<Vec<u8>> {
        run.sort();
        (0..)
            .map_while(|i| run.row(i).map(<[u8]>::to_vec))
            .collect()
    }

    #[test]
    fn rows_come_by_date_then_by_record() {
        let mut run = Run::new(1, Room::default());
        for (record, date) in (1..).zip(DAYS) {
            run.push(7, record, &[Value::Integer(1), Value::Date(date)]);
        }
        let expected = [4, 2, 6, 1, 3, 5].map(|record| encoded(record, DAYS[record as usize - 1]));
        assert_eq!(sorted(&mut run), expected);
        run.clear();
        assert_eq!(run.row(0), None);
    }

    #[test]
    fn a_run_in_the_room_of_another_is_empty() {
        let mut run = Run::new(1, Room::default());
        run.push(7, 1, &[Value::Integer(1), Value::Date(DAYS[0])]);
        let mut next = Run::new(1, run.into_room());
        assert_eq!(next.row(0), None);
        next.push(7, 1, &[Value::Integer(1), Value::Date(DAYS[1])]);
        assert_eq!(sorted(&mut next), [encoded(1, DAYS[1])]);
    }

    #[test]
    fn a_later_day_is_greater() {
        let days = (1..=12).flat_map(|month| (1..=28).map(move |day| date(2015, month, day)));
        let numbers: Vec<i32> = days.map(day).collect();
        assert!(numbers.is_sorted_by(|a, b| a < b));
        assert!(day(date(2015, 12, 31)) < day(date(2016, 1, 1)));
    }
}
