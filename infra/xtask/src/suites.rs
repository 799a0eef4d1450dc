//! `cargo xtask suites`: builds and runs `infra/suites`, which needs no stack.

use std::path::PathBuf;
use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result, ensure};

use crate::{compile, paths};

/// Scores the reader on the files in a folder, and writes `docs/suites.md`.
pub fn score(dir: Option<PathBuf>) -> Result<ExitCode> {
    let dir = dir.unwrap_or_else(|| paths::target().join("suites"));
    ensure!(
        dir.join("polluted_files").is_dir() && dir.join("pollock_weights.json").is_file(),
        "{} has no polluted_files/ and pollock_weights.json. They are part of the Pollock benchmark \
         (github.com/HPI-Information-Systems/Pollock); unpack them there or name another folder.",
        dir.display()
    );
    compile::build_suites()?;
    let page = paths::root().join("docs/suites.md");
    let mut command = Command::new(paths::built().join("suites"));
    let status = command.arg(&dir).arg("--page").arg(page).status();
    Ok(match status.context("suites")?.success() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}
