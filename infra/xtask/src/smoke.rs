//! `cargo xtask smoke`: what a first deploy settles, asked as a user by `infra/smoke`. It needs an
//! address and no credentials of AWS, and gets none.

use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context as _, Result, ensure};

use crate::env_file::{self, Variables};
use crate::requirements::{self, SAM};
use crate::{paths, stack};

/// Asks any deployed stack.
pub fn ask(url: &str, origin: &str) -> Result<ExitCode> {
    requirements::install_sam()?;
    let status = command(url, origin).status().context("smoke")?;
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Asks the stack of the tests: what holds on both sides holds here.
pub fn ask_tested(variables: &Variables) -> Result<()> {
    let url = env_file::get(variables, "API_URL")?;
    let status = command(url, stack::PAGE).status().context("smoke")?;
    ensure!(status.success(), "see above");
    Ok(())
}

fn command(url: &str, origin: &str) -> Command {
    let mut command = Command::new(SAM.program("python"));
    command.arg(paths::root().join("infra/smoke/main.py"));
    command.args([url, "--origin", origin]);
    command.env("PYTHONDONTWRITEBYTECODE", "1");
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("AWS_") {
            command.env_remove(name);
        }
    }
    command.stdin(Stdio::null());
    command
}
