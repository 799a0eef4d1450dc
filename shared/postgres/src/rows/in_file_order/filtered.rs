//! Rows that conditions are tried on.

use domain::paging::cursor::{Direction, RowPosition};

use super::super::gathered::{Collected, Gathered};
use super::{Asked, File, Part};
use crate::Error;
use crate::conditions::Conditions;

/// Rows that one statement looks at.
const AT_ONCE: i64 = 50_000;

/// Counts the rows of each import that match, one by one.
pub(super) async fn count(asked: &Asked<'_>, files: &mut [File]) -> Result<(), Error> {
    let ids: Vec<i64> = files.iter().map(|it| it.id).collect();
    let conditions = Conditions::after(&[&ids]).and_sql("r.import_id = ANY($1)");
    let conditions = conditions.and_all(asked.dataset, &asked.filter.conditions);
    let sql = format!(
        "SELECT r.import_id, count(*) FROM {} r WHERE {} GROUP BY 1",
        asked.dataset.table,
        conditions.sql()
    );
    let rows = asked.moment.query(&sql, conditions.parameters()).await?;
    files.iter_mut().for_each(|it| it.rows = 0);
    for row in rows {
        let (id, rows): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
        if let Some(file) = files.iter_mut().find(|it| it.id == id) {
            file.rows = rows;
        }
    }
    Ok(())
}

/// Collects rows that match, and gives up once `looked_at_most` rows were looked at.
pub(super) async fn collect(
    asked: &Asked<'_>,
    parts: &[Part],
    limit: i64,
    looked_at_most: i64,
) -> Result<Collected, Error> {
    let mut gathered = Gathered::new(asked.dataset, limit);
    let mut looked_at = 0;
    for part in parts {
        let mut next = Part { ..*part };
        while let Some((last, count)) = window(asked, &next, AT_ONCE.min(looked_at_most)).await? {
            if looked_at >= looked_at_most {
                return Ok(gathered.collected(Some(before(&next))));
            }
            looked_at += count;
            asked.gather(&next, Some(last), &mut gathered).await?;
            if gathered.is_done() {
                return Ok(gathered.collected(None));
            }
            next.record = match next.direction {
                Direction::Older => last + 1,
                Direction::Newer => last - 1,
            };
        }
    }
    Ok(gathered.collected(None))
}

/// The last record of the next so many rows of a part, and how many there are; `None`: no row.
async fn window(asked: &Asked<'_>, part: &Part, at_once: i64) -> Result<Option<(i64, i64)>, Error> {
    let (side, last, backwards) = match part.direction {
        Direction::Older => (">=", "max", ""),
        Direction::Newer => ("<=", "min", " DESC"),
    };
    let sql = format!(
        "SELECT {last}(record), count(*) FROM (SELECT record FROM {} \
             WHERE import_id = $1 AND record {side} $2 ORDER BY record{backwards} LIMIT $3) AS r",
        asked.dataset.table
    );
    let row = asked
        .moment
        .query_one(&sql, &[&part.file.id, &part.record, &at_once])
        .await?;
    let last: Option<i64> = row.try_get(0)?;
    let count = row.try_get(1)?;
    Ok(last.map(|last| (last, count)))
}

/// A position right before the first record of a part.
fn before(part: &Part) -> RowPosition {
    let step = match part.direction {
        Direction::Older => -1,
        Direction::Newer => 1,
    };
    RowPosition {
        key: None,
        number: part.file.number,
        record: part.record.saturating_add(step),
    }
}
