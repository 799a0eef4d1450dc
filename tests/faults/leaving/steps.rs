//! Whoever ends an owner dies between any two steps: nothing has happened, or the rest is done later.

use postgres::{Error, leaving};
use uuid::Uuid;

use super::{Owner, begin, count, emptied, forget, go_their_way, take_back};
use crate::fixture::database::{Fixture, pid, within};

/// What is done, up to a statement that waits for a lock of somebody else.
async fn dies_at(
    fixture: &Fixture,
    lock: &str,
    work: impl AsyncFnOnce(&mut postgres::Client) -> Result<(), Error>,
) {
    let holder = fixture.connection().await;
    let holder_pid = pid(&holder).await;
    holder
        .batch_execute(&format!("BEGIN; {lock}"))
        .await
        .unwrap();
    let mut client = fixture.connection().await;
    let dies = async {
        let pid = fixture.who_waits_for(holder_pid).await;
        let ended = "SELECT pg_terminate_backend($1)::integer::bigint";
        assert_eq!(fixture.number(ended, &[&pid]).await, 1);
    };
    let (died, ()) = within(async { tokio::join!(work(&mut *client), dies) }).await;
    assert!(died.unwrap_err().is_transient(), "{lock}");
    holder.batch_execute("ROLLBACK").await.unwrap();
}

/// An owner who has left, of whom nothing is left but entries.
async fn gone(fixture: &Fixture) -> Owner {
    let all = Owner::new(fixture).await;
    begin(fixture, all.owner).await;
    take_back(fixture, all.owner).await;
    go_their_way(fixture, &all).await;
    all
}

/// What an owner has, as somebody sees it who asks now.
async fn there(fixture: &Fixture, owner: Uuid) -> [i64; 4] {
    let mut all = [0; 4];
    for (count, sql) in all.iter_mut().zip([
        "SELECT count(*) FROM owner_end WHERE owner = $1",
        "SELECT count(*) FROM import WHERE owner = $1 AND goal IS DISTINCT FROM 'deleted'",
        "SELECT count(*) FROM export WHERE owner = $1 AND goal IS DISTINCT FROM 'deleted'",
        "SELECT count(*) FROM dataset WHERE owner = $1 AND state = 'live'",
    ]) {
        *count = fixture.number(sql, &[&owner]).await;
    }
    all
}

#[tokio::test]
async fn an_end_that_dies_before_its_commit_has_not_begun() {
    let fixture = Fixture::new().await;
    let all = Owner::new(&fixture).await;
    let owner = all.owner;
    for lock in [
        format!("SELECT FROM owner_usage WHERE owner = '{owner}' FOR UPDATE"),
        "LOCK TABLE owner_end IN SHARE MODE".to_owned(),
    ] {
        dies_at(&fixture, &lock, async |client| {
            leaving::begin(client, owner, super::USER, jiff::Timestamp::UNIX_EPOCH).await
        })
        .await;
        assert_eq!(there(&fixture, owner).await, [0, 3, 1, 1], "{lock}");
    }
    begin(&fixture, owner).await;
    assert_eq!(there(&fixture, owner).await, [1, 3, 1, 1]);
}

#[tokio::test]
async fn a_take_back_that_dies_between_two_steps_has_deleted_nothing() {
    let fixture = Fixture::new().await;
    let all = Owner::new(&fixture).await;
    let owner = all.owner;
    begin(&fixture, owner).await;
    let first = all.completed[0].id;
    for lock in [
        format!("SELECT FROM dataset WHERE owner = '{owner}' FOR SHARE"),
        format!("SELECT FROM import WHERE id = {first} FOR SHARE"),
        format!("SELECT FROM export WHERE owner = '{owner}' FOR SHARE"),
        // After the datasets are marked, before the first import is deleted.
        format!("SELECT FROM owner_usage WHERE owner = '{owner}' FOR UPDATE"),
        // After everything is deleted, before it is noted.
        format!("SELECT FROM owner_end WHERE owner = '{owner}' FOR UPDATE"),
    ] {
        dies_at(&fixture, &lock, async |client| {
            leaving::take_back(client, owner).await.map(|_| ())
        })
        .await;
        assert_eq!(there(&fixture, owner).await, [1, 3, 1, 1], "{lock}");
    }
    take_back(&fixture, owner).await;
    assert_eq!(there(&fixture, owner).await, [1, 0, 0, 0]);
    finish(&fixture, &all).await;
}

#[tokio::test]
async fn a_count_that_dies_is_made_once_more() {
    let fixture = Fixture::new().await;
    let all = gone(&fixture).await;
    let owner = all.owner;
    let lock = format!("SELECT FROM owner_end WHERE owner = '{owner}' FOR UPDATE");
    dies_at(&fixture, &lock, async |client| {
        leaving::count(client, owner).await.map(|_| ())
    })
    .await;
    forget(&fixture, owner).await;
    let entries = "SELECT count(*) FROM import WHERE owner = $1";
    assert_eq!(
        fixture.number(entries, &[&owner]).await,
        3,
        "what is not counted is not forgotten"
    );
    finish(&fixture, &all).await;
}

#[tokio::test]
async fn a_forgetting_that_dies_between_two_steps_goes_on() {
    let fixture = Fixture::new().await;
    let all = gone(&fixture).await;
    let owner = all.owner;
    assert!(count(&fixture, owner).await);
    // Each lock lets it come one step further than the one before.
    for (lock, imports, exports) in [
        ("LOCK TABLE row_error IN SHARE MODE".to_owned(), 3, 1),
        ("LOCK TABLE import_event IN SHARE MODE".to_owned(), 3, 1),
        ("LOCK TABLE export_part IN SHARE MODE".to_owned(), 0, 1),
        (
            format!("SELECT FROM owner_usage WHERE owner = '{owner}' FOR UPDATE"),
            0,
            0,
        ),
        (
            format!("SELECT FROM owner_end WHERE owner = '{owner}' FOR UPDATE"),
            0,
            0,
        ),
    ] {
        dies_at(&fixture, &lock, async |client| {
            leaving::forget(client, owner).await
        })
        .await;
        let of = async |table: &str| {
            let sql = format!("SELECT count(*) FROM {table} WHERE owner = $1");
            fixture.number(&sql, &[&owner]).await
        };
        assert_eq!(
            (of("import").await, of("export").await),
            (imports, exports),
            "{lock}"
        );
        assert_eq!(of("owner_usage").await, 1, "{lock}");
        assert!(emptied(&fixture).await.is_empty(), "{lock}");
    }
    finish(&fixture, &all).await;
}

/// Whatever was done before, the same once more brings it to its end, with the same figures.
async fn finish(fixture: &Fixture, all: &Owner) {
    let owner = all.owner;
    for _ in 0..2 {
        begin(fixture, owner).await;
        take_back(fixture, owner).await;
        let there = "SELECT count(*) FROM import WHERE owner = $1 AND state <> 'deleted'";
        if fixture.number(there, &[&owner]).await > 0 {
            go_their_way(fixture, all).await;
        }
        count(fixture, owner).await;
        forget(fixture, owner).await;
    }
    let found = emptied(fixture).await;
    assert_eq!((found.len(), found[0].removed), (1, Owner::removed()));
    let ids: Vec<i64> = all.uploads().map(|it| it.id).collect();
    super::assert_nothing_left(fixture, owner, &ids, "at the end").await;
}
