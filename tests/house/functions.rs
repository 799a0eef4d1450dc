//! Each function is a folder, and its package, binary, template resource and events have its name.

use std::fs::read_to_string;

use super::{folders, metadata, root};

fn functions() -> Vec<String> {
    let functions = folders(&root().join("functions"));
    assert!(functions.len() > 10, "not all functions were found");
    functions
}

/// Fails with everything that is wrong, not only with the first.
fn assert_none(wrong: &[String]) {
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The one shape of a `main.rs`: what the function works with is made from the environment, and
/// one method of it takes what comes.
fn main_of(library: &str, app: &str, entry: &str, method: &str) -> String {
    format!(
        "use std::process::ExitCode;

use {library}::{app};

#[tokio::main(flavor = \"current_thread\")]
async fn main() -> ExitCode {{
    lambda::{entry}::run({app}::from_environment, {app}::{method}).await
}}
"
    )
}

/// The same of a function that a workflow waits for, and tries again after some faults: it names them.
fn main_that_names_faults(library: &str, app: &str, method: &str) -> String {
    format!(
        "use std::process::ExitCode;

use conduct::Fault;
use {library}::{app};

#[tokio::main(flavor = \"current_thread\")]
async fn main() -> ExitCode {{
    let by = Fault::name_of;
    lambda::workflow::run_naming(by, {app}::from_environment, {app}::{method}).await
}}
"
    )
}

#[test]
fn main_is_start_up_and_nothing_else() {
    let mut wrong = Vec::new();
    for function in functions() {
        let path = root().join("functions").join(&function).join("src/main.rs");
        let main = read_to_string(&path).unwrap();
        let library = function.replace('-', "_");
        let within = |from: &str, to: &str| {
            let (_, rest) = main.split_once(from)?;
            Some(rest.split_once(to)?.0)
        };
        let app = within(&format!("use {library}::"), ";").unwrap_or_default();
        let entry = within("    lambda::", "::run(").unwrap_or_default();
        let method = within(&format!("_environment, {app}::"), ")").unwrap_or_default();
        let shapes = [
            main_of(&library, app, entry, method),
            main_that_names_faults(&library, app, method),
        ];
        if !shapes.contains(&main) {
            wrong.push(format!("{function}: main.rs starts in a way of its own"));
        }
    }
    assert_none(&wrong);
}

#[test]
fn folder_package_binary_and_resource_have_one_name() {
    let template = read_to_string(root().join("template.yaml")).unwrap();
    let metadata = metadata();
    let mut wrong = Vec::new();
    for function in functions() {
        let package = metadata.packages.iter().find(|it| it.name == function);
        let binaries = package.map(|it| it.targets.iter().filter(|it| it.is_bin()));
        let named = binaries.is_some_and(|mut it| it.all(|it| it.name == function));
        if !named {
            wrong.push(format!("{function}: no package and binary of this name"));
        }
        let resource = resource(&function);
        if !template.contains(&format!("\n  {resource}:\n")) {
            wrong.push(format!("{function}: no {resource} in template.yaml"));
        }
    }
    assert_none(&wrong);
}

/// `import-chunk` → `ImportChunkFunction`
fn resource(function: &str) -> String {
    let word = |word: &str| word[..1].to_uppercase() + &word[1..];
    let words: String = function.split('-').map(word).collect();
    words + "Function"
}

#[test]
fn every_function_has_events() {
    let mut wrong = Vec::new();
    for function in functions() {
        let events = root().join("events").join(&function);
        let files = events.read_dir().into_iter().flatten();
        let files = files.map(|it| it.unwrap().path());
        let mut events = files.filter(|it| it.extension().is_some_and(|it| it == "json"));
        if events.next().is_none() {
            wrong.push(format!("events/{function} has no event"));
        }
    }
    assert_none(&wrong);
}

#[test]
fn every_event_is_json_of_a_function() {
    let functions = functions();
    for folder in folders(&root().join("events")) {
        assert!(
            functions.contains(&folder),
            "events/{folder} belongs to no function"
        );
        let files = root().join("events").join(&folder).read_dir().unwrap();
        for file in files.map(|it| it.unwrap().path()) {
            let text = read_to_string(&file).unwrap();
            let parsed = serde_json::from_str::<serde_json::Value>(&text);
            assert!(parsed.is_ok(), "{}: {parsed:?}", file.display());
        }
    }
}
