//! The table, on the screen, in a page and as JSON.

use std::path::Path;

use anyhow::Result;
use serde::Serialize;
use serde_json::json;

use crate::contenders::{Contender, Setup, Table};
use crate::environment;
use crate::measured::{Measured, Spread};
use crate::report::{grouped, write_into};
use crate::sample_file::Records;

const HEADING: &str = "| | rows/s (least – greatest) | × psql | × heap | CPU-s/M client + server | × psql | worker MiB | planner MiB | WAL B/row |\n|---|---|---|---|---|---|---|---|---|\n";

/// Everything one command measured.
pub struct Report {
    name: &'static str,
    machine: String,
    pub blocks: Vec<Block>,
}

/// Contenders that were interleaved.
pub struct Block {
    records: Records,
    rows: u64,
    runs: usize,
    pub lines: Vec<Line>,
    /// Contenders that are not installed, and how they would be.
    pub missing: Vec<String>,
}

/// A contender and its runs.
pub struct Line {
    contender: Contender,
    pub runs: Vec<Measured>,
}

#[derive(Serialize)]
struct Summary {
    contender: String,
    rate: Spread,
    cpu_per_million: Spread,
    runs: Vec<Measured>,
}

impl Line {
    pub fn new(contender: Contender) -> Self {
        Self {
            contender,
            runs: Vec::new(),
        }
    }

    fn spread(&self, of: impl Fn(&Measured) -> f64) -> Spread {
        Spread::of(self.runs.iter().map(of).collect())
    }

    fn peak(&self, of: impl Fn(&Measured) -> Option<u64>) -> String {
        let most = self.runs.iter().filter_map(of).max();
        most.map_or_else(
            || "–".into(),
            |it| format!("{:.0}", it as f64 / 1_048_576.0),
        )
    }

    fn summary(&self) -> Summary {
        Summary {
            contender: self.contender.name(),
            rate: self.spread(Measured::rate),
            cpu_per_million: self.spread(Measured::cpu_per_million),
            runs: self.runs.clone(),
        }
    }
}

impl Block {
    pub fn new(records: Records, rows: u64, runs: usize) -> Self {
        Self {
            records,
            rows,
            runs,
            lines: Vec::new(),
            missing: Vec::new(),
        }
    }

    fn line_of(&self, contender: Contender) -> Option<&Line> {
        self.lines.iter().find(|it| it.contender == contender)
    }

    /// Median of the runs' own ratios: a run is compared with its neighbour.
    fn ratio(&self, line: &Line, to: Contender, of: fn(&Measured) -> f64) -> String {
        let Some(base) = self.line_of(to) else {
            return "–".into();
        };
        let pairs = line.runs.iter().zip(&base.runs);
        let ratios: Vec<f64> = pairs.map(|(one, other)| of(one) / of(other)).collect();
        format!("{:.2}", Spread::of(ratios).median)
    }

    fn table(&self) -> String {
        let of = match self.records {
            Records::Sales => "",
            Records::Wide => " of 100 columns of every type",
        };
        let rows = grouped(self.rows as f64);
        let mut table = format!(
            "{rows} rows{of}, {} interleaved runs:\n\n{HEADING}",
            self.runs
        );
        for line in &self.lines {
            table += &self.row(line);
        }
        table += &self.twin().unwrap_or_default();
        for missing in &self.missing {
            table += &format!("\n{missing}\n");
        }
        table
    }

    /// The declared twin beside the sales records.
    fn twin(&self) -> Option<String> {
        let sales = Contender::Engine(Setup::workers(2));
        let twin = Contender::Engine(Setup {
            table: Table::Twin,
            ..Setup::workers(2)
        });
        let (twin, _) = (self.line_of(twin)?, self.line_of(sales)?);
        let rate = self.ratio(twin, sales, Measured::rate);
        let cpu = self.ratio(twin, sales, Measured::cpu_per_million);
        Some(format!(
            "\nThe declared twin: {rate} × the rows/s of the engine with 2 workers, {cpu} × its CPU.\n"
        ))
    }

    fn row(&self, line: &Line) -> String {
        let rate = line.spread(Measured::rate);
        let client = line.spread(|it| it.per_million(it.client_cpu)).median;
        let server = line.spread(|it| it.per_million(it.server_cpu)).median;
        let wal = line
            .spread(|it| it.wal_bytes as f64 / it.rows as f64)
            .median;
        format!(
            "| {} | {} ({} – {}) | {} | {} | {client:.2} + {server:.2} | {} | {} | {} | {wal:.0} |\n",
            line.contender.name(),
            grouped(rate.median),
            grouped(rate.least),
            grouped(rate.greatest),
            self.ratio(line, Contender::Psql, Measured::rate),
            self.ratio(line, Contender::Heap, Measured::rate),
            self.ratio(line, Contender::Psql, Measured::cpu_per_million),
            line.peak(|it| it.worker_peak),
            line.peak(|it| it.planner_peak),
        )
    }

    fn json(&self) -> serde_json::Value {
        let lines: Vec<Summary> = self.lines.iter().map(Line::summary).collect();
        json!({"rows": self.rows, "runs": self.runs, "lines": lines, "missing": self.missing})
    }
}

impl Report {
    pub fn new(name: &'static str, machine: String) -> Self {
        Self {
            name,
            machine,
            blocks: Vec::new(),
        }
    }

    /// Prints the table, keeps the JSON, and writes the page if one is named.
    pub fn finish(&self, page: Option<&Path>) -> Result<()> {
        let tables: Vec<String> = self.blocks.iter().map(Block::table).collect();
        let text = format!("{}.\n\n{}", self.machine, tables.join("\n"));
        println!("{text}");
        let blocks: Vec<_> = self.blocks.iter().map(Block::json).collect();
        let json = json!({"machine": self.machine, "blocks": blocks});
        let file = environment::output_folder()?.join(format!("{}.json", self.name));
        std::fs::write(&file, serde_json::to_string_pretty(&json)?)?;
        eprintln!("as JSON: {}", file.display());
        page.map_or(Ok(()), |page| write_into(page, &text))
    }
}

/// Prints the figures of a run as soon as it has ended.
pub fn say_run(rows: u64, run: usize, name: String, measured: &Measured) {
    let mib = |bytes: Option<u64>| bytes.unwrap_or(0) as f64 / 1_048_576.0;
    let per_million = |amount: f64| measured.per_million(amount);
    eprintln!(
        "{rows} rows, run {run}, {name}: {:.2} s, {} rows/s, CPU-s/M {:.2} + {:.2}{}, worker {:.0} MiB, planner {:.0} MiB, WAL {:.0} B/row",
        measured.seconds,
        grouped(measured.rate()),
        per_million(measured.client_cpu),
        per_million(measured.server_cpu),
        measured.emulator_cpu.map_or(String::new(), |it| format!(
            " (emulator {:.2})",
            per_million(it)
        )),
        mib(measured.worker_peak),
        mib(measured.planner_peak),
        measured.wal_bytes as f64 / measured.rows as f64,
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_compared_with_its_neighbour() {
        let run = |seconds| Measured {
            rows: 100,
            seconds,
            ..Measured::default()
        };
        let mut block = Block::new(Records::Sales, 100, 3);
        block.lines = vec![
            Line::new(Contender::Psql),
            Line::new(Contender::Engine(Setup::workers(2))),
        ];
        block.lines[0].runs = vec![run(1.0), run(10.0), run(4.0)];
        block.lines[1].runs = vec![run(0.5), run(5.0), run(2.0)];
        assert_eq!(
            block.ratio(&block.lines[1], Contender::Psql, Measured::rate),
            "2.00"
        );
        assert_eq!(
            block.ratio(&block.lines[1], Contender::Heap, Measured::rate),
            "–"
        );
    }
}
