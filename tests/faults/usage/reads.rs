//! How many requests of an owner are answered at the same moment.

use domain::catalog::TEAM;
use domain::filter::{Filter, Names};
use postgres::Error;
use postgres::rows::{self, By, Reader};

use super::*;
use crate::fixture::database::pid;

/// A request that is being answered: it holds a place until its transaction ends.
async fn hold(client: &Client, owner: Uuid, place: i32) {
    client.batch_execute("BEGIN").await.unwrap();
    let take = "SELECT pg_advisory_xact_lock(hashtext($1::uuid::text), $2)";
    client.execute(take, &[&owner, &place]).await.unwrap();
}

async fn page(fixture: &Fixture, owner: Uuid, at_once: i64) -> Result<i64, Error> {
    let reader = Reader {
        owner,
        at_once: Some(at_once),
    };
    let all = Filter::default();
    let page = async |client: &mut Client| rows::page(client, reader, &TEAM, &all, 10, 0).await;
    fixture.ask(page).await.map(|it| it.0)
}

async fn at_this_moment(fixture: &Fixture, owner: Uuid) -> i64 {
    let count = async |client: &mut Client| rows::reading(client, owner).await;
    fixture.ask(count).await.unwrap()
}

#[tokio::test]
async fn as_many_reads_are_answered_at_once_as_may_be() {
    let fixture = Fixture::new().await;
    let upload = fixture.completed("team", 1).await;
    let owner = upload.owner;
    let (one, other) = (fixture.connection().await, fixture.connection().await);
    hold(&one, owner, 1).await;
    assert_eq!(page(&fixture, owner, 2).await.unwrap(), GOOD_PER_CHUNK);
    hold(&other, owner, 2).await;
    assert_eq!(at_this_moment(&fixture, owner).await, 2);
    let refused = page(&fixture, owner, 2).await;
    assert!(
        matches!(refused, Err(Error::TooManyReads { at_once: 2 })),
        "{refused:?}"
    );
    let reader = Reader {
        owner,
        at_once: Some(2),
    };
    let all = Filter::default();
    let sums = async |client: &mut Client| {
        rows::summary(client, reader, &TEAM, By::Column(0), &all, 10, 0).await
    };
    let refused = fixture.ask(sums).await;
    assert!(
        matches!(refused, Err(Error::TooManyReads { .. })),
        "{refused:?}"
    );
    // Nobody else is held up, and a place that is free is found.
    let stranger = fixture.completed("team", 1).await;
    assert_eq!(
        page(&fixture, stranger.owner, 2).await.unwrap(),
        GOOD_PER_CHUNK
    );
    one.batch_execute("COMMIT").await.unwrap();
    assert_eq!(page(&fixture, owner, 2).await.unwrap(), GOOD_PER_CHUNK);
    assert_eq!(at_this_moment(&fixture, owner).await, 1);
}

/// Rows that are tried one by one for an export cost a session as those of a page do.
#[tokio::test]
async fn an_export_whose_rows_are_counted_takes_a_place() {
    let fixture = Fixture::new().await;
    let upload = fixture.completed("team", 1).await;
    let owner = upload.owner;
    let reader = Reader {
        owner,
        at_once: Some(1),
    };
    let names = Names(&TEAM);
    let mut named = Filter::default();
    let parameter = names.find("team_name").unwrap();
    names.add(&mut named, parameter, "Owls").unwrap();
    let mut client = fixture.connection().await;
    let other = fixture.connection().await;
    hold(&other, owner, 1).await;
    let refused = exports::pin(&mut client, reader, &TEAM, &named, false).await;
    assert!(
        matches!(refused, Err(Error::TooManyReads { at_once: 1 })),
        "{refused:?}"
    );
    // The session goes on, and what is known without a look at rows needs no place.
    let all = Filter::default();
    let pinned = exports::pin(&mut client, reader, &TEAM, &all, false).await;
    assert_eq!(pinned.unwrap().estimate.rows, GOOD_PER_CHUNK);
    other.batch_execute("COMMIT").await.unwrap();
    let pinned = exports::pin(&mut client, reader, &TEAM, &named, false).await;
    assert!(pinned.unwrap().estimate.exact);
    assert_eq!(at_this_moment(&fixture, owner).await, 0);
}

/// A function that is killed leaves no place taken.
#[tokio::test]
async fn the_place_of_a_session_that_ends_is_free() {
    let fixture = Fixture::new().await;
    let upload = fixture.completed("team", 1).await;
    let owner = upload.owner;
    let client = fixture.connection().await;
    hold(&client, owner, 1).await;
    assert!(page(&fixture, owner, 1).await.is_err());
    let gone = pid(&client).await;
    fixture
        .execute("SELECT pg_terminate_backend($1)", &[&gone])
        .await;
    fixture.wait_until_gone(gone).await;
    assert_eq!(page(&fixture, owner, 1).await.unwrap(), GOOD_PER_CHUNK);
}
