//! The imports and exports of an owner, of all datasets, that which changed last first.
//!
//! The last event of each is the list: its index holds when the state changed, which a chunk does
//! not touch. A page looks at some entries of it, from a position on, and takes those that a filter
//! leaves: its cost does not grow with what an owner has.

mod wanted;

pub use wanted::Wanted;

use std::collections::HashMap;

use domain::export::Export;
use domain::import::Import;
use domain::limits::EVERYTHING_LOOKED_AT;
use domain::paging::change::{ChangePosition, Kind};
use domain::waiting::Queue;
use jiff::Timestamp;
use tokio_postgres::{Client, GenericClient, Row};
use uuid::Uuid;

use crate::Error;
use crate::exports;
use crate::import_row::{COLUMNS, read};
use crate::imports::{a_moment_in_time, queues};
use crate::sql::of_import::DELETED;
use wanted::WANTED;

/// A page of the list.
#[derive(Debug)]
pub struct Page {
    /// Its entries.
    pub entries: Vec<Entry>,
    /// Where the next page begins; `None` if there is nothing to be looked at any more.
    pub next: Option<ChangePosition>,
}

/// An import or export.
#[derive(Debug)]
pub struct Entry {
    /// When its state changed.
    pub changed_at: Timestamp,
    /// What it is.
    pub item: Item,
}

/// What an entry is.
#[derive(Debug)]
pub enum Item {
    /// An import, and what its chunks wait for.
    Import(Box<Import>, Queue),
    /// An export.
    Export(Box<Export>),
}

/// The page of `limit` entries after a position, or the first one.
///
/// # Errors
/// The server or the connection is at fault, or another version of the code has stored something
/// that this one does not know.
pub async fn page(
    client: &mut Client,
    owner: Uuid,
    wanted: &Wanted,
    after: Option<ChangePosition>,
    limit: i64,
    visibility_seconds: i32,
) -> Result<Page, Error> {
    let moment = a_moment_in_time(client).await?;
    let looked = look(&moment, owner, wanted, after, limit).await?;
    let (taken, next) = cut(&looked, usize::try_from(limit).unwrap_or(1));
    let uids: Vec<Uuid> = taken.iter().map(|it| it.uid).collect();
    let mut items = imports_of(&moment, owner, &uids, visibility_seconds).await?;
    for export in exports::by_uids(&moment, owner, &uids).await? {
        items.insert(export.uid, Item::Export(Box::new(export)));
    }
    moment.commit().await?;
    let entry = |it: ChangePosition| {
        let item = items.remove(&it.uid)?;
        let changed_at = it.at;
        Some(Entry { changed_at, item })
    };
    let entries = taken.into_iter().filter_map(entry).collect();
    Ok(Page { entries, next })
}

/// An entry that was looked at.
struct Looked {
    position: ChangePosition,
    is_wanted: bool,
    /// No more may be looked at for this page.
    is_last: bool,
}

/// What is wanted, one more than the page has, and the last that may be looked at.
async fn look(
    client: &impl GenericClient,
    owner: Uuid,
    wanted: &Wanted,
    after: Option<ChangePosition>,
    limit: i64,
) -> Result<Vec<Looked>, Error> {
    let at = after.map(|it| it.at);
    let uid = after.map_or(Uuid::max(), |it| it.uid);
    let rows = client
        .query(
            &look_sql(),
            &[
                &owner,
                &at,
                &uid,
                &wanted.since,
                &EVERYTHING_LOOKED_AT,
                &(limit + 1),
                &wanted.kind.map(Kind::as_str),
                &wanted.states,
                &wanted.dataset,
                &wanted.file,
            ],
        )
        .await?;
    rows.iter().map(looked).collect()
}

/// The index of the last events gives the order, so that the end of the page ends the look.
fn look_sql() -> String {
    format!(
        "WITH looked AS (SELECT uid, at, kind FROM import_event \
             WHERE owner = $1 AND is_last AND state <> {DELETED} \
             AND (at, uid) < (coalesce($2, 'infinity'::timestamptz), $3) \
             AND at >= coalesce($4, '-infinity'::timestamptz) \
             ORDER BY at DESC, uid DESC LIMIT $5), \
         judged AS (SELECT uid, at, row_number() OVER (ORDER BY at DESC, uid DESC) AS place, \
             {WANTED} AS is_wanted FROM looked l) \
         SELECT uid, at, is_wanted, place = $5 AS is_last FROM judged \
         WHERE is_wanted OR place = $5 ORDER BY at DESC, uid DESC LIMIT $6"
    )
}

fn looked(row: &Row) -> Result<Looked, Error> {
    let position = ChangePosition {
        at: row.try_get("at")?,
        uid: row.try_get("uid")?,
    };
    Ok(Looked {
        position,
        is_wanted: row.try_get("is_wanted")?,
        is_last: row.try_get("is_last")?,
    })
}

/// What is on the page, and after what the next one begins: its last entry, if there is another one;
/// else the last that was looked at, if no more may be.
fn cut(looked: &[Looked], limit: usize) -> (Vec<ChangePosition>, Option<ChangePosition>) {
    let last = looked.last().filter(|it| it.is_last);
    let wanted = looked.iter().filter(|it| it.is_wanted);
    let mut taken: Vec<_> = wanted.map(|it| it.position).collect();
    if taken.len() > limit {
        taken.truncate(limit);
        let next = taken.last().copied();
        return (taken, next);
    }
    (taken, last.map(|it| it.position))
}

async fn imports_of(
    client: &impl GenericClient,
    owner: Uuid,
    uids: &[Uuid],
    visibility_seconds: i32,
) -> Result<HashMap<Uuid, Item>, Error> {
    let sql = format!("SELECT {COLUMNS} FROM import WHERE owner = $1 AND uid = ANY($2)");
    let rows = client.query(&sql, &[&owner, &uids]).await?;
    let imports: Vec<Import> = rows.iter().map(read).collect::<Result<_, _>>()?;
    let at_work = imports.iter().filter(|it| it.state.is_under_way());
    let at_work: Vec<i64> = at_work.map(|it| it.id).collect();
    let mut queues = queues(client, &at_work, visibility_seconds).await?;
    let item = |import: Import| {
        let queue = queues.remove(&import.id).unwrap_or_default();
        (import.uid, Item::Import(Box::new(import), queue))
    };
    Ok(imports.into_iter().map(item).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn looked(wanted: &[bool], is_last: bool) -> Vec<Looked> {
        let number = |it: usize| u128::try_from(it).unwrap();
        let entry = |(place, &is_wanted): (usize, &bool)| Looked {
            position: ChangePosition {
                at: Timestamp::UNIX_EPOCH,
                uid: Uuid::from_u128(number(place)),
            },
            is_wanted,
            is_last: is_last && place + 1 == wanted.len(),
        };
        wanted.iter().enumerate().map(entry).collect()
    }

    /// A case: what is wanted of what is looked at, whether no more may be, the page, and after what
    /// the next one begins.
    type Case = (
        &'static str,
        &'static [bool],
        bool,
        &'static [u128],
        Option<u128>,
    );

    #[test]
    fn where_the_next_page_begins_as_a_table() {
        const YES: bool = true;
        const NO: bool = false;
        #[rustfmt::skip]
        let table: [Case; 7] = [
            ("nothing",                           &[],                  NO,  &[],        None),
            ("less than a page",                  &[YES, YES],          NO,  &[0, 1],    None),
            ("a page and no more",                &[YES, YES, YES],     NO,  &[0, 1, 2], None),
            ("a page and more",                   &[YES; 4],            NO,  &[0, 1, 2], Some(2)),
            ("nothing in what is looked at",      &[NO],                YES, &[],        Some(0)),
            ("some, and no more is looked at",    &[YES, YES, NO],      YES, &[0, 1],    Some(2)),
            ("the last looked at is on the page", &[YES, YES, YES],     YES, &[0, 1, 2], Some(2)),
        ];
        for (case, wanted, is_last, on_the_page, begins_after) in table {
            let (taken, next) = cut(&looked(wanted, is_last), 3);
            let taken: Vec<u128> = taken.iter().map(|it| it.uid.as_u128()).collect();
            let next = next.map(|it| it.uid.as_u128());
            assert_eq!(
                (taken.as_slice(), next),
                (on_the_page, begins_after),
                "{case}"
            );
        }
    }
}
