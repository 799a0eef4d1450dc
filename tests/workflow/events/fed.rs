//! Each payload in `events/`, sent to its function as AWS sends it. First as the file has it: there
//! is no such import, and the payload does no harm. Then for an import that exists.

use serde_json::{Value, json};

use crate::fixture::client::{Import, User};
use crate::fixture::events::{UID, event, names};
use crate::fixture::stack::sql;
use crate::fixture::{cloud, sample};

/// A payload's name, and the answer to it.
type Answer = (&'static str, &'static str);

/// The functions, their resources, and what each of their payloads is answered with.
const ANSWERS: [(&str, &str, &[Answer]); 9] = [
    (
        "fail-chunk",
        "FailChunkFunction",
        &[("dead-letter", NONE_FAILED)],
    ),
    (
        "finish-import",
        "FinishImportFunction",
        &[("run", "null"), ("second-run", "null")],
    ),
    (
        "import-chunk",
        "ImportChunkFunction",
        &[
            ("batch-with-duplicate", NONE_FAILED),
            ("chunk", NONE_FAILED),
            ("not-a-chunk", NO_CHUNK_FAILED),
        ],
    ),
    (
        "plan-chunks",
        "PlanChunksFunction",
        &[("plan", "null"), ("second-run", "null")],
    ),
    (
        "prepare-object",
        "PrepareObjectFunction",
        &[
            ("run", r#"{"more":false}"#),
            ("second-run", r#"{"more":false}"#),
        ],
    ),
    (
        "reconcile",
        "ReconcileFunction",
        &[("execution-failed", "null"), ("schedule", "null")],
    ),
    (
        "rollback-import",
        "RollbackImportFunction",
        &[
            ("run", r#"{"more":false}"#),
            ("second-run", r#"{"more":false}"#),
        ],
    ),
    (
        "start-import",
        "StartImportFunction",
        &[
            ("encoded-key", "null"),
            ("no-version", "null"),
            ("not-an-upload", "null"),
            ("object-created", "null"),
        ],
    ),
    (
        "write-export",
        "WriteExportFunction",
        &[
            ("run", r#"{"more":false}"#),
            ("second-run", r#"{"more":false}"#),
        ],
    ),
];

const NONE_FAILED: &str = r#"{"batchItemFailures":[]}"#;
/// The message goes on to the dead-letter queue.
const NO_CHUNK_FAILED: &str =
    r#"{"batchItemFailures":[{"itemIdentifier":"059f36b4-87a3-44ab-83d2-661900000005"}]}"#;

#[test]
fn every_payload_as_its_file_has_it() {
    for (function, resource, answers) in ANSWERS {
        let expected: Vec<&str> = answers.iter().map(|it| it.0).collect();
        assert_eq!(
            names(function),
            expected,
            "every file of {function} has its line"
        );
        for (case, answer) in answers {
            let found = cloud::invoke(resource, &event(function, case));
            assert_eq!(found.json(), json(answer), "{function}/{case}");
        }
    }
}

/// No late or repeated payload changes a completed import.
#[test]
fn every_payload_for_an_import_that_is_completed() {
    let user = User::new();
    let import = user.upload("team", &sample::teams(181, 50));
    let before = import.ends("completed");
    for (function, resource, answers) in ANSWERS {
        for (case, answer) in answers {
            let found = cloud::invoke(resource, &of(&import, event(function, case)));
            assert_eq!(found.json(), json(answer), "{function}/{case}");
            assert_eq!(import.detail(), before, "{function}/{case}");
        }
    }
    assert_eq!(import.rows_stored(), 50);
    assert_eq!(import.run(), 1);
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// The payload for another import: with its uid wherever the file has one, and with its object in
/// an event of S3.
fn of(import: &Import<'_>, event: Value) -> Value {
    let text = event.to_string().replace(UID, &import.uid.to_string());
    let mut event: Value = serde_json::from_str(&text).unwrap();
    let Some(object) = event.pointer_mut("/detail/object") else {
        return event;
    };
    if object["key"] != "notes.txt" {
        object["key"] = json!(import.key);
    }
    if object["version-id"].is_string() {
        object["version-id"] = json!(version(import));
    }
    event
}

fn version(import: &Import<'_>) -> String {
    let sql = "SELECT object_version FROM import WHERE uid = $1";
    sql::one(sql, &[&import.uid])
}
