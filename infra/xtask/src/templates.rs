//! The templates, judged without a cloud: by SAM and its linter, by checkov, and by what a first
//! deploy would trip over.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, anyhow};

use crate::requirements::{CHECKOV, SAM};
use crate::{deploy, emulator, paths};

/// What runs, and what it runs on where there is nothing yet.
const TEMPLATES: [&str; 2] = ["template.yaml", "infra/database.yaml"];

/// A check and its name.
type Check = (&'static str, fn() -> Result<()>);

/// All of them.
pub const CHECKS: [Check; 5] = [
    ("templates", validate),
    ("sam build", build),
    ("questions of a guided deploy", ask_no_questions),
    ("parameters of a first deploy", fit_together),
    ("checkov", pass_checkov),
];

fn validate() -> Result<()> {
    for template in TEMPLATES {
        let mut command = sam()?;
        command.args(["validate", "--lint", "--template-file"]);
        succeed(command.arg(of_root(template)))?;
    }
    Ok(())
}

/// Whoever knows SAM says it before a deploy. It has nothing to build: `cargo lambda build` did.
fn build() -> Result<()> {
    let mut command = sam()?;
    command.args(["build", "--build-dir"]);
    command.arg(paths::local().join("sam-build"));
    command.arg("--template-file").arg(of_root(TEMPLATES[0]));
    succeed(command.stdout(Stdio::null()))
}

/// A question for each route, each taken as a no, is where a first deploy ended.
fn ask_no_questions() -> Result<()> {
    let mut command = python("infra/local/questions.py")?;
    succeed(command.arg(of_root(TEMPLATES[0])))
}

fn fit_together() -> Result<()> {
    let mut command = python("infra/local/first_deploy.py")?;
    succeed(command.arg(paths::root()))
}

fn pass_checkov() -> Result<()> {
    let mut command = Command::new(CHECKOV.program("checkov"));
    emulator::confine(&mut command, &emulator::endpoint(1))?;
    command.arg("--config-file");
    command.arg(of_root("infra/local/checkov.yaml"));
    for template in TEMPLATES {
        command.arg("--file").arg(of_root(template));
    }
    succeed(&mut command)
}

fn sam() -> Result<Command> {
    deploy::sam(&emulator::endpoint(1))
}

/// A script of ours in SAM's environment.
fn python(script: &str) -> Result<Command> {
    let mut command = Command::new(SAM.program("python"));
    emulator::confine(&mut command, &emulator::endpoint(1))?;
    command.arg(of_root(script));
    Ok(command)
}

fn of_root(path: &str) -> PathBuf {
    paths::root().join(path)
}

/// Runs a command; what it says goes through, and an error points there.
pub fn succeed(command: &mut Command) -> Result<()> {
    let status = command
        .stdin(Stdio::null())
        .status()
        .context("could not run")?;
    if status.success() {
        Ok(())
    } else {
        Err(anyhow!("see above"))
    }
}
