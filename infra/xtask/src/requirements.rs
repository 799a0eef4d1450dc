//! Virtual environments below `.local/`, each made again when its requirements change. What is in
//! them is pinned, with hashes.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, anyhow};
use fs_err as fs;
use sha2::{Digest, Sha256};

use crate::progress::Phase;
use crate::{files, log_file, paths, python};

/// One environment: `infra/local/requirements-<name>.txt` in `.local/venv-<name>`.
pub struct Environment {
    name: &'static str,
    title: &'static str,
}

/// Installs the others, in a third of the time that pip takes.
const UV: Environment = Environment {
    name: "uv",
    title: "Installing uv",
};
pub const CLOUD: Environment = Environment {
    name: "cloud",
    title: "Installing the local cloud and PostgreSQL",
};
pub const SAM: Environment = Environment {
    name: "sam",
    title: "Installing SAM",
};

pub const SCHEMATHESIS: Environment = Environment {
    name: "schemathesis",
    title: "Installing schemathesis",
};

/// `cargo deny` as a program.
pub const DENY: Environment = Environment {
    name: "deny",
    title: "Installing cargo deny",
};

/// `cargo lambda` and zig, which build what is deployed.
pub const LAMBDA: Environment = Environment {
    name: "lambda",
    title: "Installing cargo lambda",
};

pub const NODE: Environment = Environment {
    name: "node",
    title: "Installing Node",
};

pub const CHECKOV: Environment = Environment {
    name: "checkov",
    title: "Installing checkov",
};

/// Installs what a stack needs and is not there already, two at a time.
pub fn install() -> Result<()> {
    install_all(&[&CLOUD, &SAM])
}

/// The same, and what only the tests need.
pub fn install_for_tests() -> Result<()> {
    install_all(&[&CLOUD, &SAM, &SCHEMATHESIS, &NODE, &DENY, &CHECKOV])
}

/// Node alone.
pub fn install_node() -> Result<()> {
    install_all(&[&NODE])
}

/// What builds for Lambda.
pub fn install_lambda() -> Result<()> {
    install_all(&[&LAMBDA])
}

/// `cargo deny` alone.
pub fn install_deny() -> Result<()> {
    install_all(&[&DENY])
}

/// SAM alone: what talks to a stack, without what runs one.
pub fn install_sam() -> Result<()> {
    install_all(&[&SAM])
}

fn install_all(environments: &[&'static Environment]) -> Result<()> {
    fs::create_dir_all(paths::local())?;
    let mut missing = Vec::new();
    for environment in environments {
        if !environment.is_current()? {
            missing.push(*environment);
        }
    }
    if missing.is_empty() {
        return Ok(());
    }
    UV.install(by_pip)?;
    let rest = missing.split_off(1);
    let rest = std::thread::spawn(move || rest.into_iter().try_for_each(|it| it.install(by_uv)));
    let first = missing.into_iter().try_for_each(|it| it.install(by_uv));
    rest.join()
        .map_err(|_| anyhow!("an installation broke off"))??;
    first?;
    // 60 MB that nothing asks for until a requirement changes.
    files::remove_folder(&UV.folder())
}

/// Two commands: one makes the environment, one brings its packages.
type Installer = fn(&Environment) -> Result<[Command; 2]>;

fn by_pip(environment: &Environment) -> Result<[Command; 2]> {
    let mut make = Command::new(python::find()?);
    make.args(["-m", "venv"]).arg(environment.folder());
    let mut fill = Command::new(environment.program("python"));
    fill.args(["-m", "pip", "install", "--disable-pip-version-check"]);
    fill.args(["--no-input", "--require-hashes", "-r"]);
    fill.arg(environment.requirements());
    Ok([make, fill])
}

fn by_uv(environment: &Environment) -> Result<[Command; 2]> {
    let mut make = Command::new(UV.program("uv"));
    make.args(["venv", "--no-python-downloads", "--python"]);
    make.arg(python::find()?).arg(environment.folder());
    let mut fill = Command::new(UV.program("uv"));
    fill.args(["pip", "sync", "--require-hashes", "--python"]);
    fill.arg(environment.program("python"));
    fill.arg(environment.requirements());
    Ok([make, fill])
}

impl Environment {
    fn folder(&self) -> PathBuf {
        paths::local().join(format!("venv-{}", self.name))
    }

    fn requirements(&self) -> PathBuf {
        paths::root().join(format!("infra/local/requirements-{}.txt", self.name))
    }

    pub fn program(&self, name: &str) -> PathBuf {
        self.folder().join("bin").join(name)
    }

    /// Changes with the requirements and the place: an environment does not survive a move.
    pub fn stamp(&self) -> Result<String> {
        let file = self.requirements();
        let mut digest = Sha256::new();
        digest.update(fs::read(&file)?);
        digest.update(self.folder().as_os_str().as_encoded_bytes());
        Ok(paths::hex(&digest.finalize()))
    }

    fn stamp_file(&self) -> PathBuf {
        self.folder().join("stamp")
    }

    fn is_current(&self) -> Result<bool> {
        Ok(fs::read_to_string(self.stamp_file()).ok() == Some(self.stamp()?))
    }

    /// Installs it unless it is there already.
    fn install(&self, installer: Installer) -> Result<()> {
        if self.is_current()? {
            return Ok(());
        }
        let phase = Phase::start(self.title);
        let [make, fill] = installer(self)?;
        files::remove_folder(&self.folder())?;
        self.run(make, "make the environment of")?;
        self.run(fill, "install")?;
        // Written last: an installation that was cut short is repeated.
        fs::write(self.stamp_file(), self.stamp()?)?;
        phase.done();
        Ok(())
    }

    fn run(&self, mut command: Command, doing: &str) -> Result<()> {
        let log = paths::local().join(format!("install-{}.log", self.name));
        let file = fs::File::create(&log)?.into_file();
        let errors = file.try_clone()?;
        let status = command
            .stdin(Stdio::null())
            .stdout(file)
            .stderr(errors)
            .status()
            .with_context(|| command.get_program().display().to_string())?;
        if status.success() {
            return Ok(());
        }
        Err(anyhow!(
            "could not {doing} infra/local/requirements-{}.txt: {} (all of it in {})",
            self.name,
            reason(&log),
            log.display()
        ))
    }

    /// Where the packages of the environment are.
    pub fn packages(&self) -> Result<PathBuf> {
        let lib = self.folder().join("lib");
        let versions = fs::read_dir(&lib)?;
        let found = versions
            .flatten()
            .map(|entry| entry.path().join("site-packages"))
            .find(|path| path.is_dir());
        found.ok_or_else(|| anyhow!("no packages in {}", lib.display()))
    }
}

/// The first line that pip or uv calls an error, else the last one.
fn reason(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let mut errors = text.lines().filter_map(|line| line.split_once(": "));
    let error = errors.find(|(what, _)| what.eq_ignore_ascii_case("error"));
    error.map_or_else(|| log_file::last_line(log), |(_, why)| why.to_owned())
}
