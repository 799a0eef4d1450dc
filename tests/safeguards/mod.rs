//! Do the tests notice a missing safeguard? Each safeguard of a promise is taken out in turn, and
//! its test must then fail and name the promise. Each test runs as it is, and once more without the
//! safeguard, in a process of its own. Needs PostgreSQL, and S3 of the local cloud.

mod forged;

use std::process::Command;

use trial::Safeguard;

/// The test that needs this safeguard to pass, and the promise that is broken without it.
fn test_of(safeguard: Safeguard) -> (&'static str, &'static str) {
    match safeguard {
        Safeguard::Fence => ("no_worker_commits_after_a_cancel", "promise 1"),
        Safeguard::Receipt => ("a_stored_chunk_is_not_counted_again", "promise 2"),
        Safeguard::Attempts => ("a_dead_letter_of_a_stored_chunk_means_nothing", "promise 3"),
        Safeguard::HandOutRepair => ("a_lost_message_is_merely_late", "promise 3"),
        Safeguard::Tiling => ("a_plan_that_misses_a_record_is_not_proved", "promise 2"),
        Safeguard::Run => ("a_planner_of_an_earlier_run_is_not_heard", "promise 3"),
        Safeguard::VersionPin => ("a_version_written_later_is_not_read", "promise 2"),
        Safeguard::Reconcile => ("an_import_whose_event_was_lost_is_looked_at", "promise 3"),
    }
}

#[test]
fn without_a_safeguard_its_test_goes_red_and_names_the_promise() {
    let tame: Vec<String> = Safeguard::ALL.into_iter().filter_map(complaint).collect();
    assert!(tame.is_empty(), "{}", tame.join("\n"));
}

/// What is wrong with the test of a safeguard, if anything.
fn complaint(safeguard: Safeguard) -> Option<String> {
    let (test, promise) = test_of(safeguard);
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", &format!("safeguards::forged::{test}")])
        .env("COLLECT_TRIAL_SAFEGUARD_OUT", safeguard.name())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let (ran, named) = (said.contains("running 1 test"), said.contains(promise));
    (output.status.success() || !ran || !named).then(|| {
        format!(
            "without {}: {test} does not name {promise}: {said}",
            safeguard.name()
        )
    })
}
