//! Whoever is late for a dataset that was dropped meets nothing of a later one of the same name.

use domain::import::State;
use postgres::copy::{RowBuffer, RowSink};
use postgres::datasets::{self, DropBegun, DropEnded};
use postgres::{imports, rollback};
use uuid::Uuid;

use super::sweep;
use crate::fixture::database::{
    FIELDS, Fixture, GOOD_PER_CHUNK, Turned, Upload, Worker, WorkerStep, delete_rows, roll_back,
};

/// Deletes the import to the end, whatever a worker still holds.
async fn delete(fixture: &Fixture, upload: &Upload) {
    let client = fixture.connection().await;
    let dataset = upload.dataset().name.as_str();
    let asked = imports::delete(&client, upload.owner, dataset, upload.number).await;
    asked.unwrap();
    let ended = roll_back(&client, upload).await.expect("nothing is left");
    assert_eq!(ended.state, State::Deleted);
}

#[tokio::test]
async fn a_late_worker_rollback_and_sweep_meet_nothing_of_a_later_dataset() {
    let fixture = Fixture::new().await;
    for late_after in [
        WorkerStep::CountAttempt,
        WorkerStep::Claim,
        WorkerStep::Copy,
        WorkerStep::Receipt,
    ] {
        let owner = Uuid::new_v4();
        let old = fixture.declared(owner, &FIELDS).await;
        let id = old.id.unwrap();
        let upload = fixture.awaiting_in(owner, old.clone(), 1, None).await;
        upload.arrive(&fixture).await;
        let mut late = Worker::new(&fixture, &upload, 0).await;
        late.run_until(late_after)
            .await
            .expect("nothing stops it yet");

        // Deleted, marked and declared anew: the new one has rows of its own.
        delete(&fixture, &upload).await;
        let mut client = fixture.connection().await;
        let begun = datasets::begin_drop(&mut client, owner, "visits", None, false).await;
        assert_eq!(begun.unwrap(), DropBegun::Marked(id));
        let new = fixture.declared(owner, &FIELDS).await;
        assert_ne!(new.table, old.table);
        let next = fixture.awaiting_in(owner, new, 2, None).await;
        next.finish_chunks(&fixture).await;
        next.complete(&fixture).await;
        sweep(&fixture, &upload).await;

        // The late worker holds the old table if it has copied, and is turned away in any case.
        let ended = datasets::end_drop(&mut client, id).await.unwrap();
        let holds_the_table = late_after.taken() >= WorkerStep::Copy.taken();
        let expected = if holds_the_table {
            DropEnded::Busy
        } else {
            DropEnded::Gone
        };
        assert_eq!(ended, expected, "{late_after:?}");
        turned_away(&mut late, &upload, late_after).await;
        drop(late);
        assert_eq!(
            datasets::end_drop(&mut client, id).await.unwrap(),
            DropEnded::Gone
        );

        // A rollback and a sweep that come once more.
        let import = upload.import(&client).await;
        assert!(!rollback::forget_errors(&client, &import).await.unwrap());
        rollback::forget_plan(&client, &import).await.unwrap();
        let again = rollback::slice_end(&client, &import, &upload.table(), None).await;
        assert!(again.unwrap().is_none(), "it has no table, and so no row");
        assert_eq!(
            next.rows(&fixture).await,
            2 * GOOD_PER_CHUNK,
            "{late_after:?}"
        );
        assert_eq!(
            fixture.dataset_tables().await.last(),
            Some(&next.dataset().table)
        );
    }
}

async fn turned_away(late: &mut Worker<'_>, upload: &Upload, after: WorkerStep) {
    if after == WorkerStep::Claim {
        // It has the chunk, and the table is gone: it tries again and claims nothing then.
        let buffer = RowBuffer::default();
        let copy = RowSink::open(&late.client, upload.dataset(), upload.id, buffer).await;
        let refused = copy.err().unwrap().to_string();
        assert!(refused.contains("does not exist"), "{refused}");
        return;
    }
    let turned = late.run().await;
    match after {
        WorkerStep::CountAttempt => assert!(matches!(turned, Err(Turned::Away(_))), "{turned:?}"),
        _ => assert!(matches!(turned, Err(Turned::AtTheFence)), "{turned:?}"),
    }
}

/// Rows of a deleted import are looked for in the table it was of, never by name.
#[tokio::test]
async fn a_rollback_that_goes_on_after_the_mark_deletes_the_old_rows() {
    let fixture = Fixture::new().await;
    let owner = Uuid::new_v4();
    let old = fixture.declared(owner, &FIELDS).await;
    let upload = fixture.awaiting_in(owner, old, 2, None).await;
    upload.finish_chunks(&fixture).await;
    upload.complete(&fixture).await;
    let mut client = fixture.connection().await;
    imports::delete(&client, owner, "visits", upload.number)
        .await
        .unwrap();
    let begun = datasets::begin_drop(&mut client, owner, "visits", None, false)
        .await
        .unwrap();
    assert!(matches!(begun, DropBegun::Marked(_)));
    let new = fixture.declared(owner, &FIELDS).await;
    let next = fixture.awaiting_in(owner, new, 1, None).await;
    next.finish_chunks(&fixture).await;
    next.complete(&fixture).await;
    let import = upload.import(&client).await;
    let pinned = datasets::of_import(&client, &import).await;
    assert_eq!(*pinned.unwrap(), *upload.dataset());
    delete_rows(&client, &upload).await;
    assert_eq!(upload.rows(&fixture).await, 0);
    assert_eq!(next.rows(&fixture).await, GOOD_PER_CHUNK);
}
