//! The release build as the documentation says it, from a clean clone, and its figures.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use fs_err as fs;

use super::Architecture;
use crate::progress::say;
use crate::requirements::{self, LAMBDA};
use crate::{files, paths};

const PAGE: &str = "docs/performance.md";
const END: &str = "<!-- end -->";

/// Builds what is committed, checks it, and writes its figures into the page of figures.
pub fn build(architecture: Architecture) -> Result<()> {
    requirements::install_lambda()?;
    let clone = paths::target().join("artifacts");
    files::remove_folder(&clone)?;
    // What failed is looked at where it is: it took minutes to build.
    let built = build_in(&clone, architecture)?;
    // Some gigabytes that nobody needs any more.
    files::remove_folder(&clone)?;
    let page = paths::root().join(PAGE);
    let written = between_marks(&fs::read_to_string(&page)?, architecture, &built)?;
    fs::write(&page, written)?;
    say(&format!("written to {PAGE}"));
    Ok(())
}

fn build_in(clone: &Path, architecture: Architecture) -> Result<String> {
    said(
        Command::new("git")
            .args(["clone", "--quiet"])
            .arg(paths::root())
            .arg(clone),
    )?;
    let commit = said(git(clone).args(["rev-parse", "--short=10", "HEAD"]))?;
    let begun = Instant::now();
    let status = lambda(clone)?.arg(architecture.option()).status();
    ensure!(status.context("cargo lambda")?.success(), "see above");
    let took = begun.elapsed();
    let mut check = super::command(clone, architecture)?;
    if architecture.is_ours() {
        check.arg("--start");
    }
    let table = said(&mut check)?;
    let disk = said(Command::new("du").arg("-sh").arg(clone.join("target")))?;
    let disk = disk.split_whitespace().next().unwrap_or_default();
    let rust = said(Command::new("rustc").arg("--version").current_dir(clone))?;
    let day = said(Command::new("date").args(["-u", "+%Y-%m-%d"]))?;
    let lambda = said(Command::new(LAMBDA.program("cargo-lambda")).args(["lambda", "--version"]))?;
    let with = format!("{rust}, {lambda}");
    Ok(text(
        architecture,
        &table,
        took,
        disk,
        &format!("commit {commit}, {with}, {day}"),
    ))
}

fn git(folder: &Path) -> Command {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder);
    command
}

/// `cargo lambda build --release` in the clone, which decides where it goes and by which Rust. By the
/// name of cargo and not by its path: rustup then says to all that it starts which Rust that is, and no
/// crate has a say in it.
fn lambda(clone: &Path) -> Result<Command> {
    let mut command = Command::new("cargo");
    command.current_dir(clone);
    for name in ["CARGO", "CARGO_TARGET_DIR", "RUSTC", "RUSTUP_TOOLCHAIN"] {
        command.env_remove(name);
    }
    command.env("PATH", with_first(&LAMBDA.program(""))?);
    command.args(["lambda", "build", "--release"]);
    command.stdin(Stdio::null());
    Ok(command)
}

/// The search path, with the folder of cargo lambda and zig before the others.
fn with_first(folder: &Path) -> Result<std::ffi::OsString> {
    let others = std::env::var_os("PATH").unwrap_or_default();
    let all = std::iter::once(PathBuf::from(folder)).chain(std::env::split_paths(&others));
    Ok(std::env::join_paths(all)?)
}

/// What a command says, if it succeeds; what is wrong goes to standard error.
fn said(command: &mut Command) -> Result<String> {
    let name = command.get_program().display().to_string();
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .context(name.clone())?;
    ensure!(output.status.success(), "{name} failed; see above");
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

fn text(
    architecture: Architecture,
    table: &str,
    took: Duration,
    disk: &str,
    made_of: &str,
) -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let option = architecture.option();
    let (minutes, seconds) = (took.as_secs() / 60, took.as_secs() % 60);
    format!(
        "`cargo lambda build --release {option}` from a clean clone took {minutes} min {seconds} s \
         on {cores} cores, the crates already downloaded, and {disk} of disk ({made_of}).\n\n{table}"
    )
}

/// The page with the figures of this architecture in the place of those that it had.
fn between_marks(page: &str, architecture: Architecture, text: &str) -> Result<String> {
    let name = architecture.name();
    let begin = format!("<!-- begin: written by cargo xtask artifacts --build, {name} -->");
    let (before, rest) = page.split_once(&begin).context("the page has no marks")?;
    let (_, after) = rest.split_once(END).context("the page has no last mark")?;
    Ok(format!("{before}{begin}\n{text}\n{END}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_has_a_place_for_the_figures_of_each_architecture() {
        let page = fs::read_to_string(paths::root().join(PAGE)).unwrap();
        let [x86, arm] = [Architecture::X86, Architecture::Arm].map(|architecture| {
            let took = Duration::from_secs(61);
            let table = format!("| of {} |", architecture.name());
            let text = text(architecture, &table, took, "3G", "commit 1");
            between_marks(&page, architecture, &text).unwrap()
        });
        for (written, option, name) in [(&x86, "--x86-64", "x86_64"), (&arm, "--arm64", "arm64")] {
            let took = format!(
                "`cargo lambda build --release {option}` from a clean clone took 1 min 1 s on "
            );
            assert!(written.contains(&took), "{name}");
            assert!(
                written.contains(&format!("\n\n| of {name} |\n<!-- end -->")),
                "{name}"
            );
        }
        assert_ne!(x86, arm);
        assert!(between_marks("no marks", Architecture::X86, "").is_err());
    }

    #[test]
    fn zig_is_found_first() {
        let found = with_first(Path::new("/zig")).unwrap();
        assert!(found.to_string_lossy().starts_with("/zig:"));
    }
}
