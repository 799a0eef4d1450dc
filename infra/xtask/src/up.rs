//! Everything up: installed, built, started, deployed, opened.

use std::time::Duration;

use anyhow::{Context as _, Result, anyhow};
use serde_json::Value;

use crate::env_file::{self, Variables};
use crate::progress::say;
use crate::services::Life;
use crate::stack::Stack;
use crate::{
    cloud, compile, deploy, down, emulator, front_door, interrupt, requirements, services, stage,
};

/// Brings the stack up and stays with it until Ctrl-C, or leaves it running.
pub fn up(stack: &Stack, detach: bool) -> Result<()> {
    let lock = stack.lock()?;
    interrupt::take_down_on_signal(stack)?;
    let was_up = stack.env_file().exists();
    let life = bring_up(stack).inspect_err(|_| {
        if !was_up {
            let _ = down::stop_everything(stack);
        }
    })?;
    let address = front_door::address(stack)?;
    say(&format!(
        "Collect is up at {address}, with a console at {address}/console/; its addresses are in {}",
        stack.env_file().display()
    ));
    drop(lock);
    if detach {
        interrupt::leave_running();
        say("`cargo xtask down` stops it");
        return Ok(());
    }
    say("Ctrl-C stops it");
    stay(stack, &life)
}

fn stay(stack: &Stack, life: &Life) -> Result<()> {
    while services::is_alive(stack, life) && front_door::kept(stack).is_running() {
        std::thread::sleep(Duration::from_millis(500));
    }
    // Stopped by `cargo xtask down`, or dead: the rest goes with it.
    down::stop_everything(stack)?;
    say("stopped");
    Ok(())
}

/// Installs and builds side by side, then does what is left to do.
pub fn bring_up(stack: &Stack) -> Result<Life> {
    services::given_server()?;
    services::demand_port(stack)?;
    front_door::demand_port(stack)?;
    let installed = std::thread::spawn(requirements::install);
    let built = compile::build();
    installed
        .join()
        .map_err(|_| anyhow!("the installation broke off"))??;
    built?;
    start(stack)
}

/// Starts and deploys what has been installed and built.
pub fn start(stack: &Stack) -> Result<Life> {
    let life = services::ensure(stack)?;
    let address = front_door::address(stack)?;
    let stage_digest = stage::prepare(stack)?;
    let outputs = deploy::deploy(stack, &life, &stage_digest, &address)?;
    front_door::open(stack, &life, &outputs, &address)?;
    env_file::write(
        &stack.env_file(),
        &variables(stack, &life, &outputs, &address)?,
    )?;
    Ok(life)
}

fn variables(stack: &Stack, life: &Life, outputs: &Value, address: &str) -> Result<Variables> {
    let mut variables: Variables = vec![
        ("API_URL".into(), address.to_owned()),
        // Without the front door: who asks there says where they come from.
        ("GATEWAY_URL".into(), front_door::target(life, outputs)?),
        ("DATABASE_URL".into(), life.database.to_string()),
        // Where tests may create databases of their own.
        ("TEST_DATABASE_URL".into(), life.database.to_string()),
        ("STACK_NAME".into(), stack.name.to_owned()),
    ];
    variables.extend(
        emulator::credentials(&life.endpoint()).map(|(key, value)| (key.to_owned(), value)),
    );
    for (key, output) in [
        ("UPLOAD_BUCKET", "UploadBucket"),
        ("CHUNK_QUEUE_URL", "ChunkQueueUrl"),
        ("DEAD_LETTER_QUEUE_URL", "DeadLetterQueueUrl"),
        ("ACCOUNTS_TABLE", "AccountsTable"),
        ("AUDIT_TABLE", "AuditTable"),
        ("LOG_GROUP", "LogGroup"),
        ("IMPORT_STATE_MACHINE_ARN", "ImportStateMachineArn"),
        ("ROLLBACK_STATE_MACHINE_ARN", "RollbackStateMachineArn"),
        ("EXPORT_STATE_MACHINE_ARN", "ExportStateMachineArn"),
    ] {
        let value = outputs[output].as_str();
        let value = value.with_context(|| format!("the stack has no output {output}"))?;
        variables.push((key.to_owned(), value.to_owned()));
    }
    // So that a function can be run outside the local cloud: `cargo lambda watch`.
    let of_functions = cloud::environment(&life.endpoint())?;
    let known = |name: &String| variables.iter().any(|(key, _)| key == name);
    let more: Variables = of_functions
        .into_iter()
        .filter(|it| !known(&it.0))
        .collect();
    variables.extend(more);
    Ok(variables)
}
