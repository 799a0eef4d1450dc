//! `cargo xtask invoke`: sends a file of `events/` to its deployed function, as AWS would.

mod answer;

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail, ensure};
use fs_err as fs;
use serde_json::{Value, json};

use crate::demo::sign_up;
use crate::stack::Stack;
use crate::{cloud, env_file, paths, services};

/// Sends the event and prints the answer; without an event, prints the names of those there are.
pub fn invoke(stack: &Stack, function: &str, event: Option<&str>) -> Result<()> {
    let printed = match event {
        Some(event) => {
            let answer = send(stack, function, &file_of(function, event))?;
            serde_json::to_string_pretty(&answer)? + "\n"
        }
        None => list(&names(function)?),
    };
    // A reader that has closed the pipe is no error.
    let _ = std::io::stdout().write_all(printed.as_bytes());
    Ok(())
}

/// One event of the API and one of CloudFormation, as part of every test run.
pub fn short(stack: &Stack) -> Result<()> {
    let answer = send(stack, "query-data", &file_of("query-data", "data"))?;
    ensure!(answer["body"]["results"] == json!([]), "{answer}");
    let file = file_of("migrate-database", "delete");
    let answer = send(stack, "migrate-database", &file)?;
    ensure!(answer["Status"] == "SUCCESS", "{answer}");
    Ok(())
}

/// What the function answers.
fn send(stack: &Stack, function: &str, file: &Path) -> Result<Value> {
    let event = fs::read_to_string(file).context("no such event: leave it out to see all")?;
    let life = services::running(stack)?;
    let mut event: Value = serde_json::from_str(&with_tokens(stack, event)?)
        .with_context(|| format!("{} is no JSON", file.display()))?;
    let name = cloud::function(&life.endpoint(), stack.name, &resource(function))?;
    if event["ResponseURL"].is_string() {
        return answer::to_cloudformation(&mut event, |event| {
            cloud::invoke(&life.endpoint(), &name, event)
        });
    }
    let answer = cloud::invoke(&life.endpoint(), &name, &event)?;
    Ok(with_body_read(answer))
}

/// With the tokens of a new user, where the event has a place for one.
fn with_tokens(stack: &Stack, event: String) -> Result<String> {
    if !event.contains("ACCESS-TOKEN") && !event.contains("REFRESH-TOKEN") {
        return Ok(event);
    }
    let variables = env_file::read(&stack.env_file())?;
    let tokens = sign_up(env_file::get(&variables, "API_URL")?)?;
    Ok(event
        .replace("ACCESS-TOKEN", &tokens.access)
        .replace("REFRESH-TOKEN", &tokens.refresh))
}

/// For people: the gateway takes the body as a text, and JSON in a text is hard to read.
fn with_body_read(mut answer: Value) -> Value {
    let body = answer["body"].as_str();
    if let Some(Ok(body)) = body.map(serde_json::from_str::<Value>) {
        answer["body"] = body;
    }
    answer
}

/// `query-data` is `QueryDataFunction` in template.yaml.
fn resource(function: &str) -> String {
    let words = function.split('-').filter_map(|word| {
        let first = word.get(..1)?.to_ascii_uppercase();
        Some(first + &word[1..])
    });
    words.collect::<String>() + "Function"
}

/// An event is a name in the function's folder, or any file.
fn file_of(function: &str, event: &str) -> PathBuf {
    match event.contains('/') || event.ends_with(".json") {
        true => PathBuf::from(event),
        false => folder().join(function).join(format!("{event}.json")),
    }
}

fn folder() -> PathBuf {
    paths::root().join("events")
}

fn names(function: &str) -> Result<Vec<String>> {
    let folder = folder();
    if !folder.join(function).is_dir() {
        let functions = entries(&folder, |it| it.is_dir())?.join(", ");
        bail!("there is no function {function}; there are {functions}");
    }
    entries(&folder.join(function), |it| it.is_file())
}

/// What the paths in a folder are named, without their extension; sorted.
fn entries(folder: &Path, wanted: impl Fn(&Path) -> bool) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if let Some(name) = path.file_stem().filter(|_| wanted(&path)) {
            names.push(name.to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names)
}

fn list(names: &[String]) -> String {
    names.iter().map(|it| format!("{it}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_folder_of_events_is_a_function_of_the_template() {
        let template = fs::read_to_string(paths::root().join("template.yaml")).unwrap();
        for function in entries(&folder(), |it| it.is_dir()).unwrap() {
            let line = format!("\n  {}:\n", resource(&function));
            assert!(template.contains(&line), "{function}");
        }
    }

    #[test]
    fn an_event_is_a_name_or_a_file() {
        let named = file_of("auth", "token");
        assert!(named.ends_with("events/auth/token.json"));
        assert!(names("auth").unwrap().contains(&"token".to_owned()));
        assert_eq!(file_of("auth", "/tmp/a"), Path::new("/tmp/a"));
        assert_eq!(file_of("auth", "mine.json"), Path::new("mine.json"));
    }

    #[test]
    fn an_unknown_function_is_told_the_known_ones() {
        let error = names("query").unwrap_err().to_string();
        assert!(error.starts_with("there is no function query; there are auth, "));
    }

    #[test]
    fn a_body_is_shown_as_json_where_it_is_json() {
        for (body, shown) in [
            (json!(r#"{"a":1}"#), json!({"a": 1})),
            (json!("a,b"), json!("a,b")),
            (json!(""), json!("")),
        ] {
            let answer = with_body_read(json!({"statusCode": 200, "body": body}));
            assert_eq!(answer["body"], shown);
        }
        assert_eq!(with_body_read(json!(null)), json!(null));
    }
}
