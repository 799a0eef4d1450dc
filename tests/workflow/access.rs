//! Every call behind the API is authorized: the suite would say nothing about permissions if the
//! cloud did not ask for them.

use serde_json::json;

use super::client::{Answer, User, ask_for_trouble};
use super::cloud::{self, Credentials};
use super::{sample, variable};

fn stranger() -> Credentials {
    Credentials {
        access_key: "AKIAIOSFODNN7EXAMPLE".to_owned(),
        secret_key: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".to_owned(),
        session_token: None,
    }
}

fn forger() -> Credentials {
    Credentials {
        secret_key: "not-the-secret".to_owned(),
        ..cloud::operator()
    }
}

#[test]
fn nobody_reaches_bucket_queue_or_workflow_without_credentials() {
    let user = User::new();
    let import = user.upload("team", &sample::teams(121, 5));
    import.ends("completed");
    let path = cloud::object_path(&import.key);
    let unsigned = format!("{}{path}", variable("AWS_ENDPOINT_URL"));
    assert_eq!(ask_for_trouble("GET", &unsigned, &[], None).status, 403);
    assert_eq!(
        ask_for_trouble("PUT", &unsigned, &[], Some(b"x")).status,
        403
    );
    for credentials in [stranger(), forger()] {
        for method in ["GET", "PUT", "DELETE"] {
            let answer = cloud::call(&credentials, &cloud::s3(method, &path, b""));
            assert_eq!(answer.status, 403, "{method} {answer:?}");
        }
        is_refused(&send_message(&credentials, &import.uid.to_string()));
        is_refused(&start_execution(&credentials, &import.uid.to_string()));
    }
    assert_eq!(
        cloud::call(&cloud::operator(), &cloud::s3("GET", &path, b"")).status,
        200
    );
    assert_eq!(cloud::object_versions(&import.key).len(), 1);
}

#[track_caller]
fn is_refused(answer: &Answer) {
    assert!([400, 403].contains(&answer.status), "{answer:?}");
    let refused = [
        "UnrecognizedClientException",
        "InvalidClientTokenId",
        "SignatureDoesNotMatch",
        "InvalidSignatureException",
        "AccessDenied",
    ];
    assert!(
        refused.iter().any(|it| answer.body.contains(it)),
        "{answer:?}"
    );
}

fn send_message(credentials: &Credentials, import: &str) -> Answer {
    let body = json!({
        "QueueUrl": variable("CHUNK_QUEUE_URL"),
        "MessageBody": json!({"import": import, "chunk": 0}).to_string(),
    });
    cloud::call_json(credentials, "sqs", "AmazonSQS.SendMessage", &body)
}

fn start_execution(credentials: &Credentials, import: &str) -> Answer {
    let body = json!({
        "stateMachineArn": variable("IMPORT_STATE_MACHINE_ARN"),
        "input": json!({"import": import, "run": 1}).to_string(),
    });
    cloud::call_json(
        credentials,
        "states",
        "AWSStepFunctions.StartExecution",
        &body,
    )
}
