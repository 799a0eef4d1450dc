//! Figures, measured on the stack that is up: `cargo xtask bench [WHAT]`. Nothing here passes or
//! fails for being fast or slow; each one prints what it saw and writes it to `target/bench/`.

mod api;
mod bodies;
mod memory;
mod report;
mod sign_in;
mod stack;

use std::error::Error;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// What a measurement ends with if it cannot be made.
type Outcome<T = ()> = Result<T, Box<dyn Error>>;

#[derive(Parser)]
#[command(name = "cargo xtask bench", disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// How long a sign-in takes that is refused: an unknown user beside a wrong password
    SignIn,
    /// The memory of upload-file before and after bodies at the edges of what is sensible
    Bodies,
}

fn main() -> ExitCode {
    let measured = match Arguments::parse().what {
        What::SignIn => sign_in::measure(),
        What::Bodies => bodies::measure(),
    };
    match measured {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
