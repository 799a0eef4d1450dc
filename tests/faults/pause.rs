//! Pause and resume.

use domain::import::{State, Step as Next};
use jiff::{SignedDuration, Timestamp};
use postgres::chunks::{self, Unclaimed};
use postgres::finishing;
use postgres::imports::{self, Asked};

use crate::fixture::database::{
    DATASETS, Fixture, GOOD_PER_CHUNK, Turned, Upload, Worker, WorkerStep,
};

async fn pause(fixture: &Fixture, upload: &Upload) -> Asked {
    let client = fixture.connection().await;
    let (owner, dataset) = (upload.owner, upload.dataset().name.as_str());
    imports::pause(&client, owner, dataset, upload.number)
        .await
        .unwrap()
}

async fn resume(fixture: &Fixture, upload: &Upload) -> Asked {
    let client = fixture.connection().await;
    let (owner, dataset) = (upload.owner, upload.dataset().name.as_str());
    imports::resume(&client, owner, dataset, upload.number)
        .await
        .unwrap()
}

fn state(asked: Asked) -> State {
    match asked {
        Asked::Done(import) => import.state,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_running_chunk_commits_and_no_other_begins() {
    let fixture = Fixture::new().await;
    for dataset in DATASETS {
        for stopped_at in [WorkerStep::Claim, WorkerStep::Receipt, WorkerStep::Fence] {
            let upload = fixture.import(dataset, 3).await;
            let mut running = Worker::new(&fixture, &upload, 0).await;
            running.run_until(stopped_at).await.unwrap();
            if stopped_at == WorkerStep::Fence {
                running.run().await.unwrap();
                assert_eq!(state(pause(&fixture, &upload).await), State::Paused);
            } else {
                assert_eq!(state(pause(&fixture, &upload).await), State::Paused);
                running.run().await.unwrap();
            }
            assert_eq!(upload.rows(&fixture).await, GOOD_PER_CHUNK);
            assert_no_other_begins(&fixture, &upload).await;
        }
    }
}

async fn assert_no_other_begins(fixture: &Fixture, upload: &Upload) {
    let mut other = Worker::new(fixture, upload, 1).await;
    let turned = other.run().await.unwrap_err();
    assert!(
        matches!(turned, Turned::Away(Unclaimed::Paused)),
        "{turned:?}"
    );
    assert_eq!(upload.attempts(fixture, 1).await, 0);
    chunks::put_back(&other.client, upload.uid, 1)
        .await
        .unwrap();
    assert!(upload.hand_out(fixture).await.is_empty());
    assert!(upload.hand_out_after(fixture, 0).await.is_empty());
    assert_eq!(upload.next_step(fixture).await, Next::Nothing);

    assert_eq!(state(resume(fixture, upload).await), State::Importing);
    assert_eq!(upload.next_step(fixture).await, Next::HandOut);
    assert_eq!(upload.hand_out(fixture).await, [1], "chunk 2 is still out");
    upload.store(fixture, 2).await;
    let last = upload.store(fixture, 1).await;
    assert!(last.all_chunks_done());
}

#[tokio::test]
async fn a_pause_after_the_last_chunk_keeps_the_token_unanswered() {
    let fixture = Fixture::new().await;
    let upload = fixture.import("team", 1).await;
    upload.store(&fixture, 0).await;
    assert_eq!(state(pause(&fixture, &upload).await), State::Paused);
    assert_eq!(upload.next_step(&fixture).await, Next::Nothing);
    let client = fixture.connection().await;
    let early = finishing::begin(&client, upload.uid).await.unwrap();
    assert!(early.is_none());
    assert_eq!(state(resume(&fixture, &upload).await), State::Importing);
    assert_eq!(upload.next_step(&fixture).await, Next::AnswerToken);
}

#[tokio::test]
async fn a_pause_after_finishing_began_is_too_late() {
    let fixture = Fixture::new().await;
    for dataset in DATASETS {
        let upload = fixture.finishing(dataset, 1).await;
        let asked = pause(&fixture, &upload).await;
        assert!(
            matches!(asked, Asked::WrongState(State::Finishing)),
            "{asked:?}"
        );
        upload.complete(&fixture).await;
    }
}

#[tokio::test]
async fn only_a_paused_import_is_resumed() {
    let fixture = Fixture::new().await;
    let upload = fixture.import("team", 1).await;
    let asked = resume(&fixture, &upload).await;
    assert!(
        matches!(asked, Asked::WrongState(State::Importing)),
        "{asked:?}"
    );
    let awaiting = fixture.awaiting("team", 1).await;
    let asked = pause(&fixture, &awaiting).await;
    assert!(
        matches!(asked, Asked::WrongState(State::AwaitingUpload)),
        "{asked:?}"
    );
}

#[tokio::test]
async fn resume_goes_back_to_planning_if_no_chunk_was_ever_handed_out() {
    let fixture = Fixture::new().await;
    let upload = fixture.planned("team", 2).await;
    pause(&fixture, &upload).await;
    assert_eq!(state(resume(&fixture, &upload).await), State::Planning);
}

/// A worker has put back the only chunk that was out. It was handed out nevertheless.
#[tokio::test]
async fn resume_goes_on_importing_if_a_chunk_was_ever_handed_out() {
    let fixture = Fixture::new().await;
    let upload = fixture.import("team", 1).await;
    pause(&fixture, &upload).await;
    let client = fixture.connection().await;
    chunks::put_back(&client, upload.uid, 0).await.unwrap();
    assert_eq!(state(resume(&fixture, &upload).await), State::Importing);
    assert_eq!(upload.next_step(&fixture).await, Next::HandOut);
}

/// A planner goes on while the import is paused; what it plans waits.
#[tokio::test]
async fn a_planner_goes_on_while_paused() {
    let fixture = Fixture::new().await;
    let upload = fixture.planning("team", 2).await;
    pause(&fixture, &upload).await;
    let ended = upload.end_plan(&fixture, &upload.file.chunks).await;
    assert_eq!(ended.unwrap().state, State::Paused);
    assert!(upload.hand_out(&fixture).await.is_empty());
    assert_eq!(state(resume(&fixture, &upload).await), State::Planning);
    assert_eq!(upload.hand_out(&fixture).await, [0, 1]);
}

#[tokio::test]
async fn a_pause_ends_at_its_deadline() {
    let fixture = Fixture::new().await;
    let upload = fixture.import("team", 1).await;
    pause(&fixture, &upload).await;
    let late = Timestamp::now() + SignedDuration::from_hours(25);
    let step = upload.next_step_at(&fixture, late).await;
    assert!(
        matches!(&step, Next::Fail(reason) if reason.code() == "pause_expired"),
        "{step:?}"
    );
}
