//! The stack's addresses, as `.local/up/env` gives them.

use std::path::PathBuf;

use anyhow::{Result, anyhow};

/// The value of a variable that the stack sets.
pub fn required(name: &str) -> Result<String> {
    std::env::var(name).map_err(|_| anyhow!("{name} is not set: run it as cargo xtask bench"))
}

/// The folder of the server's programs: psql is one of them.
pub fn postgres_programs() -> Result<PathBuf> {
    Ok(required("POSTGRES_PROGRAMS")?.into())
}

/// The folder of the project.
pub fn project() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let above = folder.ancestors().nth(2).map(PathBuf::from);
    above.unwrap_or(folder)
}

/// Where generated files and results are kept.
pub fn output_folder() -> Result<PathBuf> {
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
    let folder = project().join(target).join("bench");
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// What the figures depend on: processor, cores, day.
pub fn machine() -> String {
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = text.lines().find(|line| line.starts_with("model name"));
    let model = model.and_then(|line| line.split_once(':'));
    let model = model.map_or("unknown processor", |(_, name)| name.trim());
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let day = jiff::Zoned::now().date();
    format!("{cores} cores ({model}), {day}")
}
