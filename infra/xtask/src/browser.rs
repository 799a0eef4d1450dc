//! The tests in a real browser (`tests/browser`), and the pictures that they take.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context as _, Result, ensure};
use fs_err as fs;

use crate::env_file::{self, Variables};
use crate::node::{self, BROWSER};
use crate::progress::say;
use crate::stack::Stack;
use crate::{down, interrupt, paths, sample, up};

const SALES_RECORDS: u64 = 100_000;
/// As many as take some seconds to import on a fast machine: the page looks once a second, and has to
/// see it half-way.
const TEAMS: u64 = 2_000_000;

/// The pictures of the README, by the names that the tests give them.
const SHOWN: [&str; 3] = ["list-light", "proof-dark", "paused-phone"];
const SHOWN_IN: &str = "docs/console";

/// All pictures of the last run.
fn pictures() -> PathBuf {
    paths::target().join("browser")
}

/// Runs the tests against the stack with these variables; gives each line that they print.
pub fn run(variables: &Variables, mut line: impl FnMut(&str)) -> Result<()> {
    let mut child = command(variables)?
        .stdout(Stdio::piped())
        .spawn()
        .context("node")?;
    let lines = child.stdout.take().into_iter();
    let lines = lines.flat_map(|pipe| BufReader::new(pipe).lines());
    for it in lines.map_while(Result::ok) {
        line(&it);
    }
    let status = child.wait().context("node")?;
    ensure!(
        status.success(),
        "see above; pictures are in {}",
        pictures().display()
    );
    Ok(())
}

fn command(variables: &Variables) -> Result<Command> {
    let folder = paths::local().join("browser");
    fs::create_dir_all(&folder)?;
    let (sales, teams) = (folder.join("sales.csv"), folder.join("teams.csv"));
    let written = fs::File::create(&sales)?;
    sample::sales_records(1, SALES_RECORDS, &mut std::io::BufWriter::new(written))?;
    let written = fs::File::create(&teams)?;
    sample::teams(1, TEAMS, &mut std::io::BufWriter::new(written))?;
    let mut command = BROWSER.node()?;
    command.arg("run.mjs");
    command.env("API_URL", env_file::get(variables, "API_URL")?);
    command.env("COLLECT_CHROMIUM", paths::local().join("chromium"));
    command.env("COLLECT_PICTURES", pictures());
    command
        .env("COLLECT_SALES", sales)
        .env("COLLECT_TEAMS", teams);
    Ok(command)
}

/// Runs the tests on a stack of their own, and puts the pictures that the README shows in their place.
pub fn take_pictures() -> Result<ExitCode> {
    let stack = Stack::test();
    let _lock = stack.lock()?;
    interrupt::take_down_on_signal(&stack)?;
    node::install_for_tests()?;
    let taken = up::bring_up(&stack)
        .and_then(|_| env_file::read(&stack.env_file()))
        .and_then(|variables| run(&variables, |it| println!("{it}")));
    down::stop_everything(&stack)?;
    taken?;
    fs::create_dir_all(paths::root().join(SHOWN_IN))?;
    for name in SHOWN {
        let picture = pictures().join(format!("shown-{name}.png"));
        let place = paths::root().join(SHOWN_IN).join(format!("{name}.png"));
        fs::copy(picture, place)?;
    }
    say(&format!("the pictures of the README are in {SHOWN_IN}"));
    Ok(ExitCode::SUCCESS)
}
