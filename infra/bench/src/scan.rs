//! `bench scan`: how fast the planner goes through bytes that are in memory, on one core.

use std::time::Instant;

use anyhow::{Result, anyhow, bail};
use domain::catalog::BASELINE;
use domain::plan::{Planner, Start};
use domain::reading::Reading;
use domain::record::{Record, RecordReader};
use domain::row::{Parsed, RowParser};
use domain::witness::Witness;
use serde_json::json;
use xtask::measurements::ScanOptions;

use crate::environment;
use crate::measured::Spread;
use crate::sample_file::SampleFile;

/// The piece of an object that the SDK hands over at a time is smaller; the planner does not care.
const PIECE: usize = 64 * 1024;
const CHUNK: i64 = 16 * 1024 * 1024;

/// Prints GB/s of the planner and rows/s of the parser, each on one core.
pub fn measure(options: &ScanOptions) -> Result<()> {
    let file = SampleFile::sales(options.rows)?;
    let bytes = std::fs::read(&file.path)?;
    let (mut planned, mut parsed) = (Vec::new(), Vec::new());
    for _ in 0..options.runs {
        planned.push(bytes.len() as f64 / seconds_of(|| plan(&bytes))? / 1e9);
        parsed.push(options.rows as f64 / seconds_of(|| parse(&bytes))?);
    }
    let (planned, parsed) = (Spread::of(planned), Spread::of(parsed));
    println!(
        "planner: {:.2} GB/s ({:.2} – {:.2}); records parsed and checked: {:.2} M/s",
        planned.median,
        planned.least,
        planned.greatest,
        parsed.median / 1e6
    );
    let json = json!({"machine": environment::machine(), "planner_gb_per_s": planned, "parser_rows_per_s": parsed});
    let path = environment::output_folder()?.join("scan.json");
    Ok(std::fs::write(path, serde_json::to_string_pretty(&json)?)?)
}

fn seconds_of(work: impl FnOnce() -> Result<()>) -> Result<f64> {
    let began = Instant::now();
    work()?;
    Ok(began.elapsed().as_secs_f64())
}

fn plan(bytes: &[u8]) -> Result<()> {
    let reading = Reading::declared(&BASELINE);
    let mut planner = Planner::by(&reading, CHUNK, Start::after_heading(0, 1));
    let mut chunks = Vec::new();
    for piece in bytes.chunks(PIECE) {
        let pushed = planner.push(piece, &mut chunks);
        pushed.map_err(|reason| anyhow!(reason.to_string()))?;
    }
    chunks.extend(
        planner
            .finish()
            .map_err(|reason| anyhow!(reason.to_string()))?,
    );
    match chunks.last().map(|it| it.byte_end) == Some(bytes.len() as i64) {
        true => Ok(()),
        false => bail!("the plan does not reach the end"),
    }
}

fn parse(bytes: &[u8]) -> Result<()> {
    let reading = Reading::declared(&BASELINE);
    let order = (0..BASELINE.columns.len()).map(Some).collect();
    let parser = RowParser::by(&BASELINE, order, &reading);
    let mut witness = Witness::of(&BASELINE);
    let (mut reader, mut record) = (RecordReader::by(&reading, 0, 1), Record::default());
    let (mut rest, mut rows) = (bytes, 0_u64);
    while !rest.is_empty() {
        let (taken, complete) = reader.read(rest, &mut record);
        rest = &rest[taken..];
        let mut is_row = || matches!(parser.read(&record, &mut witness), Parsed::Row(_));
        rows += u64::from(complete && is_row());
    }
    match rows {
        0 => bail!("no record was good"),
        _ => Ok(()),
    }
}
