//! `cargo xtask bench`: figures, from the stack that is up.

use std::process::{Command, ExitCode, Stdio};

use crate::failure::{Context, Outcome};
use crate::stack::Stack;
use crate::{env_file, paths, up};

/// Brings the stack up, leaves it up, and lets `bench` measure what it is asked to.
pub fn bench(arguments: &[String]) -> Outcome<ExitCode> {
    let stack = Stack::up();
    up::up(&stack, true)?;
    let variables = env_file::read(&stack.env_file())?;
    let status = Command::new(paths::built().join("bench"))
        .args(arguments)
        .envs(variables)
        .stdin(Stdio::null())
        .status()
        .context("bench")?;
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
