//! An owner's sales records added up.

use std::fmt::Write as _;

use domain::catalog;
use domain::dataset::Dataset;
use uuid::Uuid;

use super::{Change, Moved, SUMS_AT_MOST, kept};
use crate::Error;

/// The columns of `owner_sum` for what is added up, in the order of the dataset's
/// [`Sums`](domain::dataset::Sums).
pub(crate) const SUMMED: [&str; 4] = ["units", "revenue", "cost", "profit"];

/// False if nothing is to be committed.
pub(super) async fn move_rows(it: &Moved<'_>, owner: Uuid, dataset: &str) -> Result<bool, Error> {
    let dataset = catalog::known(dataset);
    let dataset = dataset.map_err(|error| Error::Stored(error.to_string()))?;
    let Some(moved) = moved(&dataset, it.change) else {
        return Ok(false);
    };
    let counted = it.transaction.query_one(&moved, &[&it.id, &owner]).await?;
    let sums: i64 = counted.try_get(0)?;
    if let Change::Remove = it.change {
        let empty = "DELETE FROM owner_sum WHERE owner = $1 AND rows = 0";
        it.transaction.execute(empty, &[&owner]).await?;
    }
    Ok(it.turn(None).await? && sums <= SUMS_AT_MOST)
}

/// Every transaction that changes sums locks them in the order of their key. `None`: no sums of the
/// dataset are kept.
fn moved(dataset: &Dataset, change: Change) -> Option<String> {
    let (sums, order) = (kept(dataset)?, dataset.sorted_by?);
    let name = |column: usize| dataset.columns[column].name.as_str();
    let by: Vec<&str> = sums.by.iter().map(|it| name(*it)).collect();
    let of: Vec<&str> = sums.of.iter().map(|it| name(*it)).collect();
    // Columns are taken two by two: those of a pair are read in one pass.
    let read = by
        .chunks(2)
        .map(|it| read_pair(&dataset.table, name(order), it, &of));
    let added = by
        .chunks(2)
        .flat_map(|pair| pair.iter().map(|it| by_one(it, pair[0])));
    let (read, added): (Vec<_>, Vec<_>) = (read.collect(), added.collect());
    let columns = SUMMED.join(", ");
    let sign = change.sign();
    let (mut moved, mut set) = (
        format!("{sign}rows"),
        "rows = kept.rows + excluded.rows".to_owned(),
    );
    for column in SUMMED {
        let _ = write!(moved, ", {sign}{column}");
        let _ = write!(set, ", {column} = kept.{column} + excluded.{column}");
    }
    Some(format!(
        "WITH {read}, sums AS MATERIALIZED ({added}), \
         moved AS (INSERT INTO owner_sum AS kept (owner, by, month, value, rows, {columns}) \
             SELECT $2, by, month, value, {moved} \
             FROM sums WHERE (SELECT count(*) FROM sums) <= {SUMS_AT_MOST} ORDER BY by, month, value \
             ON CONFLICT (owner, by, month, value) DO UPDATE SET {set}) \
         SELECT count(*) FROM sums",
        read = read.join(", "),
        added = added.join(" UNION ALL "),
    ))
}

/// One pass over the rows for one or two columns.
fn read_pair(table: &str, day: &str, pair: &[&str], of: &[&str]) -> String {
    let sums: String = of
        .iter()
        .zip(SUMMED)
        .map(|(column, summed)| format!(", sum({column}) AS {summed}"))
        .collect();
    let columns = pair.join(", ");
    format!(
        "by_{} AS MATERIALIZED (SELECT date_trunc('month', {day}::timestamp)::date AS month, \
             {columns}, count(*) AS rows{sums} \
         FROM {table} WHERE import_id = $1 GROUP BY month, {columns})",
        pair[0]
    )
}

fn by_one(column: &str, first_of_pair: &str) -> String {
    let sums: String = SUMMED
        .iter()
        .map(|it| format!(", sum({it}) AS {it}"))
        .collect();
    format!(
        "SELECT '{column}' AS by, month, {column} AS value, sum(rows)::bigint AS rows{sums} \
         FROM by_{first_of_pair} GROUP BY month, {column}"
    )
}
