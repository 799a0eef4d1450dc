//! What is done at the same moment for an owner whose account is deleted.

use domain::import::{Goal, State};
use postgres::finishing::Finished;
use postgres::imports::{self, Created};
use postgres::{Client, exports, leaving};
use uuid::Uuid;

use super::{Owner, USER, begin, count, forget, take_back};
use crate::fixture::database::{
    DATASETS, FIELDS, Fixture, GOOD_PER_CHUNK, Turned, Worker, WorkerStep, new_export, new_import,
    new_version, pid, roll_back, within,
};

const OWNER_IS_THERE: Option<&str> = Some(leaving::OWNER_IS_THERE);

/// From the commit on, nothing is created.
#[tokio::test]
async fn an_owner_who_has_ended_gets_nothing() {
    let fixture = Fixture::new().await;
    let upload = fixture.completed("baseline", 1).await;
    let owner = upload.owner;
    begin(&fixture, owner).await;
    let (new_team, export) = (new_import(owner, "team"), new_export(owner, None));
    let import = async |client: &mut Client| imports::create(client, &new_team).await;
    let refused = fixture.ask(import).await.unwrap_err();
    assert_eq!(refused.violated_constraint(), OWNER_IS_THERE);
    let pins = async |client: &mut Client| {
        let filter = domain::filter::Filter::default();
        let sales = &domain::catalog::BASELINE;
        let pinned = exports::pin(client, owner, sales, &filter, false).await?;
        exports::create(client, &export, &pinned).await
    };
    let refused = fixture.ask(pins).await.unwrap_err();
    assert_eq!(refused.violated_constraint(), OWNER_IS_THERE);
    let new = new_version(owner, "visits", &FIELDS);
    let declare = async |client: &mut Client| {
        let evolves = |_: &serde_json::Value| Ok(postgres::datasets::Evolution::<String>::Same);
        postgres::datasets::put(client, &new, evolves).await
    };
    let refused = fixture.ask(declare).await.unwrap_err();
    assert_eq!(refused.violated_constraint(), OWNER_IS_THERE);
    // Nor after everything is gone, when a request comes very late.
    take_back(&fixture, owner).await;
    fixture
        .ask(async |client| roll_back(client, &upload).await)
        .await
        .unwrap();
    let swept = "UPDATE import SET swept_at = now() WHERE owner = $1";
    fixture.execute(swept, &[&owner]).await;
    assert!(count(&fixture, owner).await);
    forget(&fixture, owner).await;
    let refused = fixture.ask(import).await.unwrap_err();
    assert_eq!(refused.violated_constraint(), OWNER_IS_THERE);
    super::assert_nothing_left(&fixture, owner, &[upload.id], "at the end").await;
}

/// The import is there first: the end waits for it, and meets it.
#[tokio::test]
async fn an_end_waits_for_an_import_that_is_being_created() {
    let fixture = Fixture::new().await;
    let owner = Uuid::new_v4();
    let creates = fixture.connection().await;
    let creates_pid = pid(&creates).await;
    let insert = format!(
        "BEGIN; INSERT INTO import (uid, owner, dataset, number, object_key, object_size, \
         upload_expires_at) VALUES (gen_random_uuid(), '{owner}', 'team', 1, 'x', 1, now())"
    );
    creates.batch_execute(&insert).await.unwrap();
    let commits = async {
        fixture.who_waits_for(creates_pid).await;
        creates.batch_execute("COMMIT").await.unwrap();
    };
    within(async { tokio::join!(begin(&fixture, owner), commits) }).await;
    assert_eq!(take_back(&fixture, owner).await.imports, 1);
}

/// The end is there first: the import waits for it, and is not created.
#[tokio::test]
async fn an_import_waits_for_an_end_and_is_not_created() {
    let fixture = Fixture::new().await;
    let owner = Uuid::new_v4();
    let ends = fixture.connection().await;
    let ends_pid = pid(&ends).await;
    let lock = format!(
        "BEGIN; INSERT INTO owner_usage (owner) VALUES ('{owner}'); INSERT INTO owner_end \
         (owner, user_id, asked_at, rows_before) VALUES ('{owner}', {USER}, now(), 0)"
    );
    ends.batch_execute(&lock).await.unwrap();
    let new = new_import(owner, "team");
    let create = async |client: &mut Client| imports::create(client, &new).await;
    let commits = async {
        fixture.who_waits_for(ends_pid).await;
        ends.batch_execute("COMMIT").await.unwrap();
    };
    let (created, ()) = within(async { tokio::join!(fixture.ask(create), commits) }).await;
    let refused = created.unwrap_err();
    assert_eq!(refused.violated_constraint(), OWNER_IS_THERE);
    assert_eq!(take_back(&fixture, owner).await.imports, 0);
}

/// A worker is in the middle of a chunk, wherever: its rows are taken back, or never stored.
#[tokio::test]
async fn a_worker_of_an_owner_who_leaves() {
    for step in WorkerStep::ALL {
        let fixture = Fixture::new().await;
        let upload = fixture.import("team", 2).await;
        upload.store(&fixture, 0).await;
        let mut worker = Worker::new(&fixture, &upload, 1).await;
        worker.run_until(step).await.unwrap();
        begin(&fixture, upload.owner).await;
        let passed = step.taken() >= WorkerStep::Fence.taken();
        if step == WorkerStep::Fence {
            // It holds the import: the delete waits for its commit.
            let worker_pid = worker.pid().await;
            let commits = async {
                fixture.who_waits_for(worker_pid).await;
                worker.run().await.unwrap();
            };
            within(async { tokio::join!(take_back(&fixture, upload.owner), commits) }).await;
        } else {
            take_back(&fixture, upload.owner).await;
            let turned = worker.run().await;
            let away = matches!(turned, Err(Turned::AtTheFence | Turned::Away(_)));
            assert_eq!(away, !passed, "{step:?}: {turned:?}");
        }
        drop(worker);
        let ended = fixture
            .ask(async |client| roll_back(client, &upload).await)
            .await
            .unwrap();
        let stored = if passed { 2 } else { 1 };
        let rows_deleted = ended.rollback.unwrap().rows_deleted;
        assert_eq!(rows_deleted, stored * GOOD_PER_CHUNK, "{step:?}");
        assert_eq!(upload.rows(&fixture).await, 0, "{step:?}");
    }
}

/// An import is about to complete: it is deleted before, or after.
#[tokio::test]
async fn a_finish_of_an_owner_who_leaves() {
    let fixture = Fixture::new().await;
    for dataset in DATASETS {
        let upload = fixture.finishing(dataset, 2).await;
        begin(&fixture, upload.owner).await;
        take_back(&fixture, upload.owner).await;
        let client = fixture.connection().await;
        let import = upload.import(&client).await;
        assert_eq!(
            (import.state, import.goal),
            (State::Deleting, Some(Goal::Deleted))
        );
        let finished = upload.finish(&fixture).await;
        assert!(!matches!(finished, Finished::Completed(_)), "{finished:?}");
        assert_eq!(upload.seen(&fixture).await, 0, "{dataset}");
    }
}

/// A rollback is under way: it ends in the goal that it has now.
#[tokio::test]
async fn a_rollback_of_an_owner_who_leaves() {
    let fixture = Fixture::new().await;
    let upload = fixture.completed("team", 2).await;
    let (owner, number) = (upload.owner, upload.number);
    let cancel = async |client: &mut Client| {
        imports::cancel(client, owner, "team", number)
            .await
            .unwrap();
        crate::fixture::database::delete_rows(client, &upload).await;
    };
    fixture.ask(cancel).await;
    begin(&fixture, owner).await;
    assert_eq!(take_back(&fixture, owner).await.imports, 1);
    let ended = fixture
        .ask(async |client| roll_back(client, &upload).await)
        .await
        .unwrap();
    assert_eq!(ended.state, State::Deleted);
    assert_eq!(ended.rollback.unwrap().rows_deleted, 2 * GOOD_PER_CHUNK);
    let swept = "UPDATE import SET swept_at = now() WHERE owner = $1";
    fixture.execute(swept, &[&owner]).await;
    assert!(count(&fixture, owner).await);
    // Those that had gone by then are none of its.
    let counted = "SELECT rows_deleted FROM owner_end WHERE owner = $1";
    assert_eq!(fixture.number(counted, &[&owner]).await, 0);
}

/// Two passes at once, each of which does everything: it is done once.
#[tokio::test]
async fn twice_at_once() {
    let fixture = Fixture::new().await;
    let all = Owner::new(&fixture).await;
    let owner = all.owner;
    tokio::join!(begin(&fixture, owner), begin(&fixture, owner));
    let (one, other) =
        within(async { tokio::join!(take_back(&fixture, owner), take_back(&fixture, owner)) })
            .await;
    assert_eq!(one.imports + other.imports, 3);
    super::go_their_way(&fixture, &all).await;
    let (one, other) = tokio::join!(count(&fixture, owner), count(&fixture, owner));
    assert!(one ^ other, "{one} {other}");
    within(async { tokio::join!(forget(&fixture, owner), forget(&fixture, owner)) }).await;
    let emptied = super::emptied(&fixture).await;
    assert_eq!((emptied.len(), emptied[0].removed), (1, Owner::removed()));
    begin(&fixture, owner).await;
    let ids: Vec<i64> = all.uploads().map(|it| it.id).collect();
    super::assert_nothing_left(&fixture, owner, &ids, "begun once more").await;
}

/// An owner of the same name is another owner: nothing of the first is met.
#[tokio::test]
async fn another_owner_meanwhile() {
    let fixture = Fixture::new().await;
    let all = Owner::new(&fixture).await;
    begin(&fixture, all.owner).await;
    take_back(&fixture, all.owner).await;
    let next = Uuid::new_v4();
    let new = new_import(next, "team");
    let create = async |client: &mut Client| imports::create(client, &new).await;
    let Created::Import(import) = fixture.ask(create).await.unwrap() else {
        panic!("a new owner may import");
    };
    assert_eq!(import.number, 1);
    super::go_their_way(&fixture, &all).await;
    count(&fixture, all.owner).await;
    forget(&fixture, all.owner).await;
    let left = "SELECT count(*) FROM import WHERE owner = $1";
    assert_eq!(fixture.number(left, &[&next]).await, 1);
    let end = async |client: &mut Client| leaving::end(client, all.owner).await;
    fixture.ask(end).await.unwrap();
}
