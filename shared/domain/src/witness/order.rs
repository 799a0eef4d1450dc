use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Example, keep_first};
use crate::record::Record;

/// What the rows say about two dates of which the first is declared to be never after the second.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderWitness {
    /// Rows that were looked at.
    pub rows: u64,
    /// Rows in which the second date is before the first.
    pub reversed: u64,
    /// The second date of the first such row.
    pub first_reversed: Option<Example>,
}

impl OrderWitness {
    #[inline]
    pub(super) fn see(&mut self, record: &Record, first: Date, second: Date) {
        self.rows += 1;
        if second < first {
            self.reversed += 1;
            let example = || Example::new(record, second.to_string().as_bytes());
            self.first_reversed.get_or_insert_with(example);
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.rows += other.rows;
        self.reversed += other.reversed;
        keep_first(&mut self.first_reversed, other.first_reversed.as_ref());
    }
}
