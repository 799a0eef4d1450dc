//! What is deployed locally: a copy of the template, the workflows and the dev binaries. `CodeUri`
//! of the template itself is filled by `cargo lambda build` alone, so that a local binary can never
//! reach AWS.

use std::path::{Path, PathBuf};

use anyhow::Result;
use fs_err as fs;
use sha2::{Digest, Sha256};

use crate::env_file::{self, Variables};
use crate::stack::Stack;
use crate::{files, paths};

/// Brings the stage up to date; gives the digest of all that is in it.
pub fn prepare(stack: &Stack) -> Result<String> {
    let known_file = stack.folder().join("staged");
    let known = env_file::read(&known_file).unwrap_or_default();
    let mut staged = Variables::new();
    for (source, target) in files()? {
        let digest = file_digest(&source)?;
        let place = stack.stage().join(&target);
        let unchanged =
            place.exists() && env_file::get(&known, &target).is_ok_and(|before| before == digest);
        if !unchanged {
            put(&source, &place)?;
        }
        staged.push((target, digest));
    }
    env_file::write(&known_file, &staged)?;
    let list: String = staged
        .iter()
        .map(|(target, digest)| format!("{target} {digest}\n"))
        .collect();
    Ok(paths::hex(&Sha256::digest(list)))
}

/// Every file of the stage: where it comes from, and its place below the stage.
fn files() -> Result<Vec<(PathBuf, String)>> {
    let root = paths::root();
    let mut files = vec![(root.join("template.yaml"), "template.yaml".to_owned())];
    for name in names_in(&root.join("infra/workflows"))? {
        files.push((
            root.join("infra/workflows").join(&name),
            format!("infra/workflows/{name}"),
        ));
    }
    for function in names_in(&root.join("functions"))? {
        files.push((
            paths::built().join(&function),
            format!("target/lambda/{function}/bootstrap"),
        ));
    }
    Ok(files)
}

/// The names in a folder, in order.
pub fn names_in(folder: &Path) -> Result<Vec<String>> {
    let entries = fs::read_dir(folder)?;
    let mut names: Vec<_> = entries
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    Ok(names)
}

pub fn file_digest(path: &Path) -> Result<String> {
    let bytes = fs::read(path)?;
    Ok(paths::hex(&Sha256::digest(bytes)))
}

/// Half a gigabyte of binaries: a link of each, or a copy where the build is on another disk. The
/// next build puts a new file in its place, and leaves this one as it is.
fn put(source: &Path, target: &Path) -> Result<()> {
    if let Some(folder) = target.parent() {
        fs::create_dir_all(folder)?;
    }
    files::remove_file(target)?;
    if fs::hard_link(source, target).is_err() {
        fs::copy(source, target)?;
    }
    Ok(())
}
