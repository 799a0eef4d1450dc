//! Decimal numbers in PostgreSQL's binary format: digits of base 10,000, the power of the first,
//! the sign, and how many decimals are shown.

use std::error::Error;

use bytes::BufMut;
use domain::cell::{DIGITS_AT_MOST, Decimal, PLACES_AT_MOST};
use tokio_postgres::types::{FromSql, Type, accepts};

pub(crate) const POSITIVE: u16 = 0x0000;
pub(crate) const NEGATIVE: u16 = 0x4000;

/// Decimal digits of a digit of base 10,000.
const PLACES: i32 = 4;

/// A column of type numeric, whose numbers are of our making.
pub(crate) struct Numeric(pub Decimal);

/// Writes a number with its length.
pub(crate) fn put(out: &mut impl BufMut, number: Decimal) {
    let digits = Digits::of(number);
    let sign = match number.mantissa() < 0 {
        true => NEGATIVE,
        false => POSITIVE,
    };
    let count = digits.count;
    out.put_i32(8 + 2 * count as i32);
    out.put_i16(count as i16);
    out.put_i16(digits.power);
    out.put_u16(sign);
    out.put_u16(number.scale().max(0).unsigned_abs());
    for digit in &digits.digits[..count] {
        out.put_i16(*digit);
    }
}

/// Digits of base 10,000, the first and the last of which are not 0.
struct Digits {
    digits: [i16; Digits::MOST],
    count: usize,
    /// The power of 10,000 of the first.
    power: i16,
}

impl Digits {
    /// 38 decimal digits, of which the first may stand alone in one.
    const MOST: usize = DIGITS_AT_MOST as usize / PLACES as usize + 2;

    fn of(number: Decimal) -> Self {
        let mut all = Self {
            digits: [0; Self::MOST],
            count: 0,
            power: 0,
        };
        let scale = i32::from(number.scale());
        // The point between digits of base 10,000 comes to stand behind the last decimal digit.
        let missing = scale.rem_euclid(PLACES);
        let missing = if missing == 0 { 0 } else { PLACES - missing };
        let last = -(scale + missing) / PLACES;
        let mut rest = number.mantissa().unsigned_abs();
        let mut low = 10u128.pow(PLACES.abs_diff(missing));
        let mut factor = 10u128.pow(missing.unsigned_abs());
        while rest > 0 {
            all.digits[all.count] = (rest % low * factor) as i16;
            rest /= low;
            (low, factor) = (10_000, 1);
            all.count += 1;
        }
        all.digits[..all.count].reverse();
        if all.count > 0 {
            all.power = (last + all.count as i32 - 1) as i16;
        }
        all
    }
}

/// Reads what [`put`] has written, without its length; `None` for what is no number of ours.
fn read(bytes: &[u8]) -> Option<Decimal> {
    let (header, digits) = bytes.split_at_checked(8)?;
    let field = |at: usize| i16::from_be_bytes([header[2 * at], header[2 * at + 1]]);
    let (count, power) = (usize::try_from(field(0)).ok()?, i32::from(field(1)));
    let negative = match field(2).cast_unsigned() {
        POSITIVE => false,
        NEGATIVE => true,
        _ => return None,
    };
    if digits.len() != 2 * count {
        return None;
    }
    let digits: Vec<u16> = digits
        .chunks_exact(2)
        .map(|it| u16::from_be_bytes([it[0], it[1]]))
        .collect();
    let mut text: String = digits.iter().map(|it| format!("{it:04}")).collect();
    let kept = text.trim_end_matches('0').len();
    let zeros = text.len() - kept;
    text.truncate(kept);
    if text.is_empty() {
        return Some(Decimal::ZERO);
    }
    let mantissa: i128 = text.parse().ok()?;
    let last = power - (count as i32 - 1);
    let scale = i16::try_from(-last * PLACES - zeros as i32).ok()?;
    let fits = -PLACES_AT_MOST..=PLACES_AT_MOST;
    let mantissa = if negative { -mantissa } else { mantissa };
    fits.contains(&scale).then(|| Decimal::new(mantissa, scale))
}

impl<'r> FromSql<'r> for Numeric {
    fn from_sql(_: &Type, raw: &'r [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        let number = read(raw).ok_or("a number that no row of ours has")?;
        Ok(Self(number))
    }

    accepts!(NUMERIC);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(mantissa: i128, scale: i16) -> Vec<u8> {
        let mut out = Vec::new();
        put(&mut out, Decimal::new(mantissa, scale));
        out.split_off(4)
    }

    fn words(words: &[i16]) -> Vec<u8> {
        words.iter().flat_map(|it| it.to_be_bytes()).collect()
    }

    #[test]
    fn digits_of_base_10_000() {
        let negative = NEGATIVE.cast_signed();
        #[rustfmt::skip]
        let table: [(i128, i16, &[i16]); 9] = [
            (0, 0, &[0, 0, 0, 0]),
            (1, 0, &[1, 0, 0, 0, 1]),
            (12_345, 0, &[2, 1, 0, 0, 1, 2_345]),
            (-15, 1, &[2, 0, negative, 1, 1, 5_000]),
            (1, 5, &[1, -2, 0, 5, 1_000]),
            (1, 4, &[1, -1, 0, 4, 1]),
            (1, -5, &[1, 1, 0, 0, 10]),
            (123_456, 3, &[2, 0, 0, 3, 123, 4_560]),
            (12_345_678, -300, &[2, 76, 0, 0, 1_234, 5_678]),
        ];
        for (mantissa, scale, expected) in table {
            assert_eq!(
                encoded(mantissa, scale),
                words(expected),
                "{mantissa}e-{scale}"
            );
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let most = 10i128.pow(38) - 1;
        for mantissa in [0, 1, -1, 9_999, 10_000, 10_001, 123_456_789, most, -most] {
            for scale in -400..=400 {
                let number = Decimal::new(mantissa, scale);
                if i32::from(number.scale()).abs() <= 400 {
                    assert_eq!(read(&encoded(mantissa, scale)), Some(number), "{number}");
                }
            }
        }
    }

    #[test]
    fn what_is_no_number_of_ours_is_no_panic() {
        let nan = words(&[0, 0, 0xC000u16.cast_signed(), 0]);
        let long = words(&[1, 9_000, 0, 0, 1]);
        for bytes in [
            &b""[..],
            &[0; 7],
            &words(&[2, 0, 0, 0, 1]),
            &words(&[-1, 0, 0, 0]),
            &nan,
            &long,
        ] {
            assert_eq!(read(bytes), None, "{bytes:?}");
        }
    }
}
