//! Pages of a dataset's rows, by offset or by cursor.

use domain::dataset::Dataset;
use domain::filter::Filter;
use domain::limits::ROWS_LOOKED_AT_FOR_A_PAGE;
use domain::paging::cursor::{Cursor, Direction, RowPosition};
use tokio_postgres::{Client, Transaction};
use uuid::Uuid;

use super::collect::collect;
use super::counts::{ALONG_THE_INDEX, Asked, BY_STATISTICS, Source};
use super::gathered::Collected;
use super::locate::locate;
use super::reader::{Reader, begin};
use super::spans::{Beyond, Wanted};
use super::{StoredRow, in_file_order};
use crate::Error;

/// How far a page by cursor goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AtMost {
    /// Rows on the page.
    pub rows: i64,
    /// Rows that are looked at for it, because a filter may leave few of them. The search ends at
    /// the end of a bucket, and sooner if imports have few rows in a bucket: a bucket of an import
    /// counts as 30 rows at least.
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
    /// The rows, in the order of the list.
    pub rows: Vec<StoredRow>,
    /// Leads to the page before it; `None` on the first.
    pub newer: Option<Cursor>,
    /// Leads to the page after it; `None` on the last.
    pub older: Option<Cursor>,
}

/// Rows of a dataset in the order that it has, at one moment.
enum Rows<'a> {
    Sorted(Asked<'a>),
    InFileOrder(in_file_order::Asked<'a>),
}

impl<'a> Rows<'a> {
    fn of(
        moment: &'a Transaction<'a>,
        owner: Uuid,
        dataset: &'a Dataset,
        filter: &'a Filter,
    ) -> Self {
        match dataset.order() {
            Some(order) => Self::Sorted(Asked {
                moment,
                owner,
                dataset,
                order,
                filter,
            }),
            None => Self::InFileOrder(in_file_order::Asked {
                moment,
                owner,
                dataset,
                filter,
            }),
        }
    }

    /// Count and page by offset.
    async fn page(&self, limit: i64, offset: i64) -> Result<(i64, Vec<StoredRow>), Error> {
        match self {
            Self::Sorted(asked) => sorted_page(asked, limit, offset).await,
            Self::InFileOrder(asked) => asked.page(limit, offset).await,
        }
    }

    /// Count, if nothing has to be tried on rows, and the rows beyond a position.
    async fn at(
        &self,
        wanted: Wanted,
        looked_at_most: i64,
    ) -> Result<(Option<i64>, Collected), Error> {
        match self {
            Self::Sorted(asked) => sorted_at(asked, wanted, looked_at_most).await,
            Self::InFileOrder(asked) => asked.at(wanted, looked_at_most).await,
        }
    }
}

/// Count and page of an owner's rows of a dataset, by offset.
pub async fn page(
    client: &mut Client,
    reader: impl Into<Reader>,
    dataset: &Dataset,
    filter: &Filter,
    limit: i64,
    offset: i64,
) -> Result<(i64, Vec<StoredRow>), Error> {
    let reader = reader.into();
    let moment = begin(client, reader).await?;
    let rows = Rows::of(&moment, reader.owner, dataset, filter);
    let page = rows.page(limit, offset).await?;
    moment.commit().await?;
    Ok(page)
}

/// The table of a declared dataset is made with its first import, so it is not asked if no row is
/// kept of any.
async fn sorted_page(
    asked: &Asked<'_>,
    limit: i64,
    offset: i64,
) -> Result<(i64, Vec<StoredRow>), Error> {
    asked.moment.batch_execute(ALONG_THE_INDEX).await?;
    // Buckets are read in portions by all rows they have, even if few of them match.
    let kept = asked.counts(Source::Kept).by_band().await?;
    if kept.is_empty() {
        return Ok((0, Vec::new()));
    }
    let (source, bands) = match asked.is_free() {
        true => (Source::Kept, kept.clone()),
        false => (Source::Rows, counted_one_by_one(asked).await?),
    };
    let count = bands.iter().map(|(_, rows)| rows).sum();
    let Some(located) = locate(&asked.counts(source), &bands, offset).await? else {
        return Ok((count, Vec::new()));
    };
    let wanted = Wanted {
        direction: Direction::Older,
        beyond: Some(Beyond {
            position: located.position,
            with_it: true,
        }),
        limit,
        bytes: None,
    };
    let counted = (source == Source::Kept).then_some(located.band);
    let found = collect(asked, &kept, counted, wanted, i64::MAX).await?;
    Ok((count, found.whole()?))
}

/// Where rows are counted one by one, PostgreSQL's planner decides how.
async fn counted_one_by_one(asked: &Asked<'_>) -> Result<Vec<(i32, i64)>, Error> {
    asked.moment.batch_execute(BY_STATISTICS).await?;
    let bands = asked.counts(Source::Rows).by_band().await?;
    asked.moment.batch_execute(ALONG_THE_INDEX).await?;
    Ok(bands)
}

/// The page at a cursor, or the first one. A walk from cursor to cursor meets each row of an
/// import that is there all along exactly once, whatever other imports do. A cursor of another
/// dataset leads to the first page: see [`fits`].
pub async fn page_at(
    client: &mut Client,
    reader: impl Into<Reader>,
    dataset: &Dataset,
    filter: &Filter,
    cursor: Option<Cursor>,
    at_most: AtMost,
) -> Result<CursorPage, Error> {
    let cursor = cursor.filter(|it| fits(dataset, it));
    let reader = reader.into();
    let moment = begin(client, reader).await?;
    moment.batch_execute(ALONG_THE_INDEX).await?;
    let wanted = Wanted {
        direction: cursor.map_or(Direction::Older, |it| it.direction),
        beyond: cursor.map(|it| Beyond {
            position: it.position,
            with_it: false,
        }),
        // One more than wanted: it only says that there is another page.
        limit: at_most.rows + 1,
        bytes: None,
    };
    let rows = Rows::of(&moment, reader.owner, dataset, filter);
    let (count, found) = rows.at(wanted, at_most.looked_at).await?;
    moment.commit().await?;
    Ok(cut(found.leading_on()?, at_most.rows, cursor, count))
}

async fn sorted_at(
    asked: &Asked<'_>,
    wanted: Wanted,
    looked_at_most: i64,
) -> Result<(Option<i64>, Collected), Error> {
    let bands = asked.counts(Source::Kept).by_band().await?;
    let is_free = asked.is_free();
    let looked_at_most = if is_free { i64::MAX } else { looked_at_most };
    let found = collect(asked, &bands, None, wanted, looked_at_most).await?;
    let all = bands.iter().map(|(_, rows)| rows).sum();
    Ok((is_free.then_some(all), found))
}

/// Whether the cursor is of a dataset that is sorted as this one.
pub fn fits(dataset: &Dataset, cursor: &Cursor) -> bool {
    match (dataset.order(), cursor.position.key) {
        (Some(order), Some(key)) => order.has(key),
        (None, None) => true,
        _ => false,
    }
}

/// Makes a page of what was found: in the order of the list, with the cursors to its neighbours.
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
fn back(cursor: Cursor, first: Option<&StoredRow>) -> RowPosition {
    let is_sorted = cursor.position.key.is_some();
    // Records of one key fall along the list, those of a file rise.
    let step = match (cursor.direction, is_sorted) {
        (Direction::Older, true) | (Direction::Newer, false) => -1,
        (Direction::Newer, true) | (Direction::Older, false) => 1,
    };
    let beside = RowPosition {
        record: cursor.position.record.saturating_add(step),
        ..cursor.position
    };
    first.map_or(beside, |it| it.position)
}
