//! The local cloud authorizes every call, as AWS does: otherwise the suite would say nothing about
//! permissions.

mod accounts;
mod acts;
mod guarded;
mod guesses;
mod reached;

use serde_json::json;

use crate::fixture::client::{Answer, Import, User, ask_url};
use crate::fixture::cloud::{self, Credentials, Nobody, Signed};
use crate::fixture::sample;
use crate::fixture::stack::variable;

#[test]
fn bucket_queue_and_workflow_are_refused_without_permission() {
    let user = User::new();
    let import = user.upload("team", &sample::teams(121, 5));
    import.ends("completed");
    let stored = Stored::of(&import);
    let unsigned = format!("{}{}", variable("AWS_ENDPOINT_URL"), stored.path);
    assert_eq!(ask_url("GET", &unsigned, &[], None).status, 403);
    assert_eq!(ask_url("PUT", &unsigned, &[], Some(b"x")).status, 403);
    let nobody = Nobody::new();
    for (who, credentials) in [
        ("an unknown key", unknown()),
        ("a wrong secret", forged(&nobody)),
        ("no permission", nobody.credentials.clone()),
    ] {
        for attempt in ATTEMPTS {
            assert!(
                !attempt.succeeds(&credentials, &stored),
                "{who}: {attempt:?}"
            );
        }
    }
    assert!(Attempt::Get.succeeds(&cloud::operator(), &stored));
    assert_eq!(cloud::object_versions(&import.key).len(), 1);
}

/// The role of a function allows what the function does and no more.
#[test]
fn a_function_may_do_what_it_does_and_nothing_else() {
    use Attempt::{Get, Put};
    let user = User::new();
    let import = user.upload("team", &sample::teams(122, 5));
    import.ends("completed");
    let stored = Stored::of(&import);
    for (function, allowed) in [
        ("AuthFunction", &[][..]),
        ("UploadFileFunction", &[Get, Put]),
        ("ListImportsFunction", &[]),
        ("QueryDataFunction", &[]),
        ("PrepareObjectFunction", &[Get]),
        ("ImportChunkFunction", &[Get]),
        ("FinishImportFunction", &[Get]),
    ] {
        let credentials = cloud::credentials_of(function);
        for attempt in [Get, Put, Attempt::Delete] {
            let expected = allowed.contains(&attempt);
            let succeeded = attempt.succeeds(&credentials, &stored);
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
                !attempt.succeeds(&credentials, &stored),
                "{function}: {attempt:?}"
            );
        }
    }
}

/// On AWS a role learns that an object is gone only if it may list the bucket; without that, an import
/// whose object is gone would be tried again for hours.
#[test]
fn that_an_object_is_gone_is_told_to_a_role_that_may_list() {
    let path = cloud::object_path("uploads/team/nothing.csv");
    let request = Signed {
        query: &[("versionId", "11111111-2222-3333-4444-555555555555")],
        ..cloud::s3("GET", &path, b"")
    };
    for function in READERS {
        let told = cloud::call(&cloud::credentials_of(function), &request);
        assert_eq!(told.status, 404, "{function}: {told:?}");
        let blind = cloud::narrowed_credentials_of(function, "s3:GetObjectVersion");
        let refused = cloud::call(&blind, &request);
        assert_eq!(refused.status, 403, "{function}: {refused:?}");
    }
}

/// They read the version that an import is pinned to.
const READERS: [&str; 5] = [
    "UploadFileFunction",
    "PlanChunksFunction",
    "ImportChunkFunction",
    "FinishImportFunction",
    "ReconcileFunction",
];

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

/// An object and its version.
struct Stored {
    path: String,
    version: String,
}

impl Stored {
    fn of(import: &Import<'_>) -> Self {
        let version = cloud::object_versions(&import.key).remove(0);
        let path = cloud::object_path(&import.key);
        Self { path, version }
    }

    fn ask(&self, credentials: &Credentials, method: &str) -> Answer {
        cloud::call(credentials, &cloud::s3(method, &self.path, b""))
    }

    /// Reads the object by its version, as all our functions do.
    fn read(&self, credentials: &Credentials) -> Answer {
        let request = Signed {
            query: &[("versionId", &self.version)],
            ..cloud::s3("GET", &self.path, b"")
        };
        cloud::call(credentials, &request)
    }
}

/// What a caller may try without the API.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Attempt {
    Get,
    Put,
    Delete,
    SendMessage,
    StartExecution,
}

impl Attempt {
    /// False if it was refused for lack of permission. Any other failure is a mistake of the test.
    fn succeeds(self, credentials: &Credentials, stored: &Stored) -> bool {
        let answer = match self {
            Attempt::Get => stored.read(credentials),
            Attempt::Put => stored.ask(credentials, "PUT"),
            Attempt::Delete => stored.ask(credentials, "DELETE"),
            Attempt::SendMessage => send_message(credentials),
            Attempt::StartExecution => start_execution(credentials),
        };
        let refused = REFUSALS.iter().any(|it| answer.body.contains(it));
        assert!(refused || answer.status < 300, "{self:?}: {answer:?}");
        !refused
    }
}

/// The codes with which the services refuse a call.
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
