//! `cargo xtask faults`: a stack of its own, run to be broken. What breaks, and what is checked, is
//! chosen by `tests/storm`; here is what only the parent of the processes can do to them.

mod control;
mod proxy;
mod wire;

use std::process::{ExitCode, Stdio};

use anyhow::{Context as _, Result, anyhow};

use crate::env_file::{self, Variables};
use crate::progress::say;
use crate::stack::{Stack, Trial};
use crate::{compile, down, interrupt, requirements, services, up};

use control::Control;
use proxy::Proxy;

/// Brings the stack up, runs the storm on it for this long, and takes it down.
pub fn run(seed: u64, minutes: u64, trial: Trial) -> Result<ExitCode> {
    requirements::install()?;
    compile::build()?;
    let stack = Stack::faults(trial);
    Ok(match run_alone(&stack, seed, minutes)? {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

/// The same with every safeguard on; a promise that did not hold is an error. Everything has been
/// built and installed.
pub fn hold(seed: u64, minutes: u64) -> Result<()> {
    match run_alone(&Stack::faults(Trial::default()), seed, minutes)? {
        true => Ok(()),
        false => Err(anyhow!("a promise did not hold; see above")),
    }
}

fn run_alone(stack: &Stack, seed: u64, minutes: u64) -> Result<bool> {
    let _lock = stack.lock()?;
    interrupt::take_down_on_signal(stack)?;
    // Left over from a run that was killed.
    let _ = down::stop_everything(stack);
    let passed = run_storm(stack, seed, minutes);
    down::stop_everything(stack)?;
    passed
}

/// Whether the storm found nothing wrong.
fn run_storm(stack: &Stack, seed: u64, minutes: u64) -> Result<bool> {
    let life = services::ensure(stack)?;
    let proxy = Proxy::open(life.database.port)?;
    let stack = stack.with_database_port(proxy.port());
    up::start(&stack)?;
    let control = Control::open(&stack, life.database.port, proxy)?;
    say(&format!("seed {seed}, {minutes} minutes of faults"));
    let mut variables = env_file::read(&stack.env_file())?;
    variables.extend(storm_variables(&stack, seed, minutes, control.port()));
    storm(&variables)
}

fn storm_variables(stack: &Stack, seed: u64, minutes: u64, control: u16) -> Variables {
    let variable = |name: &str, value: String| (name.to_owned(), value);
    vec![
        variable("STORM_SEED", seed.to_string()),
        variable("STORM_MINUTES", minutes.to_string()),
        variable("STORM_CONTROL", format!("127.0.0.1:{control}")),
        variable("STORM_POINTS", stack.points().display().to_string()),
        variable(
            "STORM_CHUNK_TIMEOUT",
            crate::deploy::TRIAL_CHUNK_TIMEOUT.to_string(),
        ),
    ]
}

/// The one test that is the storm.
fn storm(variables: &Variables) -> Result<bool> {
    let mut command = compile::cargo();
    command.args(["test", "--quiet", "--workspace", "--test", "all", "--"]);
    command.args(["--ignored", "--exact", "storm::run", "--nocapture"]);
    command.envs(variables.iter().map(|(key, value)| (key, value)));
    for name in ["DATABASE_URL", "AWS_PROFILE", "AWS_SESSION_TOKEN"] {
        if !variables.iter().any(|(key, _)| key == name) {
            command.env_remove(name);
        }
    }
    let status = command.stdin(Stdio::null()).status();
    let status = status.context("cargo test")?;
    status
        .code()
        .map(|code| code == 0)
        .context("the storm was killed")
}
