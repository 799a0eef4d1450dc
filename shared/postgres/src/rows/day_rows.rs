//! The rows of one day of one import: they stand together in the index, by record.

use domain::paging::cursor::{Direction, RowPosition};
use jiff::civil::Date;
use tokio_postgres::{Row, Transaction};

use super::filter::{Conditions, Filter};
use super::{MARKED_ABOVE, SalesRow, cells, columns};
use crate::Error;
use crate::sql::of_import::COMPLETED;

/// Rows of one day of one import.
#[derive(Clone, Copy, Debug)]
pub struct DayRows {
    pub import_id: i64,
    pub number: i32,
    pub day: Date,
    /// The number of rows.
    pub rows: i64,
}

/// The record that has `above` rows of its day and import before it, counted from the nearest mark
/// or end.
/// If the filter has values for columns, the rows are counted one by one.
pub async fn record_at(
    moment: &Transaction<'_>,
    filter: &Filter,
    group: &DayRows,
    above: i64,
) -> Result<i64, Error> {
    let below = group.rows - 1 - above;
    let pass = Pass {
        moment,
        filter,
        group,
    };
    if group.rows > MARKED_ABOVE && filter.equals.is_empty() {
        let (marked, record) = mark_before(moment, group, above).await?;
        pass.down_from(record, above - marked).await
    } else if above <= below {
        pass.down_from(i64::MAX, above).await
    } else {
        pass.up_from(0, below).await
    }
}

async fn mark_before(
    moment: &Transaction<'_>,
    group: &DayRows,
    above: i64,
) -> Result<(i64, i64), Error> {
    let sql = "SELECT above, record FROM import_day_mark \
         WHERE import_id = $1 AND day = $2 AND above <= $3 ORDER BY above DESC LIMIT 1";
    let mark = moment
        .query_opt(sql, &[&group.import_id, &group.day, &above])
        .await?;
    let Some(mark) = mark else {
        return Err(not_as_counted(group));
    };
    Ok((mark.try_get(0)?, mark.try_get(1)?))
}

struct Pass<'a> {
    moment: &'a Transaction<'a>,
    filter: &'a Filter,
    group: &'a DayRows,
}

impl Pass<'_> {
    async fn down_from(&self, record: i64, passed: i64) -> Result<i64, Error> {
        self.record("<=", "DESC", record, passed).await
    }

    async fn up_from(&self, record: i64, passed: i64) -> Result<i64, Error> {
        self.record(">=", "ASC", record, passed).await
    }

    async fn record(
        &self,
        side: &str,
        order: &str,
        record: i64,
        passed: i64,
    ) -> Result<i64, Error> {
        let mut conditions = Conditions::on_row(&self.group.import_id)
            .and("r.order_date = ?", &self.group.day)
            .and(&format!("r.record {side} ?"), &record)
            .and_equals(self.filter);
        let passed = conditions.bind(&passed);
        let sql = format!(
            "SELECT r.record FROM sales_record r WHERE {} ORDER BY r.record {order} \
             OFFSET {passed} LIMIT 1",
            conditions.sql()
        );
        let row = self.moment.query_opt(&sql, conditions.parameters()).await?;
        row.map_or_else(
            || Err(not_as_counted(self.group)),
            |row| Ok(row.try_get(0)?),
        )
    }
}

fn not_as_counted(group: &DayRows) -> Error {
    let DayRows { number, day, .. } = group;
    Error::Stored(format!(
        "rows of import {number} on {day} are not as counted"
    ))
}

/// What is read of some groups.
pub struct Reading<'a> {
    pub filter: &'a Filter,
    pub direction: Direction,
    /// The rows beyond this position in the direction, or all.
    pub beyond: Option<Beyond>,
    /// The most rows that are read.
    pub limit: i64,
}

/// Beyond a position, or from it on.
#[derive(Clone, Copy, Debug)]
pub struct Beyond {
    pub position: RowPosition,
    pub with_it: bool,
}

/// The rows of these groups, group by group as they are given.
pub async fn rows_of(
    moment: &Transaction<'_>,
    groups: &[DayRows],
    reading: &Reading<'_>,
) -> Result<Vec<SalesRow>, Error> {
    let imports: Vec<i64> = groups.iter().map(|it| it.import_id).collect();
    let days: Vec<Date> = groups.iter().map(|it| it.day).collect();
    let bounds: Vec<i64> = groups.iter().map(|it| bound(it, reading)).collect();
    let (order, onward) = match reading.direction {
        Direction::Older => ("DESC", "<="),
        Direction::Newer => ("ASC", ">="),
    };
    let mut conditions = Conditions::after([&imports, &days, &bounds]).and_equals(reading.filter);
    let limit = conditions.bind(&reading.limit);
    let sql = format!(
        "SELECT i.column_order, r.order_date, i.number, r.record, {columns} \
         FROM unnest($1::bigint[], $2::date[], $3::bigint[]) WITH ORDINALITY \
             AS s (import_id, day, record, position) \
         JOIN import i ON i.id = s.import_id AND i.state = {COMPLETED} \
         CROSS JOIN LATERAL (SELECT * FROM sales_record r \
             WHERE r.import_id = s.import_id AND r.order_date = s.day \
             AND r.record {onward} s.record AND {conditions} \
             ORDER BY r.record {order} LIMIT {limit}) AS r \
         ORDER BY s.position, r.record {order} LIMIT {limit}",
        columns = columns(&domain::catalog::BASELINE),
        conditions = conditions.sql(),
    );
    let rows = moment.query(&sql, conditions.parameters()).await?;
    rows.iter().map(read).collect()
}

/// The first record that is read of a group, in the direction.
fn bound(group: &DayRows, reading: &Reading<'_>) -> i64 {
    let (end, step) = match reading.direction {
        Direction::Older => (i64::MAX, -1),
        Direction::Newer => (0, 1),
    };
    match reading.beyond {
        Some(Beyond { position, with_it })
            if (group.day, group.number) == (position.day, position.number) =>
        {
            if with_it {
                position.record
            } else {
                position.record.saturating_add(step)
            }
        }
        _ => end,
    }
}

fn read(row: &Row) -> Result<SalesRow, Error> {
    Ok(SalesRow {
        column_order: row.try_get(0)?,
        position: RowPosition {
            day: row.try_get(1)?,
            number: row.try_get(2)?,
            record: row.try_get(3)?,
        },
        cells: cells(row, &domain::catalog::BASELINE, 4)?,
    })
}
