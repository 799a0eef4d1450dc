//! A look at a file's first bytes, before any chunk is handed out: does the heading fit the
//! dataset, and do the first records fit the heading?
//!
//! A file whose columns are swapped or shifted has a correct heading and hardly a good record. It
//! would be read to its end only to be rejected record by record or, worse, its records would be
//! stored where a wrong column happens to accept the values. So the first records are checked
//! first.

mod cells;
mod complaint;
mod guess;
mod kind;
mod look;
mod names;
mod readings;
pub mod reasons;
mod sample;

pub use kind::{FileKind, kind, mark_of, refused, text_mark};
pub use look::{Look, look, names};

#[cfg(test)]
mod tests;
