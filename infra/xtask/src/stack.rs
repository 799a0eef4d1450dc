//! A stack: one life of the local cloud with its own folder and ports.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use fs_err as fs;

use crate::paths;

/// `up` has ports that people can remember; `test` takes free ones and runs beside it.
#[derive(Clone, Debug)]
pub struct Stack {
    folder: &'static str,
    /// The name of the CloudFormation stack.
    pub name: &'static str,
    /// Front door and emulator, where they are fixed.
    pub fixed_ports: Option<(u16, u16)>,
    /// Pages of these origins may use its API; by comma.
    pub allowed_origins: String,
    /// Whether a few users do the work of many on it, beyond what one user may have.
    pub has_few_users: bool,
    /// Set where faults are to be put into it.
    pub trial: Option<Trial>,
}

/// How a stack with faults is run.
#[derive(Clone, Debug, Default)]
pub struct Trial {
    /// The safeguard that is switched off, if any: see `tests/safeguards`.
    pub without: Option<String>,
    /// How many functions may run at once, if not as many as the emulator takes.
    pub functions_at_once: Option<u32>,
    /// Where the functions reach the database instead of its own port.
    pub database_port: Option<u16>,
}

/// The origin that tests ask from.
pub const PAGE: &str = "https://page.example.org";

/// The same in a browser, which is told where the name leads and has no certificate for it.
const PAGE_IN_BROWSER: &str = "http://page.example.org";

impl Stack {
    pub fn up() -> Self {
        Self {
            folder: "up",
            name: "collect",
            fixed_ports: Some((port("COLLECT_PORT", 8000), port("COLLECT_CLOUD_PORT", 4566))),
            allowed_origins: std::env::var("COLLECT_ALLOWED_ORIGINS").unwrap_or_default(),
            has_few_users: false,
            trial: None,
        }
    }

    pub fn test() -> Self {
        Self {
            folder: "test",
            name: "collect-test",
            fixed_ports: None,
            allowed_origins: format!("{PAGE},{PAGE_IN_BROWSER}"),
            has_few_users: false,
            trial: None,
        }
    }

    /// As `test` has it: figures are taken on a stack of their own.
    pub fn bench() -> Self {
        Self {
            folder: "bench",
            name: "collect-bench",
            fixed_ports: None,
            allowed_origins: String::new(),
            has_few_users: true,
            trial: None,
        }
    }

    pub fn faults(trial: Trial) -> Self {
        Self {
            folder: "faults",
            name: "collect-faults",
            fixed_ports: None,
            allowed_origins: String::new(),
            has_few_users: true,
            trial: Some(trial),
        }
    }

    /// The same, with its database reached by this port.
    pub fn with_database_port(&self, database_port: u16) -> Self {
        let trial = self.trial.clone().map(|trial| Trial {
            database_port: Some(database_port),
            ..trial
        });
        Self {
            trial,
            ..self.clone()
        }
    }

    /// Where a fault is asked for by name, and answered by pid.
    pub fn points(&self) -> PathBuf {
        self.life().join("points")
    }

    pub fn folder(&self) -> PathBuf {
        paths::local().join(self.folder)
    }

    pub fn stage(&self) -> PathBuf {
        self.folder().join("stage")
    }

    pub fn env_file(&self) -> PathBuf {
        self.folder().join("env")
    }

    pub fn processes(&self) -> PathBuf {
        self.folder().join("processes")
    }

    /// What lives and dies with the emulator and the database of one life.
    pub fn life(&self) -> PathBuf {
        self.folder().join("life")
    }

    pub fn log(&self, name: &str) -> PathBuf {
        self.folder().join("log").join(format!("{name}.log"))
    }

    /// Data of the database server; outside the checkout where the server may not read that.
    pub fn data(&self) -> PathBuf {
        if paths::as_root() {
            paths::reachable_by_all().join(self.folder)
        } else {
            self.folder().join("postgres")
        }
    }

    pub fn create_folders(&self) -> Result<()> {
        for folder in [self.processes(), self.folder().join("log")] {
            fs::create_dir_all(&folder)?;
        }
        Ok(())
    }

    /// Holds off a second command on the same stack until the file is dropped.
    pub fn lock(&self) -> Result<fs::File> {
        self.create_folders()?;
        let file = fs::File::create(self.folder().join("lock"))?;
        if file.try_lock().is_err() {
            eprintln!("waiting for another cargo xtask that works on this stack");
            file.lock().context("lock")?;
        }
        Ok(file)
    }
}

/// The port a variable names, else the usual one.
fn port(variable: &str, usual: u16) -> u16 {
    let wanted = std::env::var(variable).ok();
    wanted.and_then(|it| it.parse().ok()).unwrap_or(usual)
}
