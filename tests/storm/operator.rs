//! Calls with the permissions of the operator that lose, delay and forge messages, hold back events
//! and stop executions.

use serde_json::{Value, json};

use crate::fixture::cloud::{call_json, execution_arn, operator};
use crate::fixture::stack::variable;

fn queue(action: &str, body: Value) -> Value {
    let action = format!("AmazonSQS.{action}");
    let answer = call_json(&operator(), "sqs", &action, &body);
    serde_json::from_str(&answer.body).unwrap_or_default()
}

/// A message that the storm has taken: its body and its receipt handle.
pub type Stolen = (String, String);

/// Takes messages before a worker does. They come back after half a minute.
pub fn steal(at_most: u64) -> Vec<Stolen> {
    let body = json!({"QueueUrl": variable("CHUNK_QUEUE_URL"),
        "MaxNumberOfMessages": at_most, "VisibilityTimeout": 30, "WaitTimeSeconds": 0});
    let received = queue("ReceiveMessage", body);
    let messages = received["Messages"].as_array().cloned().unwrap_or_default();
    let text = |it: &Value| it.as_str().unwrap_or_default().to_owned();
    let stolen = messages.iter();
    stolen
        .map(|it| (text(&it["Body"]), text(&it["ReceiptHandle"])))
        .collect()
}

/// Deletes the message, so that no worker receives it.
pub fn lose(message: &Stolen) {
    let body = json!({"QueueUrl": variable("CHUNK_QUEUE_URL"), "ReceiptHandle": message.1});
    queue("DeleteMessage", body);
}

/// Lets the message come again after `seconds`.
pub fn release(message: &Stolen, seconds: u64) {
    let body = json!({"QueueUrl": variable("CHUNK_QUEUE_URL"),
        "ReceiptHandle": message.1, "VisibilityTimeout": seconds});
    queue("ChangeMessageVisibility", body);
}

/// Sends a forged message.
pub fn send(queue_url: &str, body: &str) {
    let body = json!({"QueueUrl": variable(queue_url), "MessageBody": body});
    queue("SendMessage", body);
}

/// Switches the rule that brings the events of the bucket on or off.
pub fn let_events_through(through: bool) {
    let action = match through {
        true => "AWSEvents.EnableRule",
        false => "AWSEvents.DisableRule",
    };
    let rule = rule();
    call_json(&operator(), "events", action, &json!({"Name": rule}));
}

fn rule() -> String {
    let listed = call_json(&operator(), "events", "AWSEvents.ListRules", &json!({}));
    let rules = listed.json();
    let mut rules = rules["Rules"].as_array().unwrap().iter();
    let is_it = |it: &&Value| it["EventPattern"].as_str().unwrap_or("").contains("aws.s3");
    let found = rules
        .find(is_it)
        .expect("the template has a rule for the bucket");
    found["Name"].as_str().unwrap().to_owned()
}

/// Stops an execution of the workflow with this variable, if there is one, as an operator may do by
/// hand.
pub fn stop_execution(machine: &str, name: &str) {
    let body = json!({"executionArn": execution_arn(machine, name)});
    let action = "AWSStepFunctions.StopExecution";
    call_json(&operator(), "states", action, &body);
}
