//! Building, always for the whole workspace: with another choice of packages Cargo unifies features
//! otherwise and builds the AWS SDK a second time. Leaving out the tests, xtask, bench and suites changes
//! no feature of what is deployed.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, anyhow};

use crate::paths;
use crate::progress::Phase;

/// Cargo, without the variables that `cargo run` has set for us.
pub fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(paths::root());
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(name);
        }
    }
    command
}

/// What is deployed. xtask runs already, and bench has a build of its own.
pub fn build() -> Result<()> {
    let others = ["xtask", "bench", "suites"].map(|it| ["--exclude", it]);
    let others = others.concat();
    run(
        "Building the functions",
        &[&["build", "--workspace", "--bins"][..], &others].concat(),
    )
}

/// What scores the reader on foreign files. It needs no feature that the others have not.
pub fn build_suites() -> Result<()> {
    run("Building suites", &["build", "--package", "suites"])
}

/// What measures, optimised throughout. A profile has a folder of its own, so that nothing of
/// what `build` makes is made again for it.
pub fn build_bench() -> Result<()> {
    run(
        "Building bench, optimised",
        &["build", "--profile", "bench", "--package", "bench"],
    )
}

fn run(title: &'static str, arguments: &[&str]) -> Result<()> {
    let phase = Phase::start(title);
    let mut child = cargo()
        .args(arguments)
        .stderr(Stdio::piped())
        .spawn()
        .context("cargo")?;
    let mut said = String::new();
    let errors = child
        .stderr
        .take()
        .into_iter()
        .flat_map(|pipe| BufReader::new(pipe).lines());
    for line in errors.map_while(Result::ok) {
        phase.note(line.trim());
        said.push_str(&line);
        said.push('\n');
    }
    if child.wait().context("cargo")?.success() {
        phase.done();
        return Ok(());
    }
    drop(phase);
    eprint!("{said}");
    Err(anyhow!("the build failed; see above"))
}
