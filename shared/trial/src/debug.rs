use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::Safeguard;

/// Name of the safeguard that is out.
const SAFEGUARD: &str = "COLLECT_TRIAL_SAFEGUARD_OUT";
/// Folder in which a test asks for a fault. The file `armed/<point>` asks the first process that
/// comes to the point to wait there. The process moves the file to `reached/<pid>.<point>`, and
/// goes on when that file is gone.
const POINTS: &str = "COLLECT_TRIAL_POINTS";
/// How many times faster waits pass.
const HURRY: &str = "COLLECT_TRIAL_HURRY";
/// Bytes of a chunk.
const CHUNK_BYTES: &str = "COLLECT_TRIAL_CHUNK_BYTES";

/// If nothing happens for this long, the test that asked for the fault is gone.
const WAIT_AT_MOST: Duration = Duration::from_secs(20);
const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(10);

static OUT: LazyLock<Option<String>> = LazyLock::new(|| env::var(SAFEGUARD).ok());
static FOLDER: LazyLock<Option<PathBuf>> = LazyLock::new(|| env::var_os(POINTS).map(PathBuf::from));
static FASTER: LazyLock<i32> = LazyLock::new(|| number(HURRY).unwrap_or(1).max(1));
static BYTES: LazyLock<Option<i32>> = LazyLock::new(|| number(CHUNK_BYTES));

fn number(variable: &str) -> Option<i32> {
    env::var(variable).ok()?.parse().ok()
}

pub(crate) fn is_out(safeguard: Safeguard) -> bool {
    OUT.as_deref() == Some(safeguard.name())
}

pub(crate) fn hurry() -> i32 {
    *FASTER
}

pub(crate) fn chunk_bytes() -> Option<i64> {
    BYTES.map(i64::from)
}

pub(crate) fn point(name: &str) {
    if let Some(folder) = FOLDER.as_deref() {
        wait_if_asked(folder, name);
    }
}

/// Moving the file decides which process waits: the move succeeds for only one.
fn wait_if_asked(folder: &Path, name: &str) {
    let reached = folder.join(format!("reached/{}.{name}", std::process::id()));
    if fs::rename(folder.join("armed").join(name), &reached).is_err() {
        return;
    }
    let begin = Instant::now();
    while reached.exists() && begin.elapsed() < WAIT_AT_MOST {
        sleep(LOOK_AGAIN_AFTER);
    }
}
