//! The pure engine of Collect: what a file, a record, a cell, a plan and an import mean.
//!
//! Nothing here reads, writes, waits or knows the time: bytes are handed in, answers are handed
//! out. That is why all of it can be tested against oracles, at any split of the input.

#![deny(missing_docs)]

pub mod arithmetic;
pub mod cell;
pub mod dataset;
mod datasets;
pub mod export;
pub mod first_look;
pub mod heading;
pub mod import;
pub mod money;
pub mod months;
pub mod paging;
pub mod plan;
pub mod reason;
pub mod record;
pub mod rejects;
pub mod row;
mod rules;
