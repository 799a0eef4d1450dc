//! Least privilege: our own statements name their actions and resources.

use serde_json::Value;

use super::template::{Template, list, text};
use crate::{paths, stage};

/// Actions that know no resource: a task token says by itself what it is for.
const WITHOUT_RESOURCE: [&str; 2] = ["states:SendTaskFailure", "states:SendTaskSuccess"];

/// What may end in a star: the objects of the bucket, the executions of our state machines.
const FAMILIES: [&str; 7] = [
    "${UploadBucket.Arn}/uploads/*",
    "${UploadBucket.Arn}/rejected/*",
    "${UploadBucket.Arn}/exports/*",
    "${UploadBucket.Arn}/prepared/*",
    "-import:*",
    "-rollback:*",
    "-export:*",
];

/// Every statement that allows something, with the resource it stands in.
pub fn statements(template: &Template) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    for kind in ["AWS::Serverless::Function", "AWS::Serverless::StateMachine"] {
        for (name, resource) in template.of_type(kind) {
            for policy in list(&resource["Properties"]["Policies"]) {
                found.extend(of_policy(name, policy));
            }
        }
    }
    for (name, resource) in template.of_type("AWS::IAM::ManagedPolicy") {
        found.extend(of_policy(name, &resource["Properties"]["PolicyDocument"]));
    }
    found.retain(|(_, statement)| statement["Effect"] == "Allow");
    found
}

fn of_policy(name: &str, policy: &Value) -> Vec<(String, Value)> {
    let statements = list(&policy["Statement"]).into_iter().flat_map(outcomes);
    statements
        .map(|one| (name.to_owned(), one.clone()))
        .collect()
}

/// What a statement, or a part of it, may come to: both ends of an `!If`, or itself.
pub fn outcomes(part: &Value) -> Vec<&Value> {
    match part["Fn::If"].as_array() {
        Some(parts) => parts[1..].iter().collect(),
        None => vec![part],
    }
}

fn resource_text(resource: &Value) -> String {
    resource
        .as_str()
        .or(resource["Fn::Sub"].as_str())
        .unwrap_or_default()
        .to_owned()
}

#[test]
fn actions_are_named() {
    let statements = statements(&Template::load());
    assert!(statements.len() > 20, "the statements were not found");
    for (name, statement) in statements {
        for action in list(&statement["Action"]) {
            assert!(!text(action).contains('*'), "{name}: {action}");
        }
    }
}

#[test]
fn resources_are_named_unless_the_action_knows_none() {
    for (name, statement) in statements(&Template::load()) {
        let knows_none = list(&statement["Action"])
            .iter()
            .all(|action| WITHOUT_RESOURCE.contains(&text(action).as_str()));
        for resource in list(&statement["Resource"]).into_iter().map(resource_text) {
            let family = FAMILIES.iter().any(|family| resource.ends_with(family));
            assert_eq!(resource == "*", knows_none, "{name}: {statement}");
            assert!(
                knows_none || family || !resource.contains('*'),
                "{name}: {resource}"
            );
        }
    }
}

/// S3 answers 403 instead of 404 where the caller may not list, and an object that is gone would be
/// one that is refused.
#[test]
fn a_role_that_reads_objects_is_told_when_one_is_gone() {
    let template = Template::load();
    let statements = statements(&template);
    for (name, _) in template.of_type("AWS::Serverless::Function") {
        let of_this = statements.iter().filter(|(owner, _)| owner == name);
        let actions: Vec<String> = of_this
            .flat_map(|(_, statement)| list(&statement["Action"]).into_iter().map(text))
            .collect();
        let may = |action: &str| actions.iter().any(|it| it == action);
        if may("s3:GetObject") || may("s3:GetObjectVersion") {
            assert!(may("s3:ListBucket"), "{name}");
        }
        if may("s3:GetObjectVersion") {
            assert!(may("s3:ListBucketVersions"), "{name}");
        }
    }
}

/// The functions that ask nothing of AWS.
const NEEDING_NOTHING: [&str; 2] = ["ConsoleFunction", "DescribeApiFunction"];

#[test]
fn every_function_has_a_role_of_its_own() {
    for (name, function) in Template::load().of_type("AWS::Serverless::Function") {
        assert!(
            function["Properties"].get("Role").is_none(),
            "{name} shares a role"
        );
        let has_policies = function["Properties"].get("Policies").is_some();
        assert_eq!(has_policies, !NEEDING_NOTHING.contains(&name), "{name}");
    }
}

/// A function reads the secret of its role, which `lambda::database` names in its code; who migrates
/// reads those of all roles.
#[test]
fn a_function_reads_the_secret_of_its_role_alone() {
    let template = Template::load();
    let statements = statements(&template);
    for folder in stage::names_in(&paths::root().join("functions")).unwrap() {
        let name = super::resource_name(&folder);
        let of_this = statements.iter().filter(|(owner, _)| *owner == name);
        let secrets: Vec<&str> = of_this
            .flat_map(|(_, statement)| outcomes(&statement["Resource"]))
            .filter_map(|it| it["Ref"].as_str())
            .filter(|it| it.ends_with("SecretArn"))
            .collect();
        let source = paths::root().join(format!("functions/{folder}/src/lib.rs"));
        let source = std::fs::read_to_string(source).unwrap();
        let expected: &[&str] = match role_in(&source) {
            None => &[],
            Some("Owner") => &[
                "DatabaseSecretArn",
                "WorkerSecretArn",
                "DatabaseSecretArn",
                "MakerSecretArn",
                "DatabaseSecretArn",
                "ReaderSecretArn",
                "DatabaseSecretArn",
            ],
            Some("Worker") => &["WorkerSecretArn", "DatabaseSecretArn"],
            Some("Maker") => &["MakerSecretArn", "DatabaseSecretArn"],
            Some("Reader") => &["ReaderSecretArn", "DatabaseSecretArn"],
            Some(other) => panic!("{name}: {other}"),
        };
        assert_eq!(secrets, expected, "{name}");
    }
}

fn role_in(source: &str) -> Option<&str> {
    let (_, after) = source.split_once("lambda::database")?;
    let (_, role) = after.split_once("Role::")?;
    role.split(',').next()
}
