//! What `cargo xtask bench` can measure, and how each is asked for. Read here, so that `--help` and
//! a wrong option are answered before anything is built, and by `infra/bench`, which measures.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// One measurement.
#[derive(Subcommand)]
pub enum Measurement {
    /// Importing: the engine, the whole path, and what a user would take instead
    Import(ImportOptions),
    /// How long a refused sign-in takes: an unknown user beside a wrong password
    SignIn,
    /// The memory of upload-file before and after bodies at the edges of what is sensible
    Bodies,
    /// How soon a cancel holds, how long a rollback takes, and how soon work goes on after
    /// PostgreSQL has crashed
    Stop(StopOptions),
    /// How much longer an import takes while another user imports as much as they may
    Fair(FairOptions),
    /// Pages of a user's five million rows: first, middle and last, by offset, by cursor, and by
    /// the plain statement; and their sums; and the same of declared datasets
    Query(QueryOptions),
    /// Exporting a user's five million rows, beside `psql \copy (select …) to file`
    Export(ExportOptions),
    /// Unpacking and decoding: time, and memory at sizes of which one is a hundred times the other
    Prepare(PrepareOptions),
    /// How fast planner and parser go through bytes in memory, on one core
    Scan(ScanOptions),
    /// Storing sales records in tables that differ in the order of columns and the width of the key
    Layout(LayoutOptions),
    /// What a million and a billion rows cost on AWS, by the formula of docs/cost.md
    Cost(CostOptions),
}

#[derive(Args)]
pub struct ImportOptions {
    /// Rows of the file; several sizes make several blocks
    #[arg(long, value_delimiter = ',', default_value = "1000000,5000000")]
    pub rows: Vec<u64>,
    /// Runs of each contender, interleaved
    #[arg(long, default_value_t = 5)]
    pub runs: usize,
    /// Workers of the engine; several numbers are several contenders
    #[arg(long, value_delimiter = ',', default_value = "1,2,4")]
    pub workers: Vec<usize>,
    /// Also the engine with 2 workers and chunks of this size; several numbers are several
    /// contenders
    #[arg(long, value_delimiter = ',')]
    pub chunk_mib: Vec<i32>,
    /// Rows of the file of 100 columns
    #[arg(long, default_value_t = 200_000)]
    pub wide_rows: u64,
    /// Leave out: engine, twin, apart, whole, psql, heap, duckdb, sling, wide, others
    #[arg(long, value_delimiter = ',')]
    pub without: Vec<String>,
    /// Also write the table into this page, between its two marks
    #[arg(long)]
    pub write: Option<PathBuf>,
}

#[derive(Args)]
pub struct StopOptions {
    /// Imports that are cancelled through the API
    #[arg(long, default_value_t = 100)]
    pub cancels: usize,
    /// Records of the file that is taken back
    #[arg(long, default_value_t = 1_000_000)]
    pub rows: u64,
    /// Crashes of PostgreSQL
    #[arg(long, default_value_t = 3)]
    pub crashes: usize,
}

#[derive(Args)]
pub struct FairOptions {
    /// Rows of the import that is measured
    #[arg(long, default_value_t = 100_000)]
    pub rows: u64,
    /// Imports of the other user
    #[arg(long, default_value_t = 10)]
    pub imports: usize,
    /// Rows of each of them
    #[arg(long, default_value_t = 2_000_000)]
    pub crowd_rows: u64,
    /// Runs, each with new users
    #[arg(long, default_value_t = 3)]
    pub runs: usize,
}

#[derive(Args)]
pub struct QueryOptions {
    /// Rows of each user; four of them have theirs in one table, seven have declared datasets
    #[arg(long, default_value_t = 5_000_000)]
    pub rows: i64,
    /// How often each page is read
    #[arg(long, default_value_t = 100)]
    pub samples: usize,
    /// How often each page is read by the plain statement
    #[arg(long, default_value_t = 2)]
    pub plain_samples: usize,
    /// Also write the table into this page, between its two marks
    #[arg(long)]
    pub write: Option<PathBuf>,
}

#[derive(Args)]
pub struct ExportOptions {
    /// Rows of the user
    #[arg(long, default_value_t = 5_000_000)]
    pub rows: i64,
    /// Runs of each, interleaved, every second one in reverse order
    #[arg(long, default_value_t = 4)]
    pub runs: usize,
    /// Also write the table into this page, between its two marks
    #[arg(long)]
    pub write: Option<PathBuf>,
}

#[derive(Args)]
pub struct PrepareOptions {
    /// Rows of the files, one after the other
    #[arg(long, value_delimiter = ',', default_value = "50000,5000000")]
    pub rows: Vec<u64>,
}

#[derive(Args)]
pub struct ScanOptions {
    /// Rows of the file
    #[arg(long, default_value_t = 1_000_000)]
    pub rows: u64,
    /// Runs of each
    #[arg(long, default_value_t = 5)]
    pub runs: usize,
}

#[derive(Args)]
pub struct LayoutOptions {
    /// Rows of each table
    #[arg(long, default_value_t = 1_000_000)]
    pub rows: i64,
    /// Runs of each, interleaved
    #[arg(long, default_value_t = 5)]
    pub runs: usize,
}

/// What the workers and the planner used, and for how many bytes.
#[derive(Args, Clone, Debug)]
pub struct CostOptions {
    /// Bytes of CSV in a row
    #[arg(long, default_value_t = 125.0)]
    pub bytes_per_row: f64,
    /// Seconds the workers take for a million rows, one after the other; made from what `bench
    /// import` measured unless given
    #[arg(long)]
    pub worker_seconds_per_million: Option<f64>,
    /// Bytes a second that the planner gets from S3: one GET
    #[arg(long, default_value_t = 85e6)]
    pub planner_bytes_per_second: f64,
}
