//! `cargo xtask bench`: a stack of its own, and the figures of `infra/bench` on it.

use std::ffi::OsString;
use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result};

use crate::env_file;
use crate::stack::Stack;
use crate::{compile, down, interrupt, paths, postgres, requirements, up};

/// Measures what this process was asked to: `infra/bench` reads the same arguments once more.
pub fn bench() -> Result<ExitCode> {
    let arguments: Vec<OsString> = std::env::args_os().skip(2).collect();
    let stack = Stack::bench();
    let _lock = stack.lock()?;
    interrupt::take_down_on_signal(&stack)?;
    let ran = on_new_stack(&stack, &arguments);
    down::stop_everything(&stack)?;
    ran
}

fn on_new_stack(stack: &Stack, arguments: &[OsString]) -> Result<ExitCode> {
    // Left over from a run that was killed.
    let _ = down::stop_everything(stack);
    requirements::install()?;
    compile::build()?;
    compile::build_bench()?;
    up::start(stack)?;
    let mut command = Command::new(paths::optimised().join("bench"));
    match arguments {
        [] => command.arg("import"),
        given => command.args(given),
    };
    command
        .envs(env_file::read(&stack.env_file())?)
        .env("POSTGRES_PROGRAMS", postgres::programs()?)
        .current_dir(paths::root());
    let status = command.status().context("bench")?;
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
