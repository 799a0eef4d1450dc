use jiff::SignedDuration;
use serde_json::json;
use uuid::Uuid;

use super::*;
use domain::import::State;

fn start() -> Timestamp {
    "2026-01-01T12:00:00Z".parse().unwrap()
}

fn after(seconds: i64) -> Timestamp {
    start() + SignedDuration::from_secs(seconds)
}

fn import(state: State) -> Import {
    Import {
        id: 99,
        uid: Uuid::nil(),
        owner: Uuid::nil(),
        dataset: "team".into(),
        number: 3,
        state,
        goal: None,
        run: 1,
        runs_before: 0,
        holds: false,
        max_errors: None,
        object_key: "uploads/x".into(),
        object_version: None,
        object_size: 1000,
        prepared: None,
        plan_version: None,
        chunk_bytes: None,
        column_order: None,
        heading_end: None,
        chunks_total: None,
        chunks_done: 0,
        rows_imported: 0,
        rows_rejected: 0,
        bytes_done: 0,
        task_token: Some("secret".into()),
        error: None,
        warnings: vec![],
        rollback: None,
        created_at: start(),
        started_at: None,
        finished_at: None,
        progressed_at: start(),
        upload_expires_at: after(7200),
        pause_expires_at: None,
        run_expires_at: None,
        hold_expires_at: None,
        replaces: None,
        replaced_by: None,
    }
}

fn half_way(state: State) -> Import {
    Import {
        started_at: Some(start()),
        bytes_done: 500,
        chunks_done: 1,
        chunks_total: Some(2),
        rows_imported: 25,
        rows_rejected: 1,
        ..import(state)
    }
}

fn shown(import: Import, now: Timestamp) -> String {
    let object = FileObject::new(import, "https://b.s3.amazonaws.com/x.csv".into(), now);
    serde_json::to_string(&object).unwrap()
}

#[test]
fn an_import_without_its_file_yet() {
    let expected = concat!(
        r#"{"id":3,"file":"https://b.s3.amazonaws.com/x.csv","status":"awaiting_upload","#,
        r#""progress":{"percent":0,"bytes_done":0,"bytes_total":1000,"rows_imported":0,"#,
        r#""rows_rejected":0,"chunks_done":0,"chunks_total":null,"rows_per_second":null,"#,
        r#""eta_seconds":null},"created_at":"2026-01-01T12:00:00Z","started_at":null,"#,
        r#""finished_at":null,"error":null,"warnings":[],"pause_expires_at":null,"#,
        r#""rollback":null,"rejected_rows_url":null,"hold_expires_at":null,"#,
        r#""replaces":null,"replaced_by":null}"#,
    );
    assert_eq!(shown(import(State::AwaitingUpload), start()), expected);
}

#[test]
fn an_import_that_was_taken_back() {
    let proof = Rollback {
        rows_deleted: 25,
        rows_remaining: 0,
    };
    let failed = Import {
        error: Some(StoredReason {
            code: "not_text".into(),
            detail: "Line 7 is not UTF-8.".into(),
        }),
        rollback: Some(proof),
        finished_at: Some(after(10)),
        ..half_way(State::Failed)
    };
    let shown: Value = serde_json::from_str(&shown(failed, after(60))).unwrap();
    let rollback = json!({"rows_deleted": 25, "rows_remaining": 0});
    assert_eq!(shown["rollback"], rollback);
    let error = json!({"code": "not_text", "detail": "Line 7 is not UTF-8."});
    assert_eq!(shown["error"], error);
    assert_eq!(shown["progress"]["eta_seconds"], Value::Null);
}

#[test]
fn percent_pace_and_time_to_go() {
    let finishing = Import {
        bytes_done: 1000,
        ..half_way(State::Finishing)
    };
    let completed = Import {
        finished_at: Some(after(10)),
        bytes_done: 990,
        ..half_way(State::Completed)
    };
    let empty = Import {
        object_size: 0,
        ..import(State::Planning)
    };
    #[rustfmt::skip]
    let table = [
        ("half way", half_way(State::Importing), after(10), 50, Some(2.5), Some(10)),
        ("in the first instant", half_way(State::Importing), start(), 50, None, None),
        ("a slow clock", half_way(State::Importing), after(-5), 50, None, None),
        ("nothing stored yet", Import { started_at: Some(start()), ..import(State::Planning) }, after(3), 0, Some(0.0), None),
        ("paused", half_way(State::Paused), after(30), 50, Some(0.8), None),
        ("all stored, not proved", finishing, after(10), 99, Some(2.5), None),
        ("completed", completed, after(1000), 100, Some(2.5), None),
        ("no bytes at all", empty, after(1), 0, None, None),
    ];
    for (case, import, now, percent, pace, eta) in table {
        let progress = Progress::of(&import, now);
        let told = (
            progress.percent,
            progress.rows_per_second,
            progress.eta_seconds,
        );
        assert_eq!(told, (percent, pace, eta), "{case}");
    }
}

#[test]
fn an_upload_names_its_headers() {
    let headers = vec![
        ("if-none-match".to_owned(), "*".to_owned()),
        ("content-length".to_owned(), "10".to_owned()),
    ];
    let upload = Upload::new("PUT".into(), "https://x".into(), headers, start());
    let shown = serde_json::to_string(&upload).unwrap();
    let expected = r#"{"method":"PUT","url":"https://x","headers":{"content-length":"10","if-none-match":"*"},"expires_at":"2026-01-01T12:00:00Z"}"#;
    assert_eq!(shown, expected);
}
