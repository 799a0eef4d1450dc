//! The planner's side of an import. Every statement demands the planner's own run and an active
//! state: a planner that finds no row is no longer the planner, and stops.

use domain::heading::Heading;
use domain::import::{Import, State};
use domain::plan::{Chunk, PLAN_VERSION};
use domain::reading::Reading;
use domain::reason::Reason;
use tokio_postgres::{Client, Transaction};
use trial::{Safeguard, is_out, point};
use uuid::Uuid;

use crate::Error;
use crate::import_row::{COLUMNS, read_optional, reason_json};
use crate::imports::fails;
use crate::row_errors;
use crate::sql::{self, Sql};

const MINE: Sql = Sql(|f| {
    let under_way = sql::imports(State::is_under_way);
    write!(f, "uid = $1 AND run = $2 AND state IN {under_way}")
});

/// Stores the token to be answered when every chunk is done. `None`: this run is not wanted.
pub async fn begin(
    client: &Client,
    uid: Uuid,
    run: i32,
    task_token: &str,
) -> Result<Option<Import>, Error> {
    let mine = match is_out(Safeguard::Run) {
        false => MINE.to_string(),
        true => "uid = $1 AND $2::integer IS NOT NULL".to_owned(),
    };
    let sql = format!(
        "UPDATE import SET task_token = $3, progressed_at = now() WHERE {mine} RETURNING {COLUMNS}"
    );
    let row = client.query_opt(&sql, &[&uid, &run, &task_token]).await?;
    point("token-stored");
    read_optional(row)
}

/// Pins how the file is read, and stores where its records begin, and for each column of the file
/// which column of the dataset it is.
pub async fn store_heading(
    client: &Client,
    uid: Uuid,
    run: i32,
    reading: &Reading,
    heading: &Heading,
) -> Result<Option<Import>, Error> {
    let order = column_order(heading);
    let warnings: Vec<_> = heading.warnings().iter().map(reason_json).collect();
    let sql = format!(
        "UPDATE import SET column_order = $3, heading_end_byte = $4, heading_end_line = $5, \
         bytes_done = CASE WHEN heading_end_byte IS NULL THEN bytes_done + $4 ELSE bytes_done END, \
         warnings = $6, reading = $7, plan_version = $8, progressed_at = now() WHERE {MINE} RETURNING {COLUMNS}"
    );
    let row = client
        .query_opt(
            &sql,
            &[
                &uid,
                &run,
                &order,
                &heading.byte_end,
                &heading.next_line,
                &serde_json::Value::Array(warnings),
                &serde_json::json!(reading),
                &PLAN_VERSION,
            ],
        )
        .await?;
    read_optional(row)
}

/// Indexes of our columns by file column; -1 stands for an unknown one, which is ignored.
fn column_order(heading: &Heading) -> Vec<i16> {
    let index = |it: &Option<usize>| it.and_then(|it| i16::try_from(it).ok()).unwrap_or(-1);
    heading.column_order.iter().map(index).collect()
}

/// The last chunk of the plan so far: another planner continues after it.
pub async fn last_chunk(client: &Client, import_id: i64) -> Result<Option<Chunk>, Error> {
    let row = client
        .query_opt(
            "SELECT number, byte_start, byte_end, first_record, first_line, records, lines \
             FROM import_chunk WHERE import_id = $1 ORDER BY number DESC LIMIT 1",
            &[&import_id],
        )
        .await?;
    Ok(row.map(|row| crate::chunks::read_chunk(&row)))
}

/// Commits planned chunks. They may be handed out only after this.
pub async fn add_chunks(
    client: &mut Client,
    import: &Import,
    chunks: &[Chunk],
) -> Result<Option<Import>, Error> {
    let sql = format!("UPDATE import SET progressed_at = now() WHERE {MINE} RETURNING {COLUMNS}");
    let transaction = client.transaction().await?;
    insert_chunks(&transaction, import.id, chunks).await?;
    let row = transaction
        .query_opt(&sql, &[&import.uid, &import.run])
        .await?;
    end(transaction, read_optional(row)?).await
}

/// Commits the last chunks, and with them that the plan is complete: of how many lines a limit of
/// rejected records can be a percentage. The last chunk may be done already: the caller advances
/// the import, which answers the token then.
pub async fn end_plan(
    client: &mut Client,
    import: &Import,
    chunks: &[Chunk],
    chunks_total: i32,
) -> Result<Option<Import>, Error> {
    let sql = format!(
        "UPDATE import SET chunks_total = $3, progressed_at = now(), \
             lines_total = (SELECT coalesce(sum(lines), 0)::bigint FROM import_chunk \
                 WHERE import_id = import.id) \
         WHERE {MINE} RETURNING {COLUMNS}"
    );
    let transaction = client.transaction().await?;
    insert_chunks(&transaction, import.id, chunks).await?;
    let row = transaction
        .query_opt(&sql, &[&import.uid, &import.run, &chunks_total])
        .await?;
    end(transaction, read_optional(row)?).await
}

async fn end(
    transaction: Transaction<'_>,
    import: Option<Import>,
) -> Result<Option<Import>, Error> {
    match import {
        Some(_) => {
            transaction.commit().await?;
            point("chunks-planned");
        }
        None => transaction.rollback().await?,
    }
    Ok(import)
}

/// A chunk that is there already is the same one: the plan is a pure function of the bytes.
async fn insert_chunks(
    transaction: &Transaction<'_>,
    import_id: i64,
    chunks: &[Chunk],
) -> Result<(), Error> {
    let numbers: Vec<i32> = chunks.iter().map(|it| it.number).collect();
    let column = |of: fn(&Chunk) -> i64| chunks.iter().map(of).collect::<Vec<i64>>();
    transaction
        .execute(
            "INSERT INTO import_chunk (import_id, number, byte_start, byte_end, first_record, \
             first_line, records, lines) SELECT $1, * FROM unnest($2::integer[], $3::bigint[], \
             $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[]) \
             ON CONFLICT DO NOTHING",
            &[
                &import_id,
                &numbers,
                &column(|it| it.byte_start),
                &column(|it| it.byte_end),
                &column(|it| it.first_record),
                &column(|it| it.first_line),
                &column(|it| it.records),
                &column(|it| it.lines),
            ],
        )
        .await?;
    Ok(())
}

/// Fails the import for what its planner found, unless it is no longer the planner. The row errors of
/// the records that the reason speaks of are kept with it.
pub async fn refuse(
    client: &mut Client,
    uid: Uuid,
    run: i32,
    reason: &Reason,
) -> Result<Option<Import>, Error> {
    let sql = format!(
        "UPDATE import SET {} = $3 \
         WHERE {MINE} RETURNING {COLUMNS}",
        fails(reason)
    );
    let transaction = client.transaction().await?;
    let row = transaction
        .query_opt(&sql, &[&uid, &run, &reason_json(reason)])
        .await?;
    let refused = read_optional(row)?;
    if let Some(import) = &refused {
        row_errors::store(transaction.client(), import.id, reason.row_errors()).await?;
    }
    transaction.commit().await?;
    Ok(refused)
}
