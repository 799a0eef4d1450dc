//! The workflows: SAM and CloudFormation take a state machine that points at a missing state.

use std::collections::BTreeSet;

use serde_json::Value;

use super::template::{Template, text};
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
const OF_LAMBDA_ITSELF: [&str; 9] = [
    "Lambda.TooManyRequestsException",
    "Lambda.ServiceException",
    "Lambda.SdkClientException",
    "Lambda.AWSLambdaException",
    "Lambda.ClientExecutionTimeoutException",
    "Lambda.ResourceNotReadyException",
    "Lambda.EC2ThrottledException",
    "Lambda.ENILimitReachedException",
    "Lambda.SubnetIPAddressLimitReachedException",
];

/// Every state that calls a function: where it is, the function's name in the template, and what the
/// workflow says of it.
fn tasks() -> Vec<(String, String, Value)> {
    let mut tasks = Vec::new();
    for (name, definition) in workflows() {
        let workflow: Value = serde_json::from_str(&definition).unwrap();
        let states = workflow["States"].as_object().unwrap();
        for (state, body) in states.iter().filter(|(_, it)| it["Type"] == "Task") {
            let function = text(&body["Parameters"]["FunctionName"]);
            let function = function.trim_matches(['$', '{', '}']).to_owned();
            tasks.push((format!("{name}: {state}"), function, body.clone()));
        }
    }
    assert_eq!(tasks.len(), 5);
    tasks
}

/// How often a state is tried again after an error of this name.
fn tries_after(task: &Value, error: &str) -> (u64, u64) {
    let takes = |retrier: &&Value| {
        let named = retrier["ErrorEquals"].as_array().unwrap();
        named.iter().any(|it| *it == error || *it == "States.ALL")
    };
    let first = task["Retry"].as_array().unwrap().iter().find(takes);
    let number = |name: &str| first.map_or(0, |it| it[name].as_u64().unwrap());
    (number("MaxAttempts"), number("MaxDelaySeconds"))
}

#[test]
fn a_function_that_finds_no_room_is_tried_for_hours() {
    for (state, _, task) in tasks() {
        for error in OF_LAMBDA_ITSELF {
            assert_eq!(tries_after(&task, error), (1200, 60), "{state}: {error}");
        }
    }
}

/// What `Fault` calls passing: the database restarts or has no session free, say. A rollback has no
/// last run, and one that fails shall be heard of.
#[test]
fn a_fault_that_passes_is_tried_for_hours() {
    for (state, function, task) in tasks() {
        let expected = match function.as_str() {
            "RollbackImportFunction" => (10, 120),
            _ => (1200, 60),
        };
        assert_eq!(tries_after(&task, "transient"), expected, "{state}");
        let (tries, _) = tries_after(&task, "unclear");
        assert!((6..=10).contains(&tries), "{state}: {tries}");
        // It names its faults so.
        let template = Template::load();
        let folder = text(&template.resource(&function)["Properties"]["CodeUri"]);
        let folder = folder.replace("target/lambda/", "functions/");
        let main = std::fs::read_to_string(paths::root().join(folder).join("src/main.rs")).unwrap();
        let names = main.contains("run_naming(") && main.contains("Fault::name_of");
        assert_eq!(names, expected.0 == 1200, "{function}");
    }
}

/// It is the function that says, in the log, that it had no more time.
#[test]
fn a_workflow_waits_longer_than_its_function_may_take() {
    let template = Template::load();
    for (state, function, task) in tasks() {
        let timeout = &template.resource(&function)["Properties"]["Timeout"];
        let timeout = template.number(timeout);
        let waits = task["TimeoutSeconds"].as_u64().unwrap();
        assert!(waits >= timeout + 30, "{state}: {waits} s for {timeout} s");
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
