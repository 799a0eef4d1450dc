//! From an offset to the position of its row: month, day, import, record, each by counts.

use domain::paging::cursor::RowPosition;
use domain::paging::part_at;
use jiff::civil::Date;

use super::count::Counts;
use super::day_rows::record_at;
use crate::Error;

/// The position of the row that has `offset` rows before it; `None` after the last row. `months`
/// are the counts by month.
pub async fn position_at(
    counts: &Counts<'_>,
    months: &[(Date, i64)],
    offset: i64,
) -> Result<Option<RowPosition>, Error> {
    let Some((month, _, offset)) = part_at(months.iter().copied(), offset) else {
        return Ok(None);
    };
    let days = counts.by_day((month, month.last_of_month())).await?;
    let (day, _, offset) = part_at(days, offset).ok_or_else(|| off(month))?;
    let groups = counts.by_day_and_import((day, day)).await?;
    let (group, _, offset) = part_at(groups, offset).ok_or_else(|| off(day))?;
    let record = record_at(counts.moment, counts.filter, &group, offset).await?;
    Ok(Some(RowPosition {
        day,
        number: group.number,
        record,
    }))
}

fn off(date: Date) -> Error {
    Error::Stored(format!("the counts from {date} on do not add up"))
}
