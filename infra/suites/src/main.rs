//! Scores the record reader, the planner and the first look on files that nobody here wrote:
//! `cargo xtask suites [DIR]`. The files are somebody else's and stay outside of the repository;
//! what comes of them is `docs/suites.md`.

mod collection;
mod cut;
mod declared;
mod page;
mod run;
mod score;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context as _, Result};
use clap::Parser;

#[derive(Parser)]
#[command(bin_name = "cargo xtask suites")]
struct Arguments {
    /// The folder with `polluted_files/` and `pollock_weights.json`
    dir: PathBuf,
    /// The page that is written
    #[arg(long)]
    page: PathBuf,
}

fn main() -> ExitCode {
    match score(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn score(arguments: &Arguments) -> Result<()> {
    let cases = collection::read(&arguments.dir)?;
    let began = Instant::now();
    let results = cases.iter().map(run::run).collect::<Result<Vec<_>>>()?;
    let seconds = began.elapsed().as_secs_f64();
    let page = page::write(&results, seconds);
    fs_err::write(&arguments.page, &page).context("could not write the page")?;
    print!("{page}");
    Ok(())
}
