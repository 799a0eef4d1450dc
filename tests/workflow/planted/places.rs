//! Where something could be found: lines of logs, and executions with their histories.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::fixture::cloud;
use crate::fixture::stack::variable;

/// The variables that name the workflows.
const MACHINES: [&str; 3] = [
    "IMPORT_STATE_MACHINE_ARN",
    "ROLLBACK_STATE_MACHINE_ARN",
    "EXPORT_STATE_MACHINE_ARN",
];

/// A piece of text, and where it stands.
pub struct Place {
    pub name: String,
    pub text: String,
}

impl Place {
    pub fn line(stream: &str, text: String) -> Self {
        let name = stream.to_owned();
        Self { name, text }
    }

    fn execution(arn: &str, text: String) -> Self {
        let name = format!("execution {arn}");
        Self { name, text }
    }

    pub fn is_execution(&self) -> bool {
        self.name.starts_with("execution ")
    }
}

/// Every line of every function, and the executions of these imports and exports.
pub fn all(uids: &[Uuid]) -> Vec<Place> {
    let lines = cloud::logged_by_all().into_iter();
    let mut places: Vec<Place> = lines
        .map(|(stream, line)| Place::line(&stream, line))
        .collect();
    for machine in MACHINES {
        for arn in executions(machine) {
            if uids.iter().any(|it| arn.contains(&it.to_string())) {
                places.push(Place::execution(&arn, described(&arn)));
            }
        }
    }
    places
}

fn executions(machine: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut body = json!({"stateMachineArn": variable(machine), "maxResults": 1000});
    loop {
        let page = states("ListExecutions", &body);
        let arn = |it: &Value| it["executionArn"].as_str().unwrap().to_owned();
        found.extend(page["executions"].as_array().unwrap().iter().map(arn));
        match &page["nextToken"] {
            Value::Null => return found,
            next => body["nextToken"] = next.clone(),
        }
    }
}

/// Input, output and each step, in words.
fn described(arn: &str) -> String {
    let execution = states("DescribeExecution", &json!({"executionArn": arn}));
    let history = json!({"executionArn": arn, "maxResults": 1000, "includeExecutionData": true});
    let history = states("GetExecutionHistory", &history);
    assert!(
        history["events"].as_array().is_some_and(|it| it.len() > 1),
        "{history}"
    );
    format!("{execution} {history}")
}

fn states(action: &str, body: &Value) -> Value {
    let action = format!("AWSStepFunctions.{action}");
    cloud::call_json(&cloud::operator(), "states", &action, body).expect(200)
}
