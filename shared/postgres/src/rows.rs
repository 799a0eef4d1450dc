//! Reads rows: only those of completed imports, count and page of the same moment.
//!
//! Where a dataset is sorted by a column, rows are read greatest value first; ties by import, then
//! record, newest first. Else they stand in the order of their files, and these in the order of
//! their imports. No page passes over the rows before it: infra/adr/0009.

mod cells;
mod collect;
mod counts;
mod gathered;
mod in_file_order;
mod keys;
mod locate;
mod page;
mod reader;
mod spans;
mod summary;

pub use cells::Cell;
pub use in_file_order::import_page;
pub use page::{AtMost, CursorPage, fits, page, page_at};
pub use reader::{Reader, reading};
pub use summary::{By, Group, added, summary};

pub(crate) use reader::take_place;

pub(crate) use keys::{KeyParameter, Keys, bucket, read as read_key, sql_type};

use domain::paging::cursor::RowPosition;

/// In a bucket of an import, one row in this many is marked (tables `import_day_mark` and
/// `import_bucket_mark`). Also the number of records in a block (table `import_block`).
pub(crate) const MARK_EVERY: i64 = 1024;

/// A bucket of an import with more rows than this is marked: up to twice [`MARK_EVERY`] a position
/// is found from the nearer end as fast.
pub(crate) const MARKED_ABOVE: i64 = 2 * MARK_EVERY;

/// A row with its file's order of columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRow {
    /// For each column of the file, the index of the dataset's column; -1: ignored.
    pub column_order: Vec<i16>,
    /// The cells, in the order of the dataset.
    pub cells: Vec<Cell>,
    /// Where it stands among its owner's rows.
    pub position: RowPosition,
}
