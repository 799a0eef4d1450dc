//! What a file's first bytes tell before anything of it is handed out: does the heading fit, and
//! do the first records fit the heading?
//!
//! A file whose columns are swapped or shifted has a fine heading and hardly a good record. It
//! would be read to its end only to be rejected record by record, or, worse, stored where the
//! wrong columns happen to take each other's values. So the first records are looked at first.

use crate::dataset::Dataset;
use crate::heading::{self, Heading};
use crate::reason::Reason;

mod cells;
mod complaint;
mod guess;
mod sample;

use sample::Sample;

/// The bytes looked at: four headings of the longest kind, some 2,000 sales records.
pub const FIRST_BYTES: usize = 4 * heading::MAX_HEADING_BYTES;

/// The most records looked at. A thousand tell a file of swapped columns from one that only
/// begins badly, and cost a planner a few milliseconds.
pub const RECORDS_AT_MOST: usize = 1_000;

/// Fewer records than these are not judged: their row errors fit on one page of the API and say
/// more than a sentence about columns.
pub const RECORDS_AT_LEAST: usize = 10;

/// A file of which fewer of the first records fit is refused. Real files have bad records, some
/// of them many; but where columns are mixed up only those fit whose values happen to agree.
pub const FITTING_PERCENT: usize = 10;

/// Reads the heading and looks at the first records, from the first bytes of an object;
/// `whole_file` says that these are all. `None` asks for more bytes, up to [`FIRST_BYTES`].
///
/// # Errors
/// As [`heading::read`]; `columns_do_not_fit` if hardly any of the first records fits, naming the
/// columns, what was found in them, and, where it can be told, how they were mixed up.
pub fn read(bytes: &[u8], whole_file: bool, dataset: &Dataset) -> Result<Option<Heading>, Reason> {
    let Some(heading) = heading::read(bytes, whole_file, dataset)? else {
        return Ok(None);
    };
    let sample = Sample::take(bytes, whole_file, &heading, dataset);
    if sample.hardly_fits() {
        return Err(complaint::columns_do_not_fit(&sample));
    }
    Ok(Some(heading))
}

#[cfg(test)]
mod tests;
