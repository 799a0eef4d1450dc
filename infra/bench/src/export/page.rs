//! The figures as tables for people.

use super::{Line, Placement, spread};
use crate::measured::{Measured, Spread};
use crate::report::grouped;

const HEADING: &str = "| | rows/s (least – greatest) | × psql | but for joining | CPU-s/M client + server | peak MiB |\n|---|---|---|---|---|---|\n";

/// The tables.
pub fn text(machine: &str, rows: i64, tables: &[(Placement, Vec<Line>)]) -> String {
    let rows = grouped(rows as f64);
    let runs = tables.iter().flat_map(|(_, lines)| lines).next();
    let runs = runs.map_or(0, |(_, runs)| runs.len());
    let mut text = format!("{machine}. {rows} rows, {runs} interleaved runs.\n");
    for (placement, lines) in tables {
        text += &format!("\n{}\n\n{HEADING}{}", placement.title(), table(lines));
    }
    text
}

fn table(lines: &[Line]) -> String {
    let base = lines.first().map_or(&[][..], |(_, runs)| runs);
    lines
        .iter()
        .map(|(name, runs)| line(name, runs, base))
        .collect()
}

fn line(name: &str, runs: &[Measured], base: &[Measured]) -> String {
    let rate = spread(runs, Measured::rate);
    let cpu = |of: fn(&Measured) -> f64| spread(runs, |it| it.per_million(of(it))).median;
    let peak = runs.iter().filter_map(|it| it.worker_peak).max();
    let peak = peak.map_or("–".into(), |it| format!("{:.0}", it as f64 / 1_048_576.0));
    format!(
        "| {name} | {} ({} – {}) | {:.2} | {:.2} | {:.2} + {:.2} | {peak} |\n",
        grouped(rate.median),
        grouped(rate.least),
        grouped(rate.greatest),
        ratio(runs, base, Measured::rate),
        ratio(runs, base, Measured::rate_before_join),
        cpu(|it| it.client_cpu),
        cpu(|it| it.server_cpu)
    )
}

/// Median of the runs' own ratios: a run is compared with its neighbour.
fn ratio(runs: &[Measured], base: &[Measured], rate: fn(&Measured) -> f64) -> f64 {
    let pairs = runs.iter().zip(base);
    Spread::of(pairs.map(|(one, other)| rate(one) / rate(other)).collect()).median
}
