//! Every request that the API's own description allows, and many that it does not, made up by
//! schemathesis: no answer may be a fault of the service or something that is not described.

use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context as _, Result, ensure};
use fs_err as fs;

use crate::demo::sign_up;
use crate::env_file::{self, Variables};
use crate::requirements::{self, SCHEMATHESIS};
use crate::stack::Stack;
use crate::{paths, up};

/// Of each request in every test run; `cargo xtask requests` takes more.
const EXAMPLES: u32 = 4;

/// What is not held against an answer, for the whole API: the description says what a value looks
/// like, and the contract what becomes of it. A `limit` that is no number is ignored, a password
/// that is common is refused (docs/api.md). And every path names import 1, which another request may
/// have deleted.
const NOT_HELD: &str =
    "negative_data_rejection,positive_data_acceptance,ensure_resource_availability";

/// With real names where a path has a variable: few made-up ones would be found.
const SETTINGS: &str = "[parameters]\n\"path.dataset\" = \"team\"\n\"path.id\" = 1\n";

/// Asks a stack that is up, as part of every test run.
pub fn short(variables: &Variables) -> Result<()> {
    ask(variables, EXAMPLES, "examples,fuzzing,stateful")
}

/// Brings the stack up and asks this many of each request, those at the edges of each value too.
pub fn long(examples: u32) -> Result<ExitCode> {
    let stack = Stack::up();
    up::up(&stack, true)?;
    requirements::install_for_tests()?;
    let variables = env_file::read(&stack.env_file())?;
    ask(&variables, examples, "examples,coverage,fuzzing,stateful")?;
    Ok(ExitCode::SUCCESS)
}

fn ask(variables: &Variables, examples: u32, phases: &str) -> Result<()> {
    let address = env_file::get(variables, "API_URL")?;
    let token = sign_up(address)?.access;
    let settings = paths::local().join("schemathesis.toml");
    fs::write(&settings, SETTINGS)?;
    let mut command = Command::new(SCHEMATHESIS.program("st"));
    command
        .arg("--no-color")
        .arg("--config-file")
        .arg(settings)
        .arg("run");
    command.arg(format!("{address}/openapi.json"));
    command.args(["--url", address, "--phases", phases]);
    command.args(["--max-examples", &examples.to_string()]);
    command.args(["--generation-deterministic", "--exclude-checks", NOT_HELD]);
    command.args(["--suppress-health-check", "filter_too_much,too_slow"]);
    command.args(["--warnings", "off", "--continue-on-failure"]);
    command.args(["--header", &format!("Authorization: Bearer {token}")]);
    command.current_dir(paths::local()).stdin(Stdio::null());
    let status = command.status().context("schemathesis")?;
    ensure!(status.success(), "see above");
    Ok(())
}
