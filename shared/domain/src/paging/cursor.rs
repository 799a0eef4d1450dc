//! A position between two rows of a list that is read newest first, as a client carries it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::civil::Date;

/// The version of the layout below; another layout gets another number.
const VERSION: u8 = 1;
/// Version, direction, year, month, day, import, record.
const BYTES: usize = 1 + 1 + 2 + 1 + 1 + 4 + 8;

/// Where a row stands in the order of the pages: later dates first, then later imports, then
/// later records. It stays a position when the row itself is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RowPosition {
    /// The order date.
    pub day: Date,
    /// Number of the import, as its user knows it.
    pub number: i32,
    /// Number of the record in its file.
    pub record: i64,
}

/// Which side of a position is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// What comes after it in the list.
    Older,
    /// What comes before it in the list.
    Newer,
}

impl Direction {
    /// The opposite direction.
    #[must_use]
    pub fn turned(self) -> Self {
        match self {
            Self::Older => Self::Newer,
            Self::Newer => Self::Older,
        }
    }
}

/// The rows next to a position, on one side of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The position, which is not part of the page.
    pub position: RowPosition,
    /// Which side of it.
    pub direction: Direction,
}

impl Cursor {
    /// The cursor as text that can stand in a URL.
    pub fn encode(&self) -> String {
        let RowPosition {
            day,
            number,
            record,
        } = self.position;
        let mut bytes = Vec::with_capacity(BYTES);
        bytes.push(VERSION);
        bytes.push((self.direction == Direction::Newer).into());
        bytes.extend(day.year().to_be_bytes());
        bytes.extend(day.month().to_be_bytes());
        bytes.extend(day.day().to_be_bytes());
        bytes.extend(number.to_be_bytes());
        bytes.extend(record.to_be_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads what [`Cursor::encode`] wrote; `None` for anything else.
    pub fn decode(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let bytes: [u8; BYTES] = bytes.try_into().ok()?;
        let [
            VERSION,
            newer @ (0 | 1),
            y0,
            y1,
            month,
            day,
            n0,
            n1,
            n2,
            n3,
            record @ ..,
        ] = bytes
        else {
            return None;
        };
        let year = i16::from_be_bytes([y0, y1]);
        let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
        let position = RowPosition {
            day: Date::new(year, month, day).ok().filter(|_| year > 0)?,
            number: i32::from_be_bytes([n0, n1, n2, n3]),
            record: i64::from_be_bytes(record),
        };
        let direction = match newer {
            0 => Direction::Older,
            _ => Direction::Newer,
        };
        Some(Self {
            position,
            direction,
        })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn cursor(day: Date, number: i32, record: i64, direction: Direction) -> Cursor {
        let position = RowPosition {
            day,
            number,
            record,
        };
        Cursor {
            position,
            direction,
        }
    }

    #[test]
    fn what_is_written_is_read() {
        for direction in [Direction::Older, Direction::Newer] {
            for day in [date(1, 1, 1), date(2015, 8, 1), date(9999, 12, 31)] {
                for (number, record) in [(1, 1), (i32::MAX, i64::MAX), (300, 5_000_000)] {
                    let cursor = cursor(day, number, record, direction);
                    let text = cursor.encode();
                    assert_eq!(Cursor::decode(&text), Some(cursor));
                    let plain = text
                        .bytes()
                        .all(|it| it.is_ascii_alphanumeric() || b"-_".contains(&it));
                    assert!(plain, "needs no escapes: {text}");
                }
            }
        }
    }

    #[test]
    fn nothing_else_is_a_cursor() {
        let good = cursor(date(2015, 8, 1), 1, 1, Direction::Older).encode();
        let bytes = URL_SAFE_NO_PAD.decode(&good).unwrap();
        let changed = |at: usize, to: u8| {
            let mut bytes = bytes.clone();
            bytes[at] = to;
            URL_SAFE_NO_PAD.encode(bytes)
        };
        let bad = [
            String::new(),
            "x".into(),
            "!".repeat(24),
            format!("{good}A"),
            good[1..].to_owned(),
            format!("{good}=="),
            changed(0, 2),
            changed(1, 2),
            changed(2, 0x80),
            changed(4, 13),
            changed(4, 200),
            changed(5, 0),
            changed(5, 32),
        ];
        for text in bad {
            assert_eq!(Cursor::decode(&text), None, "{text}");
        }
    }

    #[test]
    fn places_stand_in_the_order_of_the_pages() {
        let position = |day, number, record| cursor(day, number, record, Direction::Older).position;
        let day = date(2015, 8, 1);
        assert!(position(date(2015, 8, 2), 1, 1) > position(day, 9, 9));
        assert!(position(day, 2, 1) > position(day, 1, 9));
        assert!(position(day, 1, 2) > position(day, 1, 1));
    }
}
