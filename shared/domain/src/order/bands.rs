use jiff::civil::Date;

use super::{Order, PARTS_IN_A_BAND, days};

/// A range of buckets in pieces that do not overlap.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bands {
    /// The first and the last band that lie wholly in the range.
    pub whole: Option<(i32, i32)>,
    /// The first and the last bucket of each piece that is left: none, one or two, the lesser
    /// first.
    pub rest: Vec<(i32, i32)>,
}

impl Order {
    /// The band of a bucket: the number of the month, or of 64 parts.
    pub fn band(self, bucket: i32) -> i32 {
        match self {
            Order::Integers { .. } => bucket.div_euclid(PARTS_IN_A_BAND),
            _ => {
                let day = days::day(bucket);
                i32::from(day.year()) * 12 + i32::from(day.month()) - 1
            }
        }
    }

    /// The first and the last bucket of a band.
    pub fn buckets(self, band: i32) -> (i32, i32) {
        match self {
            Order::Integers { .. } => {
                let first = band.saturating_mul(PARTS_IN_A_BAND);
                (first, first.saturating_add(PARTS_IN_A_BAND - 1))
            }
            _ => {
                let (year, month) = (band.div_euclid(12), band.rem_euclid(12) + 1);
                let year = i16::try_from(year).unwrap_or(i16::MAX);
                let first = Date::new(year, month as i8, 1).unwrap_or(Date::MAX);
                (days::number(first), days::number(first.last_of_month()))
            }
        }
    }

    /// Cuts the buckets from `first` to `last`, both inclusive, where bands begin.
    pub fn bands(self, (first, last): (i32, i32)) -> Bands {
        if first > last {
            return Bands::default();
        }
        let (of_first, of_last) = (self.band(first), self.band(last));
        let begins = self.buckets(of_first).0 == first;
        let ends = self.buckets(of_last).1 == last;
        let from = if begins { of_first } else { of_first + 1 };
        let to = if ends { of_last } else { of_last - 1 };
        if from > to {
            return Bands {
                whole: None,
                rest: vec![(first, last)],
            };
        }
        let before = (first, self.buckets(from).0 - 1);
        let after = (self.buckets(to).1 + 1, last);
        let rest = [before, after]
            .into_iter()
            .filter(|(first, last)| first <= last);
        Bands {
            whole: Some((from, to)),
            rest: rest.collect(),
        }
    }
}
