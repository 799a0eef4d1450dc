//! Pages of sales records, by offset or by cursor.

use domain::limits::{QUERY_WITHIN, ROWS_LOOKED_AT_FOR_A_PAGE};
use domain::paging::cursor::{Cursor, Direction, RowPosition};
use tokio_postgres::{Client, Transaction};
use uuid::Uuid;

use super::collect::{Collected, collect};
use super::count::{ALONG_THE_INDEX, Counts, Source};
use super::day_rows::{Beyond, Reading};
use super::locate::position_at;
use super::{Filter, SalesRow};
use crate::Error;
use crate::imports::one_moment;

/// A filter may look at every row, in however many statements: PostgreSQL ends the session after
/// [`QUERY_WITHIN`].
pub async fn limit_time(moment: &Transaction<'_>) -> Result<(), Error> {
    let seconds = QUERY_WITHIN.as_secs();
    let limit = format!("SET LOCAL transaction_timeout = '{seconds}s'");
    Ok(moment.batch_execute(&limit).await?)
}

/// How far a page by cursor goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AtMost {
    /// Rows on the page.
    pub rows: i64,
    /// Rows that are looked at for it, because a filter may leave few of them. The search ends at
    /// the end of a day, and sooner if imports have few rows in a day: a day of an import counts
    /// as 30 rows at least.
    pub looked_at: i64,
}

impl AtMost {
    /// This number of rows, looked for among as many as a page may cost, or among fewer where they
    /// came in small imports.
    pub fn rows(rows: i64) -> Self {
        Self {
            rows,
            looked_at: ROWS_LOOKED_AT_FOR_A_PAGE,
        }
    }
}

/// A page next to a cursor. If the filter leaves few rows, the page may be short or even empty, and
/// yet not the last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CursorPage {
    /// The number of all rows of the filter; `None` if they would have to be counted one by one.
    pub count: Option<i64>,
    /// The rows, newest first.
    pub rows: Vec<SalesRow>,
    /// Leads to the page before it; `None` on the first.
    pub newer: Option<Cursor>,
    /// Leads to the page after it; `None` on the last.
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
    limit_time(moment).await?;
    // Where rows are counted one by one, PostgreSQL's planner decides how.
    if source == Source::Kept {
        moment.batch_execute(ALONG_THE_INDEX).await?;
    }
    let months = counts.by_month().await?;
    if source == Source::Rows {
        moment.batch_execute(ALONG_THE_INDEX).await?;
    }
    let count = months.iter().map(|(_, rows)| rows).sum();
    let Some(position) = position_at(&counts, &months, offset).await? else {
        return Ok((count, Vec::new()));
    };
    counts.source = Source::Kept;
    let months = match source {
        Source::Kept => months,
        // Days are read in portions by all rows they have, even if few of them match.
        Source::Rows => counts.by_month().await?,
    };
    let reading = Reading {
        filter,
        direction: Direction::Older,
        beyond: Some(Beyond {
            position,
            with_it: true,
        }),
        limit,
    };
    let Collected { rows, .. } = collect(&counts, &months, reading, i64::MAX).await?;
    Ok((count, rows))
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
    at_most: AtMost,
) -> Result<CursorPage, Error> {
    let moment = one_moment(client).await?;
    limit_time(&moment).await?;
    moment.batch_execute(ALONG_THE_INDEX).await?;
    let counts = counts(&moment, owner, filter, Source::Kept);
    let months = counts.by_month().await?;
    let direction = cursor.map_or(Direction::Older, |it| it.direction);
    let free = filter.equals.is_empty();
    let reading = Reading {
        filter,
        direction,
        beyond: cursor.map(|it| Beyond {
            position: it.position,
            with_it: false,
        }),
        // One more than wanted: it only says that there is another page.
        limit: at_most.rows + 1,
    };
    let looked_at = if free { i64::MAX } else { at_most.looked_at };
    let found = collect(&counts, &months, reading, looked_at).await?;
    moment.commit().await?;
    let all = months.iter().map(|(_, rows)| rows).sum();
    Ok(cut(found, at_most.rows, cursor, free.then_some(all)))
}

/// Makes a page of what was found: newest first, with the cursors to its neighbours.
fn cut(mut found: Collected, limit: i64, cursor: Option<Cursor>, count: Option<i64>) -> CursorPage {
    let direction = cursor.map_or(Direction::Older, |it| it.direction);
    let ahead = ahead(&mut found, limit);
    let back = cursor.map(|it| back(it, found.rows.first()));
    let to = |position: Option<RowPosition>, direction| {
        position.map(|position| Cursor {
            position,
            direction,
        })
    };
    let (ahead, back) = (to(ahead, direction), to(back, direction.turned()));
    let mut rows = found.rows;
    let (newer, older) = match direction {
        Direction::Older => (back, ahead),
        Direction::Newer => {
            rows.reverse();
            (ahead, back)
        }
    };
    CursorPage {
        count,
        rows,
        newer,
        older,
    }
}

/// Where the next page in the direction begins, if there may be one. Cuts off the extra row.
fn ahead(found: &mut Collected, limit: i64) -> Option<RowPosition> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    if found.rows.len() <= limit {
        return found.given_up_at;
    }
    found.rows.truncate(limit);
    found.rows.last().map(|it| it.position)
}

/// Where the page in the other direction begins: at the first row. An empty page leads back to the
/// rows on the other side of its cursor, with the row at the cursor's position.
fn back(cursor: Cursor, first: Option<&SalesRow>) -> RowPosition {
    let step = match cursor.direction {
        Direction::Older => -1,
        Direction::Newer => 1,
    };
    let beside = RowPosition {
        record: cursor.position.record.saturating_add(step),
        ..cursor.position
    };
    first.map_or(beside, |it| it.position)
}
