//! The front door: a small proxy, so that the API has the address the original had.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result};
use fs_err as fs;
use rustix::process::Signal;
use serde_json::Value;

use crate::process::Kept;
use crate::services::Life;
use crate::stack::Stack;
use crate::{paths, ports, stage};

pub fn kept(stack: &Stack) -> Kept<'_> {
    Kept::new(stack, "front-door")
}

pub fn stop(stack: &Stack) -> Result<()> {
    kept(stack).stop(Signal::TERM, Duration::from_secs(2))
}

/// Says early that another program has the fixed port.
pub fn demand_port(stack: &Stack) -> Result<()> {
    match stack.fixed_ports {
        Some((port, _)) if !kept(stack).is_running() => ports::demand_free(port).map(drop),
        _ => Ok(()),
    }
}

/// Where the API is for people and tests. Known before anything is deployed: pages link to it.
pub fn address(stack: &Stack) -> Result<String> {
    if let Some((port, _)) = stack.fixed_ports {
        return Ok(format!("http://localhost:{port}"));
    }
    let file = stack.life().join("address");
    if let Ok(known) = fs::read_to_string(&file) {
        return Ok(known);
    }
    let address = format!("http://127.0.0.1:{}", ports::free()?);
    fs::write(&file, &address)?;
    Ok(address)
}

/// Opens it, or opens it again if the program or the address it leads to has changed.
pub fn open(stack: &Stack, life: &Life, outputs: &Value, address: &str) -> Result<()> {
    let target = target(life, outputs)?;
    let program = paths::built().join("front-door");
    let wanted = format!("{}\n{target}\n", stage::file_digest(&program)?);
    if kept(stack).is_running()
        && fs::read_to_string(record(stack)).is_ok_and(|open| open == wanted)
    {
        return Ok(());
    }
    stop(stack)?;
    let port = port_of(address)?;
    ports::demand_free(port)?;
    // A copy: the build may replace the original while it runs.
    let copy = stack.folder().join("front-door");
    let _ = fs::remove_file(&copy);
    fs::copy(&program, &copy)?;
    kept(stack).start(
        Command::new(copy)
            .arg(format!("127.0.0.1:{port}"))
            .arg(&target),
    )?;
    let listens = || std::net::TcpStream::connect(("127.0.0.1", port)).is_ok();
    kept(stack).await_ready(Duration::from_secs(10), listens)?;
    Ok(fs::write(record(stack), wanted)?)
}

fn record(stack: &Stack) -> PathBuf {
    stack.life().join("front-door")
}

/// Where the gateway itself is.
pub fn target(life: &Life, outputs: &Value) -> Result<String> {
    let output = |key: &str| {
        outputs[key]
            .as_str()
            .with_context(|| format!("the stack has no output {key}"))
    };
    Ok(format!(
        "{}/_aws/execute-api/{}/{}",
        life.endpoint(),
        output("ApiId")?,
        output("ApiStage")?
    ))
}

fn port_of(address: &str) -> Result<u16> {
    let port = address.rsplit(':').next().unwrap_or_default();
    port.parse().with_context(|| address.to_owned())
}
