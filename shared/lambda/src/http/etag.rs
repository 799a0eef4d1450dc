//! Weak ETags. A client that asks with `If-None-Match` for what it has already is answered 304: that
//! saves bytes, not work, so the tag is made of the answer itself. Whatever changes the answer changes
//! it, also a deploy, and no column has to be kept for it.

use domain::limits::LINK_VALID_FOR;
use jiff::Timestamp;
use lambda_http::http::{HeaderValue, Method, StatusCode, header};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{Body, Request, Response};

/// What changes with every look, and says nothing new: how fast it went until now.
const PACE: [&str; 2] = ["rows_per_second", "eta_seconds"];

/// Names of links, and what stands beside one. A link is signed with each answer. It is new for a
/// client in each window of ten minutes: within it, the one that the client has is valid for minutes.
const LINKS: [&str; 2] = ["rejected_rows_url", "url"];
const END_OF_LINK: &str = "expires_at";
const WINDOW_SECONDS: i64 = 600;
const _: () = assert!(LINK_VALID_FOR.as_secs() > WINDOW_SECONDS.cast_unsigned());

/// Adds the tag to a 200 with JSON; to the client that has it, 304 without the body.
#[must_use]
pub fn tagged(request: &Request, response: Response) -> Response {
    tagged_at(request, response, Timestamp::now())
}

/// The same of a 200 with text that is not JSON.
#[must_use]
pub fn of_text(request: &Request, response: Response) -> Response {
    let tag = match response.body() {
        Body::Text(text) => Some(digest(text)),
        _ => None,
    };
    with_tag(request, response, tag)
}

fn tagged_at(request: &Request, response: Response, now: Timestamp) -> Response {
    let tag = tag(&response, now);
    with_tag(request, response, tag)
}

fn with_tag(request: &Request, mut response: Response, tag: Option<String>) -> Response {
    let asked = [Method::GET, Method::HEAD].contains(request.method());
    let found = asked && response.status() == StatusCode::OK;
    let Some(tag) = tag.filter(|_| found) else {
        return response;
    };
    let has_it = has(request, &tag);
    if let Ok(value) = HeaderValue::try_from(format!("W/{tag}")) {
        response.headers_mut().insert(header::ETAG, value);
    }
    if has_it {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        *response.body_mut() = Body::Empty;
        response.headers_mut().remove(header::CONTENT_TYPE);
    }
    response
}

/// Its opaque part, in quotes.
fn tag(response: &Response, now: Timestamp) -> Option<String> {
    let Body::Text(text) = response.body() else {
        return None;
    };
    let mut json: Value = serde_json::from_str(text).ok()?;
    keep_what_lasts(&mut json, now.as_second().div_euclid(WINDOW_SECONDS));
    Some(digest(&json.to_string()))
}

/// What a text is known by, in quotes.
fn digest(text: &str) -> String {
    let bytes = &Sha256::digest(text)[..16];
    let digits: String = bytes.iter().map(|it| format!("{it:02x}")).collect();
    format!("\"{digits}\"")
}

fn keep_what_lasts(json: &mut Value, window: i64) {
    match json {
        Value::Array(values) => {
            for value in values {
                keep_what_lasts(value, window);
            }
        }
        Value::Object(fields) => {
            for name in PACE {
                fields.remove(name);
            }
            for name in LINKS {
                if fields.get(name).is_some_and(Value::is_string) {
                    fields.insert(name.to_owned(), window.into());
                    fields.remove(END_OF_LINK);
                }
            }
            for value in fields.values_mut() {
                keep_what_lasts(value, window);
            }
        }
        _ => {}
    }
}

/// Whether the client has this one, of the tags it names; compared weakly.
fn has(request: &Request, tag: &str) -> bool {
    let named = request.headers().get_all(header::IF_NONE_MATCH);
    let named = named.iter().filter_map(|it| it.to_str().ok());
    let mut named = named.flat_map(|it| it.split(',')).map(str::trim);
    named.any(|it| it == "*" || it.strip_prefix("W/").unwrap_or(it) == tag)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::respond;
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_767_225_600 + seconds).unwrap()
    }

    fn asked(method: Method, named: Option<&str>) -> Request {
        let mut request = Request::default();
        *request.method_mut() = method;
        if let Some(named) = named {
            let value = named.parse().unwrap();
            request.headers_mut().insert(header::IF_NONE_MATCH, value);
        }
        request
    }

    fn answered(json: &Value, named: Option<&str>, now: Timestamp) -> Response {
        tagged_at(&asked(Method::GET, named), respond::json(200, json), now)
    }

    fn tag_of(json: &Value, now: Timestamp) -> String {
        let response = answered(json, None, now);
        let tag = response.headers()[header::ETAG].to_str().unwrap();
        assert!(tag.starts_with("W/\"") && tag.len() == 36, "{tag}");
        tag.to_owned()
    }

    #[test]
    fn who_has_it_gets_no_body() {
        let json = json!({"id": 1, "status": "importing"});
        let tag = tag_of(&json, at(0));
        let strong = &tag[2..];
        let among = format!("\"x\", {tag}");
        for named in [tag.as_str(), strong, "*", &among] {
            let response = answered(&json, Some(named), at(99_999));
            assert_eq!(response.status(), 304, "{named}");
            assert!(matches!(response.body(), Body::Empty));
            assert!(!response.headers().contains_key(header::CONTENT_TYPE));
            assert_eq!(response.headers()[header::ETAG], tag.as_str());
        }
        for other in ["", "\"x\"", "W/\"x\"", &tag[..30]] {
            let response = answered(&json, Some(other), at(0));
            assert_eq!(response.status(), 200, "{other}");
            assert!(matches!(response.body(), Body::Text(_)));
        }
    }

    #[test]
    fn what_changes_changes_it_and_the_pace_does_not() {
        let json = |status: &str, pace: f64| json!({"results": [{"status": status, "progress": {"rows_per_second": pace, "eta_seconds": 4}}]});
        let tag = tag_of(&json("importing", 2.5), at(0));
        assert_eq!(tag_of(&json("importing", 2.4), at(0)), tag);
        assert_ne!(tag_of(&json("finishing", 2.5), at(0)), tag);
    }

    #[test]
    fn a_link_is_the_same_for_ten_minutes() {
        let export = |url: &str| json!({"download": {"url": url, "expires_at": url, "bytes": 7}});
        let import = |url: &str| json!({"rejected_rows_url": url});
        for json in [&export as &dyn Fn(&str) -> Value, &import] {
            let tag = tag_of(&json("a"), at(0));
            assert_eq!(tag_of(&json("b"), at(599)), tag);
            assert_ne!(tag_of(&json("b"), at(600)), tag);
        }
        let none = json!({"rejected_rows_url": null, "expires_at": "x"});
        assert_eq!(tag_of(&none, at(0)), tag_of(&none, at(600)));
        assert_ne!(tag_of(&none, at(0)), tag_of(&import("a"), at(0)));
    }

    #[test]
    fn only_what_is_read_and_found_has_a_tag() {
        let json = json!({"detail": "Not found."});
        let untagged = [
            tagged(&asked(Method::GET, Some("*")), respond::json(404, &json)),
            tagged(&asked(Method::POST, Some("*")), respond::json(200, &json)),
            tagged(&asked(Method::GET, Some("*")), respond::no_content()),
        ];
        for response in untagged {
            assert!(!response.headers().contains_key(header::ETAG));
            assert_ne!(response.status(), 304);
        }
        let head = tagged(&asked(Method::HEAD, None), respond::json(200, &json));
        assert!(head.headers().contains_key(header::ETAG));
    }
}
