//! From an offset to the place of its row: month, day, import, record, each by counts.

use domain::paging::cursor::Place;
use domain::paging::part_at;
use jiff::civil::Date;

use super::count::Counts;
use super::stack::record_at;
use crate::Error;

/// The place of the row that `offset` rows stand before; none behind the last one. `months` are
/// the counts by month.
pub async fn place_at(
    counts: &Counts<'_>,
    months: &[(Date, i64)],
    offset: i64,
) -> Result<Option<Place>, Error> {
    let Some((month, _, offset)) = part_at(months.iter().copied(), offset) else {
        return Ok(None);
    };
    let days = counts.by_day((month, month.last_of_month())).await?;
    let (day, _, offset) = part_at(days, offset).ok_or_else(|| off(month))?;
    let stacks = counts.by_stack((day, day)).await?;
    let (stack, _, offset) = part_at(stacks, offset).ok_or_else(|| off(day))?;
    let record = record_at(counts.moment, counts.filter, &stack, offset).await?;
    Ok(Some(Place {
        day,
        number: stack.number,
        record,
    }))
}

fn off(date: Date) -> Error {
    Error::Stored(format!("the counts from {date} on do not add up"))
}
