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
mod fair;
mod import;
mod layout;
mod measured;
mod prepare;
mod processes;
mod query;
mod report;
mod sample_file;
mod scan;
mod server;
mod sign_in;
mod stop;
mod user;
mod wide;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};
use xtask::measurements::Measurement;

#[derive(Parser)]
#[command(bin_name = "cargo xtask bench", disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    #[command(flatten)]
    Measure(Measurement),
    /// A planner of its own process, as `import` starts it
    #[command(hide = true)]
    Planner(children::planner::Work),
    /// A worker of its own process, as `import` starts it
    #[command(hide = true)]
    Worker(children::worker::Work),
    /// A writer of an export of its own process, as `export` starts it
    #[command(hide = true)]
    ExportWriter(export::Work),
    /// A preparer of its own process, as `prepare` starts it
    #[command(hide = true)]
    Preparer(prepare::Work),
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
        What::Measure(Measurement::Import(options)) => runtime.block_on(import::run(options)),
        What::Measure(Measurement::SignIn) => sign_in::measure(),
        What::Measure(Measurement::Bodies) => bodies::measure(),
        What::Measure(Measurement::Stop(options)) => runtime.block_on(stop::run(options)),
        What::Measure(Measurement::Fair(options)) => runtime.block_on(fair::run(options)),
        What::Measure(Measurement::Query(options)) => runtime.block_on(query::run(options)),
        What::Measure(Measurement::Export(options)) => runtime.block_on(export::run(options)),
        What::Measure(Measurement::Prepare(options)) => runtime.block_on(prepare::run(options)),
        What::Measure(Measurement::Scan(options)) => scan::measure(&options),
        What::Measure(Measurement::Layout(options)) => runtime.block_on(layout::run(options)),
        What::Measure(Measurement::Cost(options)) => cost::print(&options),
        What::Planner(work) => one_thread()?.block_on(children::planner::run(work)),
        What::Worker(work) => one_thread()?.block_on(children::worker::run(work)),
        What::ExportWriter(work) => one_thread()?.block_on(export::write(work)),
        What::Preparer(work) => one_thread()?.block_on(prepare::work(work)),
        What::HeapWorker(work) => runtime.block_on(children::heap_worker::run(work)),
    }
}

/// As write-export runs.
fn one_thread() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
}
