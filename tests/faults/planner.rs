//! Planner and workers at different speeds, and planners that die.

use domain::import::{State, Step};
use domain::limits::PLANNER_SILENT_AFTER;
use domain::plan::{Chunk, Start};
use jiff::Timestamp;
use postgres::{chunks, finishing, imports, planning};

use crate::fixture::database::{
    BAD_PER_CHUNK, DATASETS, Fixture, GOOD_PER_CHUNK, OUT_AT_MOST, TOKEN, Upload, VISIBILITY,
    Worker,
};

/// The plan is complete and every chunk done: the token is answered and the rows appear.
async fn assert_completes(fixture: &Fixture, upload: &Upload, token: &str) {
    assert_eq!(upload.next_step(fixture).await, Step::AnswerToken);
    let client = fixture.connection().await;
    let finishing = finishing::begin(&client, upload.uid).await.unwrap();
    assert_eq!(finishing.unwrap().task_token.as_deref(), Some(token));
    assert_eq!(upload.seen(fixture).await, 0, "not before it is proved");
    let completed = upload.complete(fixture).await;
    let chunks = i64::from(upload.file.total());
    assert_eq!(completed.state, State::Completed);
    assert_eq!(completed.rows_imported, chunks * GOOD_PER_CHUNK);
    assert_eq!(completed.rows_rejected, chunks * BAD_PER_CHUNK);
    assert_eq!(completed.bytes_done, upload.file.size());
    assert_eq!(upload.seen(fixture).await, completed.rows_imported);
    assert_eq!(upload.next_step(fixture).await, Step::Nothing);
}

async fn add(fixture: &Fixture, upload: &Upload, chunk: &Chunk) {
    let added = upload
        .add_chunks(fixture, std::slice::from_ref(chunk))
        .await;
    assert!(added.is_some());
}

#[tokio::test]
async fn one_chunk_file_is_done_before_it_is_planned() {
    let fixture = Fixture::new().await;
    for dataset in DATASETS {
        let upload = fixture.planning(dataset, 1).await;
        add(&fixture, &upload, &upload.file.chunks[0]).await;
        assert_eq!(upload.hand_out(&fixture).await, [0]);
        let counted = upload.store(&fixture, 0).await;
        assert_eq!((counted.chunks_done, counted.chunks_total), (1, None));
        assert!(!counted.all_chunks_done(), "the plan is not complete");
        assert_eq!(upload.next_step(&fixture).await, Step::Nothing);
        let client = fixture.connection().await;
        let early = finishing::begin(&client, upload.uid).await.unwrap();
        assert!(early.is_none());

        let ended = upload.end_plan(&fixture, &[]).await.unwrap();
        assert!(ended.all_chunks_done(), "the planner sees it is the last");
        assert_completes(&fixture, &upload, TOKEN).await;
    }
}

/// As the planner does it: the only chunk is committed together with the end of the plan.
#[tokio::test]
async fn one_chunk_file_is_planned_at_once() {
    let fixture = Fixture::new().await;
    for dataset in DATASETS {
        let upload = fixture.planned(dataset, 1).await;
        assert_eq!(upload.next_step(&fixture).await, Step::HandOut);
        assert_eq!(upload.hand_out(&fixture).await, [0]);
        let counted = upload.store(&fixture, 0).await;
        assert!(counted.all_chunks_done(), "the worker sees it is the last");
        assert_completes(&fixture, &upload, TOKEN).await;
    }
}

#[tokio::test]
async fn planner_slower_than_the_workers() {
    let fixture = Fixture::new().await;
    for dataset in DATASETS {
        let upload = fixture.planning(dataset, 3).await;
        for chunk in &upload.file.chunks {
            assert_eq!(upload.next_step(&fixture).await, Step::Nothing);
            add(&fixture, &upload, chunk).await;
            assert_eq!(upload.next_step(&fixture).await, Step::HandOut);
            assert_eq!(upload.hand_out(&fixture).await, [chunk.number]);
            let counted = upload.store(&fixture, chunk.number).await;
            assert!(!counted.all_chunks_done());
        }
        let ended = upload.end_plan(&fixture, &[]).await.unwrap();
        assert!(ended.all_chunks_done());
        assert_completes(&fixture, &upload, TOKEN).await;
    }
}

#[tokio::test]
async fn planner_faster_than_the_workers() {
    let fixture = Fixture::new().await;
    for dataset in DATASETS {
        let upload = fixture.planned(dataset, 3).await;
        assert_eq!(upload.hand_out(&fixture).await, [0, 1, 2]);
        for number in [2, 0, 1] {
            assert_eq!(upload.next_step(&fixture).await, Step::Nothing);
            let counted = upload.store(&fixture, number).await;
            assert_eq!(counted.all_chunks_done(), number == 1, "the last one out");
        }
        assert_completes(&fixture, &upload, TOKEN).await;
    }
}

/// The last worker commits while the planner is about to store how many chunks there are. One of
/// the two sees that all are done, no matter which is first.
#[tokio::test]
async fn last_worker_and_planner_at_once() {
    let fixture = Fixture::new().await;
    for round in 0..10 {
        let upload = fixture.planning(DATASETS[round % DATASETS.len()], 1).await;
        add(&fixture, &upload, &upload.file.chunks[0]).await;
        upload.hand_out(&fixture).await;
        let (counted, ended) =
            tokio::join!(upload.store(&fixture, 0), upload.end_plan(&fixture, &[]));
        let saw = [counted.all_chunks_done(), ended.unwrap().all_chunks_done()];
        assert_eq!(saw.iter().filter(|it| **it).count(), 1, "{saw:?}");
        assert_completes(&fixture, &upload, TOKEN).await;
    }
}

#[tokio::test]
async fn planner_killed_between_commit_and_hand_out() {
    let fixture = Fixture::new().await;
    for dataset in DATASETS {
        let upload = fixture.planning(dataset, 4).await;
        let planned = &upload.file.chunks[..2];
        assert!(upload.add_chunks(&fixture, planned).await.is_some());
        assert_eq!(upload.next_step(&fixture).await, Step::HandOut);
        assert_eq!(upload.hand_out(&fixture).await, [0, 1]);
        upload.store(&fixture, 0).await;
        let silent = Timestamp::now() + PLANNER_SILENT_AFTER;
        let step = upload.next_step_at(&fixture, silent).await;
        assert_eq!(step, Step::ReplaceExecution);

        let last = successor_begins(&fixture, &upload).await;
        assert_eq!(last, upload.file.chunks[1]);
        let rest = upload.file.plan_from(Start::after(&last));
        assert_eq!(rest, upload.file.chunks[2..], "the same plan");
        assert!(upload.end_plan(&fixture, &rest).await.is_some());
        assert_eq!(upload.hand_out(&fixture).await, [2, 3]);
        for number in [1, 2, 3] {
            upload.store(&fixture, number).await;
        }
        assert_completes(&fixture, &upload, "token-2").await;
    }
}

/// Raises the run, and checks that the statements of the old planner find no row any more.
async fn successor_begins(fixture: &Fixture, upload: &Upload) -> Chunk {
    let mut client = fixture.connection().await;
    let old = upload.import(&client).await;
    let raised = imports::raise_run(&client, upload.uid, old.run).await;
    let raised = raised.unwrap().expect("once per run");
    assert_eq!((raised.run, raised.task_token.as_deref()), (2, None));
    let again = imports::raise_run(&client, upload.uid, old.run).await;
    assert!(again.unwrap().is_none(), "only once per run");

    let next = &upload.file.chunks[2..3];
    let added = planning::add_chunks(&mut client, &old, next).await;
    assert!(added.unwrap().is_none());
    let ended = planning::end_plan(&mut client, &old, next, 3).await;
    assert!(ended.unwrap().is_none());
    let begun = planning::begin(&client, upload.uid, 1, TOKEN).await;
    assert!(begun.unwrap().is_none());
    assert_eq!(
        upload.chunks(fixture).await,
        2,
        "the old planner has stored nothing"
    );

    let begun = planning::begin(&client, upload.uid, 2, "token-2").await;
    assert!(begun.unwrap().is_some());
    let last = planning::last_chunk(&client, upload.id).await.unwrap();
    last.expect("two chunks are planned")
}

/// A successor that plans a chunk again changes nothing about it, receipt included.
#[tokio::test]
async fn a_chunk_planned_twice_stays_as_it_is() {
    let fixture = Fixture::new().await;
    let upload = fixture.planning("team", 2).await;
    add(&fixture, &upload, &upload.file.chunks[0]).await;
    upload.hand_out(&fixture).await;
    upload.store(&fixture, 0).await;
    let ended = upload.end_plan(&fixture, &upload.file.chunks).await;
    assert_eq!(ended.unwrap().chunks_done, 1);
    assert_eq!(upload.receipts(&fixture).await, 1);
    assert_eq!(upload.hand_out(&fixture).await, [1]);
}

#[tokio::test]
async fn a_planner_of_a_cancelled_import_finds_no_row() {
    let fixture = Fixture::new().await;
    let upload = fixture.planning("team", 2).await;
    let mut client = fixture.connection().await;
    let import = upload.import(&client).await;
    imports::cancel(&client, upload.owner, "team", upload.number)
        .await
        .unwrap();
    let chunks = &upload.file.chunks;
    let look = &upload.file.look;
    let (uid, run) = (upload.uid, import.run);
    let begun = planning::begin(&client, uid, run, TOKEN).await;
    assert!(begun.unwrap().is_none());
    let stored = planning::store_heading(&client, uid, run, &look.reading, &look.heading).await;
    assert!(stored.unwrap().is_none());
    let added = planning::add_chunks(&mut client, &import, chunks).await;
    assert!(added.unwrap().is_none());
    let ended = planning::end_plan(&mut client, &import, chunks, 2).await;
    assert!(ended.unwrap().is_none());
    assert_eq!(upload.chunks(&fixture).await, 0);
    assert!(upload.hand_out(&fixture).await.is_empty());
}

/// A hand-out that runs after the cancel returns no chunk and marks no chunk as queued.
#[tokio::test]
async fn chunks_of_a_cancelled_import_are_not_handed_out() {
    let fixture = Fixture::new().await;
    let upload = fixture.planned("team", 2).await;
    let mut client = fixture.connection().await;
    imports::cancel(&client, upload.owner, "team", upload.number)
        .await
        .unwrap();
    let given = chunks::hand_out(&mut client, VISIBILITY, OUT_AT_MOST)
        .await
        .unwrap();
    assert!(given.is_empty());
    let sql = "SELECT count(*) FROM import_chunk WHERE queued_at IS NOT NULL";
    assert_eq!(fixture.number(sql, &[]).await, 0);
    let mut worker = Worker::new(&fixture, &upload, 0).await;
    assert!(worker.run().await.is_err());
}
