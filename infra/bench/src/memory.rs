//! Resident memory of the functions, which run as plain processes on the local cloud.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::environment::required;

/// The processes of one function of the stack, as they are now.
pub struct Processes(Vec<PathBuf>);

impl Processes {
    /// Those of a function by the name of its resource in the template.
    pub fn of(resource: &str) -> Result<Self> {
        let name = format!(
            "AWS_LAMBDA_FUNCTION_NAME={}-{resource}",
            required("STACK_NAME")?
        );
        // Other checkouts have stacks of the same name, but not at the same port.
        let endpoint = required("AWS_ENDPOINT_URL")?;
        let port = endpoint.rsplit(':').next().unwrap_or_default().to_owned();
        let processes = fs::read_dir("/proc")?.filter_map(|it| Some(it.ok()?.path()));
        let found: Vec<PathBuf> = processes.filter(|it| runs(it, &name, &port)).collect();
        match found.len() {
            0 => bail!("no process of {resource}"),
            _ => Ok(Self(found)),
        }
    }

    /// The most memory that one of them had resident since the last `forget`, in KiB.
    pub fn peak(&self) -> u64 {
        let peaks = self.0.iter().filter_map(|it| peak(it));
        peaks.max().unwrap_or_default()
    }

    /// Begins anew: the peak is what is resident now (`clear_refs` in proc(5)).
    pub fn forget(&self) -> Result<()> {
        for process in &self.0 {
            fs::write(process.join("clear_refs"), "5")?;
        }
        Ok(())
    }
}

fn peak(process: &Path) -> Option<u64> {
    let status = fs::read_to_string(process.join("status")).ok()?;
    let line = status.lines().find_map(|it| it.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

/// Whether it is the function's, on the cloud at this port.
fn runs(process: &Path, name: &str, port: &str) -> bool {
    let environment = fs::read(process.join("environ")).unwrap_or_default();
    let variables: Vec<String> = environment
        .split(|it| *it == 0)
        .map(|it| String::from_utf8_lossy(it).into_owned())
        .collect();
    let endpoint = |it: &String| it.starts_with("AWS_ENDPOINT_URL=") && it.ends_with(port);
    variables.iter().any(|it| it.starts_with(name)) && variables.iter().any(endpoint)
}
