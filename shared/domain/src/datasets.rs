//! The list of datasets: a new one is a file beside the others and its name here.

use crate::dataset::Dataset;

mod baseline;
mod team;

/// Sales records: the dataset that `/collect/data/` reads, and of which one at a time is imported.
pub static BASELINE: &Dataset = &baseline::DATASET;

/// Every dataset, in the order they are shown.
pub static ALL: &[&Dataset] = &[BASELINE, &team::DATASET];
