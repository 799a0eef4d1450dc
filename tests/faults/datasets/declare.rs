use futures_util::future::join_all;
use postgres::Client;
use postgres::datasets::{self, DropBegun, Put};
use postgres::imports::{self, Created};
use uuid::Uuid;

use super::entry;
use crate::fixture::database::{FIELDS, Fixture, MORE_FIELDS, new_import_of, new_version, put};

#[tokio::test]
async fn the_same_again_changes_nothing() {
    let fixture = Fixture::new().await;
    let owner = Uuid::new_v4();
    let mut client = fixture.connection().await;
    let new = new_version(owner, "visits", &FIELDS);
    let Put::Declared(first) = put(&mut client, &new).await else {
        panic!("it is new");
    };
    assert_eq!((first.version, first.made), (1, false));
    assert_eq!(first.column_numbers, [1, 2, 3]);
    let again = put(&mut client, &new).await;
    assert_eq!(again, Put::Unchanged(first));
    assert_eq!(
        fixture.dataset_tables().await,
        [""; 0],
        "nothing was imported"
    );
}

#[tokio::test]
async fn of_many_that_declare_at_once_one_is_first() {
    let fixture = Fixture::with_sessions(12).await;
    let owner = Uuid::new_v4();
    let new = new_version(owner, "visits", &FIELDS);
    let asked = (0..10).map(|_| async {
        let mut client = fixture.connection().await;
        put(&mut client, &new).await
    });
    let answers = join_all(asked).await;
    let first = answers.iter().filter(|it| matches!(it, Put::Declared(_)));
    assert_eq!(first.count(), 1, "{answers:?}");
    let ids: Vec<i64> = answers.into_iter().map(|it| entry(it).id).collect();
    assert!(ids.iter().all(|id| *id == ids[0]));
    assert_eq!(
        fixture
            .number("SELECT count(*) FROM dataset_version", &[])
            .await,
        1
    );
}

#[tokio::test]
async fn another_owners_dataset_is_not_there() {
    let fixture = Fixture::new().await;
    let (owner, other) = (Uuid::new_v4(), Uuid::new_v4());
    let visits = fixture.declared(owner, &FIELDS).await;
    let mut client = fixture.connection().await;

    let found = datasets::find(&client, other, "visits").await;
    assert_eq!(found.unwrap(), None);
    let listed = datasets::list(&client, other, 10, 0).await.unwrap();
    assert_eq!(listed, (0, vec![]));
    let shown = datasets::version(&client, other, "visits", None).await;
    assert_eq!(shown.unwrap(), None);
    let dropped = datasets::begin_drop(&mut client, other, "visits", None, false).await;
    assert_eq!(dropped.unwrap(), DropBegun::NotFound);
    let created = imports::create(&mut client, &new_import_of(other, visits.clone())).await;
    assert!(matches!(created.unwrap(), Created::NotFound));
    let pinned = datasets::pinned(&client, other, "visits", visits.declared()).await;
    let refused = pinned.unwrap_err().to_string();
    assert!(refused.ends_with("it is not there"), "{refused}");

    // The same name of the other is another dataset.
    let theirs = fixture.declared(other, &MORE_FIELDS).await;
    assert_ne!((theirs.id, &theirs.table), (visits.id, &visits.table));
    assert_eq!(fixture.visits(owner).await, Some(visits));
}

#[tokio::test]
async fn a_dataset_is_listed_and_shown_in_each_version() {
    let fixture = Fixture::new().await;
    let owner = Uuid::new_v4();
    let mut client = fixture.connection().await;
    for name in ["visits", "b", "a"] {
        put(&mut client, &new_version(owner, name, &FIELDS)).await;
    }
    let evolved = new_version(owner, "visits", &MORE_FIELDS);
    assert_eq!(entry(put(&mut client, &evolved).await).version, 2);
    let (count, page) = datasets::list(&client, owner, 2, 0).await.unwrap();
    let names: Vec<&str> = page.iter().map(|it| it.name.as_str()).collect();
    assert_eq!((count, names), (3, vec!["a", "b"]));
    let first = new_version(owner, "visits", &FIELDS).document;
    for (version, expected) in [
        (None, Some((2, &evolved.document))),
        (Some(1), Some((1, &first))),
        (Some(2), Some((2, &evolved.document))),
        (Some(3), None),
    ] {
        let shown = datasets::version(&client, owner, "visits", version).await;
        let shown = shown.unwrap();
        let shown = shown.as_ref().map(|it| (it.version, &it.document));
        assert_eq!(shown, expected, "{version:?}");
    }
}

/// A declaration that is changed between the look at it and the import.
#[tokio::test]
async fn an_import_begins_with_the_current_version() {
    let fixture = Fixture::new().await;
    let owner = Uuid::new_v4();
    let first = fixture.declared(owner, &FIELDS).await;
    let second = fixture.declared(owner, &MORE_FIELDS).await;
    let create = async |dataset| {
        let new = new_import_of(owner, dataset);
        let create = async |client: &mut Client| imports::create(client, &new).await.unwrap();
        fixture.ask(create).await
    };
    let created = create(first).await;
    assert!(matches!(created, Created::DatasetChanged), "{created:?}");
    let Created::Import(import) = create(second.clone()).await else {
        panic!("it is the current version");
    };
    assert_eq!((import.declared, import.number), (second.declared(), 1));
}

#[tokio::test]
async fn an_import_keeps_the_version_it_was_asked_for() {
    let fixture = Fixture::new().await;
    let owner = Uuid::new_v4();
    let first = fixture.declared(owner, &FIELDS).await;
    let upload = fixture.awaiting_in(owner, first.clone(), 1, None).await;
    super::set_state(&fixture, &upload, "cancelled").await;
    let second = fixture.declared(owner, &MORE_FIELDS).await;
    assert_ne!(first, second);
    let of_import = async |client: &mut Client| {
        let import = upload.import(client).await;
        datasets::of_import(client, &import).await.unwrap()
    };
    assert_eq!(fixture.ask(of_import).await, first);
}

#[tokio::test]
async fn one_at_a_time_holds_for_a_declared_dataset() {
    let fixture = Fixture::new().await;
    let owner = Uuid::new_v4();
    let visits = fixture.declared(owner, &FIELDS).await;
    let mut one_at_a_time = (*visits).clone();
    one_at_a_time.one_at_a_time = true;
    let new = || new_import_of(owner, one_at_a_time.clone().into());
    let mut client = fixture.connection().await;
    let first = imports::create(&mut client, &new()).await.unwrap();
    assert!(matches!(first, Created::Import(_)), "{first:?}");
    let second = imports::create(&mut client, &new()).await.unwrap();
    assert!(matches!(second, Created::AnotherActive), "{second:?}");
    let active = imports::active(&client, owner, "visits").await.unwrap();
    assert_eq!(active.map(|it| it.number), Some(1));
    // Of another dataset, and of one that is imported as often as one likes.
    let team = crate::fixture::database::new_import(owner, "team");
    for other in [new_import_of(owner, visits), team] {
        let created = imports::create(&mut client, &other).await.unwrap();
        assert!(matches!(created, Created::Import(_)), "{created:?}");
    }
}
