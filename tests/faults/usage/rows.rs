//! Rows are judged when they are to appear.

use domain::quota::Exceeded;
use postgres::finishing::Finished;

use super::*;
use crate::fixture::database::TestFile;

const OF_ONE: i64 = 2 * GOOD_PER_CHUNK;

fn room_for(imports: i64) -> Quotas {
    Quotas::UNLIMITED.with(Quota::RowsStored, imports * OF_ONE)
}

async fn finishing(fixture: &Fixture, owner: Uuid, dataset: &str) -> Upload {
    let upload = fixture.awaiting_of(owner, dataset, 2, None).await;
    upload.finish_chunks(fixture).await;
    upload
}

/// An import that was created, to be stored.
fn upload(created: Created, of: &Upload) -> Upload {
    let import = match created {
        Created::Import(import) => import,
        other => panic!("{other:?}"),
    };
    Upload {
        file: TestFile::of(of.file.dataset.clone(), 2),
        owner: of.owner,
        uid: import.uid,
        id: import.id,
        number: import.number,
    }
}

fn exceeded(finished: Finished) -> Exceeded {
    match finished {
        Finished::OverQuota(exceeded) => exceeded,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_import_without_room_for_its_rows_does_not_complete() {
    let fixture = Fixture::new().await;
    for dataset in DATASETS {
        let owner = Uuid::new_v4();
        let first = finishing(&fixture, owner, dataset).await;
        let finished = first.finish_within(&fixture, room_for(1)).await;
        assert!(matches!(finished, Finished::Completed(_)), "{finished:?}");
        let second = finishing(&fixture, owner, dataset).await;
        let refused = exceeded(second.finish_within(&fixture, room_for(1)).await);
        assert_eq!(
            (refused.used, refused.wanted, refused.allowed),
            (OF_ONE, OF_ONE, OF_ONE)
        );
        assert_eq!(used(&fixture, owner).await.rows_stored, OF_ONE);
        let client = fixture.connection().await;
        assert_eq!(second.import(&client).await.state, State::Finishing);
        // The first is taken back: from its cancel on there is room, though its rows are there still.
        let number = first.number;
        imports::cancel(&client, owner, dataset, number)
            .await
            .unwrap();
        let finished = second.finish_within(&fixture, room_for(1)).await;
        assert!(matches!(finished, Finished::Completed(_)), "{finished:?}");
        assert_counted(&fixture, dataset).await;
        // Another file is not begun while there is room for none of its rows.
        let third = NewImport {
            quotas: room_for(2),
            ..second.next()
        };
        assert_eq!(over(&create(&fixture, &third).await), Quota::RowsStored);
        assert!(roll_back(&client, &first).await.is_some());
        let created = create(&fixture, &third).await;
        assert!(matches!(created, Created::Import(_)), "{created:?}");
    }
}

#[tokio::test]
async fn of_two_that_finish_at_once_one_has_room() {
    let fixture = Fixture::new().await;
    for _ in 0..5 {
        let owner = Uuid::new_v4();
        let one = finishing(&fixture, owner, "team").await;
        let other = finishing(&fixture, owner, "team").await;
        let (one, other) = tokio::join!(
            one.finish_within(&fixture, room_for(1)),
            other.finish_within(&fixture, room_for(1)),
        );
        let both = [one, other];
        let completed = both
            .iter()
            .filter(|it| matches!(it, Finished::Completed(_)));
        assert_eq!(completed.count(), 1, "{both:?}");
        assert_eq!(used(&fixture, owner).await.rows_stored, OF_ONE);
    }
}

/// A corrected file takes the place of the first one where there is room for one of them.
#[tokio::test]
async fn a_swap_needs_room_for_what_it_adds() {
    let fixture = Fixture::new().await;
    let owner = Uuid::new_v4();
    let old = finishing(&fixture, owner, "team").await;
    old.complete(&fixture).await;
    let full = NewImport {
        quotas: room_for(1),
        ..old.next()
    };
    assert_eq!(over(&create(&fixture, &full).await), Quota::RowsStored);
    let replacement = NewImport {
        replaces: Some(old.number),
        quotas: room_for(1),
        ..old.next()
    };
    let new = upload(create(&fixture, &replacement).await, &old);
    new.finish_chunks(&fixture).await;
    let finished = new.finish_within(&fixture, room_for(1)).await;
    assert!(matches!(finished, Finished::Completed(_)), "{finished:?}");
    let usage = used(&fixture, owner).await;
    assert_eq!((usage.rows_stored, usage.rows_leaving), (OF_ONE, OF_ONE));
    assert_counted(&fixture, "swapped").await;
}

/// Corrections of one file in turn: each takes as many rows back as it stores.
#[tokio::test]
async fn swaps_in_turn_wait_for_what_is_taken_back() {
    let fixture = Fixture::new().await;
    for dataset in DATASETS {
        let owner = Uuid::new_v4();
        let one = finishing(&fixture, owner, dataset).await;
        one.complete(&fixture).await;
        let instead_of = |it: &Upload| NewImport {
            replaces: Some(it.number),
            quotas: room_for(1),
            ..it.next()
        };
        let two = upload(create(&fixture, &instead_of(&one)).await, &one);
        two.finish_chunks(&fixture).await;
        two.complete(&fixture).await;
        let Created::OverQuota(full) = create(&fixture, &instead_of(&two)).await else {
            panic!("the rows of the first are there still");
        };
        assert_eq!((full.quota, full.used), (Quota::RowsStored, OF_ONE));
        assert!(full.leaving);
        // Nor does a validation store its rows beside them.
        let validation = NewImport {
            validate_only: true,
            quotas: room_for(1),
            ..two.next()
        };
        let refused = create(&fixture, &validation).await;
        assert_eq!(over(&refused), Quota::RowsStored);
        assert_eq!(used(&fixture, owner).await.imports_open, 0);
        let client = fixture.connection().await;
        assert!(roll_back(&client, &one).await.is_some());
        let three = upload(create(&fixture, &instead_of(&two)).await, &two);
        assert!(three.number > two.number);
        assert_counted(&fixture, dataset).await;
    }
}

/// A limit was lowered below what there is: a file that takes the place of another is refused for
/// what it adds alone.
#[tokio::test]
async fn a_swap_that_adds_nothing_is_no_matter_of_the_limit() {
    let fixture = Fixture::new().await;
    let owner = Uuid::new_v4();
    let old = finishing(&fixture, owner, "team").await;
    old.complete(&fixture).await;
    let other = finishing(&fixture, owner, "team").await;
    other.complete(&fixture).await;
    let replacement = || NewImport {
        replaces: Some(old.number),
        quotas: room_for(1),
        ..old.next()
    };
    let larger = Upload {
        file: TestFile::of(old.file.dataset.clone(), 3),
        ..upload(create(&fixture, &replacement()).await, &old)
    };
    larger.finish_chunks(&fixture).await;
    let refused = exceeded(larger.finish_within(&fixture, room_for(1)).await);
    let rows = 3 * GOOD_PER_CHUNK;
    assert_eq!((refused.used, refused.wanted), (OF_ONE, rows));
    let client = fixture.connection().await;
    imports::cancel(&client, owner, "team", larger.number)
        .await
        .unwrap();
    assert!(roll_back(&client, &larger).await.is_some());
    let same = upload(create(&fixture, &replacement()).await, &old);
    same.finish_chunks(&fixture).await;
    let finished = same.finish_within(&fixture, room_for(1)).await;
    assert!(matches!(finished, Finished::Completed(_)), "{finished:?}");
    let usage = used(&fixture, owner).await;
    assert_eq!(
        (usage.rows_stored, usage.rows_leaving),
        (2 * OF_ONE, OF_ONE)
    );
    assert_counted(&fixture, "swapped over the limit").await;
}

/// 1 is completed, and 2 was to take its place and failed. What takes the place of 2, or reads its
/// original again, takes that of 1: it adds no rows.
#[tokio::test]
async fn what_corrects_a_failed_correction_swaps_as_it_did() {
    let fixture = Fixture::new().await;
    for retries in [false, true] {
        let owner = Uuid::new_v4();
        let one = finishing(&fixture, owner, "team").await;
        one.complete(&fixture).await;
        let two = fixture
            .awaiting_of(owner, "team", 2, Some(one.number))
            .await;
        two.finish_chunks(&fixture).await;
        let client = fixture.connection().await;
        imports::fail(&client, two.uid, &Reason::ChunkFailed)
            .await
            .unwrap();
        assert!(roll_back(&client, &two).await.is_some());
        let again = NewImport {
            replaces: (!retries).then_some(two.number),
            retry_of: retries.then_some(two.number),
            quotas: room_for(1),
            ..two.next()
        };
        let three = upload(create(&fixture, &again).await, &two);
        three.finish_chunks(&fixture).await;
        let finished = three.finish_within(&fixture, room_for(1)).await;
        assert!(matches!(finished, Finished::Completed(_)), "{finished:?}");
        let usage = used(&fixture, owner).await;
        assert_eq!((usage.rows_stored, usage.rows_leaving), (OF_ONE, OF_ONE));
        assert_counted(&fixture, "swapped").await;
    }
}
