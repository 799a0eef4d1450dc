use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Example, keep_first};
use crate::cell::{Fit, fit};
use crate::forms::{DateForms, DateOrder};
use crate::record::Record;

/// Different ambiguous dates that are remembered.
const DISTINCT: usize = 16;

/// A file whose dates are all ambiguous is warned if it has this many different ones.
const TELLING: usize = 10;

/// What the cells of a date column say about the order of day and month. Dates with the year first
/// say nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DateWitness {
    /// Index of the column in the dataset.
    pub column: usize,
    /// Dates that are days only in the order in which they are read.
    pub as_read: u64,
    /// Dates that are days only in the other order.
    pub against: u64,
    /// Dates that are days in both orders.
    pub both: u64,
    /// The first of each kind.
    pub first_as_read: Option<Example>,
    /// The first date against the reading …
    pub first_against: Option<Example>,
    /// … and the order it is in.
    pub order_against: Option<DateOrder>,
    /// The first date that is a day in both orders.
    pub first_both: Option<Example>,
    /// The smallest of the different dates that are days in both orders: at most 16, each as
    /// year, first and second number in one.
    pub distinct: Vec<u32>,
}

impl DateWitness {
    pub(super) fn of(column: usize) -> Self {
        Self {
            column,
            ..Self::default()
        }
    }

    /// A cell that was read as this day.
    #[inline]
    pub(crate) fn see(&mut self, record: &Record, cell: &[u8], date: Date, forms: DateForms) {
        let Some(order) = order_of(cell, forms) else {
            return;
        };
        let (first, second) = match order {
            DateOrder::Mdy => (date.month(), date.day()),
            DateOrder::Dmy => (date.day(), date.month()),
            DateOrder::Ymd => return,
        };
        if date.day() > 12 {
            self.as_read += 1;
            self.first_as_read
                .get_or_insert_with(|| Example::new(record, cell));
            return;
        }
        self.both += 1;
        self.first_both
            .get_or_insert_with(|| Example::new(record, cell));
        let packed = |number: i8| u32::from(number.unsigned_abs());
        let year = u32::from(date.year().unsigned_abs());
        self.remember(year * 10_000 + packed(first) * 100 + packed(second));
    }

    /// A cell that was not read as a day.
    #[cold]
    pub(crate) fn see_bad(&mut self, record: &Record, cell: &[u8], forms: DateForms) {
        let Some(order) = order_of(cell, forms) else {
            return;
        };
        let separator = cell.iter().find(|it| b"/.-".contains(it));
        let fit = separator.and_then(|&it| fit(cell, it));
        let other = match (fit, order) {
            (Some(Fit::DayFirst), DateOrder::Mdy) => DateOrder::Dmy,
            (Some(Fit::MonthFirst), DateOrder::Dmy) => DateOrder::Mdy,
            _ => return,
        };
        self.against += 1;
        if self.first_against.is_none() {
            self.first_against = Some(Example::new(record, cell));
            self.order_against = Some(other);
        }
    }

    #[inline]
    fn remember(&mut self, date: u32) {
        if self.distinct.len() == DISTINCT && self.distinct.last().is_some_and(|&it| it <= date) {
            return;
        }
        if let Err(at) = self.distinct.binary_search(&date) {
            self.distinct.insert(at, date);
            self.distinct.truncate(DISTINCT);
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.as_read += other.as_read;
        self.against += other.against;
        self.both += other.both;
        keep_first(&mut self.first_as_read, other.first_as_read.as_ref());
        keep_first(&mut self.first_both, other.first_both.as_ref());
        if other.first_against.is_some()
            && (self.first_against.is_none() || other.first_against < self.first_against)
        {
            self.first_against.clone_from(&other.first_against);
            self.order_against = other.order_against;
        }
        for &date in &other.distinct {
            self.remember(date);
        }
    }

    /// True if the dates are many, and none of them tells month from day, although both vary.
    pub fn is_ambiguous(&self) -> bool {
        let varies = |part: fn(u32) -> u32| {
            let mut parts = self.distinct.iter().map(|&it| part(it));
            let first = parts.next();
            parts.any(|it| Some(it) != first)
        };
        let alone = self.as_read == 0 && self.against == 0;
        alone
            && self.distinct.len() >= TELLING
            && varies(|it| it / 100 % 100)
            && varies(|it| it % 100)
    }
}

/// The order in which a date with this separator is read; `None` for YYYY-MM-DD.
#[inline]
fn order_of(cell: &[u8], forms: DateForms) -> Option<DateOrder> {
    let cell = cell.trim_ascii_start();
    let first = cell.iter().position(|it| !it.is_ascii_digit())?;
    // Four digits are a year, whatever order was said.
    forms.order(cell[first]).filter(|_| first < 4)
}
