//! The environment is the same for all functions, and each variable is read by one of them.

use std::path::Path;

use super::template::Template;
use crate::paths;

/// Read by a library.
const READ_BY_OTHERS: [&str; 1] = ["RUST_LOG"];

#[test]
fn no_function_has_an_environment_of_its_own() {
    for (name, function) in Template::load().of_type("AWS::Serverless::Function") {
        assert!(
            function["Properties"].get("Environment").is_none(),
            "{name}"
        );
    }
}

#[test]
fn every_variable_is_read() {
    let mut sources = String::new();
    for folder in ["functions", "shared"] {
        collect(&paths::root().join(folder), &mut sources);
    }
    let template = Template::load();
    let variables = &template.of_all_functions()["Environment"]["Variables"];
    for name in variables.as_object().unwrap().keys() {
        let read = sources.contains(&format!("\"{name}\""));
        assert!(read || READ_BY_OTHERS.contains(&name.as_str()), "{name}");
    }
}

/// A function that lacks one does not start, after the minutes that its build took.
#[test]
fn functions_are_timed_with_every_variable() {
    let timing = paths::root().join("infra/local/first_poll.py");
    let timing = std::fs::read_to_string(timing).unwrap();
    let template = Template::load();
    let variables = &template.of_all_functions()["Environment"]["Variables"];
    for name in variables.as_object().unwrap().keys() {
        assert!(timing.contains(&format!("    \"{name}\": ")), "{name}");
    }
}

/// All the Rust below a folder.
fn collect(folder: &Path, sources: &mut String) {
    for entry in folder.read_dir().unwrap().map(|it| it.unwrap().path()) {
        if entry.is_dir() {
            collect(&entry, sources);
        } else if entry.extension().is_some_and(|it| it == "rs") {
            sources.push_str(&std::fs::read_to_string(&entry).unwrap());
        }
    }
}
