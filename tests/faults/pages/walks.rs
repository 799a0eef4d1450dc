//! From cursor to cursor.

use domain::paging::cursor::{Cursor, Place};
use postgres::Client;
use postgres::rows::{self, CursorPage, Filter, SalesRow};
use uuid::Uuid;

use super::plain::Sales;
use super::sales::{self, Owner};
use crate::fixture::Fixture;

async fn at(
    fixture: &Fixture,
    owner: Uuid,
    filter: &Filter,
    cursor: Option<Cursor>,
    limit: i64,
) -> CursorPage {
    let ask =
        async |client: &mut Client| rows::sales_at(client, owner, filter, cursor, limit).await;
    // A cursor is carried as text.
    let carried = cursor.map(|it| Cursor::decode(&it.encode()).unwrap());
    assert_eq!(carried, cursor);
    fixture.ask(ask).await.unwrap()
}

/// Walks to the end and back; both ways must meet what the plain statement gives.
pub async fn there_and_back(
    fixture: &Fixture,
    owner: Uuid,
    filter: &Filter,
    limit: i64,
    plain: &Sales,
) {
    let free = filter.equals.is_empty();
    let count = free.then_some(plain.len() as i64);
    let mut pages = vec![at(fixture, owner, filter, None, limit).await];
    assert_eq!(pages[0].newer, None);
    while let Some(older) = pages[pages.len() - 1].older {
        pages.push(at(fixture, owner, filter, Some(older), limit).await);
    }
    let met: Vec<SalesRow> = pages.iter().flat_map(|it| it.rows.clone()).collect();
    assert_eq!(met, plain.rows(), "{filter:?} {limit}");
    assert!(pages.iter().all(|it| it.count == count));
    for index in (1..pages.len()).rev() {
        let newer = at(fixture, owner, filter, pages[index].newer, limit).await;
        assert_eq!(newer.rows, pages[index - 1].rows, "{filter:?} {limit}");
        assert_eq!(newer.newer.is_some(), index > 1);
        assert_eq!(newer.older, pages[index - 1].older);
    }
}

/// Another import appears or vanishes between any two pages; the one that stays is met whole,
/// each row once, in order.
#[tokio::test]
async fn a_walk_meets_what_stays_exactly_once() {
    let fixture = Fixture::new().await;
    let owner = sales::owner_of(&fixture, 5, &[60, 300, 60]).await;
    let stays = 2;
    let mut vanishing = vec![1, 3];
    let mut cursor = None;
    let mut met: Vec<Place> = Vec::new();
    for round in 0.. {
        let page = at(&fixture, owner.0, &Filter::default(), cursor, 20).await;
        met.extend(page.rows.iter().map(|it| it.place));
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
    let expected: Vec<Place> = plain.rows().iter().map(|it| it.place).collect();
    assert_eq!(met, expected);
}

async fn change(fixture: &Fixture, owner: &Owner, vanishing: &mut Vec<i32>, round: i64) {
    if round % 2 == 1 {
        vanishing.push(sales::one_day(fixture, owner, 30 + round).await);
    } else if let Some(number) = vanishing.pop() {
        sales::take_back(fixture, owner, number).await;
    }
}

/// The import on the other side of a cursor is gone when it is followed: the empty page leads back.
#[tokio::test]
async fn a_page_that_emptied_leads_back() {
    let fixture = Fixture::new().await;
    let owner = sales::owner_of(&fixture, 6, &[]).await;
    let first = sales::one_day(&fixture, &owner, 10).await;
    let second = sales::one_day(&fixture, &owner, 10).await;
    let all = Filter::default();
    let newest = at(&fixture, owner.0, &all, None, 10).await;
    let oldest = at(&fixture, owner.0, &all, newest.older, 10).await;
    sales::take_back(&fixture, &owner, first).await;
    let empty = at(&fixture, owner.0, &all, newest.older, 10).await;
    assert!(empty.rows.is_empty() && empty.older.is_none());
    let back = at(&fixture, owner.0, &all, empty.newer, 10).await;
    assert_eq!(back.rows, newest.rows);

    let third = sales::one_day(&fixture, &owner, 10).await;
    sales::take_back(&fixture, &owner, second).await;
    let only = at(&fixture, owner.0, &all, None, 10).await;
    assert_eq!((only.rows.len(), only.rows[0].place.number), (10, third));
    sales::take_back(&fixture, &owner, third).await;
    let empty = at(&fixture, owner.0, &all, oldest.newer, 10).await;
    assert!(empty.rows.is_empty() && empty.newer.is_none());
    assert!(empty.older.is_some());
}
