//! A position between two rows of a list that is read newest first, as a client carries it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::key::Key;

/// The layout of a cursor whose key is a date: version, direction, year, month, day, import, record.
const BY_DATE: u8 = 1;
const BYTES_BY_DATE: usize = 1 + 1 + 2 + 1 + 1 + 4 + 8;

/// The layout of any other: version, direction, kind of key, key, import, record. Another layout
/// gets another number.
const BY_KEY: u8 = 2;
const BYTES_BY_KEY: usize = 1 + 1 + 1 + 8 + 4 + 8;

/// Kinds of keys.
const NO_KEY: u8 = 0;
const DATE_TIME: u8 = 1;
const INTEGER: u8 = 2;

/// Where a row stands in the order of the pages. Where rows are sorted by a column: greater keys
/// first, then later imports, then later records. Else rows stand in the order of their files, and
/// these in the order of their imports. It stays a position when the row itself is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RowPosition {
    /// Its value in the column that rows are sorted by, if they are.
    pub key: Option<Key>,
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
            key,
            number,
            record,
        } = self.position;
        let mut bytes = Vec::with_capacity(BYTES_BY_KEY);
        let is_newer = u8::from(self.direction == Direction::Newer);
        match key {
            Some(Key::Date(day)) => {
                bytes.extend([BY_DATE, is_newer]);
                bytes.extend(day.year().to_be_bytes());
                bytes.extend(day.month().to_be_bytes());
                bytes.extend(day.day().to_be_bytes());
            }
            other => {
                let (kind, key) = packed(other);
                bytes.extend([BY_KEY, is_newer, kind]);
                bytes.extend(key.to_be_bytes());
            }
        }
        bytes.extend(number.to_be_bytes());
        bytes.extend(record.to_be_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads what [`Cursor::encode`] wrote; `None` for anything else.
    pub fn decode(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (&version, rest) = bytes.split_first()?;
        let (&newer, rest) = rest.split_first()?;
        let (key, rest) = match version {
            BY_DATE if bytes.len() == BYTES_BY_DATE => {
                let (key, rest) = rest.split_first_chunk()?;
                (Some(day(*key)?), rest)
            }
            BY_KEY if bytes.len() == BYTES_BY_KEY => {
                let (&kind, rest) = rest.split_first()?;
                let (key, rest) = rest.split_first_chunk()?;
                (unpacked(kind, i64::from_be_bytes(*key))?, rest)
            }
            _ => return None,
        };
        let (number, rest) = rest.split_first_chunk()?;
        let (record, _) = rest.split_first_chunk()?;
        let position = RowPosition {
            key,
            number: i32::from_be_bytes(*number),
            record: i64::from_be_bytes(*record),
        };
        let direction = match newer {
            0 => Direction::Older,
            1 => Direction::Newer,
            _ => return None,
        };
        Some(Self {
            position,
            direction,
        })
    }
}

fn day([y0, y1, month, day]: [u8; 4]) -> Option<Key> {
    let year = i16::from_be_bytes([y0, y1]);
    let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
    let day = Date::new(year, month, day).ok().filter(|_| year > 0)?;
    Some(Key::Date(day))
}

/// A kind and a number for a key that is no date.
fn packed(key: Option<Key>) -> (u8, i64) {
    match key {
        None => (NO_KEY, 0),
        Some(key @ Key::Integer(_)) => (INTEGER, key.number()),
        Some(key) => (DATE_TIME, key.number()),
    }
}

fn unpacked(kind: u8, key: i64) -> Option<Option<Key>> {
    match kind {
        NO_KEY => Some(None),
        INTEGER => Some(Some(Key::Integer(key))),
        DATE_TIME => {
            let moment = Timestamp::from_microsecond(key).ok()?;
            Some(Some(Key::of_moment(moment)))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn cursor(day: Date, number: i32, record: i64, direction: Direction) -> Cursor {
        let position = RowPosition {
            key: Some(Key::Date(day)),
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
    fn a_key_of_any_kind_is_carried() {
        let keys = [
            None,
            Some(Key::Integer(i64::MIN)),
            Some(Key::Integer(-1)),
            Some(Key::Integer(i64::MAX)),
            Some(Key::DateTime(date(1, 1, 1).at(0, 0, 0, 0))),
            Some(Key::DateTime(date(1969, 12, 31).at(
                23,
                59,
                59,
                999_999_000,
            ))),
            Some(Key::DateTime(date(2026, 3, 29).at(2, 30, 0, 1_000))),
        ];
        for key in keys {
            for direction in [Direction::Older, Direction::Newer] {
                let (number, record) = (7, 1 << 40);
                let position = RowPosition {
                    key,
                    number,
                    record,
                };
                let cursor = Cursor {
                    position,
                    direction,
                };
                assert_eq!(Cursor::decode(&cursor.encode()), Some(cursor));
            }
        }
        let kinds = [3, 255].map(|kind| {
            let mut bytes = [0; BYTES_BY_KEY];
            (bytes[0], bytes[2]) = (BY_KEY, kind);
            Cursor::decode(&URL_SAFE_NO_PAD.encode(bytes))
        });
        assert_eq!(kinds, [None, None]);
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
            changed(0, 3),
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
