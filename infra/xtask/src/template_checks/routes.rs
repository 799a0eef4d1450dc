//! Paths and methods: a path that exists answers every method itself, with 405 where it must.

use std::collections::{BTreeMap, BTreeSet};

use contracts::http::routes::Route;
use serde_json::Value;

use super::template::{Template, text};

const METHODS: [&str; 7] = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];

/// What the API may call: nothing but the functions of its routes, by every route of this API.
const SOURCE: &str = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*";

/// Path → method → the function that answers it, as a resource of the template.
type Routes = BTreeMap<String, BTreeMap<String, String>>;

fn routes(template: &Template) -> Routes {
    let paths = &template.resource("Api")["Properties"]["DefinitionBody"]["paths"];
    let paths = paths.as_object().unwrap().iter();
    paths
        .map(|(path, methods)| (path.clone(), functions(methods)))
        .collect()
}

fn functions(methods: &Value) -> BTreeMap<String, String> {
    let methods = methods.as_object().unwrap().iter();
    methods
        .map(|(method, operation)| (method.to_uppercase(), function(operation)))
        .collect()
}

/// The function whose answer a method passes on as it is.
fn function(operation: &Value) -> String {
    let integration = &operation["x-amazon-apigateway-integration"];
    assert_eq!(integration["type"], "aws_proxy", "{operation}");
    assert_eq!(integration["httpMethod"], "POST", "{operation}");
    let uri = text(&integration["uri"]["Fn::Sub"]);
    let name = uri
        .split_once("/functions/${")
        .and_then(|(_, rest)| rest.strip_suffix(".Arn}/invocations"));
    name.unwrap_or_else(|| panic!("{uri} names no function"))
        .to_owned()
}

/// The routes of the API, and every other path: each with all seven methods.
#[test]
fn the_routes_are_those_of_the_table() {
    let elsewhere = [
        ("/", "describe-api"),
        ("/console/{proxy+}", "console"),
        ("/{proxy+}", "list-imports"),
    ];
    let elsewhere = elsewhere.map(|(path, function)| (path, answered(|_| function)));
    let known = Route::ALL
        .iter()
        .map(|it| (it.path(), answered(|method| it.function(method))));
    let expected = elsewhere.into_iter().chain(known);
    let expected: Routes = expected
        .map(|(path, methods)| (path.to_owned(), methods))
        .collect();
    assert_eq!(routes(&Template::load()), expected);
}

fn answered(by: impl Fn(&str) -> &'static str) -> BTreeMap<String, String> {
    METHODS
        .map(|method| (method.to_owned(), resource(by(method))))
        .into()
}

/// The resource of a function: `ListImportsFunction` of `list-imports`.
fn resource(function: &str) -> String {
    let capital = |word: &str| word[..1].to_uppercase() + &word[1..];
    function.split('-').map(capital).collect::<String>() + "Function"
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

#[test]
fn the_api_may_call_the_functions_of_its_routes_and_no_other() {
    let template = Template::load();
    let routes = routes(&template);
    let answering: BTreeSet<String> = routes
        .values()
        .flat_map(BTreeMap::values)
        .cloned()
        .collect();
    let mut permitted = Vec::new();
    for (name, permission) in template.of_type("AWS::Lambda::Permission") {
        let permission = &permission["Properties"];
        assert_eq!(permission["Action"], "lambda:InvokeFunction", "{name}");
        assert_eq!(
            permission["Principal"], "apigateway.amazonaws.com",
            "{name}"
        );
        assert_eq!(permission["SourceArn"]["Fn::Sub"], SOURCE, "{name}");
        permitted.push(text(&permission["FunctionName"]["Ref"]));
    }
    permitted.sort();
    assert_eq!(permitted, Vec::from_iter(answering));
}

/// A route that is an event of a function has a permission of its own, and `sam deploy --guided`
/// asks about each.
#[test]
fn no_route_is_an_event() {
    for (name, function) in Template::load().of_type("AWS::Serverless::Function") {
        let events = function["Properties"]["Events"].as_object();
        for (event, it) in events.into_iter().flatten() {
            assert_ne!(it["Type"], "Api", "{event} of {name}");
        }
    }
}
