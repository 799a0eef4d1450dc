//! What is inside the VPC, and what is not.

use serde_json::json;

use super::database_users;
use super::template::Template;

/// They use nothing that only the VPC reaches.
const OUTSIDE: [&str; 4] = [
    "AuthFunction",
    "ConsoleFunction",
    "DescribeApiFunction",
    "RotateSigningKeyFunction",
];

#[test]
fn every_function_is_in_the_vpc_but_these() {
    let template = Template::load();
    let network = &template.of_all_functions()["VpcConfig"]["Fn::If"];
    assert_eq!(network[0], "InVpc");
    let mut outside = Vec::new();
    for (name, function) in template.of_type("AWS::Serverless::Function") {
        let Some(own) = function["Properties"].get("VpcConfig") else {
            continue;
        };
        assert_eq!(*own, json!({"Ref": "AWS::NoValue"}), "{name}");
        outside.push(name);
    }
    assert_eq!(outside, OUTSIDE);
}

#[test]
fn what_uses_the_database_is_in_the_vpc() {
    let users = database_users(&Template::load());
    assert!(users.len() > 10, "the users of the database were not found");
    for name in OUTSIDE {
        assert!(!users.iter().any(|it| it == name), "{name}");
    }
}
