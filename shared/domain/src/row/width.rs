//! How many bytes a row needs at least in a page of PostgreSQL's heap, which has room for 8,160.
//!
//! A value of variable length that needs more than 24 bytes can be moved to another table, and 18
//! bytes that point to it stay; a shorter one cannot. So 500 texts of 20 bytes fit in no page, although
//! they are only 10 kB. (PostgreSQL: "Database Page Layout" and "TOAST".) What the server may save
//! by compressing texts is not counted on.

use crate::cell::{Decimal, Kind, Value};
use crate::dataset::Column;
use crate::limits::ROW_BYTES_AT_MOST;

/// `import_id` and `record`.
const KEY: [Need; 2] = [Need::aligned(8); 2];

/// The fixed part of a row's header.
const HEADER: usize = 23;

/// A value is moved to another table only if it needs more.
const STAYS: usize = 24;

/// What stays of a value that is moved.
const POINTER: usize = 18;

/// Bytes, and the number that their place must be a multiple of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Need {
    bytes: usize,
    align: usize,
}

impl Need {
    const NOTHING: Self = Self { bytes: 0, align: 1 };

    /// As many bytes as it is aligned by.
    const fn aligned(bytes: usize) -> Self {
        Self {
            bytes,
            align: bytes,
        }
    }

    const fn bytes(bytes: usize) -> Self {
        Self { bytes, align: 1 }
    }

    /// Bytes with their length before them. Those that stay have the short form of it, which is not
    /// aligned.
    const fn varying(bytes: usize) -> Self {
        let all = 1 + bytes;
        Self::bytes(if all > STAYS { POINTER } else { all })
    }

    /// Digits of base 10,000 after a header of two bytes, or of four where the point is far away.
    fn numeric(number: Decimal) -> Self {
        let scale = i32::from(number.scale());
        let missing = (-scale).rem_euclid(4);
        let digits = (number.digits() as i32 + missing + 3) / 4;
        let power = digits - 1 - (scale + missing) / 4;
        let near = scale <= 63 && (-64..=63).contains(&power);
        Self::varying(2 * digits.unsigned_abs() as usize + if near { 2 } else { 4 })
    }

    fn of(value: &Value<'_>) -> Self {
        match value {
            Value::Null => Self::NOTHING,
            Value::Text(text) => Self::varying(text.len()),
            Value::Integer(_) | Value::Datetime(_) | Value::Timestamp(_) | Value::Time(_) => {
                Self::aligned(8)
            }
            Value::Date(_) | Value::Year(_) => Self::aligned(4),
            Value::Boolean(_) => Self::bytes(1),
            Value::Uuid(_) => Self::bytes(16),
            Value::Money(cents) => Self::numeric(Decimal::new(i128::from(*cents), 2)),
            Value::Number(number) => Self::numeric(*number),
        }
    }

    /// The most that a value of this kind needs.
    fn most(kind: &Kind) -> Self {
        match kind {
            Kind::Text { max_chars, .. } => {
                Self::bytes(1 + max_chars.saturating_mul(4).min(STAYS - 1))
            }
            Kind::Money { .. } | Kind::Number(_) | Kind::BigInteger(_) => Self::bytes(STAYS),
            Kind::Uuid(_) => Self::bytes(16),
            Kind::Integer { .. } | Kind::Datetime(_) | Kind::Timestamp(_) | Kind::Time(_) => {
                Self::aligned(8)
            }
            Kind::Date { .. } | Kind::Yearmonth(_) | Kind::Year(_) => Self::aligned(4),
            Kind::Boolean(_) => Self::bytes(1),
        }
    }
}

/// The bytes of a row of these values, in their order. With a null among them, its header has a bit
/// for each value.
fn bytes(needs: impl Iterator<Item = Need> + Clone) -> usize {
    let needs = KEY.into_iter().chain(needs);
    let nulls = needs.clone().any(|it| it == Need::NOTHING);
    let bits = if nulls { needs.clone().count() } else { 0 };
    let header = (HEADER + bits.div_ceil(8)).next_multiple_of(8);
    needs.fold(header, |at, need| {
        at.next_multiple_of(need.align) + need.bytes
    })
}

/// The measure of rows of a dataset of which some may be too wide.
#[derive(Clone, Debug)]
pub(super) struct Widths;

impl Widths {
    /// `None` if no row of these columns can be too wide: most datasets have a few columns.
    pub(super) fn of(columns: &[Column]) -> Option<Self> {
        let most = bytes(columns.iter().map(|it| Need::most(&it.kind)));
        (most + columns.len().div_ceil(8) + 8 > ROW_BYTES_AT_MOST).then_some(Self)
    }

    /// The bytes that a row needs at least.
    pub(super) fn of_row(&self, row: &[Value<'_>]) -> usize {
        bytes(row.iter().map(Need::of))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog;

    #[test]
    fn texts_that_cannot_be_moved_fill_a_page() {
        let row = vec![Value::Text("12345678901234567890"); 500];
        // 24 of header, 16 of key, 500 × 21: as PostgreSQL counts them, too.
        assert_eq!(Widths.of_row(&row), 24 + 16 + 10_500);
        let long = "1".repeat(2_000);
        assert_eq!(Widths.of_row(&vec![Value::Text(&long); 400]), 40 + 400 * 18);
    }

    #[test]
    fn nulls_need_a_bit_each_and_numbers_their_place() {
        assert_eq!(Widths.of_row(&[Value::Null; 500]), 88 + 16);
        let row = [
            Value::Boolean(true),
            Value::Integer(1),
            Value::Boolean(true),
            Value::Year(1),
        ];
        assert_eq!(Widths.of_row(&row), 24 + 16 + 8 + 8 + 4 + 4);
        assert_eq!(Widths.of_row(&[Value::Money(150)]), 40 + 1 + 2 + 4);
        assert_eq!(
            Widths.of_row(&[Value::Number(Decimal::new(1, 300))]),
            40 + 1 + 4 + 2
        );
    }

    #[test]
    fn rows_of_few_columns_are_never_measured() {
        for dataset in catalog::all() {
            assert!(Widths::of(&dataset.columns).is_none(), "{}", dataset.name);
        }
    }
}
