//! Files that are traps, each with its whole expected outcome: the reason it fails with, or every
//! row, every row error and every warning. `{trap}.csv` is the file as it is; `{trap}.rule`
//! describes a file that is too large to be kept here; `{trap}.said` has the parameters of its upload,
//! if it has any; `{trap}.json` is the page with the outcome.
//!
//! [`pure`] calls the domain as the functions do, with chunks of any size, and needs nothing;
//! [`imported`] sends the same files through the real import and needs the stack. Both must have the
//! outcome on the page.
//!
//! To add a trap, add its file, run the tests with `COLLECT_WRITE_GOLDEN=1`, and check the page
//! that was written.

mod file;
mod imported;
mod outcome;
mod pure;
