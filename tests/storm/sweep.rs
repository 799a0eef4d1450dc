//! At the end of the storm: checks every import and every export once more.

mod accounts;
mod datasets;
mod events;
mod sums;

use std::thread::sleep;
use std::time::{Duration, Instant};

use super::Storm;
use super::export::HAS_LOST_AN_IMPORT;
use super::look::Look;
use super::story::Story;
use crate::fixture::cloud;
use crate::fixture::usage::MISCOUNTED;

/// Time for several slow passes of reconcile.
const SWEPT_WITHIN: Duration = Duration::from_secs(60);
const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(500);

/// SQL: the export has ended, and no byte of it may be left.
const EXPORT_HAS_ENDED: &str = "state IN ('cancelled', 'failed', 'expired', 'deleted')";

/// What must not be true of any import of any owner: the promise, a sentence, the SQL.
const NOWHERE: &[(u8, &str, &str)] = &[
    (
        3,
        "not at its end",
        "state NOT IN ('completed', 'failed', 'validated', 'cancelled', 'deleted')",
    ),
    (
        2,
        "completed, and its rows are not as many as it says",
        "state = 'completed' AND dataset_id IS NULL AND rows_imported <> \
         (SELECT count(*) FROM team WHERE import_id = id) + \
         (SELECT count(*) FROM sales_record WHERE import_id = id)",
    ),
    (
        1,
        "rolled back, and rows are there",
        "state <> 'completed' AND (EXISTS (SELECT FROM team WHERE import_id = id) \
         OR EXISTS (SELECT FROM sales_record WHERE import_id = id))",
    ),
    (
        2,
        "a completed baseline whose rows are not as many as are counted by day",
        "state = 'completed' AND dataset = 'baseline' AND rows_imported IS DISTINCT FROM \
         (SELECT coalesce(sum(rows), 0) FROM import_day WHERE import_id = id)",
    ),
    (
        1,
        "rolled back, and counts of its rows are there",
        "state IN ('failed', 'cancelled', 'deleted') \
         AND (EXISTS (SELECT FROM import_day WHERE import_id = id) \
         OR EXISTS (SELECT FROM import_block WHERE import_id = id))",
    ),
    (
        1,
        "completed, and another import that replaced it or that it replaced is completed, too",
        "state = 'completed' AND EXISTS (SELECT FROM import o WHERE o.owner = import.owner \
         AND o.dataset = import.dataset AND o.id <> import.id AND o.state = 'completed' \
         AND coalesce(o.chain, o.number) = coalesce(import.chain, import.number))",
    ),
    (
        2,
        "completed without every receipt",
        "state = 'completed' AND chunks_total IS DISTINCT FROM \
         (SELECT count(done_at) FROM import_chunk WHERE import_id = id)",
    ),
    (
        1,
        "deleted, and row errors or its plan are there",
        "state = 'deleted' AND (EXISTS (SELECT FROM row_error WHERE import_id = id) \
         OR EXISTS (SELECT FROM import_chunk WHERE import_id = id))",
    ),
];

/// The row of a chunk that a worker held while its import's plan was deleted is left: an hour later
/// `reconcile` looks for it. Makes it that late, and waits until it has looked.
pub fn wait_for_the_last_sweep(storm: &Storm) {
    let mut look = Look::new();
    let an_hour_later = "UPDATE import SET finished_at = now() - interval '2 hours', \
         upload_expires_at = now() WHERE state = 'deleted' AND swept_at IS NULL \
         AND EXISTS (SELECT FROM import_chunk WHERE import_id = id) RETURNING 1";
    for _ in look.rows(an_hour_later, &[]) {
        storm.tally.fault("chunk held while its plan was deleted");
    }
    exports_an_hour_later(&mut look);
    prepared_an_hour_later(&mut look);
    accounts::wait_until_taken_back(&mut look);
    datasets::wait_until_dropped(&mut look);
    accounts::wait_until_gone(&mut look);
    let unswept = "SELECT count(*) FROM import WHERE state = 'deleted' AND swept_at IS NULL \
         AND EXISTS (SELECT FROM import_chunk WHERE import_id = id)";
    wait_until_none(&mut look, unswept);
}

/// What is prepared is read until an import ends, and a preparer may store something after that.
/// Makes every end an hour old, and waits until `reconcile` has removed what there is.
fn prepared_an_hour_later(look: &mut Look) {
    let unswept = "prepared_key IS NOT NULL AND prepared_swept_at IS NULL \
         AND state IN ('completed', 'failed', 'cancelled', 'deleted')";
    let later = format!(
        "UPDATE import SET finished_at = now() - interval '2 hours' WHERE {unswept} RETURNING 1"
    );
    look.rows(&later, &[]);
    let left = format!("SELECT count(*) FROM import WHERE {unswept}");
    wait_until_none(look, &left);
}

/// A writer may have stored something while its export was removed. Waits until every removal has
/// ended, makes it an hour old, and waits until `reconcile` has looked once more.
fn exports_an_hour_later(look: &mut Look) {
    let removed = format!(
        "SELECT count(*) FROM export \
         WHERE state IN ('cancelling', 'failing', 'expiring', 'deleting') \
         OR state = 'completed' AND {HAS_LOST_AN_IMPORT}"
    );
    wait_until_none(look, &removed);
    let unswept = format!("{EXPORT_HAS_ENDED} AND swept_at IS NULL");
    let later = format!(
        "UPDATE export SET progressed_at = now() - interval '2 hours' WHERE {unswept} RETURNING 1"
    );
    look.rows(&later, &[]);
    wait_until_none(
        look,
        &format!("SELECT count(*) FROM export WHERE {unswept}"),
    );
}

fn wait_until_none(look: &mut Look, sql: &str) {
    let begin = Instant::now();
    while begin.elapsed() < SWEPT_WITHIN && look.row(sql, &[]).get::<_, i64>(0) != 0 {
        sleep(LOOK_AGAIN_AFTER);
    }
}

pub fn every_export(storm: &Storm) {
    let mut look = Look::new();
    let sql = format!(
        "SELECT uid::text || ' ' || state, object_key, state = 'completed', {EXPORT_HAS_ENDED}, \
         {HAS_LOST_AN_IMPORT}, (SELECT count(*) FROM export_part WHERE export_id = id) FROM export"
    );
    for row in look.rows(&sql, &[]) {
        let (which, key): (String, String) = (row.get(0), row.get(1));
        let [is_whole, has_ended, has_lost_an_import] = [2, 3, 4].map(|it| row.get::<_, bool>(it));
        let receipts: i64 = row.get(5);
        let objects = Story::versions_left(&key);
        let violation = |promise, what: &str| {
            storm
                .tally
                .violation(promise, &format!("{what}: export {which}"));
        };
        if !is_whole && !has_ended {
            violation(3, "not at its end");
        }
        if is_whole && has_lost_an_import {
            violation(1, "it holds rows of an import that has gone");
        }
        if is_whole && objects != 1 {
            violation(2, &format!("completed, with {objects} objects"));
        }
        if has_ended && (objects != 0 || receipts != 0) {
            violation(
                1,
                &format!("{objects} objects and {receipts} receipts are left"),
            );
        }
    }
}

pub fn every_import(storm: &Storm) {
    let mut look = Look::new();
    for (promise, what, condition) in NOWHERE {
        let sql = format!("SELECT uid::text || ' ' || state FROM import WHERE {condition}");
        for row in look.rows(&sql, &[]) {
            let which: String = row.get(0);
            storm.tally.violation(*promise, &format!("{what}: {which}"));
        }
    }
    no_rows_without_an_import(storm, &mut look);
    no_month_miscounted(storm, &mut look);
    nothing_of_an_owner_miscounted(storm, &mut look);
    accounts::every_account(storm, &mut look);
    datasets::every_dataset(storm, &mut look);
    sums::every_sum(storm, &mut look);
    events::every_event(storm, &mut look);
    no_object_of_the_deleted(storm, &mut look);
    nothing_prepared(storm, &mut look);
}

fn nothing_prepared(storm: &Storm, look: &mut Look) {
    let sql = "SELECT 'prepared/' || uid || '/' FROM import WHERE prepared_key IS NOT NULL";
    let uploads = cloud::uploads();
    for row in look.rows(sql, &[]) {
        let keys: String = row.get(0);
        if Story::versions_left(&keys) != 0 || uploads.contains(&keys) {
            let what = format!("ended and swept, and something is left below {keys}");
            storm.tally.violation(1, &what);
        }
    }
}

fn no_rows_without_an_import(storm: &Storm, look: &mut Look) {
    for table in ["team", "sales_record", "row_error", "import_chunk"] {
        let sql =
            format!("SELECT count(*) FROM {table} WHERE import_id NOT IN (SELECT id FROM import)");
        let count: i64 = look.row(&sql, &[]).get(0);
        if count != 0 {
            let what = format!("{count} rows of {table} belong to no import");
            storm.tally.violation(1, &what);
        }
    }
}

/// Compares the counts by which pages are found with the rows themselves.
fn no_month_miscounted(storm: &Storm, look: &mut Look) {
    let sql = "SELECT count(*) FROM (SELECT owner, month, rows FROM owner_month WHERE rows <> 0) AS kept \
         FULL JOIN (SELECT i.owner, date_trunc('month', r.order_date::timestamp)::date AS month, \
             count(*) AS rows FROM import i JOIN sales_record r ON r.import_id = i.id \
             WHERE i.state = 'completed' GROUP BY 1, 2) AS found \
         USING (owner, month, rows) WHERE kept.owner IS NULL OR found.owner IS NULL";
    let count: i64 = look.row(sql, &[]).get(0);
    if count != 0 {
        let what = format!("{count} months of an owner have more or fewer rows than are counted");
        storm.tally.violation(2, &what);
    }
}

/// Compares what each owner is counted to have with what is there.
fn nothing_of_an_owner_miscounted(storm: &Storm, look: &mut Look) {
    for row in look.rows(MISCOUNTED, &[]) {
        let which: String = row.get(0);
        let what = format!("an owner is counted to have something else than is there: {which}");
        storm.tally.violation(2, &what);
    }
}

fn no_object_of_the_deleted(storm: &Storm, look: &mut Look) {
    let sql = "SELECT object_key FROM import WHERE state = 'deleted'";
    for row in look.rows(sql, &[]) {
        let key: String = row.get(0);
        let left = Story::versions_left(&key);
        if left != 0 {
            let what = format!("deleted, and {left} versions of {key} are there");
            storm.tally.violation(1, &what);
        }
    }
}
