//! What the gateway itself answers has the headers of every answer.

use std::collections::BTreeMap;

use contracts::http::headers::ON_EVERY_ANSWER;

use super::template::{Template, text};

/// Without these two a type that nothing is said of would have none.
const DEFAULTS: [&str; 2] = ["DEFAULT_4XX", "DEFAULT_5XX"];

/// What is refused because there are too many requests says when to come again, to pages too.
const THROTTLED: &str = "THROTTLED";
const OF_THROTTLED: [(&str, &str); 2] = [
    ("access-control-expose-headers", "'Retry-After'"),
    ("retry-after", "'1'"),
];

#[test]
fn every_answer_of_the_gateway_has_the_headers_of_every_answer() {
    // A fixed value stands in quotes of its own.
    let expected = ON_EVERY_ANSWER.map(|(name, value)| (name.to_owned(), format!("'{value}'")));
    let mut expected = BTreeMap::from(expected);
    // So that a page of another origin learns what it was refused for.
    expected.insert("access-control-allow-origin".to_owned(), "'*'".to_owned());
    let template = Template::load();
    let responses = &template.resource("Api")["Properties"]["GatewayResponses"];
    let responses = responses.as_object().unwrap();
    for kind in DEFAULTS {
        assert!(responses.contains_key(kind), "{kind}");
    }
    for (kind, response) in responses {
        let mut expected = expected.clone();
        if kind == THROTTLED {
            expected.extend(OF_THROTTLED.map(|(name, value)| (name.to_owned(), value.to_owned())));
        }
        let headers = response["ResponseParameters"]["Headers"].as_object();
        let headers = headers.into_iter().flatten();
        let found = headers.map(|(name, value)| (name.to_lowercase(), text(value)));
        assert_eq!(found.collect::<BTreeMap<_, _>>(), expected, "{kind}");
    }
}

/// As `auth` says it, without a time that the gateway does not know.
#[test]
fn too_many_requests_are_refused_in_our_words() {
    let template = Template::load();
    let response = &template.resource("Api")["Properties"]["GatewayResponses"][THROTTLED];
    assert_eq!(response["StatusCode"], 429);
    let body = text(&response["ResponseTemplates"]["application/json"]);
    assert_eq!(body, r#"{"detail":"Request was throttled."}"#);
}
