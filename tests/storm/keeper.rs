//! The minute's work, done every few seconds here, and who watches the database's sessions.

use std::thread::sleep;
use std::time::{Duration, Instant};

use super::look::Look;
use super::{Storm, number};
use crate::workflow::cloud;
use crate::workflow::events::event;

const RECONCILE_EVERY: Duration = Duration::from_secs(3);
/// A pass of reconcile ends a silent session; until the next one it may be older. On a machine that
/// is loaded, and with a pass that was killed or frozen, that takes a while.
const PASSES: u64 = 55;

/// Reconciles until all is calm.
pub fn reconcile(storm: &Storm) {
    let schedule = event("reconcile", "schedule");
    while !storm.is_calm() {
        let begin = Instant::now();
        cloud::try_to_invoke("ReconcileFunction", &schedule);
        sleep(RECONCILE_EVERY.saturating_sub(begin.elapsed()));
    }
}

/// No transaction of a worker is older than a worker may be.
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
