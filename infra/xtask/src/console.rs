//! The built files of the console: they are committed, so that a clean clone needs no Node, and
//! held to their source by every test run.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use fs_err as fs;

use crate::node::{self, CONSOLE};
use crate::progress::say;
use crate::{files, paths, stage};

const DESCRIPTION: &str = "functions/describe-api/src/openapi.json";
const TYPES: &str = "functions/console/app/src/api/schema.d.ts";
const DIST: &str = "functions/console/dist";
const ANEW: &str = "run `cargo xtask console`";

/// A check and its name.
type Check = (&'static str, fn() -> Result<()>);

/// What every test run checks.
pub const CHECKS: [Check; 4] = [
    (
        "console: its types are those of the description",
        types_are_current,
    ),
    ("console: types and accessibility", || npm("check")),
    ("console: what needs no browser", || npm("test")),
    (
        "console: its files are built from its source",
        files_are_current,
    ),
];

/// Makes types and files anew.
pub fn build() -> Result<()> {
    node::install_for_console()?;
    make_types(&paths::root().join(TYPES))?;
    npm("check")?;
    make_files(&paths::root().join(DIST))?;
    npm("size")?;
    say("the console is built; what has changed is in functions/console");
    Ok(())
}

fn types_are_current() -> Result<()> {
    let made = scratch()?.join("schema.d.ts");
    make_types(&made)?;
    let current = fs::read(&made)? == fs::read(paths::root().join(TYPES))?;
    ensure!(current, "{TYPES} is not what {DESCRIPTION} says: {ANEW}");
    Ok(())
}

fn files_are_current() -> Result<()> {
    let made = scratch()?.join("dist");
    make_files(&made)?;
    let (made, kept) = (contents(&made)?, contents(&paths::root().join(DIST))?);
    let names = |it: &BTreeMap<String, _>| it.keys().cloned().collect::<Vec<_>>();
    ensure!(
        made == kept,
        "{DIST} has {:?}, and its source makes {:?}: {ANEW}",
        names(&kept),
        names(&made)
    );
    npm("size")
}

/// A folder that only these checks use.
fn scratch() -> Result<PathBuf> {
    let folder = paths::local().join("console");
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

fn make_types(to: &Path) -> Result<()> {
    let mut command = CONSOLE.node()?;
    command.arg("node_modules/openapi-typescript/bin/cli.js");
    command
        .arg(paths::root().join(DESCRIPTION))
        .arg("-o")
        .arg(to);
    succeed(&mut command)
}

fn make_files(to: &Path) -> Result<()> {
    files::remove_folder(to)?;
    let mut command = CONSOLE.node()?;
    command.args([
        "node_modules/vite/bin/vite.js",
        "build",
        "--logLevel",
        "warn",
        "--outDir",
    ]);
    succeed(command.arg(to))
}

fn npm(script: &str) -> Result<()> {
    succeed(CONSOLE.npm()?.args(["run", "--silent", script]))
}

fn succeed(command: &mut Command) -> Result<()> {
    let status = command.status().context("node")?;
    ensure!(status.success(), "see above");
    Ok(())
}

/// All files below a folder, by their names there.
fn contents(folder: &Path) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut found = BTreeMap::new();
    for name in stage::names_in(folder)? {
        let path = folder.join(&name);
        if path.is_dir() {
            let within = contents(&path)?.into_iter();
            found.extend(within.map(|(it, bytes)| (format!("{name}/{it}"), bytes)));
        } else {
            found.insert(name, fs::read(path)?);
        }
    }
    Ok(found)
}
