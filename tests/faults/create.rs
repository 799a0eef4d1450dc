//! Many requests at once. Some come twice, some name an import of another user.

use domain::import::Import;
use futures_util::future::join_all;
use postgres::Client;
use postgres::imports::{self, Asked, Created, Idempotency, NewImport};
use uuid::Uuid;

use crate::fixture::database::{DATASETS, Fixture, new_import, new_import_of};

async fn create(client: &mut Client, new: &NewImport) -> Created {
    imports::create(client, new).await.unwrap()
}

fn import(created: Created) -> Import {
    match created {
        Created::Import(import) => *import,
        other => panic!("{other:?}"),
    }
}

async fn with_key(fixture: &Fixture, owner: Uuid, dataset: &str, fingerprint: &[u8]) -> NewImport {
    let idempotency = Idempotency {
        key: "key".into(),
        fingerprint: fingerprint.into(),
    };
    NewImport {
        idempotency: Some(idempotency),
        ..new_import_of(owner, fixture.dataset(owner, dataset).await)
    }
}

#[tokio::test]
async fn numbers_count_per_owner_and_dataset() {
    let fixture = Fixture::new().await;
    let mut client = fixture.connection().await;
    let (one, other) = (Uuid::new_v4(), Uuid::new_v4());
    let wanted = [
        (one, "team", 1),
        (one, "team", 2),
        (other, "team", 1),
        (one, "baseline", 1),
        (one, "team", 3),
        (other, "baseline", 1),
        (other, "team", 2),
    ];
    for (owner, dataset, number) in wanted {
        let created = create(&mut client, &new_import(owner, dataset)).await;
        assert_eq!(import(created).number, number);
    }
}

#[tokio::test]
async fn each_number_is_given_once_when_many_ask_at_once() {
    let fixture = Fixture::with_sessions(24).await;
    let owner = Uuid::new_v4();
    let created = join_all((0..20).map(|_| async {
        let new = new_import(owner, "team");
        import(create(&mut *fixture.connection().await, &new).await).number
    }));
    let mut numbers = created.await;
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=20).collect::<Vec<i32>>());
}

#[tokio::test]
async fn fifty_baselines_at_once_become_one() {
    let fixture = Fixture::with_sessions(56).await;
    let owner = Uuid::new_v4();
    let created = join_all((0..50).map(|_| async {
        let new = new_import(owner, "baseline");
        create(&mut *fixture.connection().await, &new).await
    }));
    let created = created.await;
    let made = created.iter().filter(|it| matches!(it, Created::Import(_)));
    let refused = created
        .iter()
        .filter(|it| matches!(it, Created::AnotherActive));
    assert_eq!((made.count(), refused.count()), (1, 49));
    let sql = "SELECT count(*) FROM import";
    assert_eq!(fixture.number(sql, &[]).await, 1);
    let sql = "SELECT last::bigint FROM import_number";
    assert_eq!(fixture.number(sql, &[]).await, 1, "no number is lost");
}

#[tokio::test]
async fn the_same_key_with_the_same_request() {
    let fixture = Fixture::new().await;
    let mut client = fixture.connection().await;
    for dataset in DATASETS {
        let owner = Uuid::new_v4();
        let first = import(
            create(
                &mut client,
                &with_key(&fixture, owner, dataset, b"one").await,
            )
            .await,
        );
        let again = create(
            &mut client,
            &with_key(&fixture, owner, dataset, b"one").await,
        )
        .await;
        let Created::Again(again) = again else {
            panic!("{again:?}");
        };
        assert_eq!(again.uid, first.uid);
        let reused = create(
            &mut client,
            &with_key(&fixture, owner, dataset, b"two").await,
        )
        .await;
        assert!(matches!(reused, Created::KeyReused), "{reused:?}");
        let stranger = with_key(&fixture, Uuid::new_v4(), dataset, b"two").await;
        import(create(&mut client, &stranger).await);
    }
}

#[tokio::test]
async fn the_same_key_at_once() {
    let fixture = Fixture::with_sessions(24).await;
    for dataset in DATASETS {
        let owner = Uuid::new_v4();
        let created = join_all((0..20).map(|_| async {
            let new = with_key(&fixture, owner, dataset, b"one").await;
            match create(&mut *fixture.connection().await, &new).await {
                Created::Import(import) => (true, import.uid),
                Created::Again(import) => (false, import.uid),
                other => panic!("{dataset}: {other:?}"),
            }
        }));
        let created = created.await;
        assert_eq!(created.iter().filter(|(new, _)| *new).count(), 1);
        assert!(created.iter().all(|(_, uid)| *uid == created[0].1));
    }
}

#[tokio::test]
async fn the_same_key_at_once_with_other_requests() {
    let fixture = Fixture::with_sessions(24).await;
    for dataset in DATASETS {
        let owner = Uuid::new_v4();
        let created = join_all((0..20u8).map(async |request| {
            let new = with_key(&fixture, owner, dataset, &[request]).await;
            create(&mut *fixture.connection().await, &new).await
        }));
        let created = created.await;
        let made = created.iter().filter(|it| matches!(it, Created::Import(_)));
        let reused = created.iter().filter(|it| matches!(it, Created::KeyReused));
        assert_eq!((made.count(), reused.count()), (1, 19), "{dataset}");
    }
}

#[tokio::test]
async fn a_foreign_import_is_not_found() {
    let fixture = Fixture::new().await;
    for dataset in DATASETS {
        let upload = fixture.import(dataset, 1).await;
        let mut client = fixture.connection().await;
        let before = upload.import(&client).await;
        let (stranger, number) = (Uuid::new_v4(), upload.number);

        let found = imports::by_number(&client, stranger, dataset, number).await;
        assert!(found.unwrap().is_none());
        let asked = [
            imports::cancel(&client, stranger, dataset, number).await,
            imports::delete(&client, stranger, dataset, number).await,
            imports::pause(&client, stranger, dataset, number).await,
            imports::resume(&client, stranger, dataset, number).await,
        ];
        for asked in asked {
            assert!(matches!(asked.unwrap(), Asked::NotFound));
        }
        let states = domain::import::State::ALL;
        let listed = imports::list(&mut client, stranger, dataset, states, 30, 0).await;
        assert_eq!(listed.unwrap().0, 0);
        assert_eq!(upload.import(&client).await, before, "nothing has changed");
    }
}

#[tokio::test]
async fn an_import_of_the_other_dataset_is_not_found() {
    let fixture = Fixture::new().await;
    let upload = fixture.import("team", 1).await;
    let client = fixture.connection().await;
    let asked = imports::cancel(&client, upload.owner, "baseline", upload.number).await;
    assert!(matches!(asked.unwrap(), Asked::NotFound));
}
