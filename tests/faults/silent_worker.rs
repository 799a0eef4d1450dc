//! A worker falls silent inside COPY: its session lives, and no timeout ends it.

use std::time::Duration;

use domain::catalog;
use domain::cell::Value;
use postgres::chunks::{self, Claim, Unclaimed};
use postgres::copy::{RowBuffer, RowSink};
use postgres::{Connection, upkeep};

use crate::fixture::database::{Fixture, GOOD_PER_CHUNK, Upload, pid, within};

const WORKER: &str = "import-chunk";

/// Enough rows for the sink to send some of them before it is finished.
const ROWS: i64 = 2_000;

/// Nothing announces that something did not happen, so the test waits long enough for it.
const LONG_ENOUGH: Duration = Duration::from_millis(500);

fn row(dataset: &str) -> Vec<Value<'static>> {
    let date = jiff::civil::date(2015, 1, 1);
    if dataset == "team" {
        return vec![Value::Text("forty characters of text in each of them"); 2]
            .into_iter()
            .chain([Value::Text("(555) 0000")])
            .collect();
    }
    let mut row = vec![Value::Text("text"); 5];
    row.extend([
        Value::Date(date),
        Value::Integer(1),
        Value::Date(date),
        Value::Integer(1),
    ]);
    row.extend([Value::Money(-1); 5]);
    row
}

/// Claims the chunk, sends rows, and then sends nothing more.
async fn goes_silent<'a>(fixture: &'a Fixture, upload: &Upload) -> (Connection<'a>, RowSink) {
    let client = fixture.worker_connection().await;
    let short = "SET statement_timeout = '100ms'";
    client.batch_execute(short).await.unwrap();
    chunks::begin(&client).await.unwrap();
    let claim = chunks::claim(&*client, upload.uid, 0).await.unwrap();
    assert!(matches!(claim, Claim::Ours(_)));
    let sink = RowSink::open(&client, upload.dataset(), upload.id, RowBuffer::default()).await;
    let mut sink = sink.unwrap();
    let row = row(upload.dataset().name.as_str());
    for record in 1..=ROWS {
        sink.push(record, &row).await.unwrap();
    }
    (client, sink)
}

async fn claim(fixture: &Fixture, upload: &Upload) -> Claim {
    let client = fixture.connection().await;
    chunks::claim(&*client, upload.uid, 0).await.unwrap()
}

#[tokio::test]
async fn worker_silent_inside_copy() {
    let fixture = Fixture::new().await;
    for dataset in catalog::NAMES {
        let upload = fixture.import(dataset, 2).await;
        let reconcile = fixture.connection().await;
        // The pid comes from another session: the worker's own takes no query inside COPY.
        let (worker, sink) = goes_silent(&fixture, &upload).await;
        let silent = silent_pid(&fixture).await;
        assert!(matches!(
            claim(&fixture, &upload).await,
            Claim::Not(Unclaimed::Taken)
        ));

        let cancel = "SELECT pg_cancel_backend($1)";
        reconcile.query_one(cancel, &[&silent]).await.unwrap();
        tokio::time::sleep(LONG_ENOUGH).await;
        assert_eq!(
            silent_pid(&fixture).await,
            silent,
            "neither the timeout nor the cancel ended it"
        );
        assert!(matches!(
            claim(&fixture, &upload).await,
            Claim::Not(Unclaimed::Taken)
        ));
        let young = upkeep::end_silent_workers(&reconcile, WORKER, 60).await;
        assert_eq!(young.unwrap(), 0, "its transaction is not old enough");

        let ended = upkeep::end_silent_workers(&reconcile, WORKER, 0).await;
        assert_eq!(ended.unwrap(), 1);
        fixture.wait_until_gone(silent).await;
        assert_eq!(
            upload.rows(&fixture).await,
            0,
            "the worker has stored no row"
        );
        let error = within(sink.finish()).await.err().unwrap();
        assert!(error.is_transient(), "{error}");
        drop(worker);

        assert!(matches!(claim(&fixture, &upload).await, Claim::Ours(_)));
        upload.store(&fixture, 0).await;
        assert_eq!(upload.rows(&fixture).await, GOOD_PER_CHUNK);
    }
}

/// The one session that is inside COPY.
async fn silent_pid(fixture: &Fixture) -> i32 {
    let client = fixture.connection().await;
    let row = client
        .query_one(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() \
             AND application_name = $1 AND state = 'active' AND query LIKE 'COPY %' \
             AND pid <> pg_backend_pid()",
            &[&WORKER],
        )
        .await;
    row.unwrap().get(0)
}

/// Other sessions may be slow as well: only those of workers are ended.
#[tokio::test]
async fn only_workers_are_ended() {
    let fixture = Fixture::new().await;
    let other = fixture.connection().await;
    let worker = fixture.worker_connection().await;
    for client in [&other, &worker] {
        client.batch_execute("BEGIN; SELECT now()").await.unwrap();
    }
    let (other_pid, worker_pid) = (pid(&other).await, pid(&worker).await);
    assert_ne!(other_pid, worker_pid);
    let reconcile = fixture.connection().await;
    let ended = upkeep::end_silent_workers(&reconcile, WORKER, 0).await;
    assert_eq!(ended.unwrap(), 1);
    fixture.wait_until_gone(worker_pid).await;
    other.batch_execute("COMMIT").await.unwrap();
}

/// A worker that waits for its next message has no transaction.
#[tokio::test]
async fn a_worker_without_a_transaction_is_left_alone() {
    let fixture = Fixture::new().await;
    let worker = fixture.worker_connection().await;
    worker.batch_execute("BEGIN; COMMIT").await.unwrap();
    let reconcile = fixture.connection().await;
    let ended = upkeep::end_silent_workers(&reconcile, WORKER, 0).await;
    assert_eq!(ended.unwrap(), 0);
    worker.batch_execute("SELECT 1").await.unwrap();
}
