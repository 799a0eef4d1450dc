//! What comes again and again: calls that Lambda could take for a loop, and passes of reconcile.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::template::{Template, list, text};

/// The functions that are called by messages of a queue.
fn called_by_queues(template: &Template) -> BTreeSet<String> {
    let mappings = template.of_type("AWS::Lambda::EventSourceMapping");
    mappings
        .map(|(_, mapping)| text(&mapping["Properties"]["FunctionName"]["Ref"]))
        .collect()
}

/// Whether it may send messages: it advances imports, and so hands out chunks.
fn hands_out(function: &Value) -> bool {
    let policies = list(&function["Properties"]["Policies"]);
    policies.contains(&&json!({"Ref": "ConductPolicy"}))
}

/// Lambda drops what it takes for a loop, and tells nobody but the account's contact.
#[test]
fn what_hands_out_to_the_queue_that_calls_it_is_no_loop() {
    let template = Template::load();
    let called = called_by_queues(&template);
    assert_eq!(called.len(), 2);
    for (name, function) in template.of_type("AWS::Serverless::Function") {
        let in_chain = called.contains(name) && hands_out(function);
        let allowed = function["Properties"]["RecursiveLoop"] == "Allow";
        assert_eq!(allowed, in_chain, "{name}");
    }
}

/// Our own stops end executions as ABORTED; a pass that found no room is not made up for.
#[test]
fn many_cancels_are_not_as_many_passes() {
    let template = Template::load();
    let reconcile = &template.resource("ReconcileFunction")["Properties"];
    let once = json!({"MaximumRetryAttempts": 0, "MaximumEventAgeInSeconds": 60});
    assert_eq!(reconcile["EventInvokeConfig"], once);
    let events = &reconcile["Events"];
    let schedule = &events["EveryMinute"]["Properties"]["Schedule"];
    assert_eq!(*schedule, "rate(1 minute)");
    let pattern = &events["ExecutionEnded"]["Properties"]["Pattern"];
    assert_eq!(pattern["detail"]["status"], json!(["FAILED", "TIMED_OUT"]));
}

/// CloudFormation waits a little longer than the function that answers it.
#[test]
fn a_deploy_waits_longer_than_a_migration_may_take() {
    let template = Template::load();
    for (resource, function) in [
        ("Migration", "MigrateDatabaseFunction"),
        ("SigningKeyPair", "RotateSigningKeyFunction"),
    ] {
        let waits = template.number(&template.resource(resource)["Properties"]["ServiceTimeout"]);
        let timeout = template.number(&template.resource(function)["Properties"]["Timeout"]);
        assert!(waits >= timeout + 60, "{resource}: {waits} s");
    }
}
