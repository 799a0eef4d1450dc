//! Checks of the repository itself: a convention that no check enforces will not be kept.
//! Needs no server.

mod arrows;
mod circles;
mod codes;
mod documents;
mod functions;
mod kept;
mod limits;
mod links;
mod locks;
mod npm;
mod one_dataset;
mod pinned;
mod runbook;
mod security;
mod states;
mod trial;

use std::path::{Path, PathBuf};

use cargo_metadata::{Metadata, MetadataCommand};

/// The top folder of the repository.
fn root() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().unwrap().to_owned()
}

/// What cargo knows of the packages of this repository.
fn metadata() -> Metadata {
    let mut command = MetadataCommand::new();
    command.manifest_path(root().join("Cargo.toml")).no_deps();
    command.exec().unwrap()
}

/// The names of the folders in a folder, sorted.
fn folders(within: &Path) -> Vec<String> {
    let mut names: Vec<String> = within
        .read_dir()
        .unwrap_or_else(|error| panic!("{}: {error}", within.display()))
        .map(|it| it.unwrap())
        .filter(|it| it.path().is_dir())
        .map(|it| it.file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}
