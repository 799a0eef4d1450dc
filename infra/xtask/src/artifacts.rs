//! `cargo xtask artifacts`: what was built for Lambda is what Lambda can start.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, ensure};

use crate::templates::succeed;
use crate::{paths, python};

/// Checks what is in target/lambda.
pub fn check(architecture: &str) -> Result<()> {
    let known = ["x86_64", "arm64"].contains(&architecture);
    ensure!(
        known,
        "the architecture is x86_64 or arm64, not {architecture}"
    );
    succeed(&mut command(&paths::root(), architecture)?)
}

fn command(root: &Path, architecture: &str) -> Result<Command> {
    let mut command = Command::new(python::find()?);
    command.arg(paths::root().join("infra/local/artifacts.py"));
    command.arg(root).arg(architecture);
    Ok(command)
}

#[cfg(test)]
mod tests {
    use super::*;
    use fs_err as fs;

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
            let output = command(&root, "x86_64").unwrap().output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.success(), expected.is_empty(), "{said}");
            assert!(said.starts_with(expected), "{said}");
        }
        fs::remove_file(folder.join("bootstrap")).unwrap();
        let output = command(&root, "x86_64").unwrap().output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.starts_with("auth is not built: "), "{said}");
        fs::remove_dir_all(root).unwrap();
    }
}
