//! A look at a file's first bytes, before any chunk is handed out: does the heading fit the
//! dataset, and do the first records fit the heading?
//!
//! A file whose columns are swapped or shifted has a correct heading and hardly a good record. It
//! would be read to its end only to be rejected record by record or, worse, its records would be
//! stored where a wrong column happens to accept the values. So the first records are checked
//! first.

use crate::dataset::Dataset;
use crate::heading::{self, Heading};
use crate::reason::Reason;

mod cells;
mod complaint;
mod guess;
mod sample;

use sample::Sample;

/// How many bytes are looked at: four times the longest heading, or about 2,000 sales records.
pub const FIRST_BYTES: usize = 4 * heading::MAX_HEADING_BYTES;

/// The most records that are looked at. A thousand are enough to tell a file with swapped columns
/// from one that only begins badly, and cost a planner a few milliseconds.
pub const RECORDS_AT_MOST: usize = 1_000;

/// A file with fewer records is not judged: its row errors fit on one page of the API and say more
/// than a sentence about columns.
pub const RECORDS_AT_LEAST: usize = 10;

/// A file fails if fewer than this many of a hundred of its first records fit. Real files have bad
/// records, sometimes many; but if columns are mixed up, only those records fit whose values
/// happen to agree.
pub const FITTING_PERCENT: usize = 10;

/// Reads the heading and looks at the first records, from the first bytes of an object;
/// `whole_file` says that it has no others. `None` asks for more bytes, up to [`FIRST_BYTES`].
///
/// # Errors
/// As [`heading::read`]; `columns_do_not_fit` if hardly any of the first records fits. It names
/// the columns, says what was found in them and, if that can be told, how they were mixed up.
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
