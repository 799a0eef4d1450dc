//! A look at a file's first bytes, before any chunk is handed out: does the heading fit the
//! dataset, and do the first records fit the heading?
//!
//! A file whose columns are swapped or shifted has a correct heading and hardly a good record. It
//! would be read to its end only to be rejected record by record or, worse, its records would be
//! stored where a wrong column happens to accept the values. So the first records are checked
//! first.

use crate::dataset::Dataset;
use crate::heading::{self, Heading};
use crate::reading::Reading;
use crate::reason::Reason;

mod cells;
mod complaint;
mod guess;
mod kind;
mod look;
mod names;
mod readings;
pub mod reasons;
mod sample;

pub use kind::{FileKind, kind};
pub use look::{Look, look};

use sample::Sample;

/// The first look at files that are read as they were before readings were pinned; [`look`] is
/// that of today.
///
/// Reads the heading and looks at the first records, from the first bytes of an object;
/// `whole_file` says that these are all. `None` asks for more bytes, up to [`FIRST_LOOK_BYTES`](crate::limits::FIRST_LOOK_BYTES).
///
/// # Errors
/// As [`heading::read`]; `columns_do_not_fit` if hardly any of the first records fits. It names
/// the columns, says what was found in them and, if that can be told, how they were mixed up.
pub fn read(
    bytes: &[u8],
    whole_file: bool,
    dataset: &'static Dataset,
) -> Result<Option<Heading>, Reason> {
    let Some(heading) = heading::read(bytes, whole_file, dataset)? else {
        return Ok(None);
    };
    let reading = Reading::before();
    let sample = Sample::take(bytes, whole_file, &heading, dataset, &reading);
    if sample.hardly_fits() {
        return Err(complaint::columns_do_not_fit(&sample));
    }
    Ok(Some(heading))
}

#[cfg(test)]
mod tests;
