use domain::import::{Import, State};
use domain::limits::CHUNKS_OUT_AT_MOST;
use tokio_postgres::Client;
use trial::point;

use crate::Error;
use crate::imports::until_lost;
use crate::sql::of_import::IMPORTING;
use crate::sql::{self, States};

const HAND_OUT: States<State> = sql::imports(State::hands_out);

/// Picks chunks to send and marks them as queued. This is committed before anything is sent, so
/// that a lost message is merely late. Chunks that a worker has locked are skipped. With the first
/// chunk the state goes from planning to importing. Empty when the import hands out nothing now.
///
/// Every worker hands out after its chunk, and many do so at once. For one import they take turns
/// by an advisory lock: otherwise each would count what is out before the others have committed,
/// and together they would exceed the limit.
pub async fn hand_out(
    client: &mut Client,
    import: &Import,
    visibility_seconds: i32,
) -> Result<Vec<i32>, Error> {
    let visibility_seconds = until_lost(visibility_seconds);
    let transaction = client.transaction().await?;
    transaction
        .execute("SELECT pg_advisory_xact_lock($1)", &[&import.id])
        .await?;
    let picked = transaction
        .query(
            "WITH wanted AS ( \
                 SELECT count(*) AS out FROM (SELECT FROM import_chunk \
                     WHERE import_id = $1 AND done_at IS NULL \
                     AND queued_at >= now() - make_interval(secs => $2) LIMIT $3) AS o \
             ), picked AS ( \
                 SELECT number FROM import_chunk WHERE import_id = $1 AND done_at IS NULL \
                 AND (queued_at IS NULL OR queued_at < now() - make_interval(secs => $2)) \
                 ORDER BY number LIMIT greatest(0, $3 - (SELECT out FROM wanted)) \
                 FOR UPDATE SKIP LOCKED \
             ) \
             UPDATE import_chunk c SET queued_at = now() FROM picked \
             WHERE c.import_id = $1 AND c.number = picked.number RETURNING c.number",
            &[
                &import.id,
                &f64::from(visibility_seconds),
                &CHUNKS_OUT_AT_MOST,
            ],
        )
        .await?;
    let import_wants = format!(
        "UPDATE import SET state = {IMPORTING}, \
             progressed_at = CASE WHEN $2 THEN now() ELSE progressed_at END \
         WHERE id = $1 AND state IN {HAND_OUT}"
    );
    let wanted = transaction
        .execute(&import_wants, &[&import.id, &!picked.is_empty()])
        .await?;
    if wanted == 0 || picked.is_empty() {
        transaction.rollback().await?;
        return Ok(Vec::new());
    }
    transaction.commit().await?;
    point("queued");
    let mut numbers: Vec<i32> = picked.iter().map(|row| row.get(0)).collect();
    numbers.sort_unstable();
    Ok(numbers)
}

/// Makes chunks wait again that could not be sent.
pub async fn hand_back(client: &Client, import_id: i64, numbers: &[i32]) -> Result<(), Error> {
    client
        .execute(
            "UPDATE import_chunk SET queued_at = NULL \
             WHERE import_id = $1 AND number = ANY($2) AND done_at IS NULL",
            &[&import_id, &numbers],
        )
        .await?;
    Ok(())
}
