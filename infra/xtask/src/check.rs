//! `cargo xtask test`: every check there is, and one last line that counts them.

use std::io::{BufRead as _, BufReader};
use std::process::{ExitCode, Stdio};

use anyhow::{Context as _, Result, anyhow};

use crate::env_file::{self, Variables};
use crate::stack::Stack;
use crate::templates::{self, succeed};
use crate::{
    browser, compile, console, deny, down, faults, interrupt, invoke, node, requests, smoke, up,
};

/// Of the faults that are part of every test run; longer ones are `cargo xtask faults`.
const FAULTS_SEED: u64 = 1;
const FAULTS_MINUTES: u64 = 2;

#[derive(Debug, Default, PartialEq)]
struct Tally {
    passed: u64,
    failed: u64,
}

impl Tally {
    /// Counts one check and says how it went; gives what it gave.
    fn check<T>(&mut self, name: &str, outcome: Result<T>) -> Option<T> {
        match outcome {
            Ok(value) => {
                self.passed += 1;
                println!("check {name} ... ok");
                Some(value)
            }
            Err(error) => {
                self.failed += 1;
                println!("check {name} ... FAILED: {error:#}");
                None
            }
        }
    }

    /// Adds up what libtest says at the end of each test binary.
    fn count(&mut self, line: &str) {
        let Some(result) = line.trim_start().strip_prefix("test result: ") else {
            return;
        };
        for part in result.split([';', '.']) {
            let mut words = part.split_whitespace();
            match (
                words.next().and_then(|number| number.parse::<u64>().ok()),
                words.next(),
            ) {
                (Some(number), Some("passed")) => self.passed += number,
                (Some(number), Some("failed")) => self.failed += number,
                _ => {}
            }
        }
    }
}

/// Runs all of it; the last line printed is the tally.
pub fn test(filter: Option<&str>) -> Result<ExitCode> {
    let stack = Stack::test();
    let _lock = stack.lock()?;
    interrupt::take_down_on_signal(&stack)?;
    let mut tally = Tally::default();
    run_all(&stack, filter, &mut tally);
    if let Err(error) = down::stop_everything(&stack) {
        eprintln!("could not stop the test stack: {error:#}");
    }
    // Of what is built and installed by now; a filter asks for less than everything.
    if tally.failed == 0 && filter.is_none() {
        let name = format!("faults (seed {FAULTS_SEED}, {FAULTS_MINUTES} minutes)");
        tally.check(&name, faults::hold(FAULTS_SEED, FAULTS_MINUTES));
    }
    println!("{} passed, {} failed", tally.passed, tally.failed);
    Ok(if tally.failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn run_all(stack: &Stack, filter: Option<&str>, tally: &mut Tally) {
    // Left over from a run that was killed.
    let _ = down::stop_everything(stack);
    let installing = std::thread::spawn(node::install_for_tests);
    tally.check("format", cargo(&["fmt", "--all", "--check"]));
    tally.check(
        "lints",
        cargo(&[
            "clippy",
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ]),
    );
    let built = tally.check("build", compile::build());
    let installed = installing
        .join()
        .map_err(|_| anyhow!("the installation broke off"))
        .flatten();
    let installed = tally.check("installation", installed);
    if installed.is_some() {
        tally.check("licences and sources", deny::check());
        for (name, check) in templates::CHECKS {
            tally.check(name, check());
        }
        for (name, check) in console::CHECKS {
            if is_asked_for(filter, name) {
                tally.check(name, check());
            }
        }
    }
    if built.is_none() {
        return;
    }
    let variables = installed.and_then(|()| tally.check("stack", bring_up(stack)));
    let is_up = variables.is_some();
    let variables = variables.unwrap_or_default();
    run_tests(filter, &variables, tally);
    if is_up && is_asked_for(filter, "console: in a browser") {
        run_in_browser(&variables, tally);
    }
    if is_up && filter.is_none() {
        let name = "requests that the description allows";
        tally.check(name, requests::short(&variables));
        tally.check("smoke", smoke::ask_tested(&variables));
        tally.check("events by hand", invoke::short(stack));
    }
}

/// Whether a check that is no test of Cargo's is part of the run.
fn is_asked_for(filter: Option<&str>, name: &str) -> bool {
    filter.is_none_or(|it| name.contains(it))
}

/// What fails without a test saying so, such as a browser that does not start, is a check that failed.
fn run_in_browser(variables: &Variables, tally: &mut Tally) {
    let failed_before = tally.failed;
    let outcome = browser::run(variables, |line| {
        println!("{line}");
        tally.count(line);
    });
    if outcome.is_err() && tally.failed == failed_before {
        tally.check("console: in a browser", outcome);
    }
}

fn bring_up(stack: &Stack) -> Result<Variables> {
    up::start(stack)?;
    env_file::read(&stack.env_file())
}

fn cargo(arguments: &[&str]) -> Result<()> {
    succeed(compile::cargo().args(arguments))
}

/// `cargo test` with the addresses of the stack; its output goes through as it comes.
///
/// Not `cargo nextest`: a fresh machine would have to build its 339 crates, its summary would have
/// to be read just the same, and on two cores it took a quarter longer for 82 of these tests,
/// because it starts a process for each.
fn run_tests(filter: Option<&str>, variables: &Variables, tally: &mut Tally) {
    let failed_before = tally.failed;
    let outcome = stream_tests(filter, variables, tally);
    // What failed without a test saying so: a test that does not compile, a test binary that died.
    let silent = outcome.is_err() && tally.failed == failed_before;
    if silent {
        tally.check("tests", outcome);
    }
}

fn stream_tests(filter: Option<&str>, variables: &Variables, tally: &mut Tally) -> Result<()> {
    let mut command = compile::cargo();
    command
        .args(["test", "--workspace", "--no-fail-fast"])
        .args(filter);
    command
        .env_remove("DATABASE_URL")
        .envs(variables.iter().map(|(key, value)| (key, value)));
    command
        .env_remove("AWS_PROFILE")
        .env_remove("AWS_SESSION_TOKEN");
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .context("cargo test")?;
    let lines = child
        .stdout
        .take()
        .into_iter()
        .flat_map(|pipe| BufReader::new(pipe).lines());
    for line in lines.map_while(Result::ok) {
        println!("{line}");
        tally.count(&line);
    }
    let status = child.wait().context("cargo test")?;
    if status.success() {
        Ok(())
    } else {
        Err(anyhow!("cargo test failed; see above"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_of_all_binaries_are_added_up() {
        let mut tally = Tally::default();
        for line in [
            "running 3 tests",
            "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s",
            "test result: FAILED. 10 passed; 2 failed; 0 ignored; 0 measured; 4 filtered out; finished in 1.20s",
            "7 passed, 7 failed",
        ] {
            tally.count(line);
        }
        assert_eq!(
            tally,
            Tally {
                passed: 13,
                failed: 2
            }
        );
    }
}
