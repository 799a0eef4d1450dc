//! Which rows are asked for. Pages, summaries, exports and their estimates have this one type of
//! filter; [`Names`] says what it is called in a request, [`StoredFilter`] how it is kept.

mod day;
mod names;
mod stored;
mod value;

pub use day::read as read_day;
pub use names::{Names, Operator, Parameter};
pub use stored::{BadFilter, StoredFilter};
pub use value::{Bad, Value};

use jiff::civil::Date;

use crate::dataset::Dataset;
use crate::order::{Key, Order};

/// The rows that match all of it; the default leaves no row out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Number of the import, as its user knows it.
    pub import: Option<i32>,
    /// All of them must hold.
    pub conditions: Vec<Condition>,
}

/// What must be true of a row's value in a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// Index of the dataset's column.
    pub column: usize,
    /// The operator and the values it takes, of the column's type.
    pub test: Test,
}

/// An operator with its values. No value is equal to, less or greater than one that is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// It is this one.
    Equal(Value),
    /// It is this one or greater.
    AtLeast(Value),
    /// It is this one or less.
    AtMost(Value),
    /// It is one of these.
    In(Vec<Value>),
    /// It is missing, or is not.
    IsNull(bool),
}

impl Filter {
    /// One that leaves the rows of these days, of a dataset that is sorted by a date.
    #[must_use]
    pub fn of_days(dataset: &Dataset, from: Date, to: Date) -> Self {
        let mut filter = Self::default();
        if let Some(column) = dataset.sorted_by {
            let test = |test| Condition { column, test };
            let from = Test::AtLeast(Value::Date(from));
            let to = Test::AtMost(Value::Date(to));
            filter.conditions.extend([test(from), test(to)]);
        }
        filter
    }

    /// The first and the last bucket that may have rows of it, of a dataset in this order. The
    /// first is after the last if there is none.
    pub fn buckets(&self, dataset: &Dataset, order: Order) -> (i32, i32) {
        let (mut first, mut last) = order.all();
        for condition in &self.conditions {
            if Some(condition.column) != dataset.sorted_by {
                continue;
            }
            let (from, to) = condition.test.range(order);
            first = first.max(from.map_or(first, |it| order.bucket(it)));
            last = last.min(to.map_or(last, |it| order.bucket(it)));
        }
        (first, last)
    }

    /// The conditions that have to be tried on rows, because they do not leave whole buckets.
    pub fn tried<'f>(
        &'f self,
        dataset: &'f Dataset,
        order: Order,
    ) -> impl Iterator<Item = &'f Condition> {
        self.conditions.iter().filter(move |it| {
            Some(it.column) != dataset.sorted_by || !it.test.leaves_whole_buckets(order)
        })
    }

    /// True if a count of its rows can be added up from what is kept: nothing is tried on rows.
    pub fn is_free(&self, dataset: &Dataset, order: Order) -> bool {
        self.tried(dataset, order).next().is_none()
    }
}

impl Test {
    /// The least and the greatest value that pass, of the column that rows are sorted by.
    fn range(&self, order: Order) -> (Option<Key>, Option<Key>) {
        let key = |value: &Value| value.key(order);
        match self {
            Test::Equal(value) => (key(value), key(value)),
            Test::AtLeast(value) => (key(value), None),
            Test::AtMost(value) => (None, key(value)),
            Test::In(values) => (
                values.iter().filter_map(key).min(),
                values.iter().filter_map(key).max(),
            ),
            Test::IsNull(_) => (None, None),
        }
    }

    /// True if the rows of a bucket pass all or none: then the range says it all.
    fn leaves_whole_buckets(&self, order: Order) -> bool {
        match self {
            Test::Equal(_) => order.has_one_value_in_a_bucket(),
            Test::AtLeast(value) => is_end(value, order, |keys| keys.0),
            Test::AtMost(value) => is_end(value, order, |keys| keys.1),
            Test::In(_) => false,
            // A column that rows are sorted by has a value in each row.
            Test::IsNull(is_null) => !is_null,
        }
    }
}

/// True if the value is an end of its bucket.
fn is_end(value: &Value, order: Order, end: fn((Key, Key)) -> Key) -> bool {
    let key = value.key(order);
    key.is_some_and(|it| end(order.keys(order.bucket(it))) == it)
}

#[cfg(test)]
mod tests;
