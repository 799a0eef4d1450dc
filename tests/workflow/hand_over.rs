//! A planner that runs out of time: its successors make the plan one planner would have made.

use std::sync::Arc;
use std::time::Duration;

use aws::objects::Objects;
use aws_config::BehaviorVersion;
use conduct::{Conductor, Settings};
use contracts::workflow::PlanRequest;
use domain::import::Import;
use domain::plan::{Chunk, Planner, Start};
use plan_chunks::PlanChunks;
use postgres::Database;
use postgres::imports::{self, Pinned};
use uuid::Uuid;

use crate::fixture::cloud::{self, SlowWire};
use crate::fixture::database::{Fixture, Upload};
use crate::fixture::stack::{variable, wait_until};

const BUDGET: Duration = Duration::from_secs(1);
/// Four seconds for the file: at least two planners see their time run out.
const BYTES_A_SECOND: u64 = 1 << 20;
const CHUNK_BYTES: i32 = 128 << 10;
/// Chunks of the fixture, 800 bytes each: 4 MB.
const FILE: i64 = 5000;

/// A plan's chunk as it is stored.
fn planned(chunk: &Chunk) -> [i64; 7] {
    [
        chunk.number.into(),
        chunk.byte_start,
        chunk.byte_end,
        chunk.first_record,
        chunk.first_line,
        chunk.records,
        chunk.lines,
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_planner_out_of_time_is_followed_by_others() {
    let fixture = Fixture::new().await;
    let upload = arrived(&fixture).await;
    let machine = cloud::Activity::in_place_of_the_planner();
    let wire = SlowWire::to(&variable("AWS_ENDPOINT_URL"), BYTES_A_SECOND).await;
    let planner = planner(&fixture, &machine, &wire).await;
    machine.start(&upload.uid.to_string());
    let mut planners = 0;
    let import = loop {
        let task_token = machine.next_token();
        let request = PlanRequest {
            import: upload.uid,
            run: 1,
            task_token,
        };
        planner.plan(request).await.unwrap();
        planners += 1;
        let import = read(&fixture, &upload).await;
        if import.chunks_total.is_some() {
            break import;
        }
    };
    assert!(
        planners > 2,
        "{planners} planners: fewer than two ran out of time"
    );
    assert_eq!(stored(&fixture, &upload).await, in_one_piece(&upload));
    assert_eq!(machine.status(), "RUNNING", "its chunks are not done");
    let sent = machine.messages();
    assert!(!sent.is_empty(), "nothing was handed out");
    for message in sent {
        is_two_numbers(&message, &upload);
    }
    let token = import.task_token.unwrap();
    cloud::answer_task(&token, r#"{"more": false}"#);
    wait_until("the workflow goes on to its end", || {
        machine.status() == "SUCCEEDED"
    });
}

/// A message says which chunk of which import, and has no byte of the file.
fn is_two_numbers(message: &str, upload: &Upload) {
    let body: serde_json::Value = serde_json::from_str(message).unwrap();
    let names: Vec<&String> = body.as_object().unwrap().keys().collect();
    assert_eq!(names, ["import", "chunk"], "{message}");
    assert_eq!(body["import"], upload.uid.to_string());
    assert!(body["chunk"].is_i64(), "{message}");
}

/// An import in a database of its own, where no pass of reconcile sends another planner, under a
/// key whose event starts nothing.
pub(super) async fn arrived(fixture: &Fixture) -> Upload {
    let upload = fixture.awaiting("baseline", FILE).await;
    let key = format!("hand-over/{}", upload.uid);
    cloud::put_object(&key, &upload.file.bytes);
    let version = cloud::object_versions(&key).remove(0);
    let (uid, size) = (upload.uid, upload.file.size());
    fixture
        .ask(async |client| {
            let pinned = imports::pin(client, uid, &version, size).await;
            assert!(matches!(pinned.unwrap(), Pinned::Now(_)));
            let sql = "UPDATE import SET object_key = $2, chunk_bytes = $3 WHERE uid = $1";
            client.execute(sql, &[&uid, &key, &CHUNK_BYTES]).await
        })
        .await
        .unwrap();
    upload
}

async fn planner(fixture: &Fixture, machine: &cloud::Activity, wire: &SlowWire) -> PlanChunks {
    let slow = aws_config::defaults(BehaviorVersion::v2026_01_12()).endpoint_url(wire.address());
    let objects = Objects::new(&slow.load().await, variable("UPLOAD_BUCKET"));
    built(fixture.database("plan-chunks"), machine, objects).await
}

/// Built like the deployed function, except for its time, its database and its connection to S3.
pub(super) async fn built(
    database: Database,
    machine: &cloud::Activity,
    objects: Objects,
) -> PlanChunks {
    let database = Arc::new(database);
    let config = aws::config().await;
    let settings = Settings {
        import_arn: machine.arn().to_owned(),
        rollback_arn: machine.arn().to_owned(),
        queue_url: machine.queue_url().to_owned(),
        visibility_seconds: 60,
        workers: 32,
    };
    let conductor = Conductor::new(&config, database.clone(), settings);
    PlanChunks::new(database, conductor, objects, BUDGET)
}

pub(super) async fn read(fixture: &Fixture, upload: &Upload) -> Import {
    let uid: Uuid = upload.uid;
    let import = fixture.ask(async |client| imports::by_uid(client, uid).await);
    import.await.unwrap().unwrap()
}

async fn stored(fixture: &Fixture, upload: &Upload) -> Vec<[i64; 7]> {
    let sql = "SELECT number::bigint, byte_start, byte_end, first_record, first_line, \
         records::bigint, lines::bigint FROM import_chunk WHERE import_id = $1 ORDER BY number";
    let rows = fixture.ask(async |client| client.query(sql, &[&upload.id]).await);
    let rows = rows.await.unwrap();
    let columns = |row: &tokio_postgres::Row| std::array::from_fn(|column| row.get(column));
    rows.iter().map(columns).collect()
}

fn in_one_piece(upload: &Upload) -> Vec<[i64; 7]> {
    let start: Start = upload.file.look.heading.data_start();
    let mut planner = Planner::new(CHUNK_BYTES.into(), start);
    let mut chunks = Vec::new();
    let bytes = &upload.file.bytes[start.byte as usize..];
    planner.push(bytes, &mut chunks).unwrap();
    chunks.extend(planner.finish().unwrap());
    chunks.iter().map(planned).collect()
}
