//! `kill -9` and SIGSTOP of functions, at named points.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use xtask::random::Random;

use super::Storm;
use crate::fixture::stack::variable;

/// The points where `shared/trial` lets a process be hit, each with its weight.
const POINTS: &[(u64, &str)] = &[
    // The worker's transaction.
    (4, "attempt-counted"),
    (6, "copying"),
    (6, "copied"),
    (5, "receipt-written"),
    (8, "fence-passed"),
    (8, "committed"),
    // The planner, and the hand-out.
    (5, "token-stored"),
    (6, "chunks-planned"),
    (6, "queued"),
    // All other functions.
    (4, "pinned"),
    (5, "finishing"),
    (4, "proved"),
    (4, "completed"),
    (3, "validated"),
    (4, "asked"),
    (4, "slice-deleted"),
    (4, "taken-back"),
    (2, "run-lost"),
    // The writer of an export, and the removal of what it stored.
    (3, "upload-kept"),
    (4, "part-stored"),
    (3, "part-committed"),
    (4, "parts-joined"),
    (3, "export-completed"),
    (3, "export-started"),
    (4, "export-removed"),
    // The preparer.
    (2, "preparing-begun"),
    (3, "prepared-upload-kept"),
    (3, "prepared-part-stored"),
    (3, "prepared-part-committed"),
    (3, "prepared-parts-joined"),
    (3, "prepared"),
    // A declared dataset, its table and its drop.
    (3, "dataset-put"),
    (3, "table-made"),
    (3, "imports-deleted"),
    (3, "dataset-marked"),
    (2, "dataset-dropped"),
    // A deleted account, from its request to its end.
    (3, "account-deleted"),
    (2, "owner-ends"),
    (3, "owner-taken-back"),
    (2, "taken-off-the-list"),
    (2, "owner-counted"),
    (2, "entries-forgotten"),
    (2, "owner-emptied"),
    (2, "name-freed"),
    (2, "report-ended"),
    (2, "user-forgotten"),
    (2, "owner-ended"),
    // Between one call to AWS and the next.
    (4, "execution-started"),
    (3, "execution-stopped"),
    (4, "rollback-started"),
    (3, "token-answered"),
    (4, "messages-sent"),
    (3, "copy-begun"),
    (3, "object-copied"),
];

/// A point that no process reaches in this time is given up.
const REACHED_AT_MOST: Duration = Duration::from_secs(4);
const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(8);

pub fn run(storm: &Storm, mut random: Random) {
    while !storm.is_over() {
        sleep(Duration::from_millis(random.between(100, 4_000)));
        let point = random.weighted(POINTS);
        let stop = random.percent(20).then(|| random.between(300, 7_000));
        if let Some(victim) = wait_for_victim(point) {
            hit(storm, &victim, point, stop);
        }
    }
}

/// A process that waits at its point.
struct Victim {
    pid: String,
    function: String,
    waiting: PathBuf,
}

fn folder(name: &str) -> PathBuf {
    PathBuf::from(variable("STORM_POINTS")).join(name)
}

/// Asks for a fault at a point, and waits until a process is there.
fn wait_for_victim(point: &str) -> Option<Victim> {
    let armed = folder("armed").join(point);
    if armed.exists() {
        return None; // another killer waits at this point
    }
    fs::write(&armed, "").unwrap();
    let begin = Instant::now();
    while begin.elapsed() < REACHED_AT_MOST {
        if let Some(victim) = reached(point) {
            return Some(victim);
        }
        sleep(LOOK_AGAIN_AFTER);
    }
    // If the file is gone, a process has reached the point just now.
    match fs::remove_file(&armed) {
        Ok(()) => None,
        Err(_) => reached(point),
    }
}

fn reached(point: &str) -> Option<Victim> {
    let files = fs::read_dir(folder("reached")).unwrap().flatten();
    let mut files = files.map(|it| it.path());
    files.find_map(|waiting| {
        let name = waiting.file_name()?.to_str()?;
        let (pid, at) = name.split_once('.')?;
        let pid = pid.to_owned();
        (at == point).then(|| Victim {
            function: function_of(&pid),
            pid,
            waiting,
        })
    })
}

/// The function that runs in the process, for example `ImportChunk`.
fn function_of(pid: &str) -> String {
    let variables = fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
    let mut variables = variables.split(|byte| *byte == 0);
    let name = variables.find_map(|it| it.strip_prefix(b"AWS_LAMBDA_FUNCTION_NAME="));
    let name = String::from_utf8_lossy(name.unwrap_or(b"a-gone-b")).into_owned();
    let resource = name.rsplit('-').nth(1).unwrap_or("gone").to_owned();
    resource
        .strip_suffix("Function")
        .unwrap_or(&resource)
        .into()
}

fn signal(signal: &str, pid: &str) -> bool {
    let sent = Command::new("kill").args([signal, pid]).output();
    sent.is_ok_and(|it| it.status.success())
}

/// Kills the process, or freezes it for `stop` milliseconds. A thawed one goes on where it was.
fn hit(storm: &Storm, victim: &Victim, point: &str, stop: Option<u64>) {
    let (name, place) = match stop {
        None => ("-KILL", "kill -9"),
        Some(_) => ("-STOP", "SIGSTOP"),
    };
    if victim.function != "gone" && signal(name, &victim.pid) {
        let kind = format!("{place} {} at {point}", victim.function);
        storm.tally.fault(&kind);
    }
    let _ = fs::remove_file(&victim.waiting);
    if let Some(milliseconds) = stop {
        sleep(Duration::from_millis(milliseconds));
        signal("-CONT", &victim.pid);
    }
}
