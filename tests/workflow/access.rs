//! Every call behind the API is authorized: the suite would say nothing about permissions if the
//! cloud did not ask for them.

use serde_json::json;

use super::client::{Answer, User, ask_for_trouble};
use super::cloud::{self, Credentials, Nobody};
use super::{sample, variable};

#[test]
fn nobody_reaches_bucket_queue_or_workflow_without_permission() {
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
    let nobody = Nobody::new();
    for (who, credentials) in [
        ("an unknown key", unknown()),
        ("a wrong secret", forged(&nobody)),
        ("no permission", nobody.credentials.clone()),
    ] {
        for attempt in ATTEMPTS {
            assert!(!attempt.succeeds(&credentials, &path), "{who}: {attempt:?}");
        }
    }
    assert!(Attempt::Get.succeeds(&cloud::operator(), &path));
    assert_eq!(cloud::object_versions(&import.key).len(), 1);
}

/// As wide as what it does: a function's role takes what the function needs and no more.
#[test]
fn a_function_may_do_what_it_does_and_nothing_else() {
    use Attempt::{Get, Put};
    let user = User::new();
    let import = user.upload("team", &sample::teams(122, 5));
    import.ends("completed");
    let path = cloud::object_path(&import.key);
    for (function, allowed) in [
        ("AuthFunction", &[][..]),
        ("UploadFileFunction", &[Put]),
        ("ListImportsFunction", &[]),
        ("QueryDataFunction", &[]),
        ("ImportChunkFunction", &[Get]),
        ("FinishImportFunction", &[]),
    ] {
        let credentials = cloud::credentials_of(function);
        for attempt in [Get, Put, Attempt::Delete] {
            let expected = allowed.contains(&attempt);
            let succeeded = attempt.succeeds(&credentials, &path);
            assert_eq!(succeeded, expected, "{function}: {attempt:?}");
        }
    }
    for function in [
        "AuthFunction",
        "UploadFileFunction",
        "ListImportsFunction",
        "QueryDataFunction",
    ] {
        let credentials = cloud::credentials_of(function);
        for attempt in [Attempt::SendMessage, Attempt::StartExecution] {
            assert!(
                !attempt.succeeds(&credentials, &path),
                "{function}: {attempt:?}"
            );
        }
    }
}

fn unknown() -> Credentials {
    Credentials {
        access_key: "AKIAIOSFODNN7EXAMPLE".to_owned(),
        secret_key: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".to_owned(),
        session_token: None,
    }
}

fn forged(nobody: &Nobody) -> Credentials {
    Credentials {
        secret_key: "not-the-secret".to_owned(),
        ..nobody.credentials.clone()
    }
}

const ATTEMPTS: [Attempt; 5] = [
    Attempt::Get,
    Attempt::Put,
    Attempt::Delete,
    Attempt::SendMessage,
    Attempt::StartExecution,
];

/// What somebody may try past the API.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Attempt {
    Get,
    Put,
    Delete,
    SendMessage,
    StartExecution,
}

impl Attempt {
    /// False if it was refused for want of permission; any other outcome is a mistake of the test.
    fn succeeds(self, credentials: &Credentials, path: &str) -> bool {
        let object = |method| cloud::call(credentials, &cloud::s3(method, path, b""));
        let answer = match self {
            Attempt::Get => object("GET"),
            Attempt::Put => object("PUT"),
            Attempt::Delete => object("DELETE"),
            Attempt::SendMessage => send_message(credentials),
            Attempt::StartExecution => start_execution(credentials),
        };
        let refused = REFUSALS.iter().any(|it| answer.body.contains(it));
        assert!(refused || answer.status < 300, "{self:?}: {answer:?}");
        !refused
    }
}

/// The words of the services for it.
const REFUSALS: [&str; 6] = [
    "AccessDenied",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
];

fn send_message(credentials: &Credentials) -> Answer {
    let body = json!({"QueueUrl": variable("CHUNK_QUEUE_URL"), "MessageBody": "{}"});
    cloud::call_json(credentials, "sqs", "AmazonSQS.SendMessage", &body)
}

fn start_execution(credentials: &Credentials) -> Answer {
    let body = json!({"stateMachineArn": variable("IMPORT_STATE_MACHINE_ARN"), "input": "{}"});
    cloud::call_json(
        credentials,
        "states",
        "AWSStepFunctions.StartExecution",
        &body,
    )
}
