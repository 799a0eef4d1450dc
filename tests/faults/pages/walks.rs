//! Pages read from cursor to cursor.

use domain::catalog::BASELINE;
use domain::filter::Filter;
use domain::paging::cursor::{Cursor, Direction, RowPosition};
use postgres::Client;
use postgres::rows::{self, AtMost, CursorPage, StoredRow};
use uuid::Uuid;

use super::asked;
use super::plain::Sales;
use super::sales::{self, Owner};
use crate::fixture::database::Fixture;

async fn at(
    fixture: &Fixture,
    owner: Uuid,
    filter: &Filter,
    cursor: Option<Cursor>,
    at_most: AtMost,
) -> CursorPage {
    let ask = async |client: &mut Client| {
        rows::page_at(client, owner, &BASELINE, filter, cursor, at_most).await
    };
    // Clients receive and send a cursor as text.
    let carried = cursor.map(|it| Cursor::decode(&it.encode()).unwrap());
    assert_eq!(carried, cursor);
    fixture.ask(ask).await.unwrap()
}

/// Walks to the end and back. Both directions must give the rows of the plain statement.
pub async fn there_and_back(
    fixture: &Fixture,
    owner: Uuid,
    filter: &Filter,
    limit: i64,
    plain: &Sales,
) {
    let at_most = AtMost::rows(limit);
    let free = filter.is_free(&BASELINE, BASELINE.order().unwrap());
    let count = free.then_some(plain.len() as i64);
    let pages = walk(fixture, owner, filter, at_most, None).await;
    assert_eq!(pages[0].newer, None);
    assert_eq!(rows_of(&pages), plain.rows(), "{filter:?} {limit}");
    assert!(pages.iter().all(|it| it.count == count));
    for index in (1..pages.len()).rev() {
        let newer = at(fixture, owner, filter, pages[index].newer, at_most).await;
        assert_eq!(newer.rows, pages[index - 1].rows, "{filter:?} {limit}");
        assert_eq!(newer.newer.is_some(), index > 1);
        assert_eq!(newer.older, pages[index - 1].older);
    }
}

/// Another import appears or vanishes between any two pages. Every row of the one that stays is met
/// once, in order.
#[tokio::test]
async fn a_walk_meets_each_row_that_stays_exactly_once() {
    let fixture = Fixture::new().await;
    let owner = sales::owner_of(&fixture, 5, &[60, 300, 60]).await;
    let stays = 2;
    let mut vanishing = vec![1, 3];
    let all = Filter::default();
    let mut cursor = None;
    let mut met: Vec<RowPosition> = Vec::new();
    for round in 0.. {
        let page = at(&fixture, owner.0, &all, cursor, AtMost::rows(20)).await;
        met.extend(page.rows.iter().map(|it| it.position));
        cursor = page.older;
        if cursor.is_none() {
            break;
        }
        change(&fixture, &owner, &mut vanishing, round).await;
    }
    assert!(met.is_sorted_by(|one, next| one > next), "in order, once");
    met.retain(|it| it.number == stays);
    let filter = Filter {
        import: Some(stays),
        ..Filter::default()
    };
    let plain = Sales::read(&fixture, owner.0, &filter).await;
    let expected: Vec<RowPosition> = plain.rows().iter().map(|it| it.position).collect();
    assert_eq!(met, expected);
}

async fn change(fixture: &Fixture, owner: &Owner, vanishing: &mut Vec<i32>, round: i64) {
    if round % 2 == 1 {
        vanishing.push(sales::one_day(fixture, owner, 30 + round).await);
    } else if let Some(number) = vanishing.pop() {
        sales::delete(fixture, owner, number).await;
    }
}

/// Where few rows match a filter, a page ends when it has looked at a limited number of rows, and
/// leads on. A walk along short pages, some of them empty, meets the same rows in both directions.
#[tokio::test]
async fn a_walk_where_few_rows_match() {
    let fixture = Fixture::new().await;
    let owner = sales::owner_of(&fixture, 10, &[200, 350]).await;
    for item in ["Item 2", "none"] {
        let filter = asked(&[("region", "Region 1"), ("item_type", item)]);
        let plain = Sales::read(&fixture, owner.0, &filter).await;
        for looked_at in [1, 40, 100_000] {
            let at_most = AtMost { rows: 3, looked_at };
            let down = walk(&fixture, owner.0, &filter, at_most, None).await;
            assert_eq!(rows_of(&down), plain.rows(), "{item} {looked_at}");
            let is_short = |it: &CursorPage| it.rows.len() < 3 && it.older.is_some();
            let any_short = down.iter().any(is_short);
            assert_eq!(any_short, looked_at < 100_000, "{item} {looked_at}");
            let Some((last, before)) = down.split_last().filter(|it| !it.1.is_empty()) else {
                continue;
            };
            let mut up = walk(&fixture, owner.0, &filter, at_most, last.newer).await;
            up.reverse();
            assert_eq!(rows_of(&up), rows_of(before), "{item} {looked_at}");
        }
    }
}

/// Every page from a cursor to the end in its direction.
async fn walk(
    fixture: &Fixture,
    owner: Uuid,
    filter: &Filter,
    at_most: AtMost,
    from: Option<Cursor>,
) -> Vec<CursorPage> {
    let direction = from.map_or(Direction::Older, |it| it.direction);
    let mut pages = vec![at(fixture, owner, filter, from, at_most).await];
    while let Some(next) = match direction {
        Direction::Older => pages[pages.len() - 1].older,
        Direction::Newer => pages[pages.len() - 1].newer,
    } {
        pages.push(at(fixture, owner, filter, Some(next), at_most).await);
    }
    pages
}

fn rows_of(pages: &[CursorPage]) -> Vec<StoredRow> {
    pages.iter().flat_map(|it| it.rows.clone()).collect()
}

/// The import that a cursor leads to is gone when the cursor is followed: the empty page leads
/// back.
#[tokio::test]
async fn a_page_that_became_empty_leads_back() {
    let fixture = Fixture::new().await;
    let owner = sales::owner_of(&fixture, 6, &[]).await;
    let first = sales::one_day(&fixture, &owner, 10).await;
    let second = sales::one_day(&fixture, &owner, 10).await;
    let all = Filter::default();
    let ten = AtMost::rows(10);
    let newest = at(&fixture, owner.0, &all, None, ten).await;
    let oldest = at(&fixture, owner.0, &all, newest.older, ten).await;
    sales::delete(&fixture, &owner, first).await;
    let empty = at(&fixture, owner.0, &all, newest.older, ten).await;
    assert!(empty.rows.is_empty() && empty.older.is_none());
    let back = at(&fixture, owner.0, &all, empty.newer, ten).await;
    assert_eq!(back.rows, newest.rows);

    let third = sales::one_day(&fixture, &owner, 10).await;
    sales::delete(&fixture, &owner, second).await;
    let only = at(&fixture, owner.0, &all, None, ten).await;
    assert_eq!((only.rows.len(), only.rows[0].position.number), (10, third));
    sales::delete(&fixture, &owner, third).await;
    let empty = at(&fixture, owner.0, &all, oldest.newer, ten).await;
    assert!(empty.rows.is_empty() && empty.newer.is_none());
    assert!(empty.older.is_some());
}
