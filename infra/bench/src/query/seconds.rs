//! What finish-import took for some imports.

use std::fmt;

/// Seconds of all of them.
#[derive(Clone, Copy, Default)]
pub struct Seconds {
    /// Proved, counted, completed.
    pub finished: f64,
    /// Added up for the summary, after that.
    pub summed: f64,
}

impl fmt::Display for Seconds {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { finished, summed } = self;
        write!(
            formatter,
            "proved, counted and completed in {finished:.2} s, added up in {summed:.2} s"
        )
    }
}
