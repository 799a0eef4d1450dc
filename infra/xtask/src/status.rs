//! `cargo xtask status`: what is up and where, and what it has to do.

use std::io::Write as _;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::database::Database;
use crate::env_file::{self, Variables};
use crate::process::Kept;
use crate::services::{self, Life};
use crate::stack::Stack;
use crate::{cloud, emulator, front_door, postgres};

/// What stands in front of a line, and the line.
type Line = (&'static str, String);

/// Imports that are named one by one.
const NEWEST: u32 = 5;

/// Prints it; not a success if nothing is up, so that a script can ask.
pub fn status(stack: &Stack) -> Result<ExitCode> {
    let Ok(variables) = env_file::read(&stack.env_file()) else {
        println!("nothing is up: `cargo xtask up` starts everything");
        return Ok(ExitCode::FAILURE);
    };
    let life = services::running(stack)?;
    let database = &life.database;
    let mut lines = places(stack, &life, env_file::get(&variables, "API_URL")?);
    lines.extend(answers("database", of_database(database)));
    lines.extend(answers("local cloud", of_cloud(&life, &variables)));
    lines.extend(newest(database).unwrap_or_default());
    // A reader that has closed the pipe is no error.
    let _ = std::io::stdout().write_all(table(&lines).as_bytes());
    Ok(ExitCode::SUCCESS)
}

fn table(lines: &[Line]) -> String {
    let line = |(what, said): &Line| format!("{what:<13} {said}\n");
    lines.iter().map(line).collect()
}

/// A part that does not answer has one line, which says why.
fn answers(part: &'static str, lines: Result<Vec<Line>>) -> Vec<Line> {
    lines.unwrap_or_else(|error| vec![(part, format!("does not answer: {error:#}"))])
}

fn places(stack: &Stack, life: &Life, address: &str) -> Vec<Line> {
    let Database {
        host, port, name, ..
    } = &life.database;
    let server = format!("{host}:{port}, database {name}");
    let server = match life.is_given() {
        true => format!("{server}  the server of DATABASE_URL"),
        false => running(&server, &postgres::kept(stack)),
    };
    vec![
        ("API", running(address, &front_door::kept(stack))),
        (
            "local cloud",
            running(&life.endpoint(), &emulator::kept(stack)),
        ),
        ("PostgreSQL", server),
        ("addresses", stack.env_file().display().to_string()),
    ]
}

fn running(place: &str, process: &Kept<'_>) -> String {
    let state = match process.is_running() {
        true => "running",
        false => "stopped: `cargo xtask up` starts it again",
    };
    format!("{place:<38}  {state}")
}

fn of_database(database: &Database) -> Result<Vec<Line>> {
    Ok(vec![
        ("imports", counted(&database.query(&by_state("import"))?)),
        ("exports", counted(&database.query(&by_state("export"))?)),
        ("sessions", sessions(&database.query(SESSIONS)?)),
    ])
}

fn by_state(table: &str) -> String {
    format!("SELECT count(*), state FROM {table} GROUP BY state ORDER BY state")
}

/// Each function that uses the database keeps one session while its process lives.
const SESSIONS: &str = "SELECT application_name, count(*), count(*) FILTER (WHERE state <> 'idle') \
     FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() \
     AND application_name <> '' GROUP BY 1 ORDER BY 1";

/// The newest imports, with what `logs --import` asks for.
fn newest(database: &Database) -> Result<Vec<Line>> {
    let sql = format!(
        "SELECT uid, dataset || ' ' || number, state, \
             chunks_done || ' of ' || coalesce(chunks_total::text, '?') || ' chunks' \
         FROM import ORDER BY id DESC LIMIT {NEWEST}"
    );
    let imports = database.query(&sql)?;
    let line = |import: &Vec<String>| ("newest import", import.join("  "));
    Ok(imports.iter().map(line).collect())
}

/// `2 completed, 1 failed`
fn counted(rows: &[Vec<String>]) -> String {
    let words: Vec<String> = rows.iter().map(|row| row.join(" ")).collect();
    match words.is_empty() {
        true => "none".to_owned(),
        false => words.join(", "),
    }
}

/// `import-chunk 2 (1 at work), plan-chunks 1`
fn sessions(rows: &[Vec<String>]) -> String {
    let words = rows.iter().map(|row| match row.as_slice() {
        [function, count, busy] if busy != "0" => {
            vec![format!("{function} {count} ({busy} at work)")]
        }
        [function, count, _] => vec![format!("{function} {count}")],
        _ => vec![],
    });
    counted(&words.collect::<Vec<_>>())
}

fn of_cloud(life: &Life, variables: &Variables) -> Result<Vec<Line>> {
    let work = cloud::work(&life.endpoint(), variables)?;
    let number = |name: &str| work[name].as_u64().with_context(|| name.to_owned());
    let (waiting, flying) = (number("waiting")?, number("in_flight")?);
    Ok(vec![
        (
            "chunk queue",
            format!("{waiting} waiting, {flying} in flight"),
        ),
        ("dead letters", number("dead_letters")?.to_string()),
        ("executions", executions(&work["executions"])),
    ])
}

/// `2 import, 1 rollback`
fn executions(running: &Value) -> String {
    let counts = running.as_object().into_iter().flatten();
    let some = counts.filter(|(_, count)| count.as_u64() != Some(0));
    let rows: Vec<_> = some
        .map(|(name, count)| vec![count.to_string(), name.clone()])
        .collect();
    counted(&rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn rows(text: &str) -> Vec<Vec<String>> {
        let row = |line: &str| line.split(' ').map(str::to_owned).collect();
        text.lines().map(row).collect()
    }

    #[test]
    fn counts_are_one_line() {
        assert_eq!(
            counted(&rows("2 completed\n1 failed")),
            "2 completed, 1 failed"
        );
        assert_eq!(counted(&[]), "none");
    }

    #[test]
    fn sessions_at_work_are_told_apart() {
        let text = sessions(&rows("import-chunk 2 1\nplan-chunks 1 0"));
        assert_eq!(text, "import-chunk 2 (1 at work), plan-chunks 1");
    }

    #[test]
    fn only_running_executions_are_named() {
        let running = json!({"import": 2, "rollback": 0, "export": 1});
        assert_eq!(executions(&running), "2 import, 1 export");
        assert_eq!(executions(&json!({"import": 0})), "none");
    }

    #[test]
    fn a_part_without_an_answer_says_why() {
        let lines = answers("database", Err(anyhow::anyhow!("connection refused")));
        assert_eq!(
            table(&lines),
            "database      does not answer: connection refused\n"
        );
    }
}
