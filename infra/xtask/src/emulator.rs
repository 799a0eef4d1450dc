//! The emulator of AWS: own process group, own temporary folder, signatures and roles enforced.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::{Result, anyhow};
use fs_err as fs;
use rustix::process::Signal;

use crate::paths;
use crate::process::Kept;
use crate::requirements::CLOUD;
use crate::stack::{Stack, Trial};

const REGION: &str = "us-east-1";

pub fn kept(stack: &Stack) -> Kept<'_> {
    Kept::new(stack, "emulator")
}

pub fn stop(stack: &Stack) -> Result<()> {
    kept(stack).stop(Signal::TERM, Duration::from_secs(5))
}

pub fn endpoint(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}

pub fn start(stack: &Stack, port: u16) -> Result<()> {
    let temporary = stack.life().join("tmp");
    fs::create_dir_all(&temporary)?;
    let mut command = command(port, &temporary);
    if let Some(trial) = &stack.trial {
        command.envs(trial_environment(stack, trial)?);
    }
    kept(stack).start(&mut command)?;
    let ready = format!("{}/_ministack/ready", endpoint(port));
    kept(stack).await_ready(Duration::from_secs(60), || ureq::get(&ready).call().is_ok())
}

/// Functions inherit the emulator's environment: it gets nothing but what it needs.
fn command(port: u16, temporary: &PathBuf) -> Command {
    let mut command = Command::new(CLOUD.program("python"));
    command.arg(paths::root().join("infra/local/emulator.py"));
    command.env_clear().current_dir(temporary);
    for name in ["PATH", "HOME", "LANG"] {
        command.envs(std::env::var_os(name).map(|value| (name, value)));
    }
    command.envs(credentials(&endpoint(port)));
    command
        .env("GATEWAY_PORT", port.to_string())
        .env("BIND_HOST", "127.0.0.1")
        .env("AUTH", "true")
        .env("IOT_MTLS_ENABLED", "0")
        .env("SFTP_ENABLED", "0")
        .env("LAMBDA_EXECUTOR", "local")
        .env("PYTHONUNBUFFERED", "1");
    for name in ["TMPDIR", "STATE_DIR", "S3_DATA_DIR"] {
        command.env(name, temporary);
    }
    command
}

/// What debug builds of the functions read (see `shared/trial`), and the emulator itself.
fn trial_environment(stack: &Stack, trial: &Trial) -> Result<Vec<(&'static str, String)>> {
    for folder in ["armed", "reached"] {
        let folder = stack.points().join(folder);
        fs::create_dir_all(&folder)?;
    }
    let points = stack.points().display().to_string();
    let mut variables = vec![
        ("COLLECT_TRIAL_POINTS", points),
        ("COLLECT_TRIAL_HURRY", "20".to_owned()),
        ("COLLECT_TRIAL_CHUNK_BYTES", (48 * 1024).to_string()),
    ];
    let safeguard = trial.without.clone();
    variables.extend(safeguard.map(|name| ("COLLECT_TRIAL_SAFEGUARD_OUT", name)));
    let at_once = trial.functions_at_once.map(|it| it.to_string());
    variables.extend(at_once.map(|it| ("LAMBDA_ACCOUNT_CONCURRENCY", it)));
    Ok(variables)
}

/// What every child gets that may talk to AWS: the emulator's address and no way to another.
pub fn credentials(endpoint: &str) -> [(&'static str, String); 9] {
    [
        ("AWS_ENDPOINT_URL", endpoint.to_owned()),
        ("AWS_ACCESS_KEY_ID", "test".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "test".to_owned()),
        ("AWS_REGION", REGION.to_owned()),
        ("AWS_DEFAULT_REGION", REGION.to_owned()),
        ("AWS_CONFIG_FILE", "/dev/null".to_owned()),
        ("AWS_SHARED_CREDENTIALS_FILE", "/dev/null".to_owned()),
        // Otherwise the address above would be ignored, or asked for through a proxy.
        ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "false".to_owned()),
        ("NO_PROXY", "127.0.0.1,localhost".to_owned()),
    ]
}

/// Turns a command into one that can reach the emulator and nothing else.
pub fn confine(command: &mut Command, endpoint: &str) -> Result<()> {
    demand_loopback(endpoint)?;
    command.envs(credentials(endpoint));
    for name in [
        "AWS_PROFILE",
        "AWS_DEFAULT_PROFILE",
        "AWS_SESSION_TOKEN",
        "AWS_ROLE_ARN",
        "AWS_WEB_IDENTITY_TOKEN_FILE",
    ] {
        command.env_remove(name);
    }
    // Addresses of single services would win over the one above.
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("AWS_ENDPOINT_URL_") {
            command.env_remove(name);
        }
    }
    Ok(())
}

fn demand_loopback(endpoint: &str) -> Result<()> {
    let host = endpoint
        .strip_prefix("http://")
        .and_then(|rest| rest.split([':', '/']).next());
    if matches!(host, Some("127.0.0.1" | "localhost")) {
        return Ok(());
    }
    Err(anyhow!(
        "{endpoint} is not on this machine: only a documented deploy reaches an account"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_reached() {
        assert!(demand_loopback(&endpoint(4566)).is_ok());
        for elsewhere in [
            "https://s3.amazonaws.com",
            "http://10.0.0.1:4566",
            "http://127.0.0.1.example.com",
            "http://localhost@example.com",
            "",
        ] {
            assert!(demand_loopback(elsewhere).is_err(), "{elsewhere}");
        }
    }
}
