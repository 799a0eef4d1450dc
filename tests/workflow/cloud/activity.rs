//! The deployed import workflow with an activity in the place of the planner. The test takes the
//! task of the activity and is the planner; the rest of the workflow is as it is deployed.

use serde_json::{Value, json};
use uuid::Uuid;

use super::{sqs, states};
use crate::workflow::variable;

/// All it has created is deleted with this value.
pub struct Activity {
    name: String,
    activity: String,
    machine: String,
    queue_url: String,
}

impl Activity {
    pub fn in_place_of_the_planner() -> Self {
        let name = format!("planner-{}", Uuid::new_v4().simple());
        let created = states("CreateActivity", &json!({"name": name}));
        let activity = text(&created["activityArn"]);
        let arn = variable("IMPORT_STATE_MACHINE_ARN");
        let deployed = states("DescribeStateMachine", &json!({"stateMachineArn": arn}));
        let machine = json!({
            "name": name,
            "roleArn": deployed["roleArn"],
            "definition": with(&text(&deployed["definition"]), &activity),
        });
        let machine = text(&states("CreateStateMachine", &machine)["stateMachineArn"]);
        let queue = sqs("CreateQueue", &json!({"QueueName": name}));
        Self {
            name,
            activity,
            machine,
            queue_url: text(&queue["QueueUrl"]),
        }
    }

    /// The ARN of the state machine.
    pub fn arn(&self) -> &str {
        &self.machine
    }

    /// The URL of a queue that no function reads.
    pub fn queue_url(&self) -> &str {
        &self.queue_url
    }

    /// Starts the only execution.
    pub fn start(&self, import: &str) {
        let input = json!({"import": import, "run": 1}).to_string();
        let body = json!({"stateMachineArn": self.machine, "name": self.name, "input": input});
        states("StartExecution", &body);
    }

    /// Waits until the workflow asks for a planner, and returns the task token.
    pub fn next_token(&self) -> String {
        let task = states("GetActivityTask", &json!({"activityArn": self.activity}));
        text(&task["taskToken"])
    }

    /// The status of the execution.
    pub fn status(&self) -> String {
        let execution = self.machine.replacen(":stateMachine:", ":execution:", 1);
        let body = json!({"executionArn": format!("{execution}:{}", self.name)});
        text(&states("DescribeExecution", &body)["status"])
    }
}

impl Drop for Activity {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let machine = json!({"stateMachineArn": self.machine});
        states("DeleteStateMachine", &machine);
        states("DeleteActivity", &json!({"activityArn": self.activity}));
        sqs("DeleteQueue", &json!({"QueueUrl": self.queue_url}));
    }
}

fn with(definition: &str, activity: &str) -> String {
    let mut definition: Value = serde_json::from_str(definition).unwrap();
    let plan = &mut definition["States"]["Plan"];
    plan["Resource"] = json!(activity);
    plan["Parameters"] = json!({"import.$": "$.import", "run.$": "$.run"});
    definition.to_string()
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value}"))
        .to_owned()
}
