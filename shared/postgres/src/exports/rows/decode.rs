use domain::dataset::{Dataset, Kind};
use domain::export::{Line, Part};
use jiff::ToSpan;
use jiff::civil::Date;

use crate::Error;

/// What a binary COPY begins with, before its flags and the length of its extension.
const SIGNATURE: &[u8] = b"PGCOPY\n\xff\r\n\0";
const HEADER: usize = SIGNATURE.len() + 8;

/// Days from 1970-01-01 to 2000-01-01, from which PostgreSQL counts.
const EPOCH: i64 = 10_957;

/// A row's place within its import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub record: i64,
    /// Since 1970-01-01.
    pub day: i64,
}

impl Place {
    /// The order date.
    pub fn order_date(self) -> Result<Date, Error> {
        Date::constant(1970, 1, 1)
            .checked_add(self.day.days())
            .map_err(|error| Error::Stored(error.to_string()))
    }
}

/// Reads messages of a COPY whose columns are the record and those of the dataset.
pub struct Decoder {
    dataset: &'static Dataset,
    begun: bool,
}

impl Decoder {
    pub fn new(dataset: &'static Dataset) -> Self {
        Self {
            dataset,
            begun: false,
        }
    }

    /// Writes the row of one message; none for the one that ends the COPY.
    pub fn row(
        &mut self,
        message: &[u8],
        part: &mut Part,
        guard: bool,
    ) -> Result<Option<Place>, Error> {
        let mut bytes = message;
        if !self.begun {
            bytes = without_header(bytes)?;
            self.begun = true;
        }
        if short(&mut bytes)? == -1 {
            return Ok(None);
        }
        let record = integer(field(&mut bytes)?)?;
        let mut sorted_by = 0;
        let mut line = part.line();
        for (index, column) in self.dataset.columns.iter().enumerate() {
            let bytes = field(&mut bytes)?;
            if self.dataset.sorted_by == Some(index) {
                sorted_by = day(bytes)?;
            }
            cell(&mut line, column.kind, bytes, guard)?;
        }
        line.end();
        part.count();
        Ok(Some(Place {
            record,
            day: sorted_by,
        }))
    }
}

fn without_header(bytes: &[u8]) -> Result<&[u8], Error> {
    let has_header = bytes.starts_with(SIGNATURE) && bytes.len() >= HEADER;
    if has_header {
        Ok(&bytes[HEADER..])
    } else {
        Err(unexpected())
    }
}

#[inline]
fn cell(line: &mut Line<'_>, kind: Kind, bytes: &[u8], guard: bool) -> Result<(), Error> {
    match kind {
        Kind::Text { .. } => line.text(bytes, guard),
        Kind::Integer { .. } => line.integer(integer(bytes)?),
        Kind::Money => line.money(cents(bytes)?),
        Kind::Date => line.date(day(bytes)?),
    }
    Ok(())
}

/// The bytes of the next field; no column of ours is ever null.
#[inline]
fn field<'a>(bytes: &mut &'a [u8]) -> Result<&'a [u8], Error> {
    let (length, rest) = bytes.split_first_chunk().ok_or_else(unexpected)?;
    let length = usize::try_from(i32::from_be_bytes(*length)).map_err(|_| unexpected())?;
    let (field, rest) = rest.split_at_checked(length).ok_or_else(unexpected)?;
    *bytes = rest;
    Ok(field)
}

#[inline]
fn short(bytes: &mut &[u8]) -> Result<i16, Error> {
    let (value, rest) = bytes.split_first_chunk().ok_or_else(unexpected)?;
    *bytes = rest;
    Ok(i16::from_be_bytes(*value))
}

/// A bigint or an integer.
#[inline]
fn integer(bytes: &[u8]) -> Result<i64, Error> {
    if let Ok(eight) = bytes.try_into() {
        return Ok(i64::from_be_bytes(eight));
    }
    let four = bytes.try_into().map_err(|_| unexpected())?;
    Ok(i32::from_be_bytes(four).into())
}

#[inline]
fn day(bytes: &[u8]) -> Result<i64, Error> {
    Ok(integer(bytes)? + EPOCH)
}

/// A numeric(14, 2): count of its digits to the base of 10,000, weight of the first, sign, scale.
#[inline]
fn cents(mut bytes: &[u8]) -> Result<i64, Error> {
    let count = short(&mut bytes)?;
    let weight = short(&mut bytes)?;
    let negative = match short(&mut bytes)? {
        0 => false,
        0x4000 => true,
        _ => return Err(unexpected()),
    };
    short(&mut bytes)?;
    if usize::try_from(count).ok() != Some(bytes.len() / 2) || weight > 3 {
        return Err(unexpected());
    }
    let digit = |place: i16| {
        let at = usize::try_from(weight - place).ok().map(|it| it * 2);
        let two = at.and_then(|it| bytes.get(it..it + 2));
        two.map_or(0, |it| i64::from(it[0]) << 8 | i64::from(it[1]))
    };
    let whole = (0..=weight)
        .rev()
        .fold(0, |whole, place| whole * 10_000 + digit(place));
    let cents = whole * 100 + digit(-1) / 100;
    Ok(if negative { -cents } else { cents })
}

#[cold]
fn unexpected() -> Error {
    Error::Stored("a row that is not as its table says".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As PostgreSQL sends it: no digit group of zeros at either end.
    fn numeric(cents: i64) -> Vec<u8> {
        let value = cents.unsigned_abs();
        let mut groups: Vec<u16> = vec![(value % 100 * 100) as u16];
        let (mut whole, mut weight) = (value / 100, -1i16);
        while whole > 0 {
            groups.insert(0, (whole % 10_000) as u16);
            (whole, weight) = (whole / 10_000, weight + 1);
        }
        while groups.first() == Some(&0) {
            groups.remove(0);
            weight -= 1;
        }
        while groups.last() == Some(&0) {
            groups.pop();
        }
        let sign: u16 = if cents < 0 { 0x4000 } else { 0 };
        let weight = if groups.is_empty() { 0 } else { weight };
        let head = [groups.len() as u16, weight as u16, sign, 2];
        head.iter()
            .chain(&groups)
            .flat_map(|it| it.to_be_bytes())
            .collect()
    }

    #[test]
    fn amounts() {
        let amounts = [
            0,
            1,
            99,
            100,
            101,
            10_000,
            999_999,
            1_000_000,
            100_000_000,
            100_000_050,
            123_456_789,
            99_999_999_999_999,
            10_000_000_000_000,
        ];
        for amount in amounts.into_iter().flat_map(|it| [it, -it]) {
            assert_eq!(cents(&numeric(amount)).unwrap(), amount);
        }
    }

    #[test]
    fn what_is_no_row_is_an_error_and_no_panic() {
        let mut decoder = Decoder::new(domain::dataset::BASELINE);
        let mut part = Part::new(false, 1_000);
        for bytes in [&b""[..], b"PGCOPY", SIGNATURE, &[0; 30]] {
            assert!(decoder.row(bytes, &mut part, true).is_err());
        }
        for bytes in [
            &b""[..],
            &[0, 1, 0, 0, 0, 0, 0, 2],
            &[0, 0, 0, 0, 0xc0, 0, 0, 0],
        ] {
            assert!(cents(bytes).is_err());
        }
    }

    #[test]
    fn days_are_counted_from_1970() {
        let place = |days: i32| Place {
            record: 1,
            day: day(&days.to_be_bytes()).unwrap(),
        };
        assert_eq!(place(0).order_date().unwrap().to_string(), "2000-01-01");
        assert_eq!(
            place(-10_957).order_date().unwrap().to_string(),
            "1970-01-01"
        );
    }
}
