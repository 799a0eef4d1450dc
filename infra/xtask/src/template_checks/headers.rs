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

/// What the gateway says itself, as the functions would: a client that reads `detail` finds it. Each
/// is JSON once the gateway has filled in what it knows.
#[test]
fn the_gateway_refuses_in_our_words() {
    let template = Template::load();
    let responses = &template.resource("Api")["Properties"]["GatewayResponses"];
    #[rustfmt::skip]
    let table = [
        // It has a status for each.
        ("DEFAULT_4XX", None, r#"{"detail":"It said so."}"#),
        ("DEFAULT_5XX", None, r#"{"detail":"Internal server error."}"#),
        ("MISSING_AUTHENTICATION_TOKEN", Some(405), r#"{"detail":"Method \"TRACE\" not allowed."}"#),
        ("REQUEST_TOO_LARGE", Some(413), r#"{"detail":"The file is too large for this request; ask for an upload URL: POST {\"filename\",\"size\"} as JSON.","code":"file_too_large"}"#),
        // As `auth` says it, without a time that the gateway does not know.
        (THROTTLED, Some(429), r#"{"detail":"Request was throttled."}"#),
    ];
    let kinds: Vec<&str> = table.iter().map(|it| it.0).collect();
    let mut found: Vec<&str> = responses
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    found.sort_unstable();
    assert_eq!(found, kinds);
    for (kind, status, expected) in table {
        let response = &responses[kind];
        assert_eq!(response["StatusCode"].as_u64(), status, "{kind}");
        let body = text(&response["ResponseTemplates"]["application/json"])
            .replace("$context.error.messageString", "\"It said so.\"")
            .replace("$context.httpMethod", "TRACE");
        let read = |text: &str| serde_json::from_str::<serde_json::Value>(text);
        assert_eq!(read(&body).unwrap(), read(expected).unwrap(), "{kind}");
    }
}
