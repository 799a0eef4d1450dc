//! A dataset that has imports is dropped: they are all taken back first.

use domain::import::{Goal, State};
use postgres::Client;
use postgres::datasets::{self, DropBegun, DropEnded, Left};
use postgres::imports;
use uuid::Uuid;

use super::{set_state, sweep};
use crate::fixture::database::{FIELDS, Fixture, GOOD_PER_CHUNK, Upload, pid, roll_back};

async fn begin(fixture: &Fixture, owner: Uuid) -> DropBegun {
    let begin =
        async |client: &mut Client| datasets::begin_drop(client, owner, "visits", None, true).await;
    fixture.ask(begin).await.unwrap()
}

async fn left(fixture: &Fixture, id: i64) -> Left {
    let left = async |client: &mut Client| datasets::left(client, id).await;
    fixture.ask(left).await.unwrap()
}

/// A completed import of the dataset.
async fn completed(fixture: &Fixture, owner: Uuid) -> Upload {
    let visits = fixture.declared(owner, &FIELDS).await;
    let upload = fixture.awaiting_in(owner, visits, 1, None).await;
    upload.finish_chunks(fixture).await;
    upload.complete(fixture).await;
    upload
}

#[tokio::test]
async fn each_import_is_deleted_in_the_commit_of_the_mark() {
    let fixture = Fixture::new().await;
    for state in State::ALL {
        let upload = completed(&fixture, Uuid::new_v4()).await;
        let client = fixture.connection().await;
        set_state(&fixture, &upload, state.as_str()).await;
        let id = upload.dataset().id.unwrap();
        assert_eq!(
            begin(&fixture, upload.owner).await,
            DropBegun::Marked(id),
            "{state}"
        );
        let import = upload.import(&client).await;
        match state {
            State::Deleted => assert_eq!(import.state, State::Deleted),
            _ => {
                assert_eq!(import.goal, Some(Goal::Deleted), "{state}");
                assert_eq!(import.state, State::Deleting, "{state}");
            }
        }
        // Nobody finds it, also not by the number under its name.
        let seen = imports::by_number(&client, upload.owner, "visits", upload.number).await;
        assert!(seen.unwrap().is_none(), "{state}");
    }
}

#[tokio::test]
async fn what_is_left_is_counted_until_it_is_gone() {
    let fixture = Fixture::new().await;
    let owner = Uuid::new_v4();
    let uploads = [
        completed(&fixture, owner).await,
        completed(&fixture, owner).await,
    ];
    let id = uploads[0].dataset().id.unwrap();
    begin(&fixture, owner).await;
    let marked = async |client: &mut Client| datasets::marked(client, owner, "visits", None).await;
    assert_eq!(fixture.ask(marked).await.unwrap(), Some(id));
    let mut client = fixture.connection().await;
    let to_take_back = datasets::to_take_back(&client, id, 10).await.unwrap();
    let uids: Vec<Uuid> = to_take_back.iter().map(|it| it.uid).collect();
    assert_eq!(uids, uploads.each_ref().map(|it| it.uid));
    assert_eq!(
        datasets::to_take_back(&client, id, 1).await.unwrap().len(),
        1
    );
    let expected = |imports, rows_deleted| Left {
        imports,
        rows_deleted,
        rows_remaining: 0,
    };
    assert_eq!(left(&fixture, id).await, expected(2, 0));
    for (upload, after) in uploads.iter().zip(1..) {
        roll_back(&client, upload).await.expect("nothing is left");
        let deleted = after * GOOD_PER_CHUNK;
        assert_eq!(left(&fixture, id).await, expected(2 - after, deleted));
        assert_eq!(
            datasets::end_drop(&mut client, id).await.unwrap(),
            DropEnded::Waits
        );
    }
    for upload in &uploads {
        sweep(&fixture, upload).await;
    }
    assert_eq!(
        datasets::end_drop(&mut client, id).await.unwrap(),
        DropEnded::Gone
    );
    assert_eq!(fixture.ask(marked).await.unwrap(), None);
    assert_eq!(fixture.dataset_tables().await, [""; 0]);
}

/// While the old imports are taken back, a dataset of the same name has none of them.
#[tokio::test]
async fn a_later_dataset_of_the_name_has_no_import_of_the_first() {
    let fixture = Fixture::new().await;
    let owner = Uuid::new_v4();
    let old = completed(&fixture, owner).await;
    begin(&fixture, owner).await;
    let new = completed(&fixture, owner).await;
    let mut client = fixture.connection().await;
    let listed = imports::list(&mut client, owner, "visits", State::ALL, 10, 0).await;
    let (count, listed) = listed.unwrap();
    assert_eq!((count, listed[0].uid), (1, new.uid));
    roll_back(&client, &old).await.expect("nothing is left");
    assert_eq!(new.rows(&fixture).await, GOOD_PER_CHUNK);
}

/// It dies after it has deleted the imports and before the mark: neither has happened.
#[tokio::test]
async fn a_mark_that_dies_has_deleted_no_import() {
    let fixture = Fixture::new().await;
    let upload = completed(&fixture, Uuid::new_v4()).await;
    let holder = fixture.connection().await;
    let holder_pid = pid(&holder).await;
    let lock = format!(
        "BEGIN; SELECT FROM import WHERE id = {} FOR UPDATE",
        upload.id
    );
    holder.batch_execute(&lock).await.unwrap();
    let mut drops = fixture.connection().await;
    let dies = async {
        let pid = fixture.who_waits_for(holder_pid).await;
        let ended = "SELECT pg_terminate_backend($1)::integer::bigint";
        assert_eq!(fixture.number(ended, &[&pid]).await, 1);
    };
    let (died, ()) = tokio::join!(
        datasets::begin_drop(&mut drops, upload.owner, "visits", None, true),
        dies
    );
    assert!(died.unwrap_err().is_transient());
    holder.batch_execute("ROLLBACK").await.unwrap();
    let client = fixture.connection().await;
    assert_eq!(upload.import(&client).await.state, State::Completed);
    assert!(fixture.visits(upload.owner).await.is_some());
}

/// Somebody holds an import for longer than a drop waits: it is asked for again.
#[tokio::test]
async fn a_drop_does_not_wait_long_for_an_import() {
    let fixture = Fixture::new().await;
    let upload = completed(&fixture, Uuid::new_v4()).await;
    let holder = fixture.connection().await;
    let lock = format!(
        "BEGIN; SELECT FROM import WHERE id = {} FOR UPDATE",
        upload.id
    );
    holder.batch_execute(&lock).await.unwrap();
    assert_eq!(begin(&fixture, upload.owner).await, DropBegun::Busy);
    holder.batch_execute("ROLLBACK").await.unwrap();
    assert!(matches!(
        begin(&fixture, upload.owner).await,
        DropBegun::Marked(_)
    ));
}
