//! The figures as a table for people.

use super::spread;
use crate::measured::{Measured, Spread};
use crate::report::grouped;

const HEADING: &str = "| | rows/s (least – greatest) | × psql | CPU-s/M client + server | peak MiB |\n|---|---|---|---|---|\n";

/// The table.
pub fn text(machine: &str, rows: i64, lines: &[(&str, Vec<Measured>)]) -> String {
    let runs = lines.first().map_or(0, |(_, runs)| runs.len());
    let base = lines.first().map_or(&[][..], |(_, runs)| runs);
    let lines: String = lines
        .iter()
        .map(|(name, runs)| line(name, runs, base))
        .collect();
    let rows = grouped(rows as f64);
    format!("{machine}. {rows} rows, {runs} interleaved runs.\n\n{HEADING}{lines}")
}

fn line(name: &str, runs: &[Measured], base: &[Measured]) -> String {
    let rate = spread(runs, Measured::rate);
    let cpu = |of: fn(&Measured) -> f64| spread(runs, |it| it.per_million(of(it))).median;
    let peak = runs.iter().filter_map(|it| it.worker_peak).max();
    let peak = peak.map_or("–".into(), |it| format!("{:.0}", it as f64 / 1_048_576.0));
    format!(
        "| {name} | {} ({} – {}) | {:.2} | {:.2} + {:.2} | {peak} |\n",
        grouped(rate.median),
        grouped(rate.least),
        grouped(rate.greatest),
        ratio(runs, base),
        cpu(|it| it.client_cpu),
        cpu(|it| it.server_cpu)
    )
}

/// Median of the runs' own ratios: a run is compared with its neighbour.
fn ratio(runs: &[Measured], base: &[Measured]) -> f64 {
    let pairs = runs.iter().zip(base);
    Spread::of(
        pairs
            .map(|(one, other)| one.rate() / other.rate())
            .collect(),
    )
    .median
}
