//! What no linter says about `template.yaml` and the workflows, held by tests.

mod alarms;
mod aliases;
mod database;
mod environment;
mod headers;
mod leading_keys;
mod network;
mod permissions;
mod queues;
mod repetition;
mod routes;
mod signing_keys;
mod template;
mod throttling;
mod workflows;

use serde_json::Value;
use template::Template;

use crate::{digest, paths, stage};

/// The functions whose role may read a secret of the database: the one of a role, or, where that has
/// none of its own, the owner's.
fn database_users(template: &Template) -> Vec<String> {
    let reads = |(function, statement): (String, Value)| {
        let secrets = permissions::outcomes(&statement["Resource"]);
        let is_owners = |secret: &&Value| secret["Ref"] == "DatabaseSecretArn";
        secrets.iter().any(is_owners).then_some(function)
    };
    let statements = permissions::statements(template);
    statements.into_iter().filter_map(reads).collect()
}

/// `import-chunk` → `ImportChunkFunction`.
fn resource_name(folder: &str) -> String {
    let capital = |word: &str| word[..1].to_uppercase() + &word[1..];
    folder.split('-').map(capital).collect::<String>() + "Function"
}

#[test]
fn every_function_has_a_resource_and_every_resource_a_function() {
    let template = Template::load();
    let mut deployed: Vec<(String, String)> = template
        .of_type("AWS::Serverless::Function")
        .map(|(name, resource)| {
            (
                name.to_owned(),
                template::text(&resource["Properties"]["CodeUri"]),
            )
        })
        .collect();
    deployed.sort();
    let mut expected: Vec<(String, String)> = stage::names_in(&paths::root().join("functions"))
        .unwrap()
        .iter()
        .map(|folder| (resource_name(folder), format!("target/lambda/{folder}/")))
        .collect();
    expected.sort();
    assert_eq!(deployed, expected);
}

#[test]
fn the_digest_is_that_of_the_migrations() {
    let template = Template::load();
    let digest = digest::of_migrations(&paths::root().join("shared/postgres/migrations")).unwrap();
    let written = template::text(&template.resource("Migration")["Properties"]["Digest"]);
    assert_eq!(
        written, digest,
        "`cargo xtask digest --write` brings it up to date"
    );
}

#[test]
fn whatever_uses_the_database_waits_for_its_migration() {
    let template = Template::load();
    let users = database_users(&template);
    for (name, function) in template.of_type("AWS::Serverless::Function") {
        let uses = users.iter().any(|it| it == name);
        let waits = function.get("DependsOn") == Some(&Value::from("Migration"));
        assert_eq!(waits, uses && name != "MigrateDatabaseFunction", "{name}");
    }
}

/// `cargo lambda build` builds the functions; without this word `sam build` looks for makefiles.
#[test]
fn sam_builds_nothing() {
    for (name, function) in Template::load().of_type("AWS::Serverless::Function") {
        assert_eq!(function["Metadata"]["SkipBuild"], true, "{name}");
    }
}

#[test]
fn what_holds_data_is_retained() {
    let template = Template::load();
    for name in ["UploadBucket", "AccountsTable", "AuditTable"] {
        let resource = template.resource(name);
        assert_eq!(resource["DeletionPolicy"], "RetainExceptOnCreate", "{name}");
        assert_eq!(resource["UpdateReplacePolicy"], "Retain", "{name}");
    }
}
