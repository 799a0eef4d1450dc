use std::time::Duration;

use domain::limits::CHUNKS_OUT_AT_MOST;
use tokio_postgres::{Client, GenericClient, Row, Transaction};
use trial::point;
use uuid::Uuid;

use crate::Error;
use crate::imports::until_lost;
use crate::out::{HAND_OUT, IS_OUT, OUT};
use crate::sql::Sql;
use crate::sql::of_import::IMPORTING;

/// How long a hand-out waits for imports that somebody has locked.
const IMPORT_WITHIN: Duration = Duration::from_millis(250);

/// The key of the lock by which hand-outs take turns: any number.
const TURN: i64 = 0x636f_6c6c_6563_7402;

/// A chunk that is to be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HandedOut {
    /// Internal key of its import.
    pub import_id: i64,
    /// The import as messages name it.
    pub import: Uuid,
    /// Whose it is.
    pub owner: Uuid,
    /// Its number.
    pub number: i32,
}

/// SQL: a chunk `c` is to be handed out, for the first time or because its message must be lost.
const WAITS: &str = "c.done_at IS NULL \
     AND (c.queued_at IS NULL OR c.queued_at < now() - make_interval(secs => $1))";

/// SQL: the next chunks to be handed out, by turns. The owner with the fewest chunks out comes first
/// and, of the imports of an owner, the one with the fewest; of an import the chunks come in their
/// order. So whoever has much to import gets all workers while they are alone, and their share when
/// they are not. An owner who has none out gets one place in any case: chunks of others that are out
/// for long, because their workers fail, hold nobody up.
const NEXT: Sql = Sql(|f| {
    write!(
        f,
        "WITH room AS (SELECT greatest(0, $2 - {OUT}) AS places), \
         asks AS ( \
             SELECT i.id, i.uid, i.owner, (SELECT count(*) FROM import_chunk c \
                 WHERE c.import_id = i.id AND {IS_OUT}) AS out \
             FROM import i WHERE i.state IN {HAND_OUT} \
         ), turns AS ( \
             SELECT a.id, a.uid, a.owner, w.number, \
                 a.out + row_number() OVER (PARTITION BY a.id ORDER BY w.number) AS turn \
             FROM asks a CROSS JOIN LATERAL (SELECT c.number FROM import_chunk c \
                 WHERE c.import_id = a.id AND {WAITS} ORDER BY c.number \
                 LIMIT least(greatest(0, $3 - a.out), (SELECT greatest(places, 1) FROM room))) AS w \
         ), of_owners AS ( \
             SELECT t.*, o.out + row_number() OVER (PARTITION BY t.owner ORDER BY t.turn, t.id) \
                 AS turn_of_owner \
             FROM turns t JOIN (SELECT owner, sum(out) AS out FROM asks GROUP BY owner) AS o \
                 USING (owner) \
         ), placed AS ( \
             SELECT *, row_number() OVER (ORDER BY turn_of_owner, turn, id) AS place FROM of_owners \
         ) \
         SELECT id, uid, owner, number FROM placed \
         WHERE place <= (SELECT places FROM room) OR turn_of_owner = 1 ORDER BY place"
    )
});

/// Picks chunks to send, of all imports, and marks them as queued. This is committed before anything
/// is sent, so that a lost message is merely late. Chunks that a worker has locked are skipped. With
/// its first chunk the state of an import goes from planning to importing.
///
/// At most `out_at_most` chunks are out at a time, and one of each owner: a queue gives what it has
/// in no order that can be relied upon, so what is in it is kept short, and the order is made here.
///
/// Every worker hands out after its chunk, and many do so at once. They take turns by an advisory
/// lock: otherwise each would count what is out before the others have committed, and together they
/// would exceed the limit.
pub async fn hand_out(
    client: &mut Client,
    visibility_seconds: i32,
    out_at_most: i64,
) -> Result<Vec<HandedOut>, Error> {
    let lost_after = f64::from(until_lost(visibility_seconds));
    let transaction = client.transaction().await?;
    transaction
        .execute("SELECT pg_advisory_xact_lock($1)", &[&TURN])
        .await?;
    let next = transaction
        .query(
            &NEXT.to_string(),
            &[&lost_after, &out_at_most, &CHUNKS_OUT_AT_MOST],
        )
        .await?;
    let next: Vec<HandedOut> = next.iter().map(read).collect::<Result<_, _>>()?;
    if next.is_empty() {
        transaction.rollback().await?;
        return Ok(Vec::new());
    }
    let marked = mark(&transaction, &next, lost_after).await?;
    let wanted = begin(&transaction, &marked).await?;
    transaction.commit().await?;
    point("queued");
    Ok(wanted)
}

/// Marks them as queued, but for those that a worker has locked.
async fn mark(
    transaction: &Transaction<'_>,
    next: &[HandedOut],
    lost_after: f64,
) -> Result<Vec<HandedOut>, Error> {
    let sql = format!(
        "WITH picked AS (SELECT c.import_id, c.number FROM import_chunk c \
             JOIN unnest($2::bigint[], $3::integer[]) AS n(import_id, number) USING (import_id, number) \
             WHERE {WAITS} ORDER BY c.import_id, c.number FOR UPDATE OF c SKIP LOCKED) \
         UPDATE import_chunk c SET queued_at = now() FROM picked p \
         WHERE c.import_id = p.import_id AND c.number = p.number RETURNING c.import_id, c.number"
    );
    let (imports, numbers) = pairs(next);
    let rows = transaction
        .query(&sql, &[&lost_after, &imports, &numbers])
        .await?;
    let marked: Result<Vec<(i64, i32)>, Error> = rows
        .iter()
        .map(|row| Ok((row.try_get(0)?, row.try_get(1)?)))
        .collect();
    let marked = marked?;
    let is_marked = |it: &&HandedOut| marked.contains(&(it.import_id, it.number));
    Ok(next.iter().filter(is_marked).copied().collect())
}

/// Their imports go on, unless they want nothing any more or cannot be locked: then the chunks wait
/// again.
async fn begin(
    transaction: &Transaction<'_>,
    marked: &[HandedOut],
) -> Result<Vec<HandedOut>, Error> {
    let (imports, _) = pairs(marked);
    let wanting = lock(transaction, &imports).await?;
    let go_on =
        format!("UPDATE import SET state = {IMPORTING}, progressed_at = now() WHERE id = ANY($1)");
    transaction.execute(&go_on, &[&wanting]).await?;
    let wants = |it: &HandedOut| wanting.contains(&it.import_id);
    let (wanted, unwanted): (Vec<HandedOut>, Vec<HandedOut>) =
        marked.iter().copied().partition(wants);
    hand_back(transaction, &unwanted).await?;
    Ok(wanted)
}

/// Those of the imports that want chunks, locked in one order, as whoever locks several does. Workers
/// hold an import for the moment between fence and COMMIT, which is waited for. Who holds one for
/// longer, a worker that is frozen there or whoever deletes many, must not hold up the chunks of
/// everybody else, who all wait for this turn: such an import is left out.
async fn lock(transaction: &Transaction<'_>, imports: &[i64]) -> Result<Vec<i64>, Error> {
    let lock = format!(
        "SELECT id FROM import WHERE id = ANY($1) AND state IN {HAND_OUT} \
         ORDER BY id FOR NO KEY UPDATE"
    );
    let milliseconds = IMPORT_WITHIN.as_millis();
    let begin = format!("SAVEPOINT waiting; SET LOCAL lock_timeout = {milliseconds}");
    transaction.batch_execute(&begin).await?;
    let locked = transaction.query(&lock, &[&imports]).await;
    let rows = match locked.map_err(Error::from) {
        Err(error) if error.is_lock_taken() => {
            transaction
                .batch_execute("ROLLBACK TO SAVEPOINT waiting")
                .await?;
            let skip = format!("{lock} SKIP LOCKED");
            transaction.query(&skip, &[&imports]).await?
        }
        locked => locked?,
    };
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

fn pairs(chunks: &[HandedOut]) -> (Vec<i64>, Vec<i32>) {
    chunks.iter().map(|it| (it.import_id, it.number)).unzip()
}

fn read(row: &Row) -> Result<HandedOut, Error> {
    Ok(HandedOut {
        import_id: row.try_get("id")?,
        import: row.try_get("uid")?,
        owner: row.try_get("owner")?,
        number: row.try_get("number")?,
    })
}

/// Makes chunks wait again that could not be sent.
pub async fn hand_back(client: &impl GenericClient, chunks: &[HandedOut]) -> Result<(), Error> {
    let (imports, numbers) = pairs(chunks);
    client
        .execute(
            "UPDATE import_chunk c SET queued_at = NULL \
             FROM unnest($1::bigint[], $2::integer[]) AS n(import_id, number) \
             WHERE c.import_id = n.import_id AND c.number = n.number AND c.done_at IS NULL",
            &[&imports, &numbers],
        )
        .await?;
    Ok(())
}
