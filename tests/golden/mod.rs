//! Files named after their trap, each with all that must come of it: what it fails with, or every
//! row, every row error and every warning. `{trap}.csv` is the file as it is, `{trap}.rule` one
//! that is too large to keep and easy to write; `{trap}.json` is the outcome.
//!
//! [`pure`] composes the domain as the functions do, cut at any size; [`imported`] sends the same
//! files through the real import. Both must end as the page says.
//!
//! A new trap: add its file, run with `COLLECT_WRITE_GOLDEN=1`, and read what was written.

mod file;
mod imported;
mod outcome;
mod pure;
