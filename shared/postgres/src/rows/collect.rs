//! Collects rows from a position on, in one direction, until there are as many as are asked for. It
//! takes as many months at a time as should have them, and of these only the days that are needed.

use domain::paging::cursor::{Direction, RowPosition};
use jiff::civil::Date;

use super::SalesRow;
use super::count::Counts;
use super::day_rows::{Beyond, DayRows, Reading, rows_of};
use crate::Error;

/// Rows that one statement looks at if a filter may leave few of them.
const FILTERED_AT_ONCE: i64 = 50_000;

/// To find the rows of a day of an import costs as much as to look at this many rows: compare 300
/// imports with one in docs/figures-query.md (cursor, no match).
const STACK_IN_ROWS: i64 = 30;

/// What was found.
pub struct Collected {
    /// The rows, at most as many as were asked for.
    pub rows: Vec<SalesRow>,
    /// The position at which the search was given up, although more rows may be found after it.
    pub given_up_at: Option<RowPosition>,
}

/// Collects at most `reading.limit` rows in the direction, and gives up at the end of a day once
/// `looked_at_most` rows were looked at. `months` are those that have rows, newest first, with
/// their numbers of rows; `counts` counts what is kept.
pub async fn collect(
    counts: &Counts<'_>,
    months: &[(Date, i64)],
    mut reading: Reading<'_>,
    looked_at_most: i64,
) -> Result<Collected, Error> {
    let mut months = months.to_vec();
    if reading.direction == Direction::Newer {
        months.reverse();
    }
    let limit = reading.limit;
    let at_once = at_once(counts, limit).min(looked_at_most);
    let mut rows: Vec<SalesRow> = Vec::new();
    let mut looked_at = 0;
    for (first, last) in windows(&months, at_once) {
        let Some(range) = on_side((first, last.last_of_month()), &reading) else {
            continue;
        };
        let mut days = counts.by_day(range).await?;
        if reading.direction == Direction::Newer {
            days.reverse();
        }
        for range in windows(&days, at_once) {
            if looked_at >= looked_at_most {
                let given_up_at = Some(before(range, reading.direction));
                return Ok(Collected { rows, given_up_at });
            }
            reading.limit = limit - rows.len() as i64;
            let groups = groups(counts, range, &reading).await?;
            looked_at += groups
                .iter()
                .map(|it| it.rows.max(STACK_IN_ROWS))
                .sum::<i64>();
            rows.extend(rows_of(counts.moment, &groups, &reading).await?);
            if rows.len() as i64 >= limit {
                return Ok(all(rows));
            }
        }
    }
    Ok(all(rows))
}

fn all(rows: Vec<SalesRow>) -> Collected {
    Collected {
        rows,
        given_up_at: None,
    }
}

/// A position that no row has, with all rows of the range beyond it.
fn before((first, last): (Date, Date), direction: Direction) -> RowPosition {
    let (day, number, record) = match direction {
        Direction::Older => (last, i32::MAX, i64::MAX),
        Direction::Newer => (first, 0, 0),
    };
    RowPosition {
        day,
        number,
        record,
    }
}

fn at_once(counts: &Counts<'_>, limit: i64) -> i64 {
    if counts.filter.equals.is_empty() {
        limit
    } else {
        FILTERED_AT_ONCE.max(limit)
    }
}

/// The days of a range that are not on the wrong side of the position.
fn on_side((mut first, mut last): (Date, Date), reading: &Reading<'_>) -> Option<(Date, Date)> {
    if let Some(Beyond { position, .. }) = reading.beyond {
        match reading.direction {
            Direction::Older => last = last.min(position.day),
            Direction::Newer => first = first.max(position.day),
        }
    }
    (first <= last).then_some((first, last))
}

/// Joins neighbouring days, or months, to ranges with about `at_once` rows each.
fn windows(dates: &[(Date, i64)], at_once: i64) -> Vec<(Date, Date)> {
    let mut windows = Vec::new();
    let mut rest = dates;
    while !rest.is_empty() {
        let mut sum = 0;
        let taken = rest.iter().take_while(|(_, rows)| {
            let more = sum < at_once;
            sum += rows;
            more
        });
        let (window, later) = rest.split_at(taken.count());
        let (one, other) = (window[0].0, window[window.len() - 1].0);
        windows.push((one.min(other), one.max(other)));
        rest = later;
    }
    windows
}

/// The groups of the range in the direction, without those on the wrong side of the position, and no
/// more than may be needed.
async fn groups(
    counts: &Counts<'_>,
    range: (Date, Date),
    reading: &Reading<'_>,
) -> Result<Vec<DayRows>, Error> {
    let groups = counts.by_day_and_import(range).await?;
    let mut groups: Vec<DayRows> = groups.into_iter().map(|(group, _)| group).collect();
    if reading.direction == Direction::Newer {
        groups.reverse();
    }
    groups.retain(|it| !is_behind(it, reading));
    if counts.filter.equals.is_empty() {
        groups.truncate(needed(&groups, reading));
    }
    Ok(groups)
}

fn is_behind(group: &DayRows, reading: &Reading<'_>) -> bool {
    let Some(Beyond { position, .. }) = reading.beyond else {
        return false;
    };
    let (group, position) = ((group.day, group.number), (position.day, position.number));
    match reading.direction {
        Direction::Older => group > position,
        Direction::Newer => group < position,
    }
}

/// How many groups hold the rows that are wanted, even if the first one holds no such row.
fn needed(groups: &[DayRows], reading: &Reading<'_>) -> usize {
    let mut sum = 0;
    let behind_first = groups.iter().skip(1);
    let needed = behind_first.take_while(|it| {
        let more = sum < reading.limit;
        sum += it.rows;
        more
    });
    1 + needed.count()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn windows_hold_enough_days_and_no_more() {
        let day = |day, rows| (date(2015, 8, day), rows);
        let days = [day(9, 5), day(7, 1), day(6, 20), day(2, 3), day(1, 3)];
        let range = |first, last| (date(2015, 8, first), date(2015, 8, last));
        assert_eq!(windows(&days, 5), [range(9, 9), range(6, 7), range(1, 2)]);
        assert_eq!(windows(&days, 100), [range(1, 9)]);
        assert_eq!(windows(&[], 5), []);
        let mut upward = days;
        upward.reverse();
        assert_eq!(windows(&upward, 6), [range(1, 2), range(6, 6), range(7, 9)]);
    }
}
