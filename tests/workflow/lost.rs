//! What is lost on the way is found by `reconcile`.

use uuid::Uuid;

use super::pause;
use crate::fixture::client::User;
use crate::fixture::events::event;
use crate::fixture::stack::{sql, wait_until};
use crate::fixture::{cloud, sample};

pub fn reconcile() {
    // It reports an error if any import of any test could not be moved on.
    cloud::invoke_whatever_comes("ReconcileFunction", &event("reconcile", "schedule"));
}

#[test]
fn an_object_whose_event_was_lost_is_found() {
    let user = User::new();
    let file = sample::teams(111, 200);
    // Its event names no import, so it is as good as lost.
    let key = format!("uploads/team/file-{}.csv", Uuid::now_v7());
    cloud::put_object(&key, &file);
    let (import, _) = user.ask_for_url("team", file.len());
    sql::change(
        "UPDATE import SET object_key = $2, progressed_at = now() - interval '10 minutes' \
         WHERE uid = $1",
        &[&import.uid, &key],
    );
    reconcile();
    import.ends("completed");
    assert_eq!(import.rows_seen(), 200);
}

#[test]
fn an_upload_that_never_came_expires() {
    let user = User::new();
    let (import, _) = user.ask_for_url("baseline", 1_000);
    sql::change(
        "UPDATE import SET upload_expires_at = now() - interval '1 second' WHERE uid = $1",
        &[&import.uid],
    );
    reconcile();
    let detail = import.ends("failed");
    assert_eq!(detail["error"]["code"], "upload_expired");
    user.upload("baseline", &sample::sales(112, 5))
        .ends("completed");
}

#[test]
fn chunks_whose_messages_were_lost_are_handed_out_again() {
    let user = User::new();
    let import = pause::paused_half_way(&user);
    // As if they had been handed out an hour ago and their messages were lost.
    let lost: i64 = sql::one(
        "WITH lost AS (UPDATE import_chunk SET queued_at = now() - interval '1 hour' \
             WHERE done_at IS NULL AND import_id = (SELECT id FROM import WHERE uid = $1) \
             RETURNING 1) SELECT count(*) FROM lost",
        &[&import.uid],
    );
    assert!(lost > 0);
    sql::change(
        "UPDATE import SET state = 'importing', pause_expires_at = NULL WHERE uid = $1",
        &[&import.uid],
    );
    reconcile();
    let detail = import.ends("completed");
    assert_eq!(detail["progress"]["rows_imported"], sample::MANY);
    assert_eq!(import.rows_stored(), sample::MANY);
}

#[test]
fn an_import_whose_execution_was_lost_is_started_again() {
    let user = User::new();
    let import = pause::paused_half_way(&user);
    let name = format!("import-{}-{}", import.uid, import.run());
    cloud::stop_import_execution(&name);
    assert_eq!(cloud::import_execution(&name), "ABORTED");
    import.post("resume").expect(202);
    wait_until("the import ends", || {
        // Every chunk that is stored makes the import look alive, so it is made silent each time.
        let silent = "UPDATE import SET progressed_at = now() - interval '10 minutes' \
             WHERE uid = $1 RETURNING 1";
        sql::rows(silent, &[&import.uid]);
        reconcile();
        import.state() == "completed"
    });
    assert!(import.run() > 1);
    assert_eq!(import.rows_seen(), sample::MANY);
    assert_eq!(import.rows_stored(), sample::MANY);
}
