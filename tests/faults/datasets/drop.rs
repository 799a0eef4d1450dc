//! A dataset is dropped: it is marked, waits for its imports, and leaves neither table nor entry.

use postgres::Client;
use postgres::datasets::{self, DropBegun, DropEnded};
use postgres::imports::{self, Created, NewImport};
use uuid::Uuid;

use super::{entry, set_state, sweep};
use crate::fixture::database::{
    FIELDS, Fixture, Upload, new_import_of, new_version, pid, put, within,
};

async fn begin(fixture: &Fixture, owner: Uuid) -> DropBegun {
    let begin = async |client: &mut Client| {
        datasets::begin_drop(client, owner, "visits", None, false).await
    };
    fixture.ask(begin).await.unwrap()
}

async fn end(fixture: &Fixture, id: i64) -> DropEnded {
    let end = async |client: &mut Client| datasets::end_drop(client, id).await;
    fixture.ask(end).await.unwrap()
}

async fn waiting(fixture: &Fixture) -> Vec<i64> {
    let waiting = async |client: &mut Client| datasets::dropping(client).await;
    fixture.ask(waiting).await.unwrap()
}

/// Entries and versions.
async fn left(fixture: &Fixture, id: i64) -> (i64, i64) {
    let entries = "SELECT count(*) FROM dataset WHERE id = $1";
    let versions = "SELECT count(*) FROM dataset_version WHERE dataset_id = $1";
    (
        fixture.number(entries, &[&id]).await,
        fixture.number(versions, &[&id]).await,
    )
}

async fn with_import(fixture: &Fixture) -> (Upload, i64) {
    let owner = Uuid::new_v4();
    let visits = fixture.declared(owner, &FIELDS).await;
    let id = visits.id.unwrap();
    let upload = fixture.awaiting_in(owner, visits, 1, None).await;
    upload.finish_chunks(fixture).await;
    upload.complete(fixture).await;
    (upload, id)
}

#[tokio::test]
async fn a_drop_waits_until_each_import_is_deleted_and_swept() {
    let fixture = Fixture::new().await;
    let (upload, id) = with_import(&fixture).await;
    let owner = upload.owner;
    assert_eq!(begin(&fixture, owner).await, DropBegun::InUse(1));
    assert_eq!(end(&fixture, id).await, DropEnded::Live);
    set_state(&fixture, &upload, "deleting").await;
    assert_eq!(begin(&fixture, owner).await, DropBegun::Marked(id));
    assert_eq!(begin(&fixture, owner).await, DropBegun::NotFound);
    assert_eq!(fixture.visits(owner).await, None);
    assert_eq!(
        (end(&fixture, id).await, waiting(&fixture).await),
        (DropEnded::Waits, vec![])
    );
    set_state(&fixture, &upload, "deleted").await;
    assert_eq!(
        (end(&fixture, id).await, waiting(&fixture).await),
        (DropEnded::Waits, vec![])
    );
    sweep(&fixture, &upload).await;
    assert_eq!(waiting(&fixture).await, [id]);
    assert_eq!(end(&fixture, id).await, DropEnded::Gone);
    assert_eq!(left(&fixture, id).await, (0, 0));
    assert_eq!(fixture.dataset_tables().await, [""; 0]);
    assert_eq!(end(&fixture, id).await, DropEnded::Gone, "once more");
    assert_eq!(waiting(&fixture).await, [0; 0]);
}

#[tokio::test]
async fn the_name_is_free_and_a_later_dataset_is_another() {
    let fixture = Fixture::new().await;
    let (upload, id) = with_import(&fixture).await;
    set_state(&fixture, &upload, "deleting").await;
    begin(&fixture, upload.owner).await;
    let later = fixture.declared(upload.owner, &FIELDS).await;
    assert!(later.id > Some(id));
    let next = fixture.awaiting_in(upload.owner, later, 1, None).await;
    assert_eq!(next.number, upload.number + 1, "numbers go on");
    assert_eq!(begin(&fixture, upload.owner).await, DropBegun::InUse(1));
}

/// A client asks again because no answer came, and has declared the name again in between.
#[tokio::test]
async fn a_wish_that_comes_twice_drops_no_later_dataset() {
    let fixture = Fixture::new().await;
    let owner = Uuid::new_v4();
    let declare = async || {
        let new = new_version(owner, "visits", &FIELDS);
        entry(fixture.ask(async |client| put(client, &new).await).await)
    };
    let (client, declared) = (&mut *fixture.connection().await, declare().await);
    let at = Some(declared.created_at);
    let begun = datasets::begin_drop(client, owner, "visits", at, true).await;
    assert_eq!(begun.unwrap(), DropBegun::Marked(declared.id));
    let later = declare().await;
    let again = datasets::begin_drop(client, owner, "visits", at, true).await;
    assert_eq!(again.unwrap(), DropBegun::NotFound);
    let marked = datasets::marked(client, owner, "visits", at).await;
    assert_eq!(
        marked.unwrap(),
        Some(declared.id),
        "it goes on with that one"
    );
    assert_eq!(end(&fixture, declared.id).await, DropEnded::Gone);
    let marked = datasets::marked(client, owner, "visits", at).await;
    assert_eq!(marked.unwrap(), None);
    assert_eq!(fixture.visits(owner).await.unwrap().id, Some(later.id));
    let at = Some(later.created_at);
    let begun = datasets::begin_drop(client, owner, "visits", at, true).await;
    assert_eq!(begun.unwrap(), DropBegun::Marked(later.id));
}

/// Each step of the drop waits for a lock of someone else, and its session ends there.
#[tokio::test]
async fn a_drop_that_dies_between_two_steps_has_done_nothing() {
    let fixture = Fixture::new().await;
    let (upload, id) = with_import(&fixture).await;
    set_state(&fixture, &upload, "deleted").await;
    begin(&fixture, upload.owner).await;
    sweep(&fixture, &upload).await;
    let table = upload.dataset().table.clone();
    for before in [
        format!("SELECT FROM dataset WHERE id = {id} FOR SHARE"),
        format!("LOCK TABLE {table} IN ACCESS SHARE MODE"),
        format!("SELECT FROM dataset_version WHERE dataset_id = {id} FOR SHARE"),
        "LOCK TABLE dataset IN SHARE MODE".to_owned(),
    ] {
        let holder = fixture.connection().await;
        let holder_pid = pid(&holder).await;
        holder
            .batch_execute(&format!("BEGIN; {before}"))
            .await
            .unwrap();
        let mut drops = fixture.connection().await;
        let dies = async {
            let pid = fixture.who_waits_for(holder_pid).await;
            let ended = "SELECT pg_terminate_backend($1)::integer::bigint";
            assert_eq!(fixture.number(ended, &[&pid]).await, 1);
        };
        let (died, ()) =
            within(async { tokio::join!(datasets::end_drop(&mut drops, id), dies) }).await;
        assert!(died.unwrap_err().is_transient(), "{before}");
        holder.batch_execute("ROLLBACK").await.unwrap();
        assert_eq!(left(&fixture, id).await, (1, 1), "{before}");
        assert_eq!(fixture.dataset_tables().await, [table.as_str()], "{before}");
    }
    assert_eq!(waiting(&fixture).await, [id]);
    assert_eq!(end(&fixture, id).await, DropEnded::Gone);
    assert_eq!(left(&fixture, id).await, (0, 0));
}

#[tokio::test]
async fn a_table_that_somebody_reads_is_dropped_later() {
    let fixture = Fixture::new().await;
    let (upload, id) = with_import(&fixture).await;
    set_state(&fixture, &upload, "deleted").await;
    begin(&fixture, upload.owner).await;
    sweep(&fixture, &upload).await;
    let reader = fixture.connection().await;
    let read = format!("BEGIN; SELECT FROM {} LIMIT 1", upload.dataset().table);
    reader.batch_execute(&read).await.unwrap();
    assert_eq!(end(&fixture, id).await, DropEnded::Busy);
    assert_eq!(left(&fixture, id).await, (1, 1));
    reader.batch_execute("ROLLBACK").await.unwrap();
    assert_eq!(end(&fixture, id).await, DropEnded::Gone);
}

/// The import is there before the mark: it is counted.
#[tokio::test]
async fn a_mark_waits_for_an_import_that_is_being_created() {
    let fixture = Fixture::new().await;
    let owner = Uuid::new_v4();
    let visits = fixture.declared(owner, &FIELDS).await;
    let id = visits.id.unwrap();
    let creates = fixture.connection().await;
    let creates_pid = pid(&creates).await;
    let insert = format!(
        "BEGIN; INSERT INTO import (uid, owner, dataset, number, object_key, object_size, \
         upload_expires_at, dataset_id, dataset_version) VALUES (gen_random_uuid(), '{owner}', \
         'visits', 1, 'x', 1, now(), {id}, 1)"
    );
    creates.batch_execute(&insert).await.unwrap();
    let commits = async {
        fixture.who_waits_for(creates_pid).await;
        creates.batch_execute("COMMIT").await.unwrap();
    };
    let (begun, ()) = tokio::join!(begin(&fixture, owner), commits);
    assert_eq!(begun, DropBegun::InUse(1));
}

/// The mark is there before the import: there is no such dataset.
#[tokio::test]
async fn an_import_waits_for_a_mark_and_is_not_created() {
    let fixture = Fixture::new().await;
    let owner = Uuid::new_v4();
    let visits = fixture.declared(owner, &FIELDS).await;
    let id = visits.id.unwrap();
    let marks = fixture.connection().await;
    let marks_pid = pid(&marks).await;
    let mark =
        format!("BEGIN; UPDATE dataset SET state = 'dropping', dropped_at = now() WHERE id = {id}");
    marks.batch_execute(&mark).await.unwrap();
    let new = new_import_of(owner, visits);
    let create = async |client: &mut Client| imports::create(client, &new).await.unwrap();
    let commits = async {
        fixture.who_waits_for(marks_pid).await;
        marks.batch_execute("COMMIT").await.unwrap();
    };
    let (created, ()) = tokio::join!(fixture.ask(create), commits);
    assert!(matches!(created, Created::NotFound), "{created:?}");
    assert_eq!(end(&fixture, id).await, DropEnded::Gone);
}

/// A dataset without imports has nothing to wait for.
#[tokio::test]
async fn a_dataset_that_nobody_has_imported_into_goes_at_once() {
    let fixture = Fixture::new().await;
    let owner = Uuid::new_v4();
    let new = new_version(owner, "visits", &FIELDS);
    fixture.ask(async |client| put(client, &new).await).await;
    let DropBegun::Marked(id) = begin(&fixture, owner).await else {
        panic!("it has no imports");
    };
    assert_eq!(waiting(&fixture).await, [id]);
    assert_eq!(end(&fixture, id).await, DropEnded::Gone);
}

/// A replacement locks the import that it replaces, and a drop that takes imports back locks it too.
/// Both lock the entry before, so that neither waits for the other in a circle.
#[tokio::test]
async fn a_drop_and_a_replacement_wait_in_one_order() {
    let fixture = Fixture::new().await;
    let (upload, id) = with_import(&fixture).await;
    let owner = upload.owner;
    let visits = fixture.visits(owner).await.expect("it is declared");
    let holder = fixture.connection().await;
    let holder_pid = pid(&holder).await;
    let hold = format!("BEGIN; SELECT FROM dataset WHERE id = {id} FOR UPDATE");
    holder.batch_execute(&hold).await.unwrap();
    let drops = async {
        let mut client = fixture.connection().await;
        datasets::begin_drop(&mut client, owner, "visits", None, true).await
    };
    let replaces = async {
        let drops_pid = fixture.who_waits_for(holder_pid).await;
        let mut client = fixture.connection().await;
        let replaces_pid = pid(&client).await;
        let new = NewImport {
            replaces: Some(upload.number),
            ..new_import_of(owner, visits)
        };
        let lets_go = async {
            fixture
                .wait_until_all_blocked(&[drops_pid, replaces_pid])
                .await;
            holder.batch_execute("ROLLBACK").await.unwrap();
        };
        tokio::join!(imports::create(&mut client, &new), lets_go).0
    };
    let (dropped, created) = within(async { tokio::join!(drops, replaces) }).await;
    assert_eq!(dropped.unwrap(), DropBegun::Marked(id));
    let created = created.unwrap();
    assert!(matches!(created, Created::NotFound), "{created:?}");
}
