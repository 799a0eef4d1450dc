//! `cargo xtask artifacts`: what was built for Lambda is what Lambda can start.

mod release;

use std::path::Path;
use std::process::Command;

use anyhow::Result;
use clap::ValueEnum;

use crate::templates::succeed;
use crate::{paths, python};

/// What functions run on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Architecture {
    /// As most machines are.
    #[value(name = "x86_64")]
    X86,
    /// A fifth cheaper on Lambda.
    #[value(name = "arm64")]
    Arm,
}

impl Architecture {
    fn name(self) -> &'static str {
        match self {
            Architecture::X86 => "x86_64",
            Architecture::Arm => "arm64",
        }
    }

    /// The option of `cargo lambda build`.
    fn option(self) -> &'static str {
        match self {
            Architecture::X86 => "--x86-64",
            Architecture::Arm => "--arm64",
        }
    }

    /// Whether this machine can start what is built for it.
    fn is_ours(self) -> bool {
        match self {
            Architecture::X86 => cfg!(target_arch = "x86_64"),
            Architecture::Arm => cfg!(target_arch = "aarch64"),
        }
    }
}

/// Checks what is in target/lambda, or builds all of it from a clean clone, checks that and writes its
/// figures down.
pub fn artifacts(architecture: Architecture, build: bool) -> Result<()> {
    match build {
        true => release::build(architecture),
        false => succeed(&mut command(&paths::root(), architecture)?),
    }
}

fn command(root: &Path, architecture: Architecture) -> Result<Command> {
    let mut command = Command::new(python::find()?);
    command.env("PYTHONDONTWRITEBYTECODE", "1");
    command.arg(paths::root().join("infra/local/artifacts.py"));
    command.arg(root).arg(architecture.name());
    Ok(command)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use fs_err as fs;

    use super::*;

    /// As much of a program as is looked at: its kind, its machine, and what it needs.
    fn program(machine: u8, needs: &str) -> Vec<u8> {
        let mut bytes = vec![0; 64];
        bytes[..4].copy_from_slice(b"\x7fELF");
        bytes[18] = machine;
        bytes.extend(format!("\0{needs}\0").as_bytes());
        bytes
    }

    #[test]
    fn what_lambda_cannot_start_is_named() {
        let root = std::env::temp_dir().join(format!("collect-artifacts-{}", std::process::id()));
        let folder = root.join("target/lambda/auth");
        fs::create_dir_all(root.join("functions/auth")).unwrap();
        fs::create_dir_all(&folder).unwrap();
        for (bytes, expected) in [
            (program(62, "GLIBC_2.34"), ""),
            (program(62, "GLIBC_2.2.5"), ""),
            (program(62, "GLIBC_2.36"), "auth needs GLIBC 2.36"),
            (program(62, "GLIBC_3.1"), "auth needs GLIBC 3.1"),
            (
                program(183, "GLIBC_2.34"),
                "auth is for another machine: 183",
            ),
            (b"#!/bin/sh".to_vec(), "auth is no program of Linux"),
        ] {
            fs::write(folder.join("bootstrap"), bytes).unwrap();
            let output = command(&root, Architecture::X86).unwrap().output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.success(), expected.is_empty(), "{said}");
            assert!(said.starts_with(expected), "{said}");
        }
        fs::remove_file(folder.join("bootstrap")).unwrap();
        let output = command(&root, Architecture::X86).unwrap().output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.starts_with("auth is not built: "), "{said}");
        fs::remove_dir_all(root).unwrap();
    }

    /// As a function polls, and as one ends that lacks a setting.
    #[test]
    fn a_function_is_timed_until_its_first_poll() {
        let folder = std::env::temp_dir().join(format!("collect-polls-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let program = folder.join("bootstrap");
        let polls = "curl -s http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation/next";
        for (script, expected) in [
            (polls, "started"),
            ("echo SETTING is missing; exit 1", "SETTING is missing"),
            ("exit 3", "it ended with 3"),
        ] {
            fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
            fs::set_permissions(&program, PermissionsExt::from_mode(0o700)).unwrap();
            let output = Command::new(python::find().unwrap())
                .env("PYTHONDONTWRITEBYTECODE", "1")
                .current_dir(paths::root().join("infra/local"))
                .args(["-c", TIMES_ONE])
                .arg(&program)
                .output()
                .unwrap();
            let said = String::from_utf8_lossy(&output.stdout);
            assert_eq!(said.trim(), expected, "{output:?}");
        }
        fs::remove_dir_all(folder).unwrap();
    }

    const TIMES_ONE: &str = "
import first_poll, sys
try:
    assert 0 < first_poll.milliseconds(sys.argv[1]) < 10_000
    print('started')
except first_poll.NotStarted as error:
    print(error)
";
}
