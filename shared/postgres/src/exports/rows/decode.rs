//! A row as `COPY … TO STDOUT` writes it in its text format: tabs between the columns, a newline
//! after the last. What could be mistaken for either is escaped with a backslash.

mod declared;

use domain::cell::Kind;
use domain::dataset::Dataset;
use domain::export::Part;
use domain::order::{Key, Order};
use memchr::{Memchr, memchr, memchr_iter};

use crate::Error;

/// Writes a row whose columns are the record and those of the dataset.
pub fn write(message: &[u8], dataset: &Dataset, part: &mut Part, guard: bool) -> Result<(), Error> {
    let mut columns = Columns::of(message)?;
    columns.next()?;
    // A record of one empty cell would be an empty line.
    if dataset.columns.len() > 1 && dataset.reading.dialect.has_usual_cells() {
        usual(&mut columns, dataset, part, guard)?;
    } else {
        declared::write(&mut columns, dataset, part, guard)?;
    }
    columns.demand_end()?;
    part.count();
    Ok(())
}

fn usual(
    columns: &mut Columns<'_>,
    dataset: &Dataset,
    part: &mut Part,
    guard: bool,
) -> Result<(), Error> {
    let mut row = part.row();
    for column in &dataset.columns {
        let bytes = columns.next()?;
        match &column.kind {
            _ if columns.is_escaped && declared::is_null(dataset, column, bytes) => {
                row.text(declared::null(column), false);
            }
            Kind::Text { .. } if columns.is_escaped => row.text(&plain(bytes)?, guard),
            Kind::Text { .. } => row.text(bytes, guard),
            Kind::Integer { .. } => row.integer(bytes),
            Kind::Money { .. } if dataset.reading.decimal == b'.' => row.money(amount(bytes)?),
            Kind::Date { formats: None, .. } => {
                row.date(bytes.try_into().map_err(|_| unexpected())?);
            }
            kind => row.text(&declared::text(dataset, kind, bytes)?, false),
        }
    }
    row.end();
    Ok(())
}

/// Where a row stands within its import: key and record.
pub fn place(message: &[u8], dataset: &Dataset) -> Result<(Option<Key>, i64), Error> {
    let mut columns = Columns::of(message)?;
    let record = parsed(columns.next()?)?;
    let Some((sorted_by, order)) = dataset.sorted_by.zip(dataset.order()) else {
        return Ok((None, record));
    };
    for _ in 0..sorted_by {
        columns.next()?;
    }
    let key = columns.next()?;
    let key = match order {
        Order::Dates => Key::Date(parsed(key)?),
        Order::DateTimes => Key::DateTime(parsed(key)?),
        Order::Moments => Key::of_moment(parsed(key)?),
        Order::Integers { .. } => Key::Integer(parsed(key)?),
    };
    Ok((Some(key), record))
}

/// The columns of a row, one after the other.
struct Columns<'a> {
    row: &'a [u8],
    tabs: Memchr<'a>,
    start: usize,
    /// There is a backslash in one of them, which is rare.
    is_escaped: bool,
}

impl<'a> Columns<'a> {
    fn of(message: &'a [u8]) -> Result<Self, Error> {
        let row = message.strip_suffix(b"\n").ok_or_else(unexpected)?;
        Ok(Self {
            row,
            tabs: memchr_iter(b'\t', row),
            start: 0,
            is_escaped: memchr(b'\\', row).is_some(),
        })
    }

    #[inline]
    fn next(&mut self) -> Result<&'a [u8], Error> {
        let end = self.tabs.next().unwrap_or(self.row.len());
        let column = self.row.get(self.start..end).ok_or_else(unexpected)?;
        self.start = end + 1;
        Ok(column)
    }

    #[inline]
    fn demand_end(&self) -> Result<(), Error> {
        let is_end = self.start > self.row.len();
        is_end.then_some(()).ok_or_else(unexpected)
    }
}

/// The amount, which must have its point before two decimals.
#[inline]
fn amount(bytes: &[u8]) -> Result<&[u8], Error> {
    match bytes {
        [.., b'.', _, _] => Ok(bytes),
        _ => Err(unexpected()),
    }
}

/// What stands for null.
const NULL: &[u8] = b"\\N";

/// The text without its escapes.
fn plain(escaped: &[u8]) -> Result<Vec<u8>, Error> {
    let mut text = Vec::with_capacity(escaped.len());
    let mut bytes = escaped.iter();
    while let Some(&byte) = bytes.next() {
        text.push(match byte {
            b'\\' => meant(bytes.next())?,
            other => other,
        });
    }
    Ok(text)
}

fn meant(behind_backslash: Option<&u8>) -> Result<u8, Error> {
    match behind_backslash {
        Some(b'b') => Ok(0x08),
        Some(b't') => Ok(b'\t'),
        Some(b'n') => Ok(b'\n'),
        Some(b'v') => Ok(0x0b),
        Some(b'f') => Ok(0x0c),
        Some(b'r') => Ok(b'\r'),
        Some(b'\\') => Ok(b'\\'),
        _ => Err(unexpected()),
    }
}

fn parsed<T: std::str::FromStr>(bytes: &[u8]) -> Result<T, Error> {
    let text = std::str::from_utf8(bytes).map_err(|_| unexpected())?;
    text.parse().map_err(|_| unexpected())
}

#[cold]
fn unexpected() -> Error {
    Error::Stored("a row that is not as its table says".to_owned())
}

#[cfg(test)]
mod tests {
    use domain::catalog::BASELINE;
    use jiff::civil::date;

    use super::*;

    const ROW: &str = "42\tAsia\tLao, \\\\ \\tPDR\tSnacks\tOnline\tH\t2015-08-01\t7\t2016-12-31\t9\
        \t1.50\t2.05\t3.00\t100.00\t-4.10\n";

    fn written(message: &str) -> Result<String, Error> {
        let mut part = Part::new(false, 1_000);
        write(message.as_bytes(), &BASELINE, &mut part, true)?;
        Ok(String::from_utf8(part.finish()).unwrap())
    }

    #[test]
    fn a_row_becomes_a_line() {
        let line = "Asia,\"Lao, \\ \tPDR\",Snacks,Online,H,8/1/2015,7,12/31/2016,9,1.5,2.05,3,100,-4.1\r\n";
        assert_eq!(written(ROW).unwrap(), line);
    }

    #[test]
    fn its_place_is_its_order_date_and_record() {
        let place = place(ROW.as_bytes(), &BASELINE).unwrap();
        assert_eq!(place, (Some(Key::Date(date(2015, 8, 1))), 42));
    }

    #[test]
    fn a_backslash_stands_for_what_would_be_mistaken() {
        let text = plain(b"\\b\\t\\n\\v\\f\\r\\\\ a").unwrap();
        assert_eq!(text, b"\x08\t\n\x0b\x0c\r\\ a");
    }

    #[test]
    fn what_is_no_row_is_an_error_and_no_panic() {
        let wrong = [
            ("42", "x"),
            ("\n", ""),
            ("Asia\t", ""),
            ("Asia", "Asia\t"),
            ("Asia", "\\N"),
            ("Asia", "\\"),
            ("2015-08-01", "2015-8-1"),
            ("1.50", "1.5"),
            ("1.50", "NaN"),
        ];
        for (what, instead) in wrong {
            let row = ROW.replacen(what, instead, 1);
            let is_error = written(&row).is_err() || place(row.as_bytes(), &BASELINE).is_err();
            assert!(is_error, "{row:?}");
        }
        assert!(written("").is_err());
    }
}
