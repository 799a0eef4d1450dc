//! Files and folders that may be there or not.

use std::io::{ErrorKind, Result};
use std::path::Path;

use fs_err as fs;

/// Removes a file, if there is one.
pub fn remove_file(file: &Path) -> anyhow::Result<()> {
    unless_missing(fs::remove_file(file))
}

/// Removes a folder, if there is one.
pub fn remove_folder(folder: &Path) -> anyhow::Result<()> {
    unless_missing(fs::remove_dir_all(folder))
}

fn unless_missing(removed: Result<()>) -> anyhow::Result<()> {
    match removed {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// Copies a folder with all that is in it.
pub fn copy_folder(from: &Path, to: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)?.flatten() {
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        if source.is_dir() {
            copy_folder(&source, &target)?;
        } else {
            fs::copy(&source, &target)?;
        }
    }
    Ok(())
}
