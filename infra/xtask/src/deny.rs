//! `cargo deny`: licences and sources of all that is linked in, as `deny.toml` allows them.

use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, anyhow};

use crate::paths;
use crate::requirements::{DENY, install_deny};

/// What needs no network. Advisories do: their database is fetched.
const CHECKS: [&str; 3] = ["bans", "licenses", "sources"];

/// Checks it; what is wrong goes to standard error.
pub fn check() -> Result<()> {
    let check = ["--offline", "--locked", "check", "--hide-inclusion-graph"];
    run(&[&check[..], &CHECKS].concat())
}

/// Fetches the database of advisories, and looks for what is locked: packages that are unsafe, that
/// nobody looks after, or that were withdrawn.
pub fn advisories() -> Result<()> {
    install_deny()?;
    run(&["--locked", "check", "advisories"])?;
    println!("No package that is locked is known to be unsafe.");
    Ok(())
}

fn run(arguments: &[&str]) -> Result<()> {
    let status = Command::new(DENY.program("cargo-deny"))
        .args(arguments)
        .current_dir(paths::root())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status()
        .context("cargo-deny")?;
    match status.success() {
        true => Ok(()),
        false => Err(anyhow!("see above")),
    }
}
