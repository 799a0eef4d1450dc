//! Reads rows: only those of completed imports, count and page of the same moment.
//!
//! A baseline's rows are read newest order date first; ties by import, then record, newest first.
//! No page passes over the rows before it: infra/adr/0009.

mod collect;
mod count;
mod day_rows;
mod filter;
mod locate;
mod of_import;
mod page;
mod summary;

pub use filter::Filter;
pub use of_import::import_page;
pub use page::{AtMost, CursorPage, sales_at, sales_page};
pub use summary::{By, Group, summary};

use domain::cell::Kind;
use domain::dataset::{Column, Dataset};
use domain::paging::cursor::RowPosition;
use jiff::civil::Date;
use tokio_postgres::Row;

use crate::Error;

/// In a day of an import, one row in this many is marked (table `import_day_mark`). Also the number
/// of records in a block (table `import_block`).
pub(crate) const MARK_EVERY: i64 = 1024;

/// A day of an import with more rows than this is marked: up to twice [`MARK_EVERY`] a position is
/// found from the nearer end as fast.
pub(crate) const MARKED_ABOVE: i64 = 2 * MARK_EVERY;

/// A typed cell as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// As in the file.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// Cents.
    Money(i64),
    /// A calendar date.
    Date(Date),
}

/// A row of a baseline with its file's order of columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SalesRow {
    /// For each column of the file, the index of the dataset's column; -1: ignored.
    pub column_order: Vec<i16>,
    /// The cells, in the order of the dataset.
    pub cells: Vec<Cell>,
    /// Where it stands among its owner's rows.
    pub position: RowPosition,
}

/// SQL: the dataset's columns; amounts as cents, which need no decimal type on our side.
fn columns(dataset: &Dataset) -> String {
    let column = |it: &Column| match it.kind {
        Kind::Money => format!("(r.{} * 100)::bigint", it.name),
        Kind::Text { .. } | Kind::Integer { .. } | Kind::Date => format!("r.{}", it.name),
    };
    dataset
        .columns
        .iter()
        .map(column)
        .collect::<Vec<_>>()
        .join(", ")
}

fn cells(row: &Row, dataset: &Dataset, first: usize) -> Result<Vec<Cell>, Error> {
    let cell = |(index, column): (usize, &Column)| {
        Ok(match column.kind {
            Kind::Text { .. } => Cell::Text(row.try_get(first + index)?),
            Kind::Integer { .. } => Cell::Integer(row.try_get(first + index)?),
            Kind::Money => Cell::Money(row.try_get(first + index)?),
            Kind::Date => Cell::Date(row.try_get(first + index)?),
        })
    };
    dataset.columns.iter().enumerate().map(cell).collect()
}
