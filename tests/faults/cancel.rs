//! A cancel or a delete between any two steps of the chunk transaction, in both orders.

use domain::import::State;
use postgres::Client;
use postgres::chunks::Unclaimed;
use postgres::finishing::{self, Judged};
use postgres::imports::{self, Asked};

use crate::fixture::database::{
    DATASETS, Fixture, GOOD_PER_CHUNK, Turned, Upload, Worker, WorkerStep, pid, roll_back, within,
};

/// What the user asks while a worker stores a chunk.
#[derive(Clone, Copy, Debug)]
enum Command {
    Cancel,
    /// An active baseline cannot be deleted, so it is cancelled first.
    Delete,
}

impl Command {
    async fn ask(self, client: &Client, upload: &Upload) {
        let (owner, dataset, number) =
            (upload.owner, upload.dataset().name.as_str(), upload.number);
        if matches!(self, Command::Cancel) || dataset == "baseline" {
            let cancelled = imports::cancel(client, owner, dataset, number).await;
            assert!(matches!(cancelled.unwrap(), Asked::Done(_)));
        }
        if matches!(self, Command::Delete) {
            let deleted = imports::delete(client, owner, dataset, number).await;
            assert!(matches!(deleted.unwrap(), Asked::Done(_)));
        }
    }

    fn end(self) -> State {
        match self {
            Command::Cancel => State::Cancelled,
            Command::Delete => State::Deleted,
        }
    }
}

/// Chunk 0 is stored. The command comes when the worker of chunk 1 has taken `steps` steps.
async fn between_steps(fixture: &Fixture, dataset: &str, steps: usize, command: Command) {
    let case = format!("{command:?} of a {dataset} after {steps} steps");
    let upload = fixture.import(dataset, 3).await;
    upload.store(fixture, 0).await;
    let mut worker = Worker::new(fixture, &upload, 1).await;
    worker.run_to(steps).await.unwrap();

    let past_fence = steps == WorkerStep::Fence.taken();
    let user = fixture.connection().await;
    let turned = if past_fence {
        command_waits_for_commit(fixture, &upload, command, &user, &mut worker).await
    } else {
        within(command.ask(&user, &upload)).await;
        assert_eq!(upload.seen(fixture).await, 0, "{case}");
        worker.run().await
    };
    assert_eq!(upload.seen(fixture).await, 0, "{case}");
    let committed = steps >= WorkerStep::Fence.taken();
    assert_eq!(turned.is_ok(), committed, "{case}: {turned:?}");
    if let Err(turned) = turned {
        assert_eq!(
            format!("{turned:?}"),
            format!("{:?}", expected(steps)),
            "{case}"
        );
    }
    let chunks = if committed { 2 } else { 1 };
    assert_rolled_back(fixture, &upload, command, chunks, &case).await;
}

fn expected(steps: usize) -> Turned {
    if steps <= WorkerStep::CountAttempt.taken() {
        Turned::Away(Unclaimed::NotWanted)
    } else {
        Turned::AtTheFence
    }
}

async fn command_waits_for_commit(
    fixture: &Fixture,
    upload: &Upload,
    command: Command,
    user: &Client,
    worker: &mut Worker<'_>,
) -> Result<(), Turned> {
    let (user_pid, worker_pid) = (pid(user).await, worker.pid().await);
    let (turned, ()) = tokio::join!(
        async {
            fixture.wait_until_blocked(user_pid, worker_pid).await;
            worker.run().await
        },
        within(command.ask(user, upload)),
    );
    turned
}

async fn assert_rolled_back(
    fixture: &Fixture,
    upload: &Upload,
    command: Command,
    chunks: i32,
    case: &str,
) {
    let client = fixture.connection().await;
    let before = upload.import(&client).await;
    let rows = i64::from(chunks) * GOOD_PER_CHUNK;
    assert_eq!(upload.rows(fixture).await, rows, "{case}");
    assert_eq!(before.chunks_done, chunks, "{case}");
    assert_eq!(before.rows_imported, rows, "{case}");
    assert_eq!(upload.receipts(fixture).await, i64::from(chunks), "{case}");

    let ended = roll_back(&client, upload)
        .await
        .expect("the goal has not changed");
    assert_eq!(ended.state, command.end(), "{case}");
    let proof = ended.rollback.unwrap();
    assert_eq!(
        (proof.rows_deleted, proof.rows_remaining),
        (rows, 0),
        "{case}"
    );
    assert_eq!(upload.rows(fixture).await, 0, "{case}");
    assert_eq!(upload.seen(fixture).await, 0, "{case}");
    let mut late = Worker::new(fixture, upload, 2).await;
    let turned = late.run().await.unwrap_err();
    assert!(
        matches!(turned, Turned::Away(Unclaimed::NotWanted)),
        "{case}: {turned:?}"
    );
}

async fn between_any_two_steps(command: Command) {
    let fixture = Fixture::new().await;
    for dataset in DATASETS {
        for steps in 0..=WorkerStep::ALL.len() {
            between_steps(&fixture, dataset, steps, command).await;
        }
    }
}

#[tokio::test]
async fn cancel_between_any_two_steps_of_the_chunk_transaction() {
    between_any_two_steps(Command::Cancel).await;
}

#[tokio::test]
async fn delete_between_any_two_steps_of_the_chunk_transaction() {
    between_any_two_steps(Command::Delete).await;
}

/// The other order: the user's UPDATE came first and is not committed yet.
#[tokio::test]
async fn the_fence_waits_for_a_cancel_that_came_first() {
    let fixture = Fixture::new().await;
    for (dataset, end_of_cancel) in DATASETS
        .map(|it| [(it, "COMMIT"), (it, "ROLLBACK")])
        .concat()
    {
        let upload = fixture.import(dataset, 2).await;
        let mut worker = Worker::new(&fixture, &upload, 0).await;
        worker.run_until(WorkerStep::Receipt).await.unwrap();
        let user = fixture.connection().await;
        user.batch_execute("BEGIN").await.unwrap();
        within(Command::Cancel.ask(&user, &upload)).await;

        let (user_pid, worker_pid) = (pid(&user).await, worker.pid().await);
        let (turned, ()) = tokio::join!(within(worker.run()), async {
            fixture.wait_until_blocked(worker_pid, user_pid).await;
            user.batch_execute(end_of_cancel).await.unwrap();
        });
        let cancelled = end_of_cancel == "COMMIT";
        assert_eq!(turned.is_err(), cancelled, "{turned:?}");
        let rows = if cancelled { 0 } else { GOOD_PER_CHUNK };
        assert_eq!(upload.rows(&fixture).await, rows);
        assert_eq!(upload.import(&user).await.rows_imported, rows);
    }
}

#[tokio::test]
async fn a_cancel_goes_on_when_the_worker_past_the_fence_aborts() {
    let fixture = Fixture::new().await;
    for dataset in DATASETS {
        let upload = fixture.import(dataset, 2).await;
        let mut worker = Worker::new(&fixture, &upload, 0).await;
        worker.run_until(WorkerStep::Fence).await.unwrap();
        let user = fixture.connection().await;
        let (user_pid, worker_pid) = (pid(&user).await, worker.pid().await);
        tokio::join!(within(Command::Cancel.ask(&user, &upload)), async {
            fixture.wait_until_blocked(user_pid, worker_pid).await;
            worker.client.batch_execute("ROLLBACK").await.unwrap();
        });
        assert_rolled_back(&fixture, &upload, Command::Cancel, 0, dataset).await;
    }
}

/// The server ends the worker's session: after 10 s in production, sooner here.
#[tokio::test]
async fn a_worker_frozen_between_fence_and_commit_does_not_block_a_cancel_for_long() {
    let fixture = Fixture::new().await;
    let upload = fixture.import("team", 2).await;
    let mut worker = Worker::new(&fixture, &upload, 0).await;
    let setting = "SHOW idle_in_transaction_session_timeout";
    let usual = worker.client.query_one(setting, &[]).await.unwrap();
    assert_eq!(usual.get::<_, &str>(0), "10s");
    let shorter = "SET idle_in_transaction_session_timeout = '300ms'";
    worker.client.batch_execute(shorter).await.unwrap();
    worker.run_until(WorkerStep::Fence).await.unwrap();

    let user = fixture.connection().await;
    within(Command::Cancel.ask(&user, &upload)).await;
    let lost = postgres::chunks::commit(&worker.client).await.unwrap_err();
    assert!(lost.is_transient(), "{lost}");
    assert_rolled_back(&fixture, &upload, Command::Cancel, 0, "frozen").await;
}

#[tokio::test]
async fn an_active_baseline_is_not_deleted_and_its_worker_goes_on() {
    let fixture = Fixture::new().await;
    let upload = fixture.import("baseline", 2).await;
    let mut worker = Worker::new(&fixture, &upload, 0).await;
    worker.run_until(WorkerStep::Copy).await.unwrap();
    let user = fixture.connection().await;
    let deleted = imports::delete(&user, upload.owner, "baseline", upload.number).await;
    assert!(matches!(
        deleted.unwrap(),
        Asked::WrongState(State::Importing)
    ));
    worker.run().await.unwrap();
    assert_eq!(upload.rows(&fixture).await, GOOD_PER_CHUNK);
}

#[tokio::test]
async fn a_cancel_after_the_last_chunk_keeps_the_rows_from_appearing() {
    let fixture = Fixture::new().await;
    for dataset in DATASETS {
        let upload = fixture.finishing(dataset, 2).await;
        let user = fixture.connection().await;
        Command::Cancel.ask(&user, &upload).await;
        let completed = finishing::complete(&*user, upload.uid, &Judged::default()).await;
        assert!(completed.unwrap().is_none());
        assert_rolled_back(&fixture, &upload, Command::Cancel, 2, dataset).await;
    }
}
