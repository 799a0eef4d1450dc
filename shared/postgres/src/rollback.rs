//! The rollback: a compensating delete in bounded slices, which may run any number of times, from
//! anywhere, at any time.

use domain::import::{Goal, Import, State};
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Row};
use trial::point;

use crate::Error;
use crate::datasets::RowTable;
use crate::import_row::{COLUMNS, read_optional};
use crate::rows::{KeyParameter, read_key as read};
use crate::sql::of_import::ROLLBACK_FAILED;
use crate::sql::{self, States};

/// The most rows that one statement deletes: a lock and a WAL burst of about a tenth of a second.
pub const SLICE: i64 = 20_000;

/// A row's position among the rows of its import, in the order of the table's key. A rollback that
/// continues after a position never meets again what was deleted before.
#[derive(Clone, Debug)]
pub struct KeyPosition {
    /// Its value in the column that the dataset is sorted by, if there is one.
    key: Option<KeyParameter>,
    record: i64,
}

impl KeyPosition {
    fn read(row: &Row, table: &RowTable) -> Result<Self, Error> {
        let order = table.order();
        let key = order.map(|order| Ok::<_, Error>(KeyParameter::from(read(row, 0, order)?)));
        Ok(Self {
            key: key.transpose()?,
            record: row.try_get(usize::from(order.is_some()))?,
        })
    }

    fn parameters(&self) -> Vec<&(dyn ToSql + Sync)> {
        let key = self.key.iter().map(KeyParameter::as_sql);
        key.chain([&self.record as _]).collect()
    }
}

/// SQL: compares a row's position with the position in the parameters from `first` on.
fn compared(table: &RowTable, operator: &str, first: usize) -> String {
    let key = table.key();
    let position: Vec<String> = (first..first + key.len())
        .map(|n| format!("${n}"))
        .collect();
    format!("({}) {operator} ({})", key.join(", "), position.join(", "))
}

/// The states in which a rollback is under way or asked for.
const ROLLING_BACK: States<State> = sql::imports(State::is_rolling_back);

/// The position of the last of the next [`SLICE`] rows after a position (`None`: of the first
/// rows); `None` if no row is left there.
pub async fn slice_end(
    client: &Client,
    import: &Import,
    table: &RowTable,
    after: Option<&KeyPosition>,
) -> Result<Option<KeyPosition>, Error> {
    let condition = match after {
        Some(_) => format!("AND {}", compared(table, ">", 3)),
        None => String::new(),
    };
    let key = table.key();
    let backwards: Vec<String> = key.iter().map(|it| format!("{it} DESC")).collect();
    let (key, backwards) = (key.join(", "), backwards.join(", "));
    if !is_there(client, table).await? {
        return Ok(None);
    }
    let sql = format!(
        "SELECT {key} FROM (SELECT {key} FROM {} WHERE import_id = $1 {condition} \
             ORDER BY {key} LIMIT $2) AS slice ORDER BY {backwards} LIMIT 1",
        table.name
    );
    let mut parameters: Vec<&(dyn ToSql + Sync)> = vec![&import.id, &SLICE];
    parameters.extend(after.iter().flat_map(|position| position.parameters()));
    let row = client.query_opt(&sql, &parameters).await?;
    row.map(|row| KeyPosition::read(&row, table)).transpose()
}

/// Deletes the rows after a position (`None`: from the first row on) up to another position and
/// including it, and counts them in the import.
pub async fn delete_slice(
    client: &Client,
    import: &Import,
    table: &RowTable,
    after: Option<&KeyPosition>,
    to: &KeyPosition,
) -> Result<(), Error> {
    let mut condition = compared(table, "<=", 2);
    let mut parameters: Vec<&(dyn ToSql + Sync)> = vec![&import.id];
    parameters.extend(to.parameters());
    if let Some(after) = after {
        condition += &format!(" AND {}", compared(table, ">", parameters.len() + 1));
        parameters.extend(after.parameters());
    }
    let sql = format!(
        "WITH gone AS (DELETE FROM {} WHERE import_id = $1 AND {condition} RETURNING 1) \
         UPDATE import SET rows_deleted = coalesce(rows_deleted, 0) + (SELECT count(*) FROM gone), \
             progressed_at = now() WHERE id = $1",
        table.name
    );
    client.execute(&sql, &parameters).await?;
    point("slice-deleted");
    Ok(())
}

/// Deletes some row errors of an import that is to be deleted; false if there were none.
pub async fn forget_errors(client: &Client, import: &Import) -> Result<bool, Error> {
    let deleted = client
        .execute(
            "DELETE FROM row_error WHERE import_id = $1 AND (record, ordinal) IN \
             (SELECT record, ordinal FROM row_error WHERE import_id = $1 LIMIT $2)",
            &[&import.id, &SLICE],
        )
        .await?;
    Ok(deleted > 0)
}

/// Deletes some of the counts that pages of the import were found by; false if there were none.
/// The counts of its owner went down when the import left `completed`.
pub async fn forget_counts(client: &Client, import: &Import) -> Result<bool, Error> {
    let slice = |table: &str, key: &str| {
        format!(
            "DELETE FROM {table} WHERE import_id = $1 AND ({key}) IN \
             (SELECT {key} FROM {table} WHERE import_id = $1 LIMIT $2)"
        )
    };
    let mut deleted = 0;
    for (table, key) in [
        ("import_day", "day"),
        ("import_day_mark", "day, above"),
        ("import_bucket", "bucket"),
        ("import_bucket_mark", "bucket, above"),
        ("import_block", "above, block"),
    ] {
        let slice = slice(table, key);
        deleted += client.execute(&slice, &[&import.id, &SLICE]).await?;
    }
    Ok(deleted > 0)
}

/// Deletes the plan of an import that is to be deleted. A chunk that a worker still holds is
/// skipped: the worker cannot commit it, and its row does no harm.
pub async fn forget_plan(client: &Client, import: &Import) -> Result<(), Error> {
    client
        .execute(
            "DELETE FROM import_chunk WHERE import_id = $1 AND number IN (SELECT number \
             FROM import_chunk WHERE import_id = $1 FOR UPDATE SKIP LOCKED)",
            &[&import.id],
        )
        .await?;
    Ok(())
}

/// A declared dataset has no table until the first object arrives: an import that is taken back
/// before then has no rows in it. It gets none after the look, because it waits for no object any
/// more.
async fn is_there(client: &Client, table: &RowTable) -> Result<bool, Error> {
    if table.is_built_in {
        return Ok(true);
    }
    let sql = "SELECT to_regclass('public.' || $1::text) IS NOT NULL";
    let row = client.query_one(sql, &[&table.name]).await?;
    Ok(row.try_get(0)?)
}

/// Counts the rows that remain. If there are none, stores that as the proof and ends in the goal.
/// `None`: rows are left, the goal has changed meanwhile, or another rollback was first; the caller
/// looks again.
pub async fn end(
    client: &Client,
    import: &Import,
    table: &RowTable,
    goal: Goal,
) -> Result<Option<Import>, Error> {
    let counted = match is_there(client, table).await? {
        true => format!(
            "SELECT count(*) AS remaining FROM {} WHERE import_id = $1",
            table.name
        ),
        false => "SELECT 0::bigint AS remaining".to_owned(),
    };
    let sql = format!(
        "WITH counted AS ({counted}) \
         UPDATE import SET state = $3, rows_deleted = coalesce(rows_deleted, 0), \
             rows_remaining = counted.remaining, finished_at = now(), progressed_at = now(), \
             task_token = NULL \
         FROM counted WHERE id = $1 AND goal = $2 AND counted.remaining = 0 \
         AND state IN {ROLLING_BACK} RETURNING {COLUMNS}"
    );
    let row = client
        .query_opt(&sql, &[&import.id, &goal.as_str(), &goal.end().as_str()])
        .await?;
    point("taken-back");
    read_optional(row)
}

/// Notes that the rollback's execution has failed, and raises the run for another one.
pub async fn mark_failed(client: &Client, import: &Import) -> Result<Option<Import>, Error> {
    let sql = format!(
        "UPDATE import SET state = {ROLLBACK_FAILED}, run = run + 1, progressed_at = now() \
         WHERE id = $1 AND run = $2 \
         AND state IN {ROLLING_BACK} RETURNING {COLUMNS}"
    );
    read_optional(client.query_opt(&sql, &[&import.id, &import.run]).await?)
}
