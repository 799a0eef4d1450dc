//! Declared datasets at the end of the storm: each import's rows, their counts, and that nothing is
//! left of what was dropped.

use super::wait_until_none;
use crate::storm::Storm;
use crate::storm::look::Look;

/// Waits until each dataset that was dropped is gone: its imports ended an hour ago, as far as
/// `reconcile` can see.
pub fn wait_until_dropped(look: &mut Look) {
    let of_dropped = "state = 'deleted' AND swept_at IS NULL \
         AND dataset_id IN (SELECT id FROM dataset WHERE state = 'dropping')";
    let later = format!(
        "UPDATE import SET finished_at = now() - interval '2 hours', upload_expires_at = now() \
         WHERE {of_dropped} RETURNING 1"
    );
    look.rows(&later, &[]);
    wait_until_none(
        look,
        "SELECT count(*) FROM dataset WHERE state = 'dropping'",
    );
}

/// What must not be found: the promise, a sentence, the SQL of what is wrong.
const NOWHERE: &[(u8, &str, &str)] = &[
    (
        1,
        "dropped, and its entry is there",
        "SELECT id::text FROM dataset WHERE state = 'dropping'",
    ),
    (
        1,
        "a table of no dataset",
        "SELECT relname::text FROM pg_class WHERE relkind = 'r' AND relname ~ '^d_[0-9]+$' \
         AND relname NOT IN (SELECT 'd_' || id FROM dataset WHERE made)",
    ),
    (
        1,
        "a version of no dataset",
        "SELECT format('%s of %s', version, dataset_id) FROM dataset_version \
         WHERE dataset_id NOT IN (SELECT id FROM dataset)",
    ),
    (
        1,
        "of a dataset that is gone, and not deleted",
        "SELECT uid || ' ' || state FROM import WHERE state <> 'deleted' \
         AND dataset_id NOT IN (SELECT id FROM dataset WHERE state = 'live')",
    ),
    (
        2,
        "rows of a dataset that are not as many as are counted for its owner",
        "SELECT format('%s %s', owner, dataset) FROM \
         (SELECT owner, dataset, sum(rows) AS rows FROM owner_count GROUP BY 1, 2 \
             HAVING sum(rows) <> 0) AS kept \
         FULL JOIN (SELECT i.owner, i.dataset, sum(c.rows) AS rows FROM import i JOIN \
             (SELECT import_id, rows FROM import_day UNION ALL \
              SELECT import_id, rows FROM import_bucket) AS c ON c.import_id = i.id \
             WHERE i.state = 'completed' GROUP BY 1, 2) AS found \
         USING (owner, dataset, rows) WHERE kept.rows IS NULL OR found.rows IS NULL",
    ),
    (
        2,
        "a completed import whose rows are not as many as are counted by day or bucket",
        "SELECT uid::text FROM import i JOIN dataset d ON d.id = i.dataset_id \
         WHERE i.state = 'completed' AND d.sorted_column IS NOT NULL \
         AND rows_imported <> (SELECT coalesce(sum(rows), 0) FROM import_day WHERE import_id = i.id) \
             + (SELECT coalesce(sum(rows), 0) FROM import_bucket WHERE import_id = i.id)",
    ),
    (
        1,
        "rolled back, and counts of its rows are there",
        "SELECT uid || ' ' || state FROM import WHERE state <> 'completed' \
         AND (EXISTS (SELECT FROM import_bucket WHERE import_id = id) \
         OR EXISTS (SELECT FROM import_bucket_mark WHERE import_id = id))",
    ),
];

pub fn every_dataset(storm: &Storm, look: &mut Look) {
    for (promise, what, sql) in NOWHERE {
        for row in look.rows(sql, &[]) {
            let which: String = row.get(0);
            storm.tally.violation(*promise, &format!("{what}: {which}"));
        }
    }
    for row in look.rows("SELECT id FROM dataset WHERE made", &[]) {
        every_row(storm, look, row.get(0));
    }
}

/// The table has the rows of the dataset's completed imports, and no others.
fn every_row(storm: &Storm, look: &mut Look, id: i64) {
    let sql = format!(
        "SELECT format('%s %s, %s rows of %s', i.uid, i.state, r.rows, i.rows_imported) FROM \
         (SELECT import_id, count(*) AS rows FROM d_{id} GROUP BY 1) AS r \
         FULL JOIN (SELECT * FROM import WHERE dataset_id = $1) AS i ON i.id = r.import_id \
         WHERE coalesce(r.rows, 0) IS DISTINCT FROM \
             CASE WHEN i.state = 'completed' THEN i.rows_imported ELSE 0 END"
    );
    for row in look.rows(&sql, &[&id]) {
        let which: String = row.get(0);
        let what = format!("d_{id} has not the rows of its completed imports: {which}");
        storm.tally.violation(2, &what);
    }
}
