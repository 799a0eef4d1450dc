//! Row errors: the rejected cells of an import.

use domain::limits::ROW_ERRORS_KEPT_PER_IMPORT;
use domain::row::RowError;
use tokio_postgres::Client;

use crate::Error;
use crate::imports::a_moment_in_time;

/// A row error as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptError {
    /// Number of the record, 1 = the first after the heading.
    pub record: i64,
    /// Physical line on which the record starts.
    pub line: i64,
    /// Heading of the column; empty when the whole record is meant.
    pub column: String,
    /// The rejected cell, at most 200 characters of it.
    pub value: String,
    /// One word for programs.
    pub code: String,
    /// One sentence for people.
    pub message: String,
}

/// Row errors that go to the database in one statement: a message of a few MiB.
const AT_A_TIME: usize = 10_000;

/// Stores the row errors of a chunk, or of records that a file is refused for, in the caller's
/// transaction.
pub async fn store(client: &Client, import_id: i64, errors: &[RowError]) -> Result<(), Error> {
    let ordinals = ordinals(errors);
    for (errors, ordinals) in errors.chunks(AT_A_TIME).zip(ordinals.chunks(AT_A_TIME)) {
        store_some(client, import_id, errors, ordinals).await?;
    }
    Ok(())
}

async fn store_some(
    client: &Client,
    import_id: i64,
    errors: &[RowError],
    ordinals: &[i32],
) -> Result<(), Error> {
    let number = |of: fn(&RowError) -> i64| errors.iter().map(of).collect::<Vec<i64>>();
    fn text(errors: &[RowError], of: fn(&RowError) -> &str) -> Vec<&str> {
        errors.iter().map(of).collect()
    }
    client
        .execute(
            "INSERT INTO row_error (import_id, record, ordinal, line, column_name, value, code, message) \
             SELECT $1, e.record, e.ordinal, e.line, e.column_name, e.value, e.code, e.message \
             FROM unnest($2::bigint[], $3::integer[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[]) \
             AS e (record, ordinal, line, column_name, value, code, message)",
            &[
                &import_id,
                &number(|it| it.record),
                &ordinals,
                &number(|it| it.line),
                &text(errors, |it| &it.column),
                &text(errors, |it| &it.value),
                &text(errors, |it| it.code),
                &text(errors, |it| &it.message),
            ],
        )
        .await?;
    Ok(())
}

/// Counts the errors of each record from 0; errors of a record stand together.
fn ordinals(errors: &[RowError]) -> Vec<i32> {
    let mut ordinals = Vec::with_capacity(errors.len());
    let mut previous = None;
    let mut ordinal = 0;
    for error in errors {
        ordinal = if previous == Some(error.record) {
            ordinal + 1
        } else {
            0
        };
        previous = Some(error.record);
        ordinals.push(ordinal);
    }
    ordinals
}

/// Drops the row errors beyond those that an import keeps: of the first record that has one beyond
/// the limit, and of all records after it. So what is kept depends on the file alone, not on which
/// chunk was faster.
pub async fn trim(client: &Client, import_id: i64) -> Result<(), Error> {
    client
        .execute(
            "DELETE FROM row_error WHERE import_id = $1 AND record >= \
                 (SELECT record FROM row_error WHERE import_id = $1 \
                  ORDER BY record, ordinal OFFSET $2 LIMIT 1)",
            &[&import_id, &ROW_ERRORS_KEPT_PER_IMPORT],
        )
        .await?;
    Ok(())
}

/// How many rejected records of an import have their errors kept.
pub async fn records_kept(client: &Client, import_id: i64) -> Result<i64, Error> {
    let counted = client
        .query_one(
            "SELECT count(*) FILTER (WHERE ordinal = 0) FROM row_error WHERE import_id = $1",
            &[&import_id],
        )
        .await?;
    Ok(counted.get(0))
}

/// Count and page of an import's row errors, in the order of the file.
pub async fn page(
    client: &mut Client,
    import_id: i64,
    limit: i64,
    offset: i64,
) -> Result<(i64, Vec<KeptError>), Error> {
    let moment = a_moment_in_time(client).await?;
    let count = moment
        .query_one(
            "SELECT count(*) FROM row_error WHERE import_id = $1",
            &[&import_id],
        )
        .await?
        .get(0);
    let rows = moment
        .query(
            "SELECT record, line, column_name, value, code, message FROM row_error \
             WHERE import_id = $1 ORDER BY record, ordinal LIMIT $2 OFFSET $3",
            &[&import_id, &limit, &offset],
        )
        .await?;
    moment.commit().await?;
    let errors = rows.iter().map(|row| KeptError {
        record: row.get(0),
        line: row.get(1),
        column: row.get(2),
        value: row.get(3),
        code: row.get(4),
        message: row.get(5),
    });
    Ok((count, errors.collect()))
}
