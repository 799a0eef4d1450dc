//! Rows with texts of many bytes: no page is larger than an answer may be, and none is left out.

use std::sync::Arc;

use domain::answer::row_bytes;
use domain::dataset::Dataset;
use domain::filter::{Filter, Names};
use domain::limits::{ANSWER_BYTES_AT_MOST, ROWS_PAGE};
use domain::paging::cursor::{Cursor, Direction};
use postgres::rows::{self, AtMost, By, StoredRow};
use postgres::{Client, Error};
use uuid::Uuid;

use super::any_order::{dataset, import, make, of_times};
use crate::fixture::database::Fixture;

/// Bytes of a text; as many rows fill an answer nearly.
const BYTES: usize = 400_000;
const FITTING: usize = 13;
const ROWS: i64 = 40;

/// Sorted, and in the order of files; any text has its place in the second column.
fn datasets() -> Vec<(Dataset, &'static str)> {
    let any_text = |mut dataset: Dataset| {
        dataset.columns[1].kind = of_times("other", None).columns[1].kind.clone();
        dataset
    };
    vec![
        (
            of_times("large", None),
            "'2026-03-28'::timestamp + h % 9 * interval '1 h'",
        ),
        (any_text(dataset("larger", None)), "h % 100"),
    ]
}

async fn widen(fixture: &Fixture, dataset: &Dataset, bytes: usize, condition: &str) {
    let text = i32::try_from(bytes).unwrap();
    let sql = format!(
        "UPDATE {} SET c2 = repeat('x', $1) WHERE {condition}",
        dataset.table
    );
    fixture.execute(&sql, &[&text]).await;
}

async fn page(
    fixture: &Fixture,
    owner: Uuid,
    dataset: &Dataset,
    limit: i64,
) -> Result<(i64, Vec<StoredRow>), Error> {
    let everything = Filter::default();
    let ask =
        async |client: &mut Client| rows::page(client, owner, dataset, &everything, limit, 0).await;
    fixture.ask(ask).await
}

/// Every page there is in one direction, from a cursor on.
async fn walk(
    fixture: &Fixture,
    owner: Uuid,
    dataset: &Dataset,
    filter: &Filter,
    mut cursor: Option<Cursor>,
) -> Vec<Vec<StoredRow>> {
    let direction = cursor.map_or(Direction::Older, |it| it.direction);
    let at_most = AtMost::rows(ROWS_PAGE.at_most);
    let mut pages = Vec::new();
    loop {
        let ask = async |client: &mut Client| {
            rows::page_at(client, owner, dataset, filter, cursor, at_most).await
        };
        let page = fixture.ask(ask).await.unwrap();
        cursor = match direction {
            Direction::Older => page.older,
            Direction::Newer => page.newer,
        };
        pages.push(page.rows);
        if cursor.is_none() {
            return pages;
        }
    }
}

fn bytes(dataset: &Dataset, rows: &[StoredRow]) -> usize {
    let row = |it: &StoredRow| row_bytes(dataset, it.cells.iter().map(|it| it.value()));
    rows.iter().map(row).sum()
}

fn filters(dataset: &Dataset) -> [Filter; 2] {
    let mut narrow = Filter::default();
    let names = Names(dataset);
    let number = names.find("number__gte").unwrap();
    names.add(&mut narrow, number, "0").unwrap();
    [Filter::default(), narrow]
}

#[tokio::test]
async fn a_page_ends_where_the_answer_is_full() {
    let fixture = Fixture::new().await;
    for (dataset, values) in datasets() {
        make(&fixture, &dataset).await;
        let owner = Uuid::new_v4();
        import(&fixture, owner, &dataset, values, ROWS).await;
        widen(&fixture, &dataset, BYTES, "true").await;
        for filter in filters(&dataset) {
            let pages = walk(&fixture, owner, &dataset, &filter, None).await;
            let lengths: Vec<usize> = pages.iter().map(Vec::len).collect();
            assert_eq!(lengths, [FITTING, FITTING, FITTING, 1], "{}", dataset.name);
            let all = pages.concat();
            let mut positions: Vec<_> = all.iter().map(|it| it.position).collect();
            positions.dedup();
            assert_eq!(positions.len() as i64, ROWS);
            assert!(
                pages
                    .iter()
                    .all(|it| bytes(&dataset, it) <= ANSWER_BYTES_AT_MOST)
            );

            let last = Cursor {
                position: *positions.last().unwrap(),
                direction: Direction::Newer,
            };
            let mut back = walk(&fixture, owner, &dataset, &filter, Some(last)).await;
            assert!(back.iter().all(|it| it.len() <= FITTING));
            back.reverse();
            assert_eq!(back.concat(), all[..all.len() - 1]);
        }
        // A page by offset is whole, or says how many of its rows are.
        let fits = i64::try_from(FITTING).unwrap();
        let (count, found) = page(&fixture, owner, &dataset, fits).await.unwrap();
        assert_eq!((count, found.len()), (ROWS, FITTING));
        let refused = page(&fixture, owner, &dataset, fits + 1).await.unwrap_err();
        let Error::TooLarge { fitting, row } = refused else {
            panic!("{refused}");
        };
        assert_eq!(fitting, FITTING);
        assert!(row.is_some());
    }
}

#[tokio::test]
async fn a_row_that_no_answer_has_a_place_for_is_named() {
    let fixture = Fixture::new().await;
    for (dataset, values) in datasets() {
        make(&fixture, &dataset).await;
        let owner = Uuid::new_v4();
        import(&fixture, owner, &dataset, values, 3).await;
        // Two megabytes that are written with four bytes each.
        let quotes = format!(
            "UPDATE {} SET c2 = repeat('\"', 2000000) WHERE record = 2",
            dataset.table
        );
        fixture.execute(&quotes, &[]).await;
        let refused = page(&fixture, owner, &dataset, 100).await.unwrap_err();
        assert!(matches!(refused, Error::TooLarge { .. }), "{refused}");
        let everything = Filter::default();
        let mut cursor = None;
        let row = loop {
            let ask = async |client: &mut Client| {
                let at_most = AtMost::rows(100);
                rows::page_at(client, owner, &dataset, &everything, cursor, at_most).await
            };
            match fixture.ask(ask).await {
                Ok(page) => cursor = page.older,
                Err(Error::TooLarge { fitting: 0, row }) => break row.unwrap(),
                Err(other) => panic!("{other}"),
            }
            assert!(cursor.is_some(), "the row is met before the end");
        };
        assert_eq!(row.record, 2);
    }
}

#[tokio::test]
async fn groups_of_long_values_are_refused_with_how_many_fit() {
    let fixture = Fixture::new().await;
    let (dataset, values) = datasets().remove(0);
    make(&fixture, &dataset).await;
    let owner = Uuid::new_v4();
    import(&fixture, owner, &dataset, values, ROWS).await;
    let long = format!(
        "UPDATE {} SET c2 = repeat('x', 300000) || record",
        dataset.table
    );
    fixture.execute(&long, &[]).await;
    let everything = Filter::default();
    let dataset = Arc::new(dataset);
    let groups = async |limit: i64| {
        let ask = async |client: &mut Client| {
            rows::summary(
                client,
                owner,
                &dataset,
                By::Column(1),
                &everything,
                limit,
                0,
            )
            .await
        };
        fixture.ask(ask).await
    };
    let Err(Error::TooLarge { fitting, row: None }) = groups(1_000).await else {
        panic!("they are too many");
    };
    assert_eq!(fitting, 17);
    let (count, found) = groups(17).await.unwrap();
    assert_eq!((count, found.len()), (ROWS, 17));
    assert!(groups(18).await.is_err());
}
