//! The front door: a small proxy, so that the API has the address the original had.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use rustix::process::Signal;
use serde_json::Value;

use crate::failure::{Context, Failure, Outcome};
use crate::process::Kept;
use crate::services::Life;
use crate::stack::Stack;
use crate::{paths, ports, stage};

pub fn kept(stack: &Stack) -> Kept<'_> {
    Kept::new(stack, "front-door")
}

pub fn stop(stack: &Stack) -> Outcome {
    kept(stack).stop(Signal::TERM, Duration::from_secs(2))
}

/// Says early that the fixed port is taken by somebody else.
pub fn demand_port(stack: &Stack) -> Outcome {
    match stack.fixed_ports {
        Some((port, _)) if !kept(stack).is_running() => ports::demand_free(port).map(drop),
        _ => Ok(()),
    }
}

/// Where the API is for people and tests. Known before anything is deployed: pages link to it.
pub fn address(stack: &Stack) -> Outcome<String> {
    if let Some((port, _)) = stack.fixed_ports {
        return Ok(format!("http://localhost:{port}"));
    }
    let file = stack.life().join("address");
    if let Ok(known) = std::fs::read_to_string(&file) {
        return Ok(known);
    }
    let address = format!("http://127.0.0.1:{}", ports::free()?);
    std::fs::write(&file, &address).context("address")?;
    Ok(address)
}

/// Opens it, or opens it anew if the program or what lies behind it has changed.
pub fn open(stack: &Stack, life: &Life, outputs: &Value, address: &str) -> Outcome {
    let target = target(life, outputs)?;
    let program = paths::built().join("front-door");
    let wanted = format!("{}\n{target}\n", stage::file_digest(&program)?);
    if kept(stack).is_running()
        && std::fs::read_to_string(record(stack)).is_ok_and(|open| open == wanted)
    {
        return Ok(());
    }
    stop(stack)?;
    let port = port_of(address)?;
    ports::demand_free(port)?;
    // A copy: the build may replace the original while it runs.
    let copy = stack.folder().join("front-door");
    let _ = std::fs::remove_file(&copy);
    std::fs::copy(&program, &copy).context(program.display())?;
    kept(stack).start(
        Command::new(copy)
            .arg(format!("127.0.0.1:{port}"))
            .arg(&target),
    )?;
    let listens = || std::net::TcpStream::connect(("127.0.0.1", port)).is_ok();
    kept(stack).await_ready(Duration::from_secs(10), listens)?;
    std::fs::write(record(stack), wanted).context("front door")
}

fn record(stack: &Stack) -> PathBuf {
    stack.life().join("front-door")
}

fn target(life: &Life, outputs: &Value) -> Outcome<String> {
    let output = |key: &str| {
        outputs[key]
            .as_str()
            .ok_or_else(|| Failure::new(format!("the stack has no output {key}")))
    };
    Ok(format!(
        "{}/_aws/execute-api/{}/{}",
        life.endpoint(),
        output("ApiId")?,
        output("ApiStage")?
    ))
}

fn port_of(address: &str) -> Outcome<u16> {
    let port = address.rsplit(':').next().unwrap_or_default();
    port.parse().context(address)
}
