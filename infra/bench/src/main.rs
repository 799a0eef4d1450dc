//! Figures, measured on a stack of their own: `cargo xtask bench [WHAT]`. Nothing here passes or
//! fails for being fast or slow; each one prints what it saw and writes it to `target/bench/`.

mod apart;
mod api;
mod bodies;
mod children;
mod contenders;
mod cost;
mod environment;
mod export;
mod import;
mod measured;
mod processes;
mod query;
mod report;
mod sales_file;
mod scan;
mod server;
mod sign_in;
mod stop;
mod user;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask bench", disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Importing: the engine, the whole path, and what a user would take instead
    Import(import::Wish),
    /// How long a sign-in takes that is refused: an unknown user beside a wrong password
    SignIn,
    /// The memory of upload-file before and after bodies at the edges of what is sensible
    Bodies,
    /// How soon a cancel is the truth, how long taking back takes, and when all goes on after
    /// PostgreSQL has crashed
    Stop(stop::Wish),
    /// Pages of a user's five million rows: first, middle and last, by offset, by cursor, and by
    /// the plain statement; and what they add up to
    Query(query::Wish),
    /// Exporting a user's five million rows, beside `psql \copy (select …) to file`
    Export(export::Wish),
    /// How fast planner and parser go through bytes in memory, on one core
    Scan(scan::Wish),
    /// What a million and a billion rows cost on AWS, by the formula of docs/cost.md
    Cost(cost::Usage),
    /// A planner of its own process, as `import` starts it
    #[command(hide = true)]
    Planner(children::planner::Work),
    /// A worker of its own process, as `import` starts it
    #[command(hide = true)]
    Worker(children::worker::Work),
    /// A writer of an export of its own process, as `export` starts it
    #[command(hide = true)]
    ExportWriter(export::Work),
    /// Copies a part of a file into a bare heap, as `import` starts it
    #[command(hide = true)]
    HeapWorker(children::heap_worker::Work),
}

fn main() -> ExitCode {
    match measure(Arguments::parse().what) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn measure(what: What) -> Result<()> {
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = runtime.worker_threads(2).enable_all().build()?;
    match what {
        What::SignIn => sign_in::measure(),
        What::Bodies => bodies::measure(),
        What::Stop(wish) => runtime.block_on(stop::run(wish)),
        What::Query(wish) => runtime.block_on(query::run(wish)),
        What::Export(wish) => runtime.block_on(export::run(wish)),
        What::ExportWriter(work) => one_thread()?.block_on(export::write(work)),
        What::Scan(wish) => scan::measure(&wish),
        What::Cost(usage) => cost::print(&usage),
        What::Import(wish) => runtime.block_on(import::run(wish)),
        What::Planner(work) => one_thread()?.block_on(children::planner::run(work)),
        What::Worker(work) => one_thread()?.block_on(children::worker::run(work)),
        What::HeapWorker(work) => runtime.block_on(children::heap_worker::run(work)),
    }
}

/// As write-export runs.
fn one_thread() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
}
