//! Runs reconcile every few seconds instead of every minute, and watches the sessions of the
//! database.

use std::thread::sleep;
use std::time::{Duration, Instant};

use super::look::Look;
use super::{Storm, number};
use crate::fixture::cloud;
use crate::fixture::events::event;

const RECONCILE_EVERY: Duration = Duration::from_secs(3);
/// Seconds that a transaction may be older than the timeout of a chunk. A pass of reconcile ends
/// it; until that pass has run it gets older. On a loaded machine, or after a pass that was killed
/// or frozen, that takes a while.
const PASSES: u64 = 55;

/// Runs reconcile until the storm is calm.
pub fn reconcile(storm: &Storm) {
    let schedule = event("reconcile", "schedule");
    while !storm.is_calm() {
        let begin = Instant::now();
        cloud::try_to_invoke("ReconcileFunction", &schedule);
        sleep(RECONCILE_EVERY.saturating_sub(begin.elapsed()));
    }
}

/// Checks that no transaction of a worker is older than it may be.
pub fn watch(storm: &Storm) {
    let mut look = Look::new();
    let oldest_allowed = (number("STORM_CHUNK_TIMEOUT") + PASSES) as f64;
    let sql = "SELECT coalesce(max(extract(epoch FROM now() - xact_start)), 0)::float8 \
         FROM pg_stat_activity WHERE application_name = 'import-chunk'";
    while !storm.is_calm() {
        let oldest: f64 = look.row(sql, &[]).get(0);
        if oldest > oldest_allowed {
            let what = format!("a worker's transaction is {oldest:.0} s old");
            storm.tally.violation(3, &what);
            sleep(Duration::from_secs(10));
        }
        sleep(Duration::from_secs(1));
    }
}
