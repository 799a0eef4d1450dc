//! The workflows: SAM and CloudFormation take a state machine that points at a missing state.

use std::collections::BTreeSet;

use serde_json::Value;

use super::template::Template;
use crate::{paths, stage};

fn workflows() -> Vec<(String, String)> {
    let folder = paths::root().join("infra/workflows");
    let names = stage::names_in(&folder).unwrap();
    assert_eq!(
        names,
        ["export.asl.json", "import.asl.json", "rollback.asl.json"]
    );
    names
        .into_iter()
        .map(|name| (std::fs::read_to_string(folder.join(&name)).unwrap(), name))
        .map(|(text, name)| (name, text))
        .collect()
}

/// Every name a `StartAt`, `Next` or `Default` anywhere in it points at.
fn targets(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(key, value)| match value.as_str() {
            Some(name) if ["StartAt", "Next", "Default"].contains(&key.as_str()) => {
                found.insert(name.to_owned());
            }
            _ => targets(value, found),
        }),
        Value::Array(items) => items.iter().for_each(|item| targets(item, found)),
        _ => {}
    }
}

#[test]
fn every_state_is_pointed_at_and_every_target_exists() {
    for (name, text) in workflows() {
        let workflow: Value = serde_json::from_str(&text).unwrap();
        let states: BTreeSet<String> = workflow["States"]
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect();
        let mut found = BTreeSet::new();
        targets(&workflow, &mut found);
        assert_eq!(found, states, "{name}");
    }
}

#[test]
fn every_state_goes_on_or_ends() {
    for (name, text) in workflows() {
        let workflow: Value = serde_json::from_str(&text).unwrap();
        for (state, body) in workflow["States"].as_object().unwrap() {
            let way = match body["Type"].as_str() {
                Some("Task") => "Next",
                Some("Choice") => "Default",
                Some("Succeed" | "Fail") => "Type",
                other => panic!("{name}: {state} is a {other:?}"),
            };
            assert!(body.get(way).is_some(), "{name}: {state} leads nowhere");
        }
    }
}

/// What Lambda says when it has no room, or is at fault itself: no import, export or rollback ends for
/// that. They are named before what takes every error.
const OF_LAMBDA_ITSELF: [&str; 5] = [
    "Lambda.TooManyRequestsException",
    "Lambda.ServiceException",
    "Lambda.SdkClientException",
    "Lambda.AWSLambdaException",
    "Lambda.ClientExecutionTimeoutException",
];

#[test]
fn a_function_that_finds_no_room_is_tried_for_hours() {
    for (name, text) in workflows() {
        let workflow: Value = serde_json::from_str(&text).unwrap();
        let states = workflow["States"].as_object().unwrap();
        for (state, body) in states.iter().filter(|(_, it)| it["Type"] == "Task") {
            let retriers = body["Retry"].as_array().unwrap();
            for error in OF_LAMBDA_ITSELF {
                let takes = |retrier: &&Value| {
                    let named = retrier["ErrorEquals"].as_array().unwrap();
                    named.iter().any(|it| *it == error || *it == "States.ALL")
                };
                let first = retriers.iter().find(takes).unwrap();
                assert_eq!(first["MaxAttempts"], 1200, "{name}: {state}: {error}");
                assert_eq!(first["MaxDelaySeconds"], 60, "{name}: {state}: {error}");
            }
        }
    }
}

#[test]
fn the_template_fills_in_every_name_a_workflow_leaves_open() {
    let template = Template::load();
    for (name, text) in workflows() {
        let uri = format!("infra/workflows/{name}");
        let (_, machine) = template
            .of_type("AWS::Serverless::StateMachine")
            .find(|(_, machine)| machine["Properties"]["DefinitionUri"] == uri.as_str())
            .unwrap();
        let filled: BTreeSet<&str> = machine["Properties"]["DefinitionSubstitutions"]
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        let open: BTreeSet<&str> = text
            .split("${")
            .skip(1)
            .filter_map(|rest| rest.split('}').next())
            .collect();
        assert_eq!(open, filled, "{name}");
    }
}
