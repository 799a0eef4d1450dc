//! An open import that is replaced is cancelled in the commit that creates the new one: what it frees
//! is free for that.

use super::*;

/// A file of so many bytes in the place of the import, of an owner with one place and so much room.
fn instead_of(
    owner: Uuid,
    number: i32,
    object_size: i64,
    [under_way, stored]: [i64; 2],
) -> NewImport {
    NewImport {
        replaces: Some(number),
        object_size,
        quotas: Quotas::UNLIMITED
            .with(Quota::ImportsOpen, 1)
            .with(Quota::BytesUnderWay, under_way)
            .with(Quota::BytesStored, stored),
        ..new_import(owner, "team")
    }
}

fn number(created: &Created) -> i32 {
    match created {
        Created::Import(import) => import.number,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_last_place_goes_to_what_replaces_the_import_that_has_it() {
    let fixture = Fixture::new().await;
    let owner = Uuid::new_v4();
    let first = NewImport {
        object_size: 10,
        ..new_import(owner, "team")
    };
    let first = number(&create(&fixture, &first).await);
    let beside = NewImport {
        replaces: None,
        ..instead_of(owner, first, 1, [20, 20])
    };
    let refused = create(&fixture, &beside).await;
    assert_eq!(over(&refused), Quota::ImportsOpen);
    for (room, quota) in [
        ([10, 11], Quota::BytesUnderWay),
        ([11, 10], Quota::BytesStored),
    ] {
        let larger = instead_of(owner, first, 11, room);
        let refused = create(&fixture, &larger).await;
        assert_eq!(over(&refused), quota);
    }
    assert_eq!(used(&fixture, owner).await.bytes_under_way, 10);
    let second = number(&create(&fixture, &instead_of(owner, first, 10, [10, 10])).await);
    let usage = used(&fixture, owner).await;
    assert_eq!((usage.imports_open, usage.bytes_under_way), (1, 10));
    assert_eq!(usage.bytes_stored, 0);
    // A limit below what there is takes nothing away.
    let third = number(&create(&fixture, &instead_of(owner, second, 10, [5, 5])).await);
    assert!(third > second);
    assert_counted(&fixture, "replaced").await;
}

/// A file that has come is kept for a retry, and counts until it is removed.
#[tokio::test]
async fn a_file_that_has_come_needs_its_room_after_it_was_replaced() {
    let fixture = Fixture::new().await;
    let upload = fixture.pinned("team", 1).await;
    let (owner, size) = (upload.owner, upload.file.size());
    let instead = |stored| instead_of(owner, upload.number, size, [size, stored]);
    let refused = create(&fixture, &instead(2 * size - 1)).await;
    assert_eq!(over(&refused), Quota::BytesStored);
    number(&create(&fixture, &instead(2 * size)).await);
    let usage = used(&fixture, owner).await;
    assert_eq!((usage.imports_open, usage.bytes_under_way), (1, size));
    assert_eq!(usage.bytes_stored, size);
    assert_counted(&fixture, "replaced").await;
}
