//! The cloud that the API runs on, called as its operator may call it: signed calls, no SDK.

mod activity;
mod identities;
mod signature;

use std::sync::LazyLock;

use serde_json::{Value, json};

use super::client::{Answer, ask_url};
use super::variable;

pub use activity::Activity;
pub use identities::{Nobody, credentials_of, narrowed_credentials_of};
pub use signature::{Credentials, Signed};

/// The operator of the stack.
pub fn operator() -> Credentials {
    Credentials {
        access_key: variable("AWS_ACCESS_KEY_ID"),
        secret_key: variable("AWS_SECRET_ACCESS_KEY"),
        session_token: None,
    }
}

/// Makes a signed call.
pub fn call(credentials: &Credentials, request: &Signed<'_>) -> Answer {
    let endpoint = variable("AWS_ENDPOINT_URL");
    let (_, host) = endpoint.split_once("://").unwrap();
    let signed = request.headers(credentials, host, &variable("AWS_REGION"));
    let headers: Vec<(&str, &str)> = signed
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        // The client writes it itself.
        .filter(|(name, _)| *name != "host")
        .collect();
    let url = format!("{endpoint}{}", request.target());
    let body = (request.method != "GET").then_some(request.body);
    ask_url(request.method, &url, &headers, body)
}

/// A call in the JSON protocol: `AWSStepFunctions.DescribeExecution` of `states`, say.
pub fn call_json(credentials: &Credentials, service: &str, action: &str, body: &Value) -> Answer {
    let body = body.to_string();
    let version = if service == "logs" { "1.1" } else { "1.0" };
    let content_type = format!("application/x-amz-json-{version}");
    let request = Signed {
        service,
        method: "POST",
        path: "/",
        query: &[],
        headers: &[("content-type", &content_type), ("x-amz-target", action)],
        body: body.as_bytes(),
    };
    call(credentials, &request)
}

/// `/{bucket}/{key}` of an object of the upload bucket.
pub fn object_path(key: &str) -> String {
    format!("/{}/{key}", variable("UPLOAD_BUCKET"))
}

/// A request to S3.
pub fn s3<'a>(method: &'a str, path: &'a str, body: &'a [u8]) -> Signed<'a> {
    Signed {
        service: "s3",
        method,
        path,
        query: &[],
        headers: &[],
        body,
    }
}

/// Writes an object without the API.
pub fn put_object(key: &str, bytes: &[u8]) {
    let path = object_path(key);
    let stored = call(&operator(), &s3("PUT", &path, bytes));
    assert_eq!(stored.status, 200, "{stored:?}");
}

/// Every version of an object, delete markers included.
pub fn object_versions(key: &str) -> Vec<String> {
    let path = format!("/{}", variable("UPLOAD_BUCKET"));
    let request = Signed {
        query: &[("prefix", key), ("versions", "")],
        ..s3("GET", &path, b"")
    };
    let listed = call(&operator(), &request);
    assert_eq!(listed.status, 200, "{listed:?}");
    let after = listed.body.split("<VersionId>").skip(1);
    let version = |it: &str| it.split('<').next().unwrap_or_default().to_owned();
    after.map(version).collect()
}

/// Deletes every version of an object without the API.
pub fn delete_versions(key: &str) {
    let path = object_path(key);
    for version in object_versions(key) {
        let request = Signed {
            query: &[("versionId", &version)],
            ..s3("DELETE", &path, b"")
        };
        let deleted = call(&operator(), &request);
        assert_eq!(deleted.status, 204, "{deleted:?}");
    }
}

/// Invokes a function and waits for its answer; `resource` is its name in the template.
pub fn invoke(resource: &str, event: &Value) -> Answer {
    let answer = invoke_whatever_comes(resource, event);
    assert_eq!(answer.header("x-amz-function-error"), None, "{answer:?}");
    answer
}

/// Invokes a function, which may answer with an error of its own.
pub fn invoke_whatever_comes(resource: &str, event: &Value) -> Answer {
    let answer = try_to_invoke(resource, event);
    assert_eq!(answer.status, 200, "{answer:?}");
    answer
}

/// Invokes a function. The call itself may fail.
pub fn try_to_invoke(resource: &str, event: &Value) -> Answer {
    let function = function(resource);
    let path = format!("/2015-03-31/functions/{function}/invocations");
    let body = event.to_string();
    let request = Signed {
        service: "lambda",
        method: "POST",
        path: &path,
        query: &[],
        headers: &[],
        body: body.as_bytes(),
    };
    call(&operator(), &request)
}

/// The name that the stack gave to a function.
pub fn function(resource: &str) -> String {
    configured(resource, "FunctionName")
}

/// The role that the stack gave to a function.
fn role(resource: &str) -> String {
    configured(resource, "Role")
}

fn configured(resource: &str, property: &str) -> String {
    let start = format!("{}-{resource}", variable("STACK_NAME"));
    let name = |it: &Value| it["FunctionName"].as_str().unwrap().to_owned();
    let found = functions().iter().find(|it| name(it).starts_with(&start));
    found.unwrap_or_else(|| panic!("no {start}"))[property]
        .as_str()
        .unwrap()
        .to_owned()
}

/// All functions there are, as Lambda describes them.
pub fn functions() -> &'static [Value] {
    static FUNCTIONS: LazyLock<Vec<Value>> = LazyLock::new(|| {
        let request = Signed {
            service: "lambda",
            method: "GET",
            path: "/2015-03-31/functions",
            query: &[("MaxItems", "50")],
            headers: &[],
            body: b"",
        };
        let listed = call(&operator(), &request).expect(200);
        listed["Functions"].as_array().unwrap().clone()
    });
    &FUNCTIONS
}

/// The status of an execution of the import workflow.
pub fn import_execution(name: &str) -> String {
    execution("IMPORT_STATE_MACHINE_ARN", name)
}

/// The status of an execution of the workflow with this variable.
pub fn execution(machine: &str, name: &str) -> String {
    let body = json!({"executionArn": execution_arn(machine, name)});
    let described = states("DescribeExecution", &body);
    described["status"].as_str().unwrap().to_owned()
}

/// Stops an execution of the import workflow, as an operator may do by hand.
pub fn stop_import_execution(name: &str) {
    stop_execution("IMPORT_STATE_MACHINE_ARN", name);
}

/// Stops an execution of the workflow with this variable, as an operator may do by hand.
pub fn stop_execution(machine: &str, name: &str) {
    let body = json!({"executionArn": execution_arn(machine, name)});
    states("StopExecution", &body);
}

/// Lets the task with this token fail, without a function of ours.
pub fn fail_task(token: &str) {
    states(
        "SendTaskFailure",
        &json!({"taskToken": token, "error": "test"}),
    );
}

/// Answers the task with this token, without a function of ours.
pub fn answer_task(token: &str, output: &str) {
    states(
        "SendTaskSuccess",
        &json!({"taskToken": token, "output": output}),
    );
}

/// Puts a message on the queue with this variable.
pub fn send_message(queue: &str, body: &Value) {
    let body = json!({"QueueUrl": variable(queue), "MessageBody": body.to_string()});
    sqs("SendMessage", &body);
}

fn sqs(action: &str, body: &Value) -> Value {
    let action = format!("AmazonSQS.{action}");
    call_json(&operator(), "sqs", &action, body).expect(200)
}

fn states(action: &str, body: &Value) -> Value {
    let action = format!("AWSStepFunctions.{action}");
    call_json(&operator(), "states", &action, body).expect(200)
}

/// The ARN of the execution with this name of the workflow with this variable.
pub fn execution_arn(machine: &str, name: &str) -> String {
    let machine = variable(machine);
    let execution = machine.replacen(":stateMachine:", ":execution:", 1);
    format!("{execution}:{name}")
}

/// Everything a function has logged; `resource` is its name in the template.
pub fn logged(resource: &str) -> Vec<String> {
    logged_by(&function(resource))
}

/// Everything the function of this name has logged.
pub fn logged_by(function: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut body = json!({"logGroupName": format!("/aws/lambda/{function}")});
    loop {
        let action = "Logs_20140328.FilterLogEvents";
        let page = call_json(&operator(), "logs", action, &body);
        if page.body.contains("ResourceNotFoundException") {
            return lines; // It has not run yet.
        }
        let page = page.expect(200);
        let events = page["events"].as_array().unwrap().iter();
        lines.extend(events.map(|it| it["message"].as_str().unwrap().to_owned()));
        match page["nextToken"].as_str() {
            Some(token) => body["nextToken"] = json!(token),
            None => return lines,
        }
    }
}
