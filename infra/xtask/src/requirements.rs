//! Virtual environments below `.local/`, each made anew when its requirements change.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use sha2::{Digest, Sha256};

use crate::failure::{Context, Failure, Outcome};
use crate::progress::Step;
use crate::{log_file, paths, python};

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
    pub fn stamp(&self) -> Outcome<String> {
        let file = self.requirements();
        let mut digest = Sha256::new();
        digest.update(std::fs::read(&file).context(file.display())?);
        digest.update(self.folder().as_os_str().as_encoded_bytes());
        Ok(paths::hex(&digest.finalize()))
    }

    fn stamp_file(&self) -> PathBuf {
        self.folder().join("stamp")
    }

    fn is_current(&self) -> Outcome<bool> {
        Ok(std::fs::read_to_string(self.stamp_file()).ok() == Some(self.stamp()?))
    }

    /// Installs it unless it is there already.
    pub fn install(&self) -> Outcome {
        if self.is_current()? {
            return Ok(());
        }
        let step = Step::start(self.title);
        let python = python::find()?;
        remove(&self.folder())?;
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
        // Written last: an installation that was cut short is done over.
        std::fs::write(self.stamp_file(), self.stamp()?).context("stamp")?;
        step.done();
        Ok(())
    }

    fn run(&self, command: &mut Command, doing: &str) -> Outcome {
        let log = paths::local().join(format!("pip-{}.log", self.name));
        let file = File::create(&log).context(log.display())?;
        let errors = file.try_clone().context(log.display())?;
        let status = command
            .stdin(Stdio::null())
            .stdout(file)
            .stderr(errors)
            .status()
            .context("python3")?;
        if status.success() {
            return Ok(());
        }
        Err(Failure::new(format!(
            "could not {doing} infra/local/requirements-{}.txt: {} (all of it in {})",
            self.name,
            reason(&log),
            log.display()
        )))
    }

    /// Where the packages of the environment are.
    pub fn packages(&self) -> Outcome<PathBuf> {
        let lib = self.folder().join("lib");
        let versions = std::fs::read_dir(&lib).context(lib.display())?;
        let found = versions
            .flatten()
            .map(|entry| entry.path().join("site-packages"))
            .find(|path| path.is_dir());
        found.ok_or_else(|| Failure::new(format!("no packages in {}", lib.display())))
    }
}

/// The first line pip calls an error, else the last one.
fn reason(log: &Path) -> String {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let error = text.lines().find_map(|line| line.strip_prefix("ERROR: "));
    error.map_or_else(|| log_file::last_line(log), str::to_owned)
}

/// Removes a folder, if there is one.
pub fn remove(folder: &Path) -> Outcome {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).context(folder.display())
        }
        _ => Ok(()),
    }
}
