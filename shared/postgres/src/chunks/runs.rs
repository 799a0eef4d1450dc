use domain::chunk_state::ChunkState;
use domain::limits::ATTEMPTS_AT_MOST;
use tokio_postgres::{Client, Row};

use crate::Error;
use crate::import_row::word;
use crate::imports::{one_moment, until_lost};
use crate::sql::{Sql, Word};

/// Chunks that follow one another and stand where the others do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// Where they stand.
    pub state: ChunkState,
    /// Number of the first.
    pub first: i32,
    /// How many there are.
    pub count: i64,
}

/// SQL: what [`ChunkState::of`] says of a chunk. `$2`: the seconds after which a message must be lost.
const STATE: Sql = Sql(|f| {
    let [planned, handed_out, stored, tried_again, dead] = [
        ChunkState::Planned,
        ChunkState::HandedOut,
        ChunkState::Stored,
        ChunkState::TriedAgain,
        ChunkState::Dead,
    ]
    .map(Word);
    let out = "coalesce(queued_at >= now() - make_interval(secs => $2), false)";
    write!(
        f,
        "CASE WHEN done_at IS NOT NULL THEN {stored} \
              WHEN {out} THEN CASE WHEN attempts <= 1 THEN {handed_out} ELSE {tried_again} END \
              WHEN attempts = 0 THEN {planned} \
              WHEN attempts >= {ATTEMPTS_AT_MOST} THEN {dead} ELSE {tried_again} END"
    )
});

/// SQL: every run of an import's chunks. The number less the place among the chunks of the same state
/// is one for each run.
const RUNS: Sql = Sql(|f| {
    write!(
        f,
        "runs AS (SELECT state, min(number) AS first, count(*) AS chunks FROM ( \
             SELECT state, number, number - row_number() OVER (PARTITION BY state ORDER BY number) AS run \
             FROM (SELECT number, {STATE} AS state FROM import_chunk WHERE import_id = $1) AS stands \
         ) AS placed GROUP BY state, run)"
    )
});

/// Count and page of the runs of an import's chunks, in the order of the file, both of the same
/// moment.
pub async fn runs(
    client: &mut Client,
    import_id: i64,
    visibility_seconds: i32,
    limit: i64,
    offset: i64,
) -> Result<(i64, Vec<Run>), Error> {
    let visibility_seconds = f64::from(until_lost(visibility_seconds));
    let moment = one_moment(client).await?;
    let sql = format!("WITH {RUNS} SELECT count(*) FROM runs");
    let count = moment
        .query_one(&sql, &[&import_id, &visibility_seconds])
        .await?
        .try_get(0)?;
    let sql = format!("WITH {RUNS} SELECT * FROM runs ORDER BY first LIMIT $3 OFFSET $4");
    let rows = moment
        .query(&sql, &[&import_id, &visibility_seconds, &limit, &offset])
        .await?;
    moment.commit().await?;
    Ok((count, rows.iter().map(read).collect::<Result<_, _>>()?))
}

fn read(row: &Row) -> Result<Run, Error> {
    Ok(Run {
        state: word(row.try_get("state")?)?,
        first: row.try_get("first")?,
        count: row.try_get("chunks")?,
    })
}
