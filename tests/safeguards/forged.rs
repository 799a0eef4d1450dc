//! A forged fault for each safeguard, because an ordinary fault may not reach what it guards.

use aws::objects::Objects;
use postgres::chunks::{self, Claim, DeadLetter, Receipt};
use postgres::{Client, finishing, imports, planning, upkeep};
use uuid::Uuid;

use crate::fixture::cloud;
use crate::fixture::database::{Fixture, TOKEN, Worker, WorkerStep, judged, roll_back};
use crate::fixture::stack::variable;

#[tokio::test]
async fn no_worker_commits_after_a_cancel() {
    let fixture = Fixture::new().await;
    let upload = fixture.import("team", 2).await;
    let mut worker = Worker::new(&fixture, &upload, 0).await;
    worker.run_until(WorkerStep::Receipt).await.unwrap();
    let back = async |client: &mut Client| {
        let asked = imports::cancel(client, upload.owner, "team", upload.number).await;
        asked.unwrap();
        roll_back(client, &upload).await
    };
    assert!(fixture.ask(back).await.is_some());
    let _ = worker.run().await;
    let left = upload.rows(&fixture).await;
    assert_eq!(left, 0, "promise 1: rows of a cancelled import");
}

/// Of a chunk of empty lines there is no row whose key would refuse a second delivery.
#[tokio::test]
async fn a_stored_chunk_is_not_counted_again() {
    let fixture = Fixture::new().await;
    let upload = fixture.import("team", 2).await;
    upload.store(&fixture, 0).await;
    let again = async |client: &mut Client| {
        chunks::begin(client).await.unwrap();
        let claim = chunks::claim(client, upload.uid, 0).await.unwrap();
        if let Claim::Ours(claimed) = claim {
            let empty = Receipt::default();
            chunks::write_receipt(client, &claimed, &empty)
                .await
                .unwrap();
            chunks::pass_fence(client, &claimed, &empty).await.unwrap();
        }
        chunks::commit(client).await.unwrap();
        upload.import(client).await.chunks_done
    };
    let counted = i64::from(fixture.ask(again).await);
    let receipts = upload.receipts(&fixture).await;
    assert_eq!(counted, receipts, "promise 2: chunks counted, receipts");
}

#[tokio::test]
async fn a_dead_letter_of_a_stored_chunk_means_nothing() {
    let fixture = Fixture::new().await;
    let upload = fixture.import("team", 2).await;
    upload.store(&fixture, 0).await;
    let judge = async |client: &mut Client| {
        let reason = domain::reason::Reason::ChunkFailed;
        let verdict = chunks::bury(client, upload.uid, 0).await.unwrap();
        if verdict == DeadLetter::GivenUp {
            let given_up = chunks::give_up(client, upload.uid, 0, &reason).await;
            given_up.unwrap();
        }
        upload.import(client).await.state
    };
    let state = fixture.ask(judge).await;
    assert!(
        state.admits_chunks(),
        "promise 3: a good import does not go on but is {state}"
    );
}

#[tokio::test]
async fn a_lost_message_is_merely_late() {
    let fixture = Fixture::new().await;
    let upload = fixture.import("team", 2).await;
    let long_ago = "UPDATE import_chunk SET queued_at = now() - interval '1 hour' \
         WHERE import_id = $1";
    fixture.execute(long_ago, &[&upload.id]).await;
    let step = upload.next_step(&fixture).await;
    let again = upload.hand_out(&fixture).await;
    assert_eq!(
        (format!("{step:?}").as_str(), again),
        ("HandOut", vec![0, 1]),
        "promise 3: chunks whose messages were lost"
    );
}

/// Rows, receipts and counters agree with each other, but the file has one more record.
#[tokio::test]
async fn a_plan_that_misses_a_record_is_not_proved() {
    let fixture = Fixture::new().await;
    let upload = fixture.finishing("team", 2).await;
    for forgery in [
        "DELETE FROM team WHERE import_id = $1 \
         AND record = (SELECT max(record) FROM team WHERE import_id = $1)",
        "UPDATE import_chunk SET records = records - 1, rows_imported = rows_imported - 1, \
         byte_end = byte_end - 160 WHERE import_id = $1 AND number = 1",
        "UPDATE import SET rows_imported = rows_imported - 1 WHERE id = $1",
    ] {
        fixture.execute(forgery, &[&upload.id]).await;
    }
    let prove = async |client: &mut Client| {
        let import = upload.import(client).await;
        let proof = finishing::count_and_prove(client, &import, upload.dataset()).await;
        let judged = judged(client, upload.id).await;
        proof.unwrap().holds(&import, &judged)
    };
    assert!(
        !fixture.ask(prove).await,
        "promise 2: a record of the file is missing and it would be completed"
    );
}

#[tokio::test]
async fn a_planner_of_an_earlier_run_is_not_heard() {
    let fixture = Fixture::new().await;
    let upload = fixture.planning("team", 2).await;
    let replaced = async |client: &mut Client| {
        imports::raise_run(client, upload.uid, 1).await.unwrap();
        let second = planning::begin(client, upload.uid, 2, "token-2").await;
        assert!(second.unwrap().is_some());
        planning::begin(client, upload.uid, 1, TOKEN).await.unwrap();
        upload.import(client).await.task_token
    };
    let token = fixture.ask(replaced).await;
    assert_eq!(
        token.as_deref(),
        Some("token-2"),
        "promise 3: the answer goes to a token that nothing waits for"
    );
}

/// The versions are written without an upload URL, because such a URL can be used only once.
#[tokio::test]
async fn a_version_written_later_is_not_read() {
    let key = format!("uploads/none/{}", Uuid::new_v4());
    let objects = Objects::new(&aws::config().await, variable("UPLOAD_BUCKET"));
    let put = |bytes: &'static [u8]| {
        let key = key.clone();
        tokio::task::spawn_blocking(move || cloud::put_object(&key, bytes))
    };
    put(b"first").await.unwrap();
    let pinned = objects.find(&key).await.unwrap().unwrap().version;
    put(b"other").await.unwrap();
    let mut reader = objects.read(&key, &pinned, 0, 5).await.unwrap();
    let read = reader.next().await.unwrap().unwrap();
    objects.delete_all_versions(&key).await.unwrap();
    assert_eq!(
        &read[..],
        b"first",
        "promise 2: records of the pinned version"
    );
}

#[tokio::test]
async fn an_import_whose_event_was_lost_is_looked_at() {
    let fixture = Fixture::new().await;
    let upload = fixture.awaiting("team", 1).await;
    let silent = "UPDATE import SET progressed_at = now() - interval '10 minutes' WHERE id = $1";
    fixture.execute(silent, &[&upload.id]).await;
    let look = async |client: &mut Client| upkeep::unfinished(client).await.unwrap();
    assert_eq!(
        fixture.ask(look).await,
        [upload.uid],
        "promise 3: an import that no pass looks at"
    );
}
