//! Responses: compact JSON, a file, or nothing.

use std::error::Error;

use contracts::http::headers::ON_EVERY_ANSWER;
use lambda_http::http::header::InvalidHeaderValue;
use lambda_http::http::{HeaderName, HeaderValue, Method, header};
use serde::Serialize;
use serde_json::json;

use super::{Body, Response, Route};
use crate::chain;

/// A response of this status with `body` as compact JSON.
pub fn json(status: u16, body: &impl Serialize) -> Response {
    match serde_json::to_string(body) {
        Ok(text) => with_text(status, text),
        Err(error) => failed(&error),
    }
}

/// 200 with JSON that is text already.
pub fn json_text(text: String) -> Response {
    with_text(200, text)
}

/// 201 with what was created, which stands at `location`, and when to look at it again.
pub fn created(body: &impl Serialize, location: &str, again_after: Option<u32>) -> Response {
    let mut response = json(201, body);
    if let Ok(value) = HeaderValue::try_from(location) {
        response.headers_mut().insert(header::LOCATION, value);
    }
    again_after_seconds(response, again_after)
}

/// The response, with the seconds after which the client sends its next request, if it is to send one.
pub fn again_after_seconds(mut response: Response, seconds: Option<u32>) -> Response {
    if let Some(seconds) = seconds {
        let value = HeaderValue::from(seconds);
        response.headers_mut().insert(header::RETRY_AFTER, value);
    }
    response
}

/// 200 with a CSV file that is to be saved under this name.
///
/// # Errors
/// The name has something else than ASCII.
pub fn csv(file_name: &str, text: String) -> Result<Response, InvalidHeaderValue> {
    let disposition = format!("attachment; filename=\"{file_name}\"").try_into()?;
    let mut response = Response::new(Body::Text(text));
    let headers = response.headers_mut();
    let kind = HeaderValue::from_static("text/csv; charset=utf-8");
    headers.insert(header::CONTENT_TYPE, kind);
    headers.insert(header::CONTENT_DISPOSITION, disposition);
    Ok(response)
}

/// 200 with a page that may load and do only what the policy allows.
pub fn html(text: String, policy: &str) -> Response {
    file("text/html; charset=utf-8", text, policy)
}

/// 200 with a file of this media type, which as a page may load and do only what the policy allows.
pub fn file(kind: &'static str, text: String, policy: &str) -> Response {
    let mut response = with_header(with_text(200, text), "content-type", kind);
    if let Ok(policy) = HeaderValue::from_str(policy) {
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// The response, which browsers keep: its address is of what is in it.
#[must_use]
pub fn kept_for_good(response: Response) -> Response {
    with_header(
        response,
        "cache-control",
        "public, max-age=31536000, immutable",
    )
}

/// The response, which browsers keep and ask for again each time.
#[must_use]
pub fn kept_while_current(response: Response) -> Response {
    with_header(response, "cache-control", "no-cache")
}

/// 204, empty.
pub fn no_content() -> Response {
    let mut response = Response::new(Body::Empty);
    set_status(&mut response, 204);
    response
}

/// 200 to OPTIONS: what this path offers.
pub fn options(route: Route) -> Response {
    let body = json!({
        "name": "Collect",
        "description": "",
        "renders": [route.renders()],
        "parses": route.parses(),
    });
    with_header(json(200, &body), header::ALLOW.as_str(), route.allow())
}

/// 500 without details: the log has them.
pub(super) fn failed(cause: &(dyn Error + 'static)) -> Response {
    tracing::error!(cause = chain(cause), "internal error");
    internal_error()
}

pub(super) fn internal_error() -> Response {
    with_text(500, r#"{"detail":"Internal server error."}"#.to_owned())
}

pub(super) fn with_header(
    mut response: Response,
    name: &'static str,
    value: &'static str,
) -> Response {
    let value = HeaderValue::from_static(value);
    response.headers_mut().insert(name, value);
    response
}

/// What every answer has, unless the function that answers knows better.
pub(super) fn with_headers_of_every_answer(mut response: Response) -> Response {
    for (name, value) in ON_EVERY_ANSWER {
        let name = HeaderName::from_static(name);
        let value = HeaderValue::from_static(value);
        response.headers_mut().entry(name).or_insert(value);
    }
    response
}

/// HEAD is answered like GET, without the body.
pub(super) fn for_method(method: &Method, mut response: Response) -> Response {
    if method == Method::HEAD {
        *response.body_mut() = Body::Empty;
    }
    response
}

fn with_text(status: u16, text: String) -> Response {
    let mut response = Response::new(Body::Text(text));
    set_status(&mut response, status);
    with_header(response, "content-type", "application/json")
}

fn set_status(response: &mut Response, status: u16) {
    *response.status_mut() =
        lambda_http::http::StatusCode::from_u16(status).expect("our statuses are HTTP's");
}
