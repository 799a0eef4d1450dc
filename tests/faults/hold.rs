//! A failed import that waits to be resumed from its receipts.

use domain::import::{State, Step as Next};
use domain::limits::RUNS_AT_MOST;
use domain::reason::{Reason, Subject};
use jiff::{SignedDuration, Timestamp};
use postgres::imports::{self, Asked, Created};
use postgres::{chunks, planning, upkeep};

use crate::fixture::database::{DATASETS, Fixture, GOOD_PER_CHUNK, Upload, new_import, roll_back};

fn lost() -> Reason {
    Reason::ExecutionLost(Subject::Import)
}

/// An import that failed when half of its chunks were stored. Its user had asked to hold it.
async fn held(fixture: &Fixture, dataset: &str) -> Upload {
    let upload = fixture.import(dataset, 4).await;
    upload.store(fixture, 0).await;
    upload.store(fixture, 1).await;
    let holds = "UPDATE import SET on_failure = 'hold' WHERE id = $1";
    fixture.execute(holds, &[&upload.id]).await;
    let fail = async |client: &mut _| imports::fail(client, upload.uid, &lost()).await;
    let failed = fixture.ask(fail).await.unwrap().unwrap();
    assert_eq!((failed.state, failed.goal), (State::Held, None));
    assert_eq!(failed.error, Some((&lost()).into()));
    assert!(failed.hold_expires_at.is_some());
    upload
}

async fn resume(fixture: &Fixture, upload: &Upload) -> Asked {
    let (owner, dataset) = (upload.owner, upload.dataset().name.as_str());
    let resume =
        async |client: &mut _| imports::resume(client, owner, dataset, upload.number).await;
    fixture.ask(resume).await.unwrap()
}

#[tokio::test]
async fn a_held_import_shows_no_rows_and_takes_no_chunk() {
    let fixture = Fixture::new().await;
    for dataset in DATASETS {
        let upload = held(&fixture, dataset).await;
        assert_eq!(upload.rows(&fixture).await, 2 * GOOD_PER_CHUNK);
        assert_eq!(upload.seen(&fixture).await, 0);
        let mut client = fixture.connection().await;
        let claim = chunks::count_attempt(&mut client, upload.uid, 2).await;
        assert!(matches!(
            claim.unwrap(),
            chunks::Claim::Not(chunks::Unclaimed::NotWanted)
        ));
        assert!(upload.hand_out_after(&fixture, 0).await.is_empty());
    }
}

/// First its execution is stopped, then it waits, then it is rolled back.
#[tokio::test]
async fn a_hold_ends_at_its_deadline() {
    let fixture = Fixture::new().await;
    let upload = held(&fixture, "team").await;
    let client = fixture.connection().await;
    assert_eq!(upload.next_step(&fixture).await, Next::Release);
    assert!(
        upkeep::unfinished(&client)
            .await
            .unwrap()
            .contains(&upload.uid)
    );
    let import = upload.import(&client).await;
    imports::release(&client, &import).await.unwrap().unwrap();
    assert_eq!(upload.next_step(&fixture).await, Next::Nothing);
    assert!(
        !upkeep::unfinished(&client)
            .await
            .unwrap()
            .contains(&upload.uid)
    );
    let late = Timestamp::now() + SignedDuration::from_hours(25);
    assert_eq!(upload.next_step_at(&fixture, late).await, Next::EndHold);
    assert!(
        imports::end_hold(&client, &import).await.unwrap().is_none(),
        "too early"
    );
    let over = "UPDATE import SET hold_expires_at = now() WHERE id = $1";
    fixture.execute(over, &[&upload.id]).await;
    assert!(
        upkeep::unfinished(&client)
            .await
            .unwrap()
            .contains(&upload.uid)
    );
    let ended = imports::end_hold(&client, &import).await.unwrap().unwrap();
    assert_eq!(
        (ended.state, ended.error),
        (State::RollingBack, Some((&lost()).into()))
    );
    let failed = roll_back(&client, &upload).await.unwrap();
    assert_eq!(failed.state, State::Failed);
    assert_eq!(upload.rows(&fixture).await, 0);
}

#[tokio::test]
async fn a_held_import_goes_on_from_its_receipts() {
    let fixture = Fixture::new().await;
    for dataset in DATASETS {
        let upload = held(&fixture, dataset).await;
        let tried = "UPDATE import_chunk SET attempts = 5 WHERE import_id = $1 AND done_at IS NULL";
        fixture.execute(tried, &[&upload.id]).await;
        let spent = "UPDATE import SET run = $2 WHERE id = $1";
        fixture.execute(spent, &[&upload.id, &RUNS_AT_MOST]).await;
        let Asked::Done(resumed) = resume(&fixture, &upload).await else {
            panic!("a held import may be resumed");
        };
        assert_eq!((resumed.run, resumed.runs_used()), (RUNS_AT_MOST + 1, 1));
        assert_eq!((resumed.state, resumed.error), (State::Importing, None));
        assert_eq!((resumed.task_token, resumed.hold_expires_at), (None, None));
        for number in [2, 3] {
            assert_eq!(upload.attempts(&fixture, number).await, 0);
        }
        assert_eq!(upload.next_step(&fixture).await, Next::HandOut);
        assert_eq!(
            upload.hand_out(&fixture).await,
            [2, 3],
            "chunks 0 and 1 have receipts"
        );
        assert_eq!(upload.next_step(&fixture).await, Next::StartExecution);
        let begun = fixture.ask(async |client: &mut _| {
            planning::begin(client, upload.uid, resumed.run, "token-6").await
        });
        assert!(begun.await.unwrap().is_some());
        upload.store(&fixture, 2).await;
        assert!(upload.store(&fixture, 3).await.all_chunks_done());
        assert_eq!(upload.next_step(&fixture).await, Next::AnswerToken);
        assert_eq!(upload.rows(&fixture).await, 4 * GOOD_PER_CHUNK);
    }
}

/// A planner of the failed run comes back after the resume, when another run has begun.
#[tokio::test]
async fn a_late_planner_of_the_failed_run_finds_no_row() {
    let fixture = Fixture::new().await;
    let upload = held(&fixture, "team").await;
    assert!(matches!(resume(&fixture, &upload).await, Asked::Done(_)));
    let late = async |client: &mut _| planning::begin(client, upload.uid, 1, "token-1").await;
    assert!(fixture.ask(late).await.unwrap().is_none());
}

/// One baseline may be active at a time: the unique index decides.
#[tokio::test]
async fn a_held_baseline_is_not_resumed_while_another_is_active() {
    let fixture = Fixture::new().await;
    let upload = held(&fixture, "baseline").await;
    let new = new_import(upload.owner, "baseline");
    let created = fixture.ask(async |client: &mut _| imports::create(client, &new).await);
    let Created::Import(other) = created.await.unwrap() else {
        panic!("a held baseline does not count as active");
    };
    assert!(matches!(
        resume(&fixture, &upload).await,
        Asked::AnotherActive
    ));
    let (owner, number) = (upload.owner, other.number);
    let cancel = async |client: &mut _| imports::cancel(client, owner, "baseline", number).await;
    assert!(matches!(fixture.ask(cancel).await.unwrap(), Asked::Done(_)));
    assert!(matches!(resume(&fixture, &upload).await, Asked::Done(_)));
}

/// A worker that was at its chunk all the time stores it, once.
#[tokio::test]
async fn a_worker_from_before_the_hold_stores_its_chunk_once() {
    use crate::fixture::database::{Worker, WorkerStep};
    let fixture = Fixture::new().await;
    let upload = fixture.import("team", 2).await;
    let holds = "UPDATE import SET on_failure = 'hold' WHERE id = $1";
    fixture.execute(holds, &[&upload.id]).await;
    let mut slow = Worker::new(&fixture, &upload, 0).await;
    slow.run_until(WorkerStep::Receipt).await.unwrap();
    let fail = async |client: &mut _| imports::fail(client, upload.uid, &lost()).await;
    assert!(fixture.ask(fail).await.unwrap().is_some());
    assert!(matches!(resume(&fixture, &upload).await, Asked::Done(_)));
    slow.run().await.unwrap();
    upload.store(&fixture, 1).await;
    assert_eq!(upload.receipts(&fixture).await, 2);
    assert_eq!(upload.rows(&fixture).await, 2 * GOOD_PER_CHUNK);
}
