//! Virtual environments below `.local/`, each made again when its requirements change.

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

pub const CLOUD: Environment = Environment {
    name: "cloud",
    title: "Installing the local cloud and PostgreSQL",
};
pub const SAM: Environment = Environment {
    name: "sam",
    title: "Installing SAM",
};

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
    pub fn install(&self) -> Result<()> {
        if self.is_current()? {
            return Ok(());
        }
        let phase = Phase::start(self.title);
        let python = python::find()?;
        files::remove_folder(&self.folder())?;
        self.run(
            Command::new(python).args(["-m", "venv"]).arg(self.folder()),
            "make the environment",
        )?;
        let mut pip = Command::new(self.program("python"));
        pip.args([
            "-m",
            "pip",
            "install",
            "--disable-pip-version-check",
            "--no-input",
            "-r",
        ])
        .arg(self.requirements());
        self.run(&mut pip, "install")?;
        // Written last: an installation that was cut short is repeated.
        fs::write(self.stamp_file(), self.stamp()?)?;
        phase.done();
        Ok(())
    }

    fn run(&self, command: &mut Command, doing: &str) -> Result<()> {
        let log = paths::local().join(format!("pip-{}.log", self.name));
        let file = fs::File::create(&log)?.into_file();
        let errors = file.try_clone()?;
        let status = command
            .stdin(Stdio::null())
            .stdout(file)
            .stderr(errors)
            .status()
            .context("python3")?;
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

/// The first line pip calls an error, else the last one.
fn reason(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let error = text.lines().find_map(|line| line.strip_prefix("ERROR: "));
    error.map_or_else(|| log_file::last_line(log), str::to_owned)
}
