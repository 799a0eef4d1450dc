//! Columns that must add up: what a dataset says about its own totals, in whole cents.

use crate::cell::Value;

/// A total may be off by this many cents, because files round each product by itself.
pub const TOLERANCE_CENTS: i128 = 1;

/// A column whose value follows from two others of the same row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Total {
    /// Index of the column in `dataset.columns`.
    pub column: usize,
    /// How its value follows from the other two.
    pub is: Formula,
}

/// How a total is computed; the numbers are indexes in `dataset.columns`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Formula {
    /// A number of units times the amount of one unit.
    Product(usize, usize),
    /// The first amount less the second.
    Difference(usize, usize),
}

impl Total {
    /// True if the total of this row is right, to [`TOLERANCE_CENTS`], or if the row lacks one of
    /// the numbers.
    pub fn holds(&self, row: &[Value<'_>]) -> bool {
        let Some(found) = amount(row, self.column) else {
            return true;
        };
        match self.is.of(row) {
            Some(expected) => (found - expected).abs() <= TOLERANCE_CENTS,
            None => true,
        }
    }
}

impl Formula {
    /// The indexes of the two columns it reads.
    pub fn columns(self) -> [usize; 2] {
        match self {
            Formula::Product(one, other) | Formula::Difference(one, other) => [one, other],
        }
    }

    /// The expected total in cents; `None` if the row lacks one of the numbers. 128 bits hold any
    /// product of two 64-bit numbers.
    fn of(self, row: &[Value<'_>]) -> Option<i128> {
        match self {
            Formula::Product(units, each) => Some(amount(row, units)? * amount(row, each)?),
            Formula::Difference(from, less) => Some(amount(row, from)? - amount(row, less)?),
        }
    }
}

/// An amount in cents, or a count as it is; `None` for text and dates.
fn amount(row: &[Value<'_>], column: usize) -> Option<i128> {
    match row.get(column)? {
        Value::Money(cents) => Some(i128::from(*cents)),
        Value::Integer(number) => Some(i128::from(*number)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cell::Kind;
    use crate::dataset::Dataset;

    const PRODUCT: Total = Total {
        column: 2,
        is: Formula::Product(0, 1),
    };
    const DIFFERENCE: Total = Total {
        column: 2,
        is: Formula::Difference(0, 1),
    };

    fn product(units: i64, each: i64, total: i64) -> bool {
        PRODUCT.holds(&[
            Value::Integer(units),
            Value::Money(each),
            Value::Money(total),
        ])
    }

    #[test]
    fn a_cent_is_forgiven_and_no_more() {
        for (total, holds) in [
            (1998, false),
            (1999, true),
            (2000, true),
            (2001, true),
            (2002, false),
        ] {
            assert_eq!(product(2, 1000, total), holds, "{total}");
        }
        let difference = |total| {
            let row = [Value::Money(500), Value::Money(700), Value::Money(total)];
            DIFFERENCE.holds(&row)
        };
        assert!(difference(-200) && difference(-201) && !difference(200));
    }

    #[test]
    fn the_largest_numbers_do_not_overflow() {
        assert!(!product(i64::MAX, i64::MAX, i64::MAX));
        assert!(!product(i64::MAX, i64::MAX, i64::MIN));
        let row = [i64::MIN, i64::MAX, 0].map(Value::Money);
        assert!(!DIFFERENCE.holds(&row));
    }

    /// True if each total refers to columns of the kinds it needs.
    fn is_sound(dataset: &Dataset) -> bool {
        let is = |column: usize, count: bool| match dataset.columns.get(column).map(|it| &it.kind) {
            Some(Kind::Money { .. }) => !count,
            Some(Kind::Integer { .. }) => count,
            _ => false,
        };
        dataset.totals.iter().all(|total| {
            let sound = match total.is {
                Formula::Product(units, each) => is(units, true) && is(each, false),
                Formula::Difference(from, less) => is(from, false) && is(less, false),
            };
            sound && is(total.column, false)
        })
    }

    #[test]
    fn every_dataset_adds_up_what_can_be_added() {
        for dataset in crate::catalog::all() {
            assert!(is_sound(dataset), "{}", dataset.name);
        }
    }
}
