//! Where things are: the checkout, and the one folder outside of it that root needs.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// The checkout this binary was built from.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .expect("infra/xtask lies two folders below the root")
        .to_path_buf()
}

/// Everything that is installed or kept locally; `rm -rf` of it is a fresh start.
pub fn local() -> PathBuf {
    root().join(".local")
}

/// Cargo's output of the dev profile.
pub fn built() -> PathBuf {
    target().join("debug")
}

/// Cargo's output of the release profile, and of the bench profile, which is made of it.
pub fn optimised() -> PathBuf {
    target().join("release")
}

/// What Cargo builds into; never a part of the repository.
pub fn target() -> PathBuf {
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
    root().join(target)
}

/// Whether we are root: PostgreSQL refuses to be, and runs as a user of its own then.
pub fn as_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// A folder that the unprivileged user can reach when we are root (a checkout below /root is
/// closed to it). Named after the checkout, so that two of them never share one.
pub fn reachable_by_all() -> PathBuf {
    let name = Sha256::digest(root().as_os_str().as_encoded_bytes());
    PathBuf::from(format!("/var/tmp/collect-{}", &hex(&name)[..12]))
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
