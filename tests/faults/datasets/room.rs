//! There is room for so many datasets, and no race makes more of it.

use domain::limits::DATASETS_OF_AN_OWNER_AT_MOST;
use domain::quota::Quota;
use futures_util::future::join_all;
use postgres::Client;
use postgres::datasets::{DropBegun, DropEnded, NewVersion, Put, begin_drop, end_drop};
use uuid::Uuid;

use crate::fixture::database::{FIELDS, Fixture, new_version, put};

/// Where there is no room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Room {
    OfOwner,
    OfStack,
}

/// Entries of an owner as they would be after so many declarations.
async fn fill(fixture: &Fixture, owner: Uuid, entries: i64) {
    let insert = "INSERT INTO dataset (owner, name, column_numbers, column_types, columns_used) \
         SELECT $1, 'filled_' || n, '{1}', '{text}', 1 FROM generate_series(1, $2::bigint) AS n";
    fixture.execute(insert, &[&owner, &entries]).await;
}

/// Declares them all at once; how many were declared, and how many found no room.
async fn at_once(fixture: &Fixture, all: &[NewVersion]) -> (usize, Vec<Room>) {
    let asked = all.iter().map(|new| async {
        let mut client = fixture.connection().await;
        put(&mut client, new).await
    });
    let answers = join_all(asked).await;
    let declared = answers.iter().filter(|it| matches!(it, Put::Declared(_)));
    let full = answers.iter().filter_map(|it| match it {
        Put::NoRoom => Some(Room::OfStack),
        Put::OverQuota(exceeded) if exceeded.quota == Quota::Datasets => Some(Room::OfOwner),
        _ => None,
    });
    (declared.count(), full.collect())
}

#[tokio::test]
async fn the_last_place_of_an_owner_is_given_once() {
    let fixture = Fixture::new().await;
    let owner = Uuid::new_v4();
    fill(&fixture, owner, DATASETS_OF_AN_OWNER_AT_MOST - 1).await;
    let all: Vec<NewVersion> = ["a", "b", "c", "d", "e", "f"]
        .map(|name| new_version(owner, name, &FIELDS))
        .into();
    let (declared, full) = at_once(&fixture, &all).await;
    assert_eq!((declared, full), (1, vec![Room::OfOwner; 5]));
    let count = "SELECT count(*) FROM dataset WHERE owner = $1";
    let count = fixture.number(count, &[&owner]).await;
    assert_eq!(count, DATASETS_OF_AN_OWNER_AT_MOST);

    // Another owner has places, and this one has one again once a dataset is gone.
    let other = new_version(Uuid::new_v4(), "a", &FIELDS);
    assert_eq!(at_once(&fixture, &[other]).await.0, 1);
    let drop = async |client: &mut Client| {
        begin_drop(client, owner, "filled_1", None, false)
            .await
            .unwrap()
    };
    let DropBegun::Marked(id) = fixture.ask(drop).await else {
        panic!("it has no imports");
    };
    let again = [new_version(owner, "z", &FIELDS)];
    assert_eq!(at_once(&fixture, &again).await.1, [Room::OfOwner]);
    let end = async |client: &mut Client| end_drop(client, id).await.unwrap();
    assert_eq!(fixture.ask(end).await, DropEnded::Gone);
    assert_eq!(at_once(&fixture, &again).await.0, 1);
}

#[tokio::test]
async fn the_last_place_of_the_stack_is_given_once() {
    let fixture = Fixture::new().await;
    fill(&fixture, Uuid::new_v4(), 9).await;
    let of_new_owner = || NewVersion {
        stack_at_most: 10,
        ..new_version(Uuid::new_v4(), "visits", &FIELDS)
    };
    let all: Vec<NewVersion> = (0..6).map(|_| of_new_owner()).collect();
    let (declared, full) = at_once(&fixture, &all).await;
    assert_eq!((declared, full), (1, vec![Room::OfStack; 5]));
}

/// What is declared already may be declared again, and changed, where there is no room.
#[tokio::test]
async fn a_dataset_that_is_there_needs_no_room() {
    let fixture = Fixture::new().await;
    let owner = Uuid::new_v4();
    fixture.declared(owner, &FIELDS).await;
    fill(&fixture, owner, DATASETS_OF_AN_OWNER_AT_MOST).await;
    let again = NewVersion {
        stack_at_most: 1,
        ..new_version(owner, "visits", &FIELDS)
    };
    let answer = fixture.ask(async |client| put(client, &again).await).await;
    assert!(matches!(answer, Put::Unchanged(_)), "{answer:?}");
}
