//! What each owner has is counted whatever happens, and nobody gets more than an owner may have, not
//! by asking for it many times at once either.

mod at_once;
mod reads;
mod replaced;
mod rows;

use domain::import::{Goal, State};
use domain::quota::{Quota, Quotas, Usage};
use domain::reason::Reason;
use postgres::imports::{self, Created, NewImport};
use postgres::{Client, datasets, exports, upkeep, usage};
use uuid::Uuid;

use crate::fixture::database::{
    DATASETS, FIELDS, Fixture, GOOD_PER_CHUNK, Upload, new_import, roll_back,
};
use crate::fixture::usage::MISCOUNTED;

async fn used(fixture: &Fixture, owner: Uuid) -> Usage {
    fixture
        .ask(async |client| usage::of(client, owner).await)
        .await
        .unwrap()
}

async fn assert_counted(fixture: &Fixture, when: &str) {
    let rows = fixture.ask(async |client| client.query(MISCOUNTED, &[]).await);
    let wrong: Vec<String> = rows.await.unwrap().iter().map(|it| it.get(0)).collect();
    assert!(wrong.is_empty(), "{when}: {wrong:?}");
}

async fn create(fixture: &Fixture, new: &NewImport) -> Created {
    fixture
        .ask(async |client| imports::create(client, new).await)
        .await
        .unwrap()
}

/// The quota that refuses it.
fn over(created: &Created) -> Quota {
    match created {
        Created::OverQuota(exceeded) => exceeded.quota,
        other => panic!("{other:?}"),
    }
}

/// Every state that an import may be in counts as the predicates of the domain say.
#[tokio::test]
async fn each_state_counts_as_its_predicates_say() {
    let fixture = Fixture::new().await;
    let upload = fixture.import("team", 2).await;
    upload.store(&fixture, 0).await;
    let size = upload.file.size();
    let counted = "INSERT INTO import_block (import_id, above, block) VALUES ($1, 0, 0)";
    fixture.execute(counted, &[&upload.id]).await;
    for &state in State::ALL {
        for goal in state.goals() {
            let set = "UPDATE import SET state = $2, goal = $3, content_bytes = 0 WHERE id = $1";
            let goal = goal.map(Goal::as_str);
            fixture
                .execute(set, &[&upload.id, &state.as_str(), &goal])
                .await;
            let one = |it: bool| i64::from(it);
            let open = one(state.is_living());
            let expected = Usage {
                imports_open: open,
                bytes_under_way: open * size,
                bytes_stored: one(!state.is_living() && state != State::Deleted) * size,
                rows_stored: one(state == State::Completed) * GOOD_PER_CHUNK,
                rows_leaving: one(state.is_rolling_back()) * GOOD_PER_CHUNK,
                ..Usage::default()
            };
            assert_eq!(used(&fixture, upload.owner).await, expected, "{state}");
            assert_counted(&fixture, state.as_str()).await;
        }
    }
}

/// A whole life: each change counts with its commit.
#[tokio::test]
async fn a_life_of_an_import_is_counted() {
    let fixture = Fixture::new().await;
    for dataset in DATASETS {
        let upload = fixture.awaiting(dataset, 2).await;
        let of = async || {
            assert_counted(&fixture, dataset).await;
            used(&fixture, upload.owner).await
        };
        let declared = of().await;
        assert_eq!((declared.imports_open, declared.bytes_under_way), (1, 1));
        assert_eq!(declared.datasets, i64::from(upload.dataset().id.is_some()));
        upload.finish_chunks(&fixture).await;
        let (size, rows) = (upload.file.size(), 2 * GOOD_PER_CHUNK);
        let under_way = of().await;
        assert_eq!(
            (under_way.bytes_under_way, under_way.bytes_stored),
            (size, 0)
        );
        assert_eq!(under_way.rows_stored, 0, "its rows count once they appear");
        upload.complete(&fixture).await;
        let completed = of().await;
        assert_eq!((completed.imports_open, completed.bytes_under_way), (0, 0));
        assert_eq!(
            (completed.bytes_stored, completed.rows_stored),
            (size, rows)
        );
        delete(&fixture, &upload).await;
        let leaving = of().await;
        assert_eq!((leaving.rows_stored, leaving.rows_leaving), (0, rows));
        assert_eq!(leaving.bytes_stored, size, "its object is there still");
        let ended = fixture.ask(async |client| roll_back(client, &upload).await);
        assert!(ended.await.is_some());
        let datasets = completed.datasets;
        let nothing = Usage {
            datasets,
            ..Usage::default()
        };
        assert_eq!(of().await, nothing);
    }
}

/// Its rows left with the cancel: when it is deleted in the end, none of them leaves once more.
#[tokio::test]
async fn rows_leave_once() {
    let fixture = Fixture::new().await;
    let upload = fixture.import("team", 2).await;
    upload.store(&fixture, 0).await;
    let (owner, number) = (upload.owner, upload.number);
    let cancel = async |client: &mut Client| imports::cancel(client, owner, "team", number).await;
    fixture.ask(cancel).await.unwrap();
    assert_eq!(used(&fixture, owner).await.rows_leaving, GOOD_PER_CHUNK);
    fixture
        .ask(async |client| roll_back(client, &upload).await)
        .await;
    assert_eq!(used(&fixture, owner).await.rows_leaving, 0);
    delete(&fixture, &upload).await;
    assert_eq!(used(&fixture, owner).await.rows_leaving, 0);
    assert_counted(&fixture, "deleted").await;
}

/// However many imports one statement changes, the row that counts them is written once.
#[tokio::test]
async fn many_imports_are_counted_at_once() {
    let fixture = Fixture::new().await;
    let owner = Uuid::new_v4();
    for _ in 0..3 {
        let upload = fixture.awaiting_of(owner, "team", 1, None).await;
        upload.finish_chunks(&fixture).await;
        upload.complete(&fixture).await;
    }
    assert_eq!(used(&fixture, owner).await.rows_stored, 3 * GOOD_PER_CHUNK);
    let mut client = fixture.connection().await;
    let transaction = client.transaction().await.unwrap();
    // Also of what this session has done before.
    let written = async || {
        let sql = "SELECT n_tup_upd FROM pg_stat_xact_user_tables WHERE relname = 'owner_usage'";
        let row = transaction.query_one(sql, &[]).await.unwrap();
        row.get::<_, i64>(0)
    };
    let before = written().await;
    let delete = "UPDATE import SET state = 'deleting', goal = 'deleted' WHERE owner = $1";
    assert_eq!(transaction.execute(delete, &[&owner]).await.unwrap(), 3);
    assert_eq!(written().await - before, 1);
    transaction.commit().await.unwrap();
    assert_counted(&fixture, "all are deleted").await;
}

async fn delete(fixture: &Fixture, upload: &Upload) {
    let (owner, name, number) = (upload.owner, &upload.dataset().name, upload.number);
    let delete = async |client: &mut Client| imports::delete(client, owner, name, number).await;
    fixture.ask(delete).await.unwrap();
}

/// Of an import that ended without rows, the bytes count until its original is removed, and not at all
/// if none has come.
#[tokio::test]
async fn an_original_counts_while_it_is_kept() {
    let fixture = Fixture::new().await;
    let fail = async |upload: &Upload| {
        let reason = Reason::UploadExpired;
        let fail = async |client: &mut Client| {
            imports::fail(client, upload.uid, &reason).await.unwrap();
            roll_back(client, upload).await.expect("no row is left")
        };
        fixture.ask(fail).await
    };
    let arrived = fixture.pinned("team", 1).await;
    let import = fail(&arrived).await;
    let kept = used(&fixture, arrived.owner).await;
    assert_eq!(kept.bytes_stored, arrived.file.size());
    let expire = async |client: &mut Client| upkeep::mark_expired(client, &import).await;
    fixture.ask(expire).await.unwrap();
    assert_eq!(used(&fixture, arrived.owner).await, Usage::default());
    let awaited = fixture.awaiting("team", 1).await;
    fail(&awaited).await;
    assert_eq!(used(&fixture, awaited.owner).await, Usage::default());
    assert_counted(&fixture, "both have failed").await;
}

#[tokio::test]
async fn the_drop_of_a_dataset_frees_what_its_imports_had() {
    let fixture = Fixture::new().await;
    let owner = Uuid::new_v4();
    let visits = fixture.declared(owner, &FIELDS).await;
    let mut uploads = Vec::new();
    for _ in 0..3 {
        let upload = fixture.awaiting_in(owner, visits.clone(), 1, None).await;
        upload.finish_chunks(&fixture).await;
        upload.complete(&fixture).await;
        uploads.push(upload);
    }
    fixture.awaiting_in(owner, visits.clone(), 1, None).await;
    let before = used(&fixture, owner).await;
    let rows = 3 * GOOD_PER_CHUNK;
    assert_eq!(
        (before.imports_open, before.rows_stored, before.datasets),
        (1, rows, 1)
    );
    let name = &visits.name;
    let drop =
        async |client: &mut Client| datasets::begin_drop(client, owner, name, None, true).await;
    fixture.ask(drop).await.unwrap();
    let dropping = used(&fixture, owner).await;
    assert_eq!((dropping.imports_open, dropping.rows_stored), (0, 0));
    assert_eq!((dropping.rows_leaving, dropping.datasets), (rows, 1));
    assert_counted(&fixture, "dropping").await;
    for upload in &uploads {
        let ended = fixture.ask(async |client| roll_back(client, upload).await);
        assert!(ended.await.is_some());
    }
    assert_eq!(used(&fixture, owner).await.rows_leaving, 0);
    assert_counted(&fixture, "taken back").await;
}

#[tokio::test]
async fn a_life_of_an_export_is_counted() {
    let fixture = Fixture::new().await;
    let upload = fixture.completed("baseline", 1).await;
    let export = fixture.export(&upload).await;
    let of = async || {
        assert_counted(&fixture, "an export").await;
        let usage = used(&fixture, upload.owner).await;
        [
            usage.exports_unfinished,
            usage.exports_kept,
            usage.exports_today,
        ]
    };
    assert_eq!(of().await, [1, 1, 1]);
    let set = "UPDATE export SET state = $2 WHERE id = $1";
    fixture.execute(set, &[&export.id, &"completed"]).await;
    assert_eq!(of().await, [0, 1, 1]);
    let (owner, number) = (export.owner, export.number);
    let delete = async |client: &mut Client| exports::delete(client, owner, number).await;
    fixture.ask(delete).await.unwrap();
    assert_eq!(of().await, [0, 0, 1]);
    // A day later it is another day's.
    let later = "UPDATE owner_usage SET exports_day = exports_day - 1";
    fixture.execute(later, &[]).await;
    assert_eq!(used(&fixture, owner).await.exports_today, 0);
    fixture.export(&upload).await;
    assert_eq!(used(&fixture, owner).await.exports_today, 1);
}

/// What was there before is counted by the migration as the triggers would have.
#[tokio::test]
async fn the_migration_counts_what_there_is() {
    let fixture = Fixture::new().await;
    let upload = fixture.completed("baseline", 2).await;
    fixture.export(&upload).await;
    fixture.awaiting_of(upload.owner, "team", 1, None).await;
    let held = fixture.import("journeys", 1).await;
    delete(&fixture, &held).await;
    let text = include_str!("../../shared/postgres/migrations/V22__owner_usage.sql");
    let (_, count) = text.split_once("-- What there is.\n").unwrap();
    let (count, _) = count.split_once(';').unwrap();
    fixture.execute("TRUNCATE owner_usage", &[]).await;
    fixture.execute(count, &[]).await;
    assert_counted(&fixture, "counted anew").await;
    let counted = "SELECT count(*) FROM owner_usage";
    assert_eq!(fixture.number(counted, &[]).await, 2);
}

#[tokio::test]
async fn what_is_refused_leaves_nothing() {
    let fixture = Fixture::new().await;
    let owner = Uuid::new_v4();
    let refused = NewImport {
        quotas: Quotas::default().with(Quota::ImportsOpen, 0),
        ..new_import(owner, "team")
    };
    assert_eq!(over(&create(&fixture, &refused).await), Quota::ImportsOpen);
    let large = NewImport {
        object_size: 11,
        quotas: Quotas::default().with(Quota::BytesUnderWay, 10),
        ..new_import(owner, "team")
    };
    assert_eq!(over(&create(&fixture, &large).await), Quota::BytesUnderWay);
    assert_eq!(used(&fixture, owner).await, Usage::default());
    let Created::Import(first) = create(&fixture, &new_import(owner, "team")).await else {
        panic!("there is room");
    };
    assert_eq!(first.number, 1, "no number is lost");
}
