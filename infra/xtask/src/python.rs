//! The Python of this machine: all it is needed for is to make virtual environments.

use std::path::PathBuf;
use std::process::{Command, Output};

use anyhow::{Context as _, Result, anyhow};

const WANTED: &str = "Python 3.10 or newer with venv is needed";

/// The interpreter that makes the environments; an error if it cannot.
pub fn find() -> Result<PathBuf> {
    let python = "python3";
    let version = ask(python, "import sys; print('%d.%d' % sys.version_info[:2])")
        .with_context(|| format!("{WANTED}, but there is no python3: install it (Debian: apt-get install python3-venv)"))?;
    demand_version(&version)?;
    match ask(python, "import venv, ensurepip, sys; print(sys.executable)") {
        Some(path) => Ok(path.into()),
        None => Err(anyhow!(
            "{WANTED}, but this python3 has no venv: install it (Debian: apt-get install python3-venv)"
        )),
    }
}

fn ask(python: &str, program: &str) -> Option<String> {
    let Output { status, stdout, .. } = Command::new(python).args(["-c", program]).output().ok()?;
    status
        .success()
        .then(|| String::from_utf8_lossy(&stdout).trim().to_owned())
}

fn demand_version(version: &str) -> Result<()> {
    let (major, minor) = version.split_once('.').unwrap_or((version, ""));
    let known = (major.parse().unwrap_or(0), minor.parse().unwrap_or(0));
    if known >= (3, 10) {
        return Ok(());
    }
    Err(anyhow!(
        "{WANTED}, but python3 is {version}: install a newer one and put it first in PATH"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        for (version, fits) in [
            ("3.9", false),
            ("3.10", true),
            ("3.14", true),
            ("2.7", false),
            ("4.0", true),
            ("", false),
        ] {
            assert_eq!(demand_version(version).is_ok(), fits, "{version}");
        }
    }
}
