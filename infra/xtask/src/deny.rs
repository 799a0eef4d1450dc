//! `cargo deny`: licences and sources of all that is linked in, as `deny.toml` allows them.

use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, anyhow};

use crate::paths;
use crate::requirements::DENY;

/// What needs no network. Advisories do: their database is fetched.
const CHECKS: [&str; 3] = ["bans", "licenses", "sources"];

/// Checks it; what is wrong goes to standard error.
pub fn check() -> Result<()> {
    let status = Command::new(DENY.program("cargo-deny"))
        .args(["--offline", "--locked", "check", "--hide-inclusion-graph"])
        .args(CHECKS)
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
