//! What the gateway itself answers has the headers of every answer.

use std::collections::BTreeMap;

use contracts::http::headers::ON_EVERY_ANSWER;

use super::template::{Template, text};

/// Without these two a type that nothing is said of would have none.
const DEFAULTS: [&str; 2] = ["DEFAULT_4XX", "DEFAULT_5XX"];

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
        let headers = response["ResponseParameters"]["Headers"].as_object();
        let headers = headers.into_iter().flatten();
        let found = headers.map(|(name, value)| (name.to_lowercase(), text(value)));
        assert_eq!(found.collect::<BTreeMap<_, _>>(), expected, "{kind}");
    }
}
