//! The kept sums of declared datasets at the end of the storm.

use crate::fixture::database::wrong_sums;
use crate::storm::Storm;
use crate::storm::look::Look;

/// What must not be found: the promise, a sentence, the SQL of what is wrong.
const NOWHERE: &[(u8, &str, &str)] = &[
    (
        1,
        "taken back, and still in the sums",
        "SELECT uid || ' ' || state FROM import WHERE summed AND state <> 'completed'",
    ),
    (
        2,
        "in sums that are not those of its dataset",
        "SELECT uid::text FROM import i LEFT JOIN dataset d ON d.id = i.dataset_id \
         WHERE i.summed AND i.sums_since IS DISTINCT FROM d.sums_since",
    ),
    (
        1,
        "sums of a dataset that is gone, or keeps none",
        "SELECT DISTINCT dataset_id::text FROM dataset_sum s WHERE NOT EXISTS \
         (SELECT FROM dataset d WHERE d.id = s.dataset_id AND d.state = 'live' \
             AND d.sums_since = s.since)",
    ),
];

/// What is kept is what the rows of the imports add up to that are in it.
pub fn every_sum(storm: &Storm, look: &mut Look) {
    for (promise, what, sql) in NOWHERE {
        for row in look.rows(sql, &[]) {
            let which: String = row.get(0);
            storm.tally.violation(*promise, &format!("{what}: {which}"));
        }
    }
    let keeping = "SELECT id, sums_since, sorted_column, sums_by, sums_of FROM dataset \
         WHERE made AND sums_since IS NOT NULL";
    for row in look.rows(keeping, &[]) {
        let (id, by, of): (i64, Vec<i32>, Vec<i32>) = (row.get(0), row.get(3), row.get(4));
        let wrong = wrong_sums(id, row.get(1), row.get(2), &by, &of);
        let wrong = look.rows(&wrong, &[]);
        if let Some(first) = wrong.first() {
            let (by, month): (i32, String) = (first.get(0), first.get(1));
            let wrong = wrong.len();
            let what = format!("{wrong} sums of d_{id} are wrong, first by c{by} in {month}");
            storm.tally.violation(2, &what);
        }
    }
}
