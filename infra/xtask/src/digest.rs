//! The digest of the migrations. A custom resource runs again only when one of its properties
//! changes: this one changes with them.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::failure::{Context, Failure, Outcome};
use crate::{paths, stage};

const FIELD: &str = "      Digest: '";

pub fn print(write: bool) -> Outcome {
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
pub fn of_migrations(folder: &Path) -> Outcome<String> {
    let mut digest = Sha256::new();
    let names = if folder.exists() {
        stage::names_in(folder)?
    } else {
        Vec::new()
    };
    for name in names.iter().filter(|name| name.ends_with(".sql")) {
        digest.update(name);
        digest.update([0]);
        digest.update(std::fs::read(folder.join(name)).context(name)?);
    }
    Ok(paths::hex(&digest.finalize()))
}

fn write_into(template: &Path, digest: &str) -> Outcome {
    let text = std::fs::read_to_string(template).context(template.display())?;
    let start = text
        .find(FIELD)
        .ok_or_else(|| Failure::new("template.yaml has no Digest"))?
        + FIELD.len();
    let end = start
        + text[start..]
            .find('\'')
            .ok_or_else(|| Failure::new("template.yaml has an open Digest"))?;
    let new = format!("{}{digest}{}", &text[..start], &text[end..]);
    if new == text {
        return Ok(());
    }
    std::fs::write(template, new).context(template.display())
}
