//! The list of datasets. A new one needs a file beside the others, its name here, and a migration
//! that creates its table.

use crate::dataset::Dataset;

mod baseline;
mod team;

/// Sales records: the dataset that `/collect/data/` reads. An owner may have one active import of
/// it at a time.
pub static BASELINE: &Dataset = &baseline::DATASET;

/// Every dataset.
pub static ALL: &[&Dataset] = &[BASELINE, &team::DATASET];
