//! Processes that outlive this one: each in a group of its own, remembered by pid and start time,
//! so that a pid which the system has given to another process is never signalled.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use std::os::unix::process::CommandExt as _;

use anyhow::{Context as _, Error, Result, anyhow, bail};
use fs_err as fs;
use rustix::process::{Pid, Signal, WaitOptions};

use crate::files;
use crate::log_file::last_line;
use crate::stack::Stack;

/// Set once this command ends: nothing may be started after the last stop.
static LEAVING: Mutex<bool> = Mutex::new(false);

/// From now on every start fails; one that has begun is waited for.
pub fn start_no_more() {
    *LEAVING.lock().unwrap_or_else(PoisonError::into_inner) = true;
}

const POLL: Duration = Duration::from_millis(25);

/// A process by its name in a stack.
pub struct Kept<'a> {
    stack: &'a Stack,
    name: &'a str,
}

#[derive(Clone, Debug, PartialEq)]
struct Identity {
    pid: i32,
    started: String,
}

impl<'a> Kept<'a> {
    pub fn new(stack: &'a Stack, name: &'a str) -> Self {
        Self { stack, name }
    }

    fn file(&self) -> PathBuf {
        self.stack.processes().join(self.name)
    }

    /// Starts it in the background: own process group, no input, output to its log.
    pub fn start(&self, command: &mut Command) -> Result<()> {
        let leaving = LEAVING.lock().unwrap_or_else(PoisonError::into_inner);
        if *leaving {
            bail!("interrupted");
        }
        let log = fs::File::create(self.stack.log(self.name))?.into_file();
        let errors = log.try_clone()?;
        let child = command
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(errors)
            .spawn()
            .with_context(|| format!("could not start {}", self.name))?;
        self.remember(i32::try_from(child.id()).context("pid")?)
    }

    fn remember(&self, pid: i32) -> Result<()> {
        let started = start_time(pid).ok_or_else(|| self.died())?;
        Ok(fs::write(self.file(), format!("{pid} {started}\n"))?)
    }

    fn identity(&self) -> Option<Identity> {
        let text = fs::read_to_string(self.file()).ok()?;
        let (pid, started) = text.trim().split_once(' ')?;
        Some(Identity {
            pid: pid.parse().ok()?,
            started: started.to_owned(),
        })
    }

    fn running(&self) -> Option<Pid> {
        let known = self.identity()?;
        let pid = Pid::from_raw(known.pid)?;
        let _ = rustix::process::waitpid(Some(pid), WaitOptions::NOHANG);
        (start_time(known.pid)? == known.started).then_some(pid)
    }

    pub fn is_running(&self) -> bool {
        self.running().is_some()
    }

    /// Asks it to stop, then makes it; afterwards nothing of its group is left.
    pub fn stop(&self, ask: Signal, patience: Duration) -> Result<()> {
        if let Some(pid) = self.running() {
            let _ = rustix::process::kill_process(pid, ask);
            self.wait_until_gone(patience);
        }
        self.kill_group();
        self.wait_until_gone(Duration::from_secs(5));
        files::remove_file(&self.file())
    }

    /// What it started shares its group and would outlive it. As long as one of them lives, the
    /// system gives its number to no other process; if another has it now, the group is gone.
    fn kill_group(&self) {
        let Some(known) = self.identity() else { return };
        let ours = match start_time(known.pid) {
            Some(started) => started == known.started,
            None => known.started.starts_with(&boot()),
        };
        if let Some(pid) = Pid::from_raw(known.pid).filter(|_| ours) {
            let _ = rustix::process::kill_process_group(pid, Signal::KILL);
        }
    }

    fn wait_until_gone(&self, patience: Duration) {
        let deadline = Instant::now() + patience;
        while self.is_running() && Instant::now() < deadline {
            std::thread::sleep(POLL);
        }
    }

    /// Waits for `ready` as long as the process runs.
    pub fn await_ready(&self, patience: Duration, ready: impl Fn() -> bool) -> Result<()> {
        let deadline = Instant::now() + patience;
        while Instant::now() < deadline {
            if ready() {
                return Ok(());
            }
            if !self.is_running() {
                return Err(self.died());
            }
            std::thread::sleep(POLL);
        }
        Err(anyhow!(
            "{} did not get ready; see {}",
            self.name,
            self.stack.log(self.name).display()
        ))
    }

    fn died(&self) -> Error {
        let log = self.stack.log(self.name);
        anyhow!(
            "{} ended at once: {} (all of it in {})",
            self.name,
            last_line(&log),
            log.display()
        )
    }
}

/// Which start of the machine this is: pids and start times begin again with each.
fn boot() -> String {
    let id = fs::read_to_string("/proc/sys/kernel/random/boot_id");
    id.unwrap_or_default().trim().to_owned()
}

/// When a process started: the machine's start, then whatever the system counts in; none if it
/// has ended.
fn start_time(pid: i32) -> Option<String> {
    if !Path::new("/proc/self/stat").exists() {
        return start_time_by_ps(pid);
    }
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name in parentheses may hold anything: count from the last one.
    let fields: Vec<&str> = stat.rsplit_once(") ")?.1.split(' ').collect();
    let (state, started) = (fields.first()?, fields.get(19)?);
    (*state != "Z").then(|| format!("{}:{started}", boot()))
}

fn start_time_by_ps(pid: i32) -> Option<String> {
    let output = Command::new("ps")
        .args(["-o", "lstart=", "-p", &pid.to_string()])
        .output()
        .ok()?;
    let started = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    (!started.is_empty()).then(|| format!("{}:{started}", boot()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reused_pid_is_not_ours() {
        let own = i32::try_from(std::process::id()).unwrap();
        assert!(start_time(own).is_some());
        assert_ne!(start_time(own), start_time(1));
    }

    #[test]
    fn a_process_that_ended_has_no_start_time() {
        let mut child = Command::new("true").spawn().unwrap();
        let pid = i32::try_from(child.id()).unwrap();
        child.wait().unwrap();
        assert_eq!(start_time(pid), None);
    }
}
