//! The figures of one run, and the spread of several.

use serde::Serialize;

/// What one run took.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Measured {
    /// Rows stored.
    pub rows: u64,
    /// From begin to end.
    pub seconds: f64,
    /// CPU seconds of what sent the rows.
    pub client_cpu: f64,
    /// CPU seconds of all of the server's processes.
    pub server_cpu: f64,
    /// CPU seconds of the emulator, where it takes part.
    pub emulator_cpu: Option<f64>,
    /// Seconds the local S3 takes to make one object of the parts, where it has to.
    pub join_seconds: Option<f64>,
    /// WAL written.
    pub wal_bytes: i64,
    /// Peak memory of the largest worker, in bytes.
    pub worker_peak: Option<u64>,
    /// Peak memory of the planner, in bytes.
    pub planner_peak: Option<u64>,
}

impl Measured {
    /// Rows a second.
    pub fn rate(&self) -> f64 {
        self.rows as f64 / self.seconds
    }

    /// Rows a second, without the joining of the parts.
    pub fn rate_before_join(&self) -> f64 {
        self.rows as f64 / (self.seconds - self.join_seconds.unwrap_or_default())
    }

    /// CPU seconds of client and server for a million rows.
    pub fn cpu_per_million(&self) -> f64 {
        self.per_million(self.client_cpu + self.server_cpu)
    }

    /// An amount per million rows.
    pub fn per_million(&self, amount: f64) -> f64 {
        amount * 1e6 / self.rows as f64
    }
}

/// Median, least and greatest.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Spread {
    /// In the middle; of two, the mean.
    pub median: f64,
    /// The least.
    pub least: f64,
    /// The greatest.
    pub greatest: f64,
}

impl Spread {
    /// Of one number at least.
    pub fn of(mut numbers: Vec<f64>) -> Self {
        numbers.sort_by(f64::total_cmp);
        let (count, middle) = (numbers.len(), numbers.len() / 2);
        let at = |index: usize| numbers.get(index).copied().unwrap_or(f64::NAN);
        let median = match count % 2 {
            1 => at(middle),
            _ => (at(middle.saturating_sub(1)) + at(middle)) / 2.0,
        };
        Self {
            median,
            least: at(0),
            greatest: at(count.saturating_sub(1)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle() {
        let spread = Spread::of(vec![3.0, 1.0, 10.0]);
        assert_eq!(
            (spread.least, spread.median, spread.greatest),
            (1.0, 3.0, 10.0)
        );
        assert_eq!(Spread::of(vec![4.0, 2.0]).median, 3.0);
        assert_eq!(Spread::of(vec![7.0]).median, 7.0);
        assert_eq!(Spread::of(vec![4.0, 1.0, 2.0, 3.0]).median, 2.5);
        assert!(Spread::of(vec![]).median.is_nan());
    }

    #[test]
    fn figures_are_per_million_rows() {
        let measured = Measured {
            rows: 500_000,
            seconds: 2.0,
            client_cpu: 0.5,
            server_cpu: 1.0,
            ..Measured::default()
        };
        assert_eq!(
            (measured.rate(), measured.cpu_per_million()),
            (250_000.0, 3.0)
        );
    }
}
