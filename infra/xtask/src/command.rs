//! What can be typed, and where it goes.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::{Parser, Subcommand, ValueEnum};

use crate::artifacts::Architecture;
use crate::cloud::Logs;
use crate::measurements::Measurement;
use crate::stack::{Stack, Trial};
use crate::{
    artifacts, bench, browser, cdk, check, cloud, console, demo, deny, digest, down, faults,
    invoke, requests, sample, sbom, signing_key, smoke, status, suites, up,
};

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    about = "Collect on one machine",
    after_help = "COLLECT_PORT and COLLECT_CLOUD_PORT name other ports than 8000 and 4566; \
                  DATABASE_URL another PostgreSQL server than the one that is started; \
                  COLLECT_ALLOWED_ORIGINS the origins whose pages may use the API.",
    disable_help_subcommand = true
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Bring everything up at http://localhost:8000; run again, it redeploys what changed
    Up {
        /// Leave it running and return
        #[arg(long)]
        detach: bool,
    },
    /// Stop what `up` started
    Down,
    /// Check and test everything, on a stack of its own
    Test {
        /// Run only the tests whose name contains this
        filter: Option<String>,
    },
    /// Import small files while everything breaks, and check the promises from outside
    Faults {
        /// Chooses files, commands and faults
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// How long faults are put in
        #[arg(long, default_value_t = 2)]
        minutes: u64,
        /// Switch one safeguard off, by its name: the run must then fail
        #[arg(long)]
        without: Option<String>,
        /// How many functions may run at once: an account that is new on AWS has 10
        #[arg(long)]
        functions_at_once: Option<u32>,
    },
    /// Send every request that the description of the API allows, and many that it does not
    Requests {
        /// Of each request
        #[arg(long, default_value_t = 50)]
        examples: u32,
    },
    /// Build the console anew after a change of its source, and its types
    Console,
    /// Run the tests in a browser on a stack of their own, and take the pictures of the README
    Pictures,
    /// Check what `cargo lambda build --release` has made: libc, machine, sizes
    Artifacts {
        /// What the functions run on
        #[arg(long, value_enum, default_value = "x86_64")]
        architecture: Architecture,
        /// Build it first, from a clean clone, and write the figures to docs/performance.md
        #[arg(long)]
        build: bool,
    },
    /// Synthesize what infra/cdk makes, and compare it with the template
    Cdk,
    /// Ask a deployed stack, as a user, what no emulator can answer; delete what that made
    Smoke {
        /// The output ApiUrl of the stack, or your own address of it
        #[arg(long)]
        url: String,
        /// One of its AllowedOrigins
        #[arg(long, default_value = "", hide_default_value = true)]
        origin: String,
    },
    /// Import 100,000 sales records and watch; cancel a team import half-way
    Demo,
    /// Measure, on a stack of its own, and write the figures to target/bench/
    #[command(disable_help_subcommand = true)]
    Bench {
        /// What to measure; importing, if left out
        #[command(subcommand)]
        what: Option<Measurement>,
    },
    /// Score the reader on foreign files and write docs/suites.md; the files are not ours to keep
    Suites {
        /// The folder with them; target/suites, if left out
        dir: Option<PathBuf>,
    },
    /// Say what is up and where, and what it has to do: imports, exports, queue, dead letters
    Status,
    /// Print what the functions logged, oldest first, with time and function
    Logs(Logs),
    /// Send a file of events/ to its function and print the answer
    Invoke {
        /// As its folder in events/ is named: `query-data`
        function: String,
        /// A name there or a file; if left out, the names are printed
        event: Option<String>,
    },
    /// Make another key that tokens are signed with
    RotateSigningKey {
        /// Others may know the key: refuse every token that is out
        #[arg(long)]
        leaked: bool,
    },
    /// Print sample records: a CSV file in the right shape
    Sample {
        dataset: SampleDataset,
        /// How many records
        count: u64,
        /// The same seed gives the same file
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Print what is linked into the functions: a bill of materials in CycloneDX
    Sbom,
    /// Look for packages that are known to be unsafe, by the database of RustSec, which is fetched
    Advisories,
    /// Print the digest of the migrations
    #[command(hide = true)]
    Digest {
        /// Also write it into template.yaml
        #[arg(long)]
        write: bool,
    },
}

#[derive(Clone, Copy, ValueEnum)]
enum SampleDataset {
    Baseline,
    Team,
}

/// Runs the command line of this process; an error is one line on standard error.
#[must_use]
pub fn run() -> ExitCode {
    match dispatch(Arguments::parse().command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(command: Command) -> Result<ExitCode> {
    match command {
        Command::Up { detach } => up::up(&Stack::up(), detach)?,
        Command::Down => down::down(&Stack::up())?,
        Command::Test { filter } => return check::test(filter.as_deref()),
        Command::Faults {
            seed,
            minutes,
            without,
            functions_at_once,
        } => {
            let trial = Trial {
                without,
                functions_at_once,
                database_port: None,
            };
            return faults::run(seed, minutes, trial);
        }
        Command::Requests { examples } => return requests::long(examples),
        Command::Console => console::build()?,
        Command::Pictures => return browser::take_pictures(),
        Command::Artifacts {
            architecture,
            build,
        } => artifacts::artifacts(architecture, build)?,
        Command::Cdk => cdk::test()?,
        Command::Smoke { url, origin } => return smoke::ask(&url, &origin),
        Command::Demo => demo::demo()?,
        Command::Bench { .. } => return bench::bench(),
        Command::Suites { dir } => return suites::score(dir),
        Command::Status => return status::status(&Stack::up()),
        Command::Logs(logs) => cloud::print_logs(&Stack::up(), &logs)?,
        Command::Invoke { function, event } => {
            invoke::invoke(&Stack::up(), &function, event.as_deref())?;
        }
        Command::RotateSigningKey { leaked } => signing_key::rotate(&Stack::up(), leaked)?,
        Command::Sample {
            dataset,
            count,
            seed,
        } => print_sample(dataset, count, seed)?,
        Command::Sbom => sbom::print()?,
        Command::Advisories => deny::advisories()?,
        Command::Digest { write } => digest::print(write)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn print_sample(dataset: SampleDataset, count: u64, seed: u64) -> Result<()> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    match dataset {
        SampleDataset::Baseline => sample::sales_records(seed, count, &mut out),
        SampleDataset::Team => sample::teams(seed, count, &mut out),
    }
    .and_then(|()| out.flush())
    .context("could not write the sample")
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_well_formed() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn every_command_of_the_readme_is_in_the_help() {
        let readme = std::fs::read_to_string(crate::paths::root().join("README.md")).unwrap();
        let help = Arguments::command().render_help().to_string();
        let named = readme.split("cargo xtask ").skip(1);
        let named = named.filter_map(|rest| rest.split([' ', '`', '\n']).next());
        let missing: Vec<&str> = named
            .filter(|name| name.starts_with(|it: char| it.is_ascii_lowercase()))
            .filter(|name| !help.contains(&format!("  {name} ")))
            .collect();
        assert_eq!(missing, Vec::<&str>::new());
    }
}
