//! Paths and methods: a path that exists answers every method itself, with 405 where it must.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::template::{Template, text};

const METHODS: [&str; 7] = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];

/// Bytes of a function's resource policy (a quota of Lambda that cannot be raised).
const POLICY_AT_MOST: usize = 20 * 1024;

/// The functions' routes.
fn routes_of(function: &Value) -> Vec<&Value> {
    let events = function["Properties"]["Events"].as_object();
    let events = events.into_iter().flat_map(|events| events.values());
    events.filter(|event| event["Type"] == "Api").collect()
}

/// Path → methods, sorted, from all functions together.
fn routes(template: &Template) -> BTreeMap<String, Vec<String>> {
    let mut routes: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (_, function) in template.of_type("AWS::Serverless::Function") {
        for event in routes_of(function) {
            let (path, method) = (&event["Properties"]["Path"], &event["Properties"]["Method"]);
            routes.entry(text(path)).or_default().push(text(method));
        }
    }
    routes.values_mut().for_each(|methods| methods.sort());
    routes
}

#[test]
fn every_path_has_all_seven_methods_once() {
    let routes = routes(&Template::load());
    assert!(routes.contains_key("/") && routes.contains_key("/{proxy+}"));
    for (path, methods) in routes {
        assert_eq!(methods, METHODS, "{path}");
    }
}

/// A path without methods of its own, in the middle of another, would hide the variable beside it.
#[test]
fn no_fixed_part_hides_a_variable_one() {
    let routes = routes(&Template::load());
    for path in routes.keys() {
        for (end, _) in path.match_indices('/').skip(1) {
            let above = &path[..end];
            let last = above.rsplit('/').next().unwrap_or_default();
            let siblings = above.strip_suffix(last).unwrap_or_default().to_owned() + "{";
            let hides = !last.starts_with('{')
                && routes
                    .keys()
                    .any(|other| other.starts_with(&siblings) && !other.contains('+'));
            assert!(!hides || routes.contains_key(above), "{above} in {path}");
        }
    }
}

/// SAM gives each route a statement in the policy of its function; one route too many is found out
/// at the deploy.
#[test]
fn the_routes_of_a_function_fit_into_its_policy() {
    for (name, function) in Template::load().of_type("AWS::Serverless::Function") {
        let routes = routes_of(function);
        let statements = routes.iter().map(|it| statement(&it["Properties"]));
        // Each is followed by a comma, and they stand in a document.
        let length: usize = statements.map(|it| it.len() + 1).sum::<usize>() + 100;
        assert!(
            length <= POLICY_AT_MOST,
            "{name}: {} routes, {length} bytes of policy; give some to another function",
            routes.len()
        );
    }
}

/// As long as it gets: names, ids and regions of the greatest length, each path variable a star.
fn statement(route: &Value) -> String {
    let (path, method) = (text(&route["Path"]), text(&route["Method"]));
    let parts = path
        .split('/')
        .map(|it| if it.starts_with('{') { "*" } else { it });
    let path = parts.collect::<Vec<_>>().join("/");
    let function = "f".repeat(64);
    let source = "arn:aws:execute-api:ap-southeast-1:123456789012:a1b2c3d4e5";
    let statement = json!({
        "Sid": "s".repeat(100),
        "Effect": "Allow",
        "Principal": {"Service": "apigateway.amazonaws.com"},
        "Action": "lambda:InvokeFunction",
        "Resource": format!("arn:aws:lambda:ap-southeast-1:123456789012:function:{function}"),
        "Condition": {"ArnLike": {"AWS:SourceArn": format!("{source}/*/{method}{path}")}},
    });
    statement.to_string()
}
