//! Questions to the local cloud, put by `infra/local/cloud.py` with the SDK that comes with SAM.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, anyhow, bail};
use clap::Args;
use serde_json::Value;

use crate::emulator;
use crate::env_file::{self, Variables};
use crate::paths;
use crate::requirements::SAM;
use crate::services;
use crate::stack::Stack;

fn script(endpoint: &str, arguments: &[&str]) -> Result<Command> {
    let mut command = Command::new(SAM.program("python"));
    command
        .arg(paths::root().join("infra/local/cloud.py"))
        .args(arguments);
    emulator::confine(&mut command, endpoint)?;
    Ok(command)
}

fn ask(endpoint: &str, arguments: &[&str], input: &str) -> Result<String> {
    let mut command = script(endpoint, arguments)?;
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().context("cloud.py")?;
    if let Some(mut pipe) = child.stdin.take() {
        pipe.write_all(input.as_bytes()).context("cloud.py")?;
    }
    let output = child.wait_with_output().context("cloud.py")?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned());
    }
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    Err(anyhow!(
        "local cloud: {}",
        errors.lines().last().unwrap_or("no answer")
    ))
}

/// Stores a secret; gives its ARN.
pub fn put_secret(endpoint: &str, name: &str, value: &str) -> Result<String> {
    ask(endpoint, &["put-secret", name], value)
}

/// The outputs of a deployed stack.
pub fn outputs(endpoint: &str, stack_name: &str) -> Result<Value> {
    serde_json::from_str(&ask(endpoint, &["outputs", stack_name], "")?).context("outputs")
}

/// What the deployed functions find in their environment.
pub fn environment(endpoint: &str) -> Result<BTreeMap<String, String>> {
    serde_json::from_str(&ask(endpoint, &["environment"], "")?).context("environment")
}

/// Messages and executions: what the deployed stack has to do.
pub fn work(endpoint: &str, variables: &Variables) -> Result<Value> {
    let get = |name| env_file::get(variables, name);
    let arguments = [
        "work",
        get("CHUNK_QUEUE_URL")?,
        get("DEAD_LETTER_QUEUE_URL")?,
        get("IMPORT_STATE_MACHINE_ARN")?,
        get("ROLLBACK_STATE_MACHINE_ARN")?,
        get("EXPORT_STATE_MACHINE_ARN")?,
    ];
    serde_json::from_str(&ask(endpoint, &arguments, "")?).context("work")
}

/// What a function of a deployed stack is called; `resource` is its name in the template.
pub fn function(endpoint: &str, stack_name: &str, resource: &str) -> Result<String> {
    ask(endpoint, &["function", stack_name, resource], "")
}

/// What a function answers to an event.
pub fn invoke(endpoint: &str, function: &str, event: &Value) -> Result<Value> {
    let answer = ask(endpoint, &["invoke", function], &event.to_string())?;
    serde_json::from_str(&answer).context("invoke")
}

/// What the functions logged so far.
pub fn logs(endpoint: &str, function: &str) -> Result<String> {
    ask(endpoint, &["logs", function], "")
}

/// Which lines of the logs are printed.
#[derive(Args)]
pub struct Logs {
    /// Only functions whose name contains this: `import-chunk`
    #[arg(default_value = "", hide_default_value = true)]
    function: String,
    /// Only lines about this import or export; `cargo xtask status` shows uids
    #[arg(
        long,
        value_name = "UID",
        default_value = "",
        hide_default_value = true
    )]
    import: String,
    /// Go on printing until Ctrl-C
    #[arg(short, long)]
    follow: bool,
}

/// Prints them as they come: an invocation's when it has ended.
pub fn print_logs(stack: &Stack, logs: &Logs) -> Result<()> {
    let life = services::running(stack)?;
    let follow = if logs.follow { "follow" } else { "" };
    let arguments = ["logs", &logs.function, &logs.import, follow];
    let status = script(&life.endpoint(), &arguments)?
        .status()
        .context("cloud.py")?;
    match status.code() {
        // None: the reader of the output, or Ctrl-C, has ended it.
        Some(0) | None => Ok(()),
        Some(_) => bail!("the local cloud gave no logs; see above"),
    }
}
