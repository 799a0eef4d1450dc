//! The pure engine of Collect: what a file, a record, a cell, a plan and an import mean.
//!
//! Nothing here reads, writes, waits or looks at the clock: callers pass bytes in and get answers
//! back. So all of it can be tested against oracles, with any split of the input.

#![deny(missing_docs)]

pub mod address;
pub mod again;
pub mod answer;
pub mod api_key;
pub mod arithmetic;
pub mod audit;
pub mod catalog;
pub mod cell;
pub mod chunk_state;
pub mod dataset;
pub mod declaration;
pub mod dialect;
mod examples;
pub mod export;
pub mod family;
pub mod filter;
pub mod first_look;
pub mod forms;
pub mod guard;
pub mod heading;
pub mod hourly;
pub mod import;
pub mod infer;
pub mod key;
pub mod key_ring;
pub mod leaving;
pub mod limits;
pub mod max_errors;
pub mod money;
pub mod months;
pub mod near;
pub mod order;
pub mod paging;
pub mod plan;
pub mod preparing;
pub mod quota;
pub mod reading;
pub mod reason;
pub mod record;
pub mod rejection;
pub mod rejects;
pub mod row;
mod rules;
pub mod throttle;
pub mod verdict;
pub mod waiting;
pub mod witness;
pub mod words;
