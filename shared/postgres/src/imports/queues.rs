use std::collections::HashMap;

use domain::import::Outstanding;
use domain::limits::CHUNKS_OUT_AT_MOST;
use domain::waiting::Queue;
use tokio_postgres::{GenericClient, Row};

use super::until_lost;
use crate::Error;

/// Of the chunks without a receipt, so many are looked at, in their order: those that are out are
/// among the first.
const LOOKED_AT: i64 = 2 * CHUNKS_OUT_AT_MOST;

/// What the chunks of these imports wait for. A chunk that was handed out more than
/// `visibility_seconds` ago waits again: its message must be lost. The cost does not grow with the
/// files.
pub async fn queues(
    client: &impl GenericClient,
    imports: &[i64],
    visibility_seconds: i32,
) -> Result<HashMap<i64, Queue>, Error> {
    let sql = "SELECT i.id, w.waiting, w.out, w.untouched, w.since FROM unnest($1::bigint[]) AS i(id) \
         CROSS JOIN LATERAL ( \
             SELECT count(*) FILTER (WHERE NOT out) AS waiting, count(*) FILTER (WHERE out) AS out, \
                 count(*) FILTER (WHERE out AND attempts = 0) AS untouched, \
                 min(queued_at) FILTER (WHERE out AND attempts = 0) AS since \
             FROM (SELECT queued_at, attempts, \
                       coalesce(queued_at >= now() - make_interval(secs => $2), false) AS out \
                   FROM import_chunk WHERE import_id = i.id AND done_at IS NULL \
                   ORDER BY number LIMIT $3) AS open) AS w";
    let visibility_seconds = f64::from(until_lost(visibility_seconds));
    let rows = client
        .query(sql, &[&imports, &visibility_seconds, &LOOKED_AT])
        .await?;
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<(i64, Queue), Error> {
    let out = row.try_get("out")?;
    let outstanding = Outstanding {
        waiting: row.try_get("waiting")?,
        out,
        // Some are out and others are not: more may not be.
        full: out > 0,
    };
    let queue = Queue {
        outstanding,
        untouched: row.try_get("untouched")?,
        since: row.try_get("since")?,
    };
    Ok((row.try_get("id")?, queue))
}
