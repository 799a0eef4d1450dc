//! The digest of the migrations. A custom resource runs again only when one of its properties
//! changes: this one changes with them.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use fs_err as fs;
use sha2::{Digest, Sha256};

use crate::{paths, stage};

const FIELD: &str = "      Digest: '";

pub fn print(write: bool) -> Result<()> {
    let digest = of_migrations(&paths::root().join("shared/postgres/migrations"))?;
    if write {
        write_into(&template(), &digest)?;
    }
    println!("{digest}");
    Ok(())
}

fn template() -> PathBuf {
    paths::root().join("template.yaml")
}

/// SHA-256 over name, NUL and bytes of each `.sql` file, in order of their names.
pub fn of_migrations(folder: &Path) -> Result<String> {
    let mut digest = Sha256::new();
    let names = if folder.exists() {
        stage::names_in(folder)?
    } else {
        Vec::new()
    };
    for name in names.iter().filter(|name| name.ends_with(".sql")) {
        digest.update(name);
        digest.update([0]);
        digest.update(fs::read(folder.join(name))?);
    }
    Ok(paths::hex(&digest.finalize()))
}

fn write_into(template: &Path, digest: &str) -> Result<()> {
    let text = fs::read_to_string(template)?;
    let start = text.find(FIELD).context("template.yaml has no Digest")? + FIELD.len();
    let end = start
        + text[start..]
            .find('\'')
            .context("template.yaml has an open Digest")?;
    let new = format!("{}{digest}{}", &text[..start], &text[end..]);
    if new == text {
        return Ok(());
    }
    Ok(fs::write(template, new)?)
}
