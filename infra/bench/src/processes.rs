//! What `/proc` says about processes: CPU used, memory at its peak.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::path::Path;

use anyhow::{Context as _, Result};
use procfs::process::{ClearRefs, Process, Stat, all_processes};

const GONE: &str = "the server's process is gone";

fn all() -> impl Iterator<Item = Process> {
    all_processes().into_iter().flatten().flatten()
}

fn stat(pid: i32) -> Option<Stat> {
    Process::new(pid).ok()?.stat().ok()
}

fn seconds(ticks: u64) -> f64 {
    ticks as f64 / procfs::ticks_per_second() as f64
}

fn own_seconds(stat: &Stat) -> f64 {
    seconds(stat.utime + stat.stime)
}

/// Of children that have ended and been waited for.
fn ended_seconds(stat: &Stat) -> f64 {
    seconds((stat.cutime + stat.cstime).unsigned_abs())
}

/// The parent of a process.
pub fn parent(pid: i32) -> Option<i32> {
    Some(stat(pid)?.ppid)
}

/// The direct children of a process.
pub fn children(pid: i32) -> impl Iterator<Item = i32> {
    let stats = all().filter_map(|it| it.stat().ok());
    stats.filter(move |it| it.ppid == pid).map(|it| it.pid)
}

/// Processes that were started with this path as an argument.
pub fn running(path: &Path) -> Vec<i32> {
    let started_with = |process: &Process| {
        let arguments = process.cmdline().unwrap_or_default();
        arguments.iter().any(|it| Path::new(it) == path)
    };
    all().filter(started_with).map(|it| it.pid()).collect()
}

/// CPU seconds of a process and its direct children, those that have ended included. A child that
/// is waited for while this looks would be in neither sum: then it looks again.
pub fn family_cpu(pid: i32) -> Result<f64> {
    loop {
        let before = stat(pid).context(GONE)?;
        let of_children: f64 = children(pid).map(cpu).sum();
        let after = stat(pid).context(GONE)?;
        if (after.cutime, after.cstime) == (before.cutime, before.cstime) {
            return Ok(own_seconds(&before) + ended_seconds(&before) + of_children);
        }
    }
}

/// CPU seconds of this process's children that have ended.
pub fn ended_children_cpu() -> Result<f64> {
    Ok(ended_seconds(&Process::myself()?.stat()?))
}

/// CPU seconds of a process alone.
pub fn cpu(pid: i32) -> f64 {
    stat(pid).map_or(0.0, |it| own_seconds(&it))
}

/// The most memory this process has had, in bytes.
pub fn own_peak() -> Result<u64> {
    peak(Process::myself()?.pid()).context("/proc names no peak")
}

/// The most memory a process has had since [`forget_peak`], in bytes.
pub fn peak(pid: i32) -> Option<u64> {
    let kibibytes = Process::new(pid).ok()?.status().ok()?.vmhwm?;
    Some(kibibytes * 1024)
}

/// The peak counts from now on.
pub fn forget_peak(pid: i32) -> Result<()> {
    Ok(Process::new(pid)?.clear_refs(ClearRefs::PeakRSS)?)
}

/// Processes of the stack's functions: pid → function (`collect-ImportChunkFunction-…`).
pub fn functions(endpoint: &str) -> HashMap<i32, String> {
    all()
        .filter_map(|process| Some((process.pid(), function(&process, endpoint)?)))
        .collect()
}

/// Other checkouts have stacks of the same name, but not at the same endpoint.
fn function(process: &Process, endpoint: &str) -> Option<String> {
    let environment = process.environ().ok()?;
    let value = |name: &str| environment.get(OsStr::new(name));
    if value("AWS_ENDPOINT_URL")? != endpoint {
        return None;
    }
    let name = value("AWS_LAMBDA_FUNCTION_NAME")?;
    Some(name.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_is_known() {
        let own = Process::myself().unwrap().pid();
        assert!(own_peak().unwrap() > 1024 * 1024);
        assert!(parent(own).is_some_and(|it| it > 0));
        let child = std::process::Command::new("true").spawn().unwrap();
        let pid = i32::try_from(child.id()).unwrap();
        assert_eq!(parent(pid), Some(own));
        assert!(children(own).any(|it| it == pid));
        let mut child = child;
        child.wait().unwrap();
        assert!(ended_children_cpu().unwrap() >= 0.0);
    }
}
