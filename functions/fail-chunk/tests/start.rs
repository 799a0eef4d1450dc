//! A start that fails is told in the log, in JSON like everything else. All functions start the same
//! way (`tests/house/functions.rs`); this is one of them.
#![allow(clippy::unwrap_used, reason = "all of it is test code")]

use std::process::Command;

use serde_json::{Value, json};

#[test]
fn a_failed_start_is_one_line_of_json() {
    let mut function = Command::new(env!("CARGO_BIN_EXE_fail-chunk"));
    let output = function.env_clear().env("AWS_REGION", "eu-west-1").output();
    let output = output.unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    let line: Value = serde_json::from_slice(&output.stdout).unwrap();
    let cause = "the environment variable DATABASE_WORKER_SECRET_ARN is not set";
    let expected = json!({
        "level": "ERROR", "message": "could not start", "cause": cause, "target": "lambda::start",
    });
    assert_eq!(line, expected);
}
