//! What has happened to an import or export: each change of state leaves one row, in its transaction,
//! and nothing else does. That each event of an import in each state does so is compared in
//! [`super::states`].

use domain::export::{Export, Goal};
use domain::reason::{Reason, Subject};
use postgres::events::{self, Event};
use postgres::exports::{self, Asked};
use postgres::imports;
use postgres::{Client, datasets};
use uuid::Uuid;

use crate::fixture::database::{DATASETS, FIELDS, Fixture, Upload, roll_back, within};

async fn events_of(fixture: &Fixture, owner: Uuid, uid: Uuid) -> Vec<Event> {
    let page = async |client: &mut Client| events::page(client, owner, uid, 10_000, 0).await;
    let (count, events) = fixture.ask(page).await.unwrap();
    assert_eq!(count, events.len() as i64);
    events
}

/// Each event as `state by actor`, and that each begins where the one before ended.
async fn told(fixture: &Fixture, owner: Uuid, uid: Uuid) -> Vec<String> {
    let events = events_of(fixture, owner, uid).await;
    for (place, pair) in events.windows(2).enumerate() {
        assert_eq!(pair[1].was.as_deref(), Some(pair[0].state.as_str()));
        assert_eq!(pair[1].number, pair[0].number + 1, "{place}");
        assert!(pair[0].at <= pair[1].at);
    }
    let first = events.first().expect("it was created");
    assert_eq!((first.number, first.was.as_deref()), (1, None));
    let told = |it: &Event| format!("{} by {}", it.state, it.actor);
    events.iter().map(told).collect()
}

async fn told_of(fixture: &Fixture, upload: &Upload) -> Vec<String> {
    told(fixture, upload.owner, upload.uid).await
}

#[tokio::test]
async fn a_whole_way_is_told_and_a_chunk_is_no_event() {
    let fixture = Fixture::new().await;
    for dataset in DATASETS {
        let upload = fixture.completed(dataset, 3).await;
        let completed = [
            "awaiting_upload by user",
            "planning by tests",
            "importing by tests",
            "finishing by tests",
            "completed by tests",
        ];
        assert_eq!(told_of(&fixture, &upload).await, completed, "{dataset}");
        let cancel = async |client: &mut Client| {
            imports::cancel(client, upload.owner, dataset, upload.number)
                .await
                .unwrap();
            roll_back(client, &upload).await.expect("nothing is left")
        };
        fixture.ask(cancel).await;
        let all = told_of(&fixture, &upload).await;
        assert_eq!(all[5..], ["cancelling by user", "cancelled by tests"]);
    }
}

/// The row stays in its page, and no index has to be changed with it: as before there were events.
#[tokio::test]
async fn a_fence_changes_no_index() {
    let fixture = Fixture::new().await;
    let upload = fixture.import("team", 2).await;
    let count = async |client: &mut Client| {
        let fence = "UPDATE import SET chunks_done = chunks_done + 1, progressed_at = now(), \
             last_stored_at = clock_timestamp() \
             WHERE id = $1 AND state = 'importing'";
        let counted = "SELECT n_tup_upd, n_tup_hot_upd FROM pg_stat_xact_user_tables \
             WHERE relname = 'import'";
        let transaction = client.transaction().await.unwrap();
        // What the session has done before may not have been added to the totals yet.
        let before = transaction.query_one(counted, &[]).await.unwrap();
        for _ in 0..5 {
            transaction.execute(fence, &[&upload.id]).await.unwrap();
        }
        let after = transaction.query_one(counted, &[]).await.unwrap();
        let since = |it: usize| after.get::<_, i64>(it) - before.get::<_, i64>(it);
        (since(0), since(1))
    };
    // One whose page is full goes to another page, and the indexes with it. With an index that it
    // changes, none would be HOT.
    let (updates, hot) = fixture.ask(count).await;
    assert!(updates == 5 && hot > 0, "{hot} of {updates} are HOT");
}

#[tokio::test]
async fn what_is_rolled_back_has_not_happened() {
    let fixture = Fixture::new().await;
    let upload = fixture.import("team", 1).await;
    let before = told_of(&fixture, &upload).await;
    let undone = async |client: &mut Client| {
        let transaction = client.transaction().await.unwrap();
        let set = "UPDATE import SET state = 'paused' WHERE id = $1";
        transaction.execute(set, &[&upload.id]).await.unwrap();
        transaction.rollback().await.unwrap();
    };
    fixture.ask(undone).await;
    assert_eq!(told_of(&fixture, &upload).await, before);
}

#[tokio::test]
async fn a_failure_names_its_reason_and_a_later_change_does_not() {
    let fixture = Fixture::new().await;
    let upload = fixture.import("team", 1).await;
    let fail = async |client: &mut Client| {
        let reason = Reason::RunExpired(Subject::Import);
        imports::fail(client, upload.uid, &reason).await.unwrap();
        roll_back(client, &upload).await.expect("nothing is left")
    };
    fixture.ask(fail).await;
    let events = events_of(&fixture, upload.owner, upload.uid).await;
    let codes: Vec<_> = events.iter().map(|it| it.code.as_deref()).collect();
    assert_eq!(codes, [None, None, None, Some("run_expired"), None]);
}

/// Two commands at once are two events, one after the other.
#[tokio::test]
async fn commands_that_meet_come_one_after_the_other() {
    let fixture = Fixture::new().await;
    let upload = fixture.import("team", 1).await;
    let (one, other) = (fixture.connection().await, fixture.connection().await);
    let (owner, number) = (upload.owner, upload.number);
    let both = async {
        tokio::join!(
            imports::pause(&one, owner, "team", number),
            imports::cancel(&other, owner, "team", number),
        )
    };
    let (_, cancelled) = within(both).await;
    assert!(matches!(cancelled.unwrap(), imports::Asked::Done(_)));
    let told = told_of(&fixture, &upload).await;
    let (last, before) = told[3..].split_last().unwrap();
    assert_eq!(last, "cancelling by user");
    assert!(
        before.is_empty() || before == ["paused by user"],
        "{before:?}"
    );
}

/// The drop of a dataset is what its user has asked for, for each import of it.
#[tokio::test]
async fn a_drop_is_an_event_of_each_import() {
    let fixture = Fixture::new().await;
    let owner = Uuid::new_v4();
    let visits = fixture.declared(owner, &FIELDS).await;
    let first = fixture.awaiting_in(owner, visits.clone(), 1, None).await;
    let second = fixture.awaiting_in(owner, visits.clone(), 1, None).await;
    let drop = async |client: &mut Client| {
        datasets::begin_drop(client, owner, &visits.name, None, true).await
    };
    fixture.ask(drop).await.unwrap();
    for upload in [first, second] {
        let told = told_of(&fixture, &upload).await;
        assert_eq!(told, ["awaiting_upload by user", "deleting by user"]);
    }
}

async fn of_export(fixture: &Fixture, export: &Export) -> Vec<String> {
    told(fixture, export.owner, export.uid).await
}

#[tokio::test]
async fn each_change_of_an_export_is_told() {
    let fixture = Fixture::new().await;
    let upload = fixture.completed("baseline", 1).await;
    let export = fixture.export(&upload).await;
    let (owner, number) = (export.owner, export.number);
    assert_eq!(of_export(&fixture, &export).await, ["exporting by user"]);
    let begin = async |client: &mut Client| exports::begin(client, export.uid, 1).await;
    fixture.ask(begin).await.unwrap().expect("it is wanted");
    let cancel = async |client: &mut Client| exports::cancel(client, owner, number).await;
    let asked = fixture.ask(cancel).await.unwrap();
    assert!(matches!(asked, Asked::Done(_)));
    let end = async |client: &mut Client| {
        let export = exports::by_uid(client, export.uid).await.unwrap().unwrap();
        exports::end_removal(client, &export, Goal::Cancelled).await
    };
    fixture.ask(end).await.unwrap();
    let delete = async |client: &mut Client| exports::delete(client, owner, number).await;
    fixture.ask(delete).await.unwrap();
    let all = [
        "exporting by user",
        "cancelling by user",
        "cancelled by tests",
        "deleting by user",
    ];
    assert_eq!(of_export(&fixture, &export).await, all);
}

#[tokio::test]
async fn events_are_their_owners_alone_and_go_with_their_import() {
    let fixture = Fixture::new().await;
    let upload = fixture.completed("team", 1).await;
    let others = events_of(&fixture, Uuid::new_v4(), upload.uid).await;
    assert_eq!(others, []);
    let left = "SELECT count(*) FROM import_event WHERE uid = $1";
    assert_eq!(fixture.number(left, &[&upload.uid]).await, 5);
    let gone = "DELETE FROM import WHERE id = $1";
    fixture.execute(gone, &[&upload.id]).await;
    assert_eq!(fixture.number(left, &[&upload.uid]).await, 0);
}

/// Whatever changes a state by hand is named by its session, also with many events before it.
#[tokio::test]
async fn a_hand_is_named_too() {
    let fixture = Fixture::new().await;
    let upload = fixture.import("team", 1).await;
    let by_hand = fixture.database("psql");
    let client = by_hand.connection().await.unwrap();
    let turns = "DO $$ BEGIN FOR i IN 1..500 LOOP \
             UPDATE import SET state = 'paused'; UPDATE import SET state = 'importing'; \
         END LOOP; END $$";
    client.batch_execute(turns).await.unwrap();
    let told = told_of(&fixture, &upload).await;
    assert_eq!(told.len(), 3 + 1_000);
    assert_eq!(told[1_001..], ["paused by psql", "importing by psql"]);
}
