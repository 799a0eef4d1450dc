//! The payloads in `events/` are what the functions of the workflow read.

mod fed;

use aws_lambda_events::sqs::{SqsEvent, SqsMessage};
use contracts::workflow::{
    ChunkMessage, CustomResource, ExportRun, ObjectCreated, PlanRequest, RequestType, Rotation,
    Run, SigningKeyRequest,
};
use serde_json::Value;

use crate::fixture::events::{UID, all, names, read};

#[test]
fn objects_that_were_created() {
    let read: Vec<_> = all::<ObjectCreated>("start-import");
    let object = |case: &str| {
        let found = read.iter().find(|(name, _)| name == case);
        found.unwrap().1.detail.object.clone()
    };
    let plain = object("object-created");
    assert_eq!(
        plain.key,
        format!("uploads/baseline/{UID}/100000-Sales-Records.csv")
    );
    assert_eq!(
        plain.version.as_deref(),
        Some("IYV3p45BT0ac8hjHg1houSdS1a.Mro8e")
    );
    assert_eq!(plain.size, 12_484_501);
    assert!(
        object("encoded-key")
            .key
            .ends_with("/%C3%A9quipes_caf%C3%A9.csv")
    );
    assert_eq!(object("no-version").version, None);
}

#[test]
fn inputs_of_the_workflows() {
    let plans: Vec<_> = all::<PlanRequest>("plan-chunks");
    assert_eq!(plans.len(), 2);
    for (case, plan) in plans {
        assert_eq!(plan.import.to_string(), UID, "{case}");
        assert!(!plan.task_token.is_empty(), "{case}");
    }
    for function in ["prepare-object", "finish-import", "rollback-import"] {
        for (case, run) in all::<Run>(function) {
            assert_eq!(run.import.to_string(), UID, "{function}/{case}");
        }
    }
    for (case, run) in all::<ExportRun>("write-export") {
        assert_eq!(run.export.to_string(), UID, "write-export/{case}");
    }
}

#[test]
fn batches_of_the_queues() {
    for function in ["import-chunk", "fail-chunk"] {
        for (case, event) in all::<SqsEvent>(function) {
            for message in event.records {
                if case == "not-a-chunk" {
                    assert_eq!(message.body.as_deref(), Some("hello"));
                    continue;
                }
                assert_eq!(chunk(&message).import.to_string(), UID, "{function}/{case}");
                assert!(message.message_id.is_some() && message.receipt_handle.is_some());
            }
        }
    }
    let batch: SqsEvent = read("import-chunk", "batch-with-duplicate");
    let chunks: Vec<i32> = batch.records.iter().map(|it| chunk(it).chunk).collect();
    assert_eq!(chunks, [0, 1, 0]);
    let letter: SqsEvent = read("fail-chunk", "dead-letter");
    assert_eq!(letter.records[0].attributes["ApproximateReceiveCount"], "6");
}

fn chunk(message: &SqsMessage) -> ChunkMessage {
    serde_json::from_str(message.body.as_deref().unwrap()).unwrap()
}

#[test]
fn what_starts_reconciliation() {
    let events: Vec<_> = all::<Value>("reconcile");
    let sources: Vec<&str> = events
        .iter()
        .filter_map(|it| it.1["source"].as_str())
        .collect();
    assert_eq!(sources, ["aws.states", "aws.events"]);
}

#[test]
fn requests_of_cloudformation() {
    for (function, id) in [
        ("migrate-database", "collect-schema"),
        ("rotate-signing-key", "collect-signing-key"),
    ] {
        for (case, request_type, known) in [
            ("create", RequestType::Create, None),
            ("update", RequestType::Update, Some(id)),
            ("delete", RequestType::Delete, Some(id)),
        ] {
            let request: CustomResource = read(function, case);
            assert_eq!(request.request_type, request_type, "{function}/{case}");
            let found = request.physical_resource_id.as_deref();
            assert_eq!(found, known, "{function}/{case}");
        }
    }
    let all = ["create", "delete", "update", "way-out"];
    assert_eq!(names("migrate-database"), all);
    let way_out: CustomResource = read("migrate-database", "way-out");
    let hosts = way_out.resource_properties.hosts.unwrap();
    assert!(hosts.iter().all(|it| it.ends_with(":443")), "{hosts:?}");
}

#[test]
fn requests_for_a_signing_key() {
    for (case, request) in all::<SigningKeyRequest>("rotate-signing-key") {
        let rotation = match (case.as_str(), request) {
            ("create" | "delete" | "update", SigningKeyRequest::Resource(_)) => None,
            (_, SigningKeyRequest::Rotate(request)) => Some(request.rotate),
            (case, request) => panic!("{case}: {request:?}"),
        };
        match case.as_str() {
            "planned" => assert_eq!(rotation, Some(Rotation::Planned)),
            "leaked" => assert_eq!(rotation, Some(Rotation::Leaked)),
            _ => assert_eq!(rotation, None, "{case}"),
        }
    }
}
