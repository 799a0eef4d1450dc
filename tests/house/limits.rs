//! The page of limits says what template and documents say.

use std::fs::read_to_string;

use domain::limits::*;
use domain::quota::Quota;

use super::root;

/// The number that a property of a resource has in the template.
fn number(resource: &str, property: &str) -> u64 {
    let template = read_to_string(root().join("template.yaml")).unwrap();
    let name = format!("  {resource}:");
    let lines = template.lines().skip_while(|it| *it != name).skip(1);
    let lines = lines.take_while(|it| it.is_empty() || it.starts_with("   "));
    let text = lines.collect::<Vec<_>>().join("\n");
    let found = text.split_once(&format!(" {property}: "));
    let (_, rest) = found.unwrap_or_else(|| panic!("{resource} has no {property}"));
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits
        .parse()
        .unwrap_or_else(|_| panic!("{property} of {resource} is no number"))
}

#[test]
fn long_functions_have_the_timeout_they_reckon_with() {
    for function in [
        "PlanChunksFunction",
        "RollbackImportFunction",
        "WriteExportFunction",
        "PrepareObjectFunction",
    ] {
        let timeout = number(function, "Timeout");
        assert_eq!(timeout, LONG_FUNCTION_TIMEOUT_SECONDS as u64, "{function}");
    }
}

#[test]
fn work_with_a_budget_ends_before_its_function() {
    for (function, budget) in [
        ("PlanChunksFunction", LONG_FUNCTION_BUDGET),
        ("FinishImportFunction", REJECTED_FILE_WITHIN),
        ("MigrateDatabaseFunction", MIGRATION_WITHIN),
        ("RotateSigningKeyFunction", ROTATION_WITHIN),
    ] {
        let timeout = number(function, "Timeout");
        assert!(budget.as_secs() + 30 <= timeout, "{function}: {timeout} s");
    }
}

#[test]
fn a_chunk_is_delivered_as_often_as_it_may_be_tried() {
    let deliveries = number("ChunkQueue", "maxReceiveCount");
    assert_eq!(deliveries, ATTEMPTS_AT_MOST as u64);
}

/// API Gateway gives up after 29 s. What answers ends before that, and what it asks of the database
/// before it ends itself: then the log has the reason.
#[test]
fn a_request_ends_before_what_waits_for_it() {
    let function = number("Function", "Timeout");
    assert!(function < 29, "{function} s");
    for within in [QUERY_WITHIN, EXPORT_COUNTED_WITHIN] {
        let within = u64::try_from(within.as_secs()).unwrap();
        assert!(within + 5 <= function, "{within} s");
    }
    // A kept session, four tries to open another, and pauses of 1.75 s.
    let silent = 5 * OPENED_WITHIN.as_secs() + 2;
    assert!(silent < function, "{silent} s");
}

/// The planner's task waits for the chunks of the whole run.
#[test]
fn a_workflow_waits_for_its_chunks_as_long_as_a_run_may_last() {
    let workflow = read_to_string(root().join("infra/workflows/import.asl.json")).unwrap();
    let (_, plan) = workflow.split_once("\"Plan\": {").unwrap();
    let (_, rest) = plan.split_once("\"TimeoutSeconds\": ").unwrap();
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    let waits: i64 = digits.parse().unwrap();
    assert!(waits > IMPORT_RUN_WITHIN.as_secs(), "{waits} s");
}

/// What is said of a parameter.
fn parameter(name: &str) -> String {
    let template = read_to_string(root().join("template.yaml")).unwrap();
    let begin = format!("  {name}: ");
    let line = template.lines().find_map(|it| it.strip_prefix(&begin));
    line.unwrap_or_else(|| panic!("no parameter {name}"))
        .to_owned()
}

#[test]
fn quotas_are_parameters_of_the_template() {
    let template = read_to_string(root().join("template.yaml")).unwrap();
    let setting = template
        .lines()
        .find(|it| it.contains(" QUOTAS: "))
        .unwrap();
    let (_, setting) = setting.split_once("!Sub ").unwrap();
    let mut said: Vec<&str> = setting.split(',').collect();
    for quota in Quota::ALL {
        let Some(name) = quota.parameter() else {
            continue;
        };
        let default = format!("Default: {},", quota.usual());
        assert!(parameter(name).contains(&default), "{name}: {default}");
        let pair = format!("{quota}=${{{name}}}");
        let at = said.iter().position(|it| *it == pair);
        said.remove(at.unwrap_or_else(|| panic!("{pair} is not in QUOTAS")));
    }
    assert!(said.is_empty(), "{said:?}");
}
