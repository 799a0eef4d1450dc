//! Pages of sales records, by offset or by cursor.

use domain::paging::cursor::{Cursor, Direction, Place};
use tokio_postgres::{Client, Transaction};
use uuid::Uuid;

use super::collect::collect;
use super::count::{ALONG_THE_INDEX, Counts, Source};
use super::locate::place_at;
use super::stack::{Beyond, Reading};
use super::{Filter, SalesRow};
use crate::Error;
use crate::imports::one_moment;

/// A filter that looks at every row may take this long, in however many statements: the function
/// that waits has 29 s. PostgreSQL ends the session then.
pub const WITHIN: &str = "SET LOCAL transaction_timeout = '20s'";

/// A page next to a cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CursorPage {
    /// All rows of the filter; none where they would have to be counted one by one.
    pub count: Option<i64>,
    /// Newest first.
    pub rows: Vec<SalesRow>,
    /// Leads to the page before it; none on the first.
    pub newer: Option<Cursor>,
    /// Leads to the page behind it; none on the last.
    pub older: Option<Cursor>,
}

/// Count and page of an owner's sales records, by offset.
pub async fn sales_page(
    client: &mut Client,
    owner: Uuid,
    filter: &Filter,
    limit: i64,
    offset: i64,
) -> Result<(i64, Vec<SalesRow>), Error> {
    let moment = one_moment(client).await?;
    let page = page(&moment, owner, filter, limit, offset).await?;
    moment.commit().await?;
    Ok(page)
}

async fn page(
    moment: &Transaction<'_>,
    owner: Uuid,
    filter: &Filter,
    limit: i64,
    offset: i64,
) -> Result<(i64, Vec<SalesRow>), Error> {
    let source = match filter.equals.is_empty() {
        true => Source::Kept,
        false => Source::Rows,
    };
    let mut counts = counts(moment, owner, filter, source);
    moment.batch_execute(WITHIN).await?;
    // Rows that are counted one by one are counted as the planner likes it best.
    if source == Source::Kept {
        moment.batch_execute(ALONG_THE_INDEX).await?;
    }
    let months = counts.by_month().await?;
    if source == Source::Rows {
        moment.batch_execute(ALONG_THE_INDEX).await?;
    }
    let count = months.iter().map(|(_, rows)| rows).sum();
    let Some(place) = place_at(&counts, &months, offset).await? else {
        return Ok((count, Vec::new()));
    };
    counts.source = Source::Kept;
    let reading = Reading {
        filter,
        direction: Direction::Older,
        beyond: Some(Beyond {
            place,
            with_it: true,
        }),
        limit,
    };
    Ok((count, collect(&counts, &months, reading).await?))
}

fn counts<'a>(
    moment: &'a Transaction<'a>,
    owner: Uuid,
    filter: &'a Filter,
    source: Source,
) -> Counts<'a> {
    Counts {
        moment,
        owner,
        filter,
        source,
    }
}

/// The page at a cursor, or the first one. A walk from cursor to cursor meets each row of an
/// import that is there all along exactly once, whatever other imports do.
pub async fn sales_at(
    client: &mut Client,
    owner: Uuid,
    filter: &Filter,
    cursor: Option<Cursor>,
    limit: i64,
) -> Result<CursorPage, Error> {
    let moment = one_moment(client).await?;
    moment.batch_execute(WITHIN).await?;
    moment.batch_execute(ALONG_THE_INDEX).await?;
    let counts = counts(&moment, owner, filter, Source::Kept);
    let months = counts.by_month().await?;
    let direction = cursor.map_or(Direction::Older, |it| it.direction);
    let reading = Reading {
        filter,
        direction,
        beyond: cursor.map(|it| Beyond {
            place: it.place,
            with_it: false,
        }),
        // One more, which only says that there is another page.
        limit: limit + 1,
    };
    let rows = collect(&counts, &months, reading).await?;
    moment.commit().await?;
    let all = months.iter().map(|(_, rows)| rows).sum();
    let count = filter.equals.is_empty().then_some(all);
    Ok(match cursor {
        Some(cursor) if rows.is_empty() => way_back(cursor, count),
        _ => cut(rows, limit, direction, cursor.is_some(), count),
    })
}

/// All that was on the cursor's side has gone: the page is empty and leads back to what is on the
/// other side, the row at the cursor's place with it.
fn way_back(cursor: Cursor, count: Option<i64>) -> CursorPage {
    let Cursor { place, direction } = cursor;
    let beside = |step| Place {
        record: place.record.saturating_add(step),
        ..place
    };
    let back = |step, direction| {
        Some(Cursor {
            place: beside(step),
            direction,
        })
    };
    let (newer, older) = match direction {
        Direction::Older => (back(-1, Direction::Newer), None),
        Direction::Newer => (None, back(1, Direction::Older)),
    };
    CursorPage {
        count,
        rows: Vec::new(),
        newer,
        older,
    }
}

/// Cuts off the one row more, and turns the page right side up.
fn cut(
    mut rows: Vec<SalesRow>,
    limit: i64,
    direction: Direction,
    has_come_from: bool,
    count: Option<i64>,
) -> CursorPage {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let goes_on = rows.len() > limit;
    rows.truncate(limit);
    let (has_newer, has_older) = match direction {
        Direction::Older => (has_come_from, goes_on),
        Direction::Newer => {
            rows.reverse();
            (goes_on, has_come_from)
        }
    };
    let cursor = |place: Place, direction| Cursor { place, direction };
    let first = rows.first().filter(|_| has_newer);
    let last = rows.last().filter(|_| has_older);
    CursorPage {
        count,
        newer: first.map(|it| cursor(it.place, Direction::Newer)),
        older: last.map(|it| cursor(it.place, Direction::Older)),
        rows,
    }
}
