//! Paths and methods: a path that exists answers every method itself, with 405 where it must.

use std::collections::BTreeMap;

use super::template::{Template, text};

const METHODS: [&str; 7] = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];

/// Path → methods, sorted, from all functions together.
fn routes(template: &Template) -> BTreeMap<String, Vec<String>> {
    let mut routes: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (_, function) in template.of_type("AWS::Serverless::Function") {
        let events = function["Properties"]["Events"].as_object();
        for event in events
            .into_iter()
            .flat_map(|events| events.values())
            .filter(|event| event["Type"] == "Api")
        {
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
