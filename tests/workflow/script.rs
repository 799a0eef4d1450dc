//! Shell lines with curl, run as a reader would run them.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Makes curl write the status of each answer to standard error, so that standard output has the
/// bodies only.
const CURL_SETTINGS: &str = r#"write-out = "%{stderr}status %{http_code}\n""#;

/// A folder that is gone when its test ends.
pub struct Folder(PathBuf);

/// What the calls of curl in a script got, in the order of its lines.
pub struct Said {
    pub statuses: Vec<u16>,
    /// What reached the terminal; bodies that went into a pipe did not.
    pub bodies: Vec<Value>,
}

impl Folder {
    pub fn new() -> Self {
        let name = format!("collect-script-{}", uuid::Uuid::new_v4().simple());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir(&folder).unwrap();
        Self(folder)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Runs the lines by bash, in the folder.
    #[track_caller]
    pub fn run(&self, script: &str) -> Said {
        std::fs::write(self.0.join(".curlrc"), CURL_SETTINGS).unwrap();
        let output = Command::new("bash")
            .args(["-e", "-u", "-o", "pipefail", "-c", script])
            .current_dir(&self.0)
            .env("CURL_HOME", &self.0)
            .output()
            .expect("bash runs");
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{errors}");
        Said {
            statuses: statuses(&errors),
            bodies: bodies(&output.stdout),
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn statuses(errors: &str) -> Vec<u16> {
    let statuses = errors
        .lines()
        .filter_map(|it| it.strip_prefix("status "))
        .map(|it| it.parse().unwrap());
    statuses.collect()
}

/// JSON values, one after the other.
fn bodies(output: &[u8]) -> Vec<Value> {
    let values = serde_json::Deserializer::from_slice(output).into_iter();
    values.map(Result::unwrap).collect()
}
