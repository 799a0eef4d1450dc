use serde::{Deserialize, Serialize};

use super::Example;
use crate::record::Record;
use crate::rejection::{BrokenKind, BrokenQuotes, NumberHelp, Rejection};

/// The first cell of a column that was rejected, and what could be said so that it is read: a
/// verdict that too much was rejected shows it. A cell for which something could be said comes
/// before others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FirstRejected {
    /// Index of the column in the dataset; `None` for records that were rejected as a whole.
    pub column: Option<usize>,
    /// The cell; without text for a whole record.
    pub first: Example,
    /// What could be said so that it is read.
    pub readings: Vec<String>,
}

impl FirstRejected {
    pub(super) fn cell(record: &Record, column: usize, cell: &[u8], error: &Rejection) -> Self {
        let readings = match error.help() {
            Some(NumberHelp::Say(readings)) => readings.clone(),
            Some(NumberHelp::Shortened | NumberHelp::None) | None => Vec::new(),
        };
        Self {
            column: Some(column),
            first: Example::new(record, cell),
            readings,
        }
    }

    pub(super) fn record(
        record: &Record,
        column: Option<usize>,
        broken: Option<BrokenQuotes>,
    ) -> Self {
        let blank = broken.is_some_and(|it| it.kind == BrokenKind::BlankBefore);
        let readings = blank.then(|| "skip_initial_space=true".to_owned());
        let cell = broken.filter(|_| column.is_some());
        let cell = cell.and_then(|it| record.field(it.field));
        Self {
            column,
            first: Example::new(record, cell.unwrap_or_default()),
            readings: readings.into_iter().collect(),
        }
    }

    fn is_before(&self, other: &Self) -> bool {
        let key = |it: &Self| (it.readings.is_empty(), it.first.clone());
        key(self) < key(other)
    }
}

/// Keeps the first of each column, in their order.
pub(super) fn keep(all: &mut Vec<FirstRejected>, new: FirstRejected) {
    match all.binary_search_by_key(&new.column, |it| it.column) {
        Ok(at) if new.is_before(&all[at]) => all[at] = new,
        Ok(_) => {}
        Err(at) => all.insert(at, new),
    }
}
