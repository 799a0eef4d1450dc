use domain::reading::ReadingRequest;
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
        declared: None,
        number: 3,
        state,
        goal: None,
        run: 1,
        runs_before: 0,
        holds: false,
        validate_only: false,
        max_errors: None,
        said: ReadingRequest::default(),
        reading: None,
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
        lines_rejected: 0,
        lines_total: None,
        bytes_done: 0,
        task_token: Some("secret".into()),
        error: None,
        warnings: vec![],
        rollback: None,
        created_at: start(),
        started_at: None,
        finished_at: None,
        progressed_at: start(),
        last_stored_at: None,
        upload_expires_at: after(7200),
        pause_expires_at: None,
        run_expires_at: None,
        hold_expires_at: None,
        replaces: None,
        replaced_by: None,
        swaps: None,
        completed_at: None,
        retry_of: None,
        retried_by: None,
        object_expired_at: None,
        source: None,
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
        last_stored_at: Some(after(9)),
        ..import(state)
    }
}

fn shown(import: Import, now: Timestamp) -> String {
    let address = "https://b.s3.amazonaws.com/x.csv".into();
    let object = FileObject::new(import, &domain::catalog::TEAM, address, now);
    serde_json::to_string(&object).unwrap()
}

#[test]
fn an_import_without_its_file_yet() {
    let expected = concat!(
        r#"{"id":3,"file":"https://b.s3.amazonaws.com/x.csv","status":"awaiting_upload","#,
        r#""progress":{"percent":0,"bytes_done":0,"bytes_total":1000,"rows_imported":0,"#,
        r#""rows_visible":0,"rows_rejected":0,"chunks_done":0,"chunks_total":null,"last_stored_at":null,"#,
        r#""rows_per_second":null,"eta_seconds":null},"created_at":"2026-01-01T12:00:00Z","started_at":null,"#,
        r#""finished_at":null,"error":null,"warnings":[],"pause_expires_at":null,"#,
        r#""rollback":null,"rejected_rows_url":null,"hold_expires_at":null,"#,
        r#""validate_only":false,"retry_of":null,"retried_by":null,"replaces":null,"replaced_by":null,"read_as":null,"#,
        r#""waiting_for":{"code":"file_not_here","detail":"It waits for its file to arrive; without it, it fails at 2026-01-01T14:00:00Z.","#,
        r#""until":"2026-01-01T14:00:00Z"}}"#,
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
            found: vec![],
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
    assert_eq!(shown["progress"]["rows_imported"], 25);
    assert_eq!(shown["progress"]["rows_visible"], 0);
    assert_eq!(shown["progress"]["percent"], 0);
    assert_eq!(shown["progress"]["last_stored_at"], "2026-01-01T12:00:09Z");
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
    let heading_read = Import {
        started_at: Some(start()),
        heading_end: Some((200, 2)),
        bytes_done: 200,
        ..import(State::Importing)
    };
    let heading_and_a_chunk = Import {
        heading_end: Some((200, 2)),
        bytes_done: 600,
        ..half_way(State::Importing)
    };
    let ended = |state| Import {
        finished_at: Some(after(10)),
        ..half_way(state)
    };
    let taken_back = Import {
        completed_at: Some(after(10)),
        finished_at: Some(after(90_000)),
        bytes_done: 1000,
        ..half_way(State::Cancelled)
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
        ("its heading is read", heading_read, after(100), 20, Some(0.0), None),
        ("its heading counts for no pace", heading_and_a_chunk, after(10), 60, Some(2.5), Some(10)),
        ("paused", half_way(State::Paused), after(30), 50, Some(0.8), None),
        ("all stored, not proved", finishing, after(10), 99, Some(2.5), None),
        ("completed", completed, after(1000), 100, Some(2.5), None),
        ("being taken back", half_way(State::Cancelling), after(10), 0, Some(2.5), None),
        ("its rollback is tried again", half_way(State::RollbackFailed), after(10), 0, Some(2.5), None),
        ("cancelled", ended(State::Cancelled), after(99), 0, Some(2.5), None),
        ("failed", ended(State::Failed), after(99), 0, Some(2.5), None),
        ("held", half_way(State::Held), after(10), 50, Some(2.5), None),
        ("completed, a day later cancelled", taken_back, after(95_000), 0, Some(2.5), None),
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

/// Rows are visible in one state.
#[test]
fn rows_are_visible_when_completed() {
    for &state in State::ALL {
        let visible = Progress::of(&half_way(state), after(10)).rows_visible;
        let expected = if state == State::Completed { 25 } else { 0 };
        assert_eq!(visible, expected, "{state}");
    }
}

#[test]
fn how_the_file_was_read() {
    let dataset = &domain::catalog::TEAM;
    let said = ReadingRequest::parse([("delimiter", ";")]).unwrap();
    let mut reading = said.reading(dataset).unwrap();
    reading.found(domain::reading::Part::SkipLines);
    let read = Import {
        reading: Some(reading),
        ..import(State::Importing)
    };
    let shown = shown(read, start());
    let read_as = &shown[shown.find("\"read_as\":").unwrap()..];
    let expected = concat!(
        r#""read_as":{"encoding":{"value":"utf-8","origin":"declared"},"#,
        r#""delimiter":{"value":";","origin":"said"},"quote":{"value":"\"","origin":"declared"},"#,
    );
    assert!(read_as.starts_with(expected), "{read_as}");
    assert!(
        read_as.contains(r#""skip_lines":{"value":"0","origin":"found"}"#),
        "{read_as}"
    );
}

#[test]
fn a_replacement_names_what_goes_with_it() {
    let replacement = Import {
        replaces: Some(2),
        swaps: Some(1),
        ..import(State::Planning)
    };
    let address = "https://x".into();
    let mut object = FileObject::new(replacement, &domain::catalog::TEAM, address, start());
    let end = |object: &FileObject| {
        let shown = serde_json::to_string(object).unwrap();
        shown.split_once(r#""replaces""#).unwrap().1.to_owned()
    };
    assert_eq!(
        end(&object),
        r#":2,"replaced_by":null,"read_as":null,"waiting_for":null,"swaps":1}"#
    );
    object.removes_exports = Some(vec![3, 5]);
    let named = r#":2,"replaced_by":null,"read_as":null,"waiting_for":null,"swaps":1,"removes_exports":[3,5]}"#;
    assert_eq!(end(&object), named);
}

#[test]
fn an_entry_of_all_names_its_dataset_and_its_kind() {
    let address = "https://x".into();
    let import = half_way(State::Importing);
    let object = FileObject::new(import, &domain::catalog::TEAM, address, start());
    let entry = serde_json::to_string(&object.of_all("team", after(7))).unwrap();
    let expected = r#"{"id":"team/3","kind":"import","changed_at":"2026-01-01T12:00:07Z","file":"https://x","status":"importing","#;
    assert!(entry.starts_with(expected), "{entry}");
}

#[test]
fn a_client_asks_again_until_the_end() {
    let slow = Import {
        bytes_done: 10,
        ..half_way(State::Importing)
    };
    #[rustfmt::skip]
    let table = [
        ("half way",                   half_way(State::Importing),    10,    Some(1)),
        ("half way after an hour",     half_way(State::Importing),    3_600, Some(15)),
        ("much is left",               slow,                          10,    Some(15)),
        ("some is left",               half_way(State::Importing),    120,   Some(5)),
        ("it was just asked for",      import(State::AwaitingUpload), 1,     Some(1)),
        ("its file does not come",     import(State::AwaitingUpload), 300,   Some(5)),
        ("paused for long",            half_way(State::Paused),       3_600, Some(15)),
        ("being taken back",           half_way(State::Cancelling),   1,     Some(1)),
        ("completed",                  half_way(State::Completed),    1,     None),
        ("failed",                     half_way(State::Failed),       1,     None),
    ];
    for (case, import, seconds, expected) in table {
        assert_eq!(ask_again_after(&import, after(seconds)), expected, "{case}");
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
