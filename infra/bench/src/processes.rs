//! What `/proc` says about processes: CPU used, memory at its peak.

use std::collections::HashMap;
use std::path::Path;

use anyhow::{Context as _, Result};

/// Clock ticks a second on every Linux that Rust supports (`getconf CLK_TCK`).
const TICKS: f64 = 100.0;

/// Fields of `/proc/<pid>/stat` behind the name.
struct Stat(Vec<i64>);

impl Stat {
    fn of(pid: u32) -> Option<Self> {
        let text = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        let (_, fields) = text.rsplit_once(") ")?;
        // The first is the state, a letter.
        Some(Self(
            fields
                .split(' ')
                .skip(1)
                .map(|it| it.trim().parse().unwrap_or(0))
                .collect(),
        ))
    }

    fn field(&self, index: usize) -> i64 {
        self.0.get(index).copied().unwrap_or(0)
    }

    fn parent(&self) -> u32 {
        self.field(0) as u32
    }

    fn own_cpu(&self) -> f64 {
        (self.field(10) + self.field(11)) as f64 / TICKS
    }

    /// Of children that have ended and been waited for.
    fn ended_children_cpu(&self) -> f64 {
        (self.field(12) + self.field(13)) as f64 / TICKS
    }
}

/// The parent of a process.
pub fn parent(pid: u32) -> Option<u32> {
    Some(Stat::of(pid)?.parent())
}

/// The direct children of a process.
pub fn children(pid: u32) -> impl Iterator<Item = u32> {
    all().filter(move |it| parent(*it) == Some(pid))
}

/// Processes that were started with this path as an argument.
pub fn running(path: &Path) -> Vec<u32> {
    let started_with = |pid: &u32| {
        let arguments = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        let mut arguments = arguments.split(|byte| *byte == 0);
        arguments.any(|it| it == path.as_os_str().as_encoded_bytes())
    };
    all().filter(started_with).collect()
}

/// CPU seconds of a process and its direct children, those that have ended included. A child that
/// is waited for while this looks would be in neither sum: then it looks again.
pub fn family_cpu(pid: u32) -> Result<f64> {
    loop {
        let parent = Stat::of(pid).context("the server's process is gone")?;
        let children = children(pid).filter_map(Stat::of);
        let children: f64 = children.map(|it| it.own_cpu()).sum();
        let after = Stat::of(pid).context("the server's process is gone")?;
        if after.ended_children_cpu() == parent.ended_children_cpu() {
            return Ok(parent.own_cpu() + parent.ended_children_cpu() + children);
        }
    }
}

/// CPU seconds of this process's children that have ended.
pub fn ended_children_cpu() -> f64 {
    Stat::of(std::process::id()).map_or(0.0, |it| it.ended_children_cpu())
}

/// The most memory this process has had, in bytes.
pub fn own_peak() -> u64 {
    peak(std::process::id()).unwrap_or(0)
}

/// The most memory a process has had since [`forget_peak`], in bytes.
pub fn peak(pid: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kibibytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kibibytes * 1024)
}

/// The peak counts from now on.
pub fn forget_peak(pid: u32) {
    let _ = std::fs::write(format!("/proc/{pid}/clear_refs"), "5");
}

/// Processes of the stack's functions: pid → function (`import-chunk` …).
pub fn functions(endpoint: &str) -> HashMap<u32, String> {
    all()
        .filter_map(|pid| Some((pid, function(pid, endpoint)?)))
        .collect()
}

fn function(pid: u32, endpoint: &str) -> Option<String> {
    let environment = std::fs::read(format!("/proc/{pid}/environ")).ok()?;
    let of_this_stack = format!("AWS_ENDPOINT_URL={endpoint}");
    let mut variables = environment.split(|byte| *byte == 0);
    if !variables.clone().any(|it| it == of_this_stack.as_bytes()) {
        return None;
    }
    let name = variables.find_map(|it| it.strip_prefix(b"AWS_LAMBDA_FUNCTION_NAME="))?;
    Some(String::from_utf8_lossy(name).into_owned())
}

/// CPU seconds of a process alone.
pub fn cpu(pid: u32) -> f64 {
    Stat::of(pid).map_or(0.0, |it| it.own_cpu())
}

fn all() -> impl Iterator<Item = u32> {
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_is_known() {
        let own = std::process::id();
        assert!(own_peak() > 1024 * 1024);
        assert!(parent(own).is_some_and(|it| it > 0));
        let child = std::process::Command::new("true").spawn().unwrap();
        assert_eq!(parent(child.id()), Some(own));
        let mut child = child;
        child.wait().unwrap();
        assert!(ended_children_cpu() >= 0.0);
    }
}
