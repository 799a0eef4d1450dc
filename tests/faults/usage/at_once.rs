//! Many requests at once: each finds what the ones before it have taken.

use domain::catalog::BASELINE;
use domain::filter::Filter;
use futures_util::future::join_all;
use postgres::exports::{Created as CreatedExport, NewExport};
use postgres::imports::Idempotency;

use super::*;

const MANY: usize = 50;

/// Asks for them all at once.
async fn created(fixture: &Fixture, all: &[NewImport]) -> Vec<Created> {
    let ask = all.iter().map(async |new| {
        let mut client = fixture.connection().await;
        imports::create(&mut client, new).await.unwrap()
    });
    join_all(ask).await
}

fn made(created: &[Created]) -> usize {
    created
        .iter()
        .filter(|it| matches!(it, Created::Import(_)))
        .count()
}

#[tokio::test]
async fn fifty_imports_at_once_are_as_many_as_may_be() {
    let fixture = Fixture::with_sessions(56).await;
    let owner = Uuid::new_v4();
    let new = || NewImport {
        quotas: Quotas::default().with(Quota::ImportsOpen, 7),
        ..new_import(owner, "team")
    };
    let all: Vec<NewImport> = (0..MANY).map(|_| new()).collect();
    let created = created(&fixture, &all).await;
    assert_eq!(made(&created), 7);
    let refused = created
        .iter()
        .filter(|it| !matches!(it, Created::Import(_)));
    assert!(refused.into_iter().all(|it| over(it) == Quota::ImportsOpen));
    assert_eq!(used(&fixture, owner).await.imports_open, 7);
    assert_counted(&fixture, "fifty at once").await;
}

#[tokio::test]
async fn fifty_files_at_once_have_as_many_bytes_as_may_be() {
    let fixture = Fixture::with_sessions(56).await;
    let owner = Uuid::new_v4();
    let new = || NewImport {
        object_size: 10,
        quotas: Quotas::UNLIMITED.with(Quota::BytesStored, 95),
        ..new_import(owner, "team")
    };
    let all: Vec<NewImport> = (0..MANY).map(|_| new()).collect();
    assert_eq!(made(&created(&fixture, &all).await), 9);
    assert_eq!(used(&fixture, owner).await.bytes_under_way, 90);
}

/// One owner's are refused, and no other waits or is counted for them.
#[tokio::test]
async fn the_limit_is_each_owners_own() {
    let fixture = Fixture::with_sessions(56).await;
    let owners = [Uuid::new_v4(), Uuid::new_v4()];
    let new = |turn: usize| NewImport {
        quotas: Quotas::default().with(Quota::ImportsOpen, 3),
        ..new_import(owners[turn % 2], "team")
    };
    let all: Vec<NewImport> = (0..MANY).map(new).collect();
    assert_eq!(made(&created(&fixture, &all).await), 6);
    for owner in owners {
        assert_eq!(used(&fixture, owner).await.imports_open, 3);
    }
}

/// The request that took the last place, sent again, is not told that there is none.
#[tokio::test]
async fn the_last_place_is_asked_for_twice() {
    let fixture = Fixture::with_sessions(24).await;
    let owner = Uuid::new_v4();
    let keyed = || NewImport {
        idempotency: Some(Idempotency {
            key: "k".into(),
            fingerprint: vec![1; 32],
        }),
        quotas: Quotas::default().with(Quota::ImportsOpen, 1),
        ..new_import(owner, "team")
    };
    let all: Vec<NewImport> = (0..20).map(|_| keyed()).collect();
    let created = created(&fixture, &all).await;
    let again = created.iter().filter(|it| matches!(it, Created::Again(_)));
    assert_eq!((made(&created), again.count()), (1, 19));
}

#[tokio::test]
async fn fifty_exports_at_once_are_as_many_as_may_be() {
    let fixture = Fixture::with_sessions(56).await;
    let upload = fixture.completed("baseline", 1).await;
    let owner = upload.owner;
    for (quota, at_most) in [
        (Quota::ExportsUnfinished, 5),
        (Quota::ExportsKept, 8),
        (Quota::ExportsADay, 11),
    ] {
        let quotas = Quotas::UNLIMITED.with(quota, at_most);
        let ask = (0..MANY).map(async |_| {
            let mut client = fixture.connection().await;
            let new = NewExport {
                quotas,
                ..crate::fixture::database::new_export(owner, None)
            };
            let all = Filter::default();
            let pinned = exports::pin(&mut client, owner, &BASELINE, &all, false);
            let pinned = pinned.await.unwrap();
            exports::create(&mut client, &new, &pinned).await.unwrap()
        });
        for created in join_all(ask).await {
            match created {
                CreatedExport::Export(_) => {}
                CreatedExport::OverQuota(exceeded) => assert_eq!(exceeded.quota, quota),
                other => panic!("{other:?}"),
            }
        }
        let usage = used(&fixture, owner).await;
        assert_eq!(usage.of(quota), Some(at_most));
    }
    assert_counted(&fixture, "exports at once").await;
}

/// Imports that take one another's places, and that end in the same moment, lock imports and what
/// their owner has in one order: none is ever the victim of a deadlock.
#[tokio::test]
async fn replacements_and_ends_at_once_lock_in_one_order() {
    let fixture = Fixture::with_sessions(20).await;
    for _ in 0..10 {
        let owner = Uuid::new_v4();
        let mut uploads = Vec::new();
        for _ in 0..4 {
            uploads.push(fixture.awaiting_of(owner, "team", 1, None).await);
        }
        let replaced = uploads.iter().map(async |it| {
            let new = NewImport {
                replaces: Some(it.number),
                ..it.next()
            };
            let mut client = fixture.connection().await;
            imports::create(&mut client, &new).await.unwrap();
        });
        let cancelled = uploads.iter().map(async |it| {
            let client = fixture.connection().await;
            imports::cancel(&client, owner, "team", it.number)
                .await
                .unwrap();
        });
        let failed = uploads.iter().map(async |it| {
            let client = fixture.connection().await;
            let reason = Reason::UploadExpired;
            imports::fail(&client, it.uid, &reason).await.unwrap();
        });
        tokio::join!(join_all(replaced), join_all(cancelled), join_all(failed));
        assert_counted(&fixture, "replaced and ended").await;
    }
}
