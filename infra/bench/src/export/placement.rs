//! What runs on which cores. Deployed, the database has a machine of its own; here it shares all
//! cores unless it is given some.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Result, bail};

use crate::server::Server;
use crate::{environment, processes};

/// Where the server runs, and where everything else does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placement {
    /// The server on one half of the cores, everything else on the other.
    Apart,
    /// All of them on all cores.
    Together,
}

impl Placement {
    /// Those there are cores for.
    pub fn possible(cores: usize) -> &'static [Placement] {
        match cores {
            0 | 1 => &[Placement::Together],
            _ => &[Placement::Apart, Placement::Together],
        }
    }

    /// Above its table.
    pub fn title(self) -> &'static str {
        match self {
            Placement::Apart => {
                "The server on one half of the cores, everything else on the other, as where the \
                 database is a machine of its own:"
            }
            Placement::Together => "Everything on all cores:",
        }
    }

    /// Puts the server, the local cloud and this process with all it will start on their cores;
    /// `cores` is how many there are.
    pub fn put(self, server: &Server, cores: usize) -> Result<()> {
        let (all, half) = (format!("0-{}", cores - 1), cores / 2);
        let (of_server, of_others) = match self {
            Placement::Apart => (format!("0-{}", half - 1), format!("{half}-{}", cores - 1)),
            Placement::Together => (all.clone(), all),
        };
        for pid in server.processes() {
            pin(pid, &of_server)?;
        }
        let local_cloud = processes::running(&local_cloud());
        if local_cloud.is_empty() {
            bail!("the local cloud does not run from this folder");
        }
        for pid in local_cloud {
            pin(pid, &of_others)?;
        }
        pin(i32::try_from(std::process::id())?, &of_others)
    }
}

/// What the process of the local cloud was started with.
fn local_cloud() -> PathBuf {
    environment::project().join("infra/local/emulator.py")
}

/// All threads of a process and what it starts later. One that has ended is no error.
fn pin(pid: i32, cores: &str) -> Result<()> {
    let pinned = Command::new("taskset")
        .args(["--all-tasks", "--cpu-list", "--pid", cores])
        .arg(pid.to_string())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()?;
    if pinned.success() || processes::parent(pid).is_none() {
        Ok(())
    } else {
        bail!("taskset of process {pid} to {cores}: {pinned}")
    }
}
