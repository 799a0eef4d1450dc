//! Lists the built files of `dist/`: their names change with what is in them.

use std::env::var;
use std::fmt::Write as _;
use std::fs;
use std::io::{Error, Result};
use std::path::Path;

fn main() -> Result<()> {
    let dist = Path::new(&variable("CARGO_MANIFEST_DIR")?).join("dist");
    println!("cargo:rerun-if-changed={}", dist.display());
    let mut files = Vec::new();
    collect(&dist, "", &mut files)?;
    files.sort();
    let mut list = String::from("[\n");
    for name in files {
        let path = dist.join(&name);
        writeln!(list, "({name:?}, include_str!({path:?})),").map_err(Error::other)?;
    }
    list.push(']');
    fs::write(Path::new(&variable("OUT_DIR")?).join("files.rs"), list)
}

fn variable(name: &str) -> Result<String> {
    var(name).map_err(Error::other)
}

/// The names of all files below a folder, with slashes between their parts.
fn collect(folder: &Path, before: &str, files: &mut Vec<String>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{before}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &format!("{name}/"), files)?;
        } else {
            files.push(name);
        }
    }
    Ok(())
}
