//! Answers: the gateway's, cleaned, and our own in the API's form.

use bytes::Bytes;
use http_body_util::{Either, Full};
use hyper::body::Incoming;
use hyper::header::{CONNECTION, HeaderName, HeaderValue};
use hyper::{Response, StatusCode};

use crate::headers;

/// Streamed from the gateway, or a few words of ours.
pub type Body = Either<Incoming, Full<Bytes>>;

const TOO_LARGE: &str = r#"{"detail":"The file is too large for this request; ask for an upload URL: POST {\"filename\",\"size\"} as JSON.","code":"file_too_large"}"#;
/// Those of every answer: `GatewayResponses` in the template gives them to the gateway's own.
const HEADERS: [(&str, &str); 4] = [
    ("content-type", "application/json"),
    ("x-content-type-options", "nosniff"),
    ("cache-control", "no-store"),
    (
        "strict-transport-security",
        "max-age=31536000; includeSubDomains",
    ),
];

const BAD_GATEWAY: &str = r#"{"detail":"The local cloud does not answer; is it up?"}"#;

pub fn of_gateway(answer: Response<Incoming>) -> Response<Body> {
    let (mut parts, body) = answer.into_parts();
    headers::drop_hop_by_hop(&mut parts.headers);
    headers::restore_www_authenticate(&mut parts.headers);
    Response::from_parts(parts, Either::Left(body))
}

/// The connection ends with it: what is left of the body is not worth reading.
pub fn too_large() -> Response<Body> {
    let mut reply = json(StatusCode::PAYLOAD_TOO_LARGE, TOO_LARGE);
    reply
        .headers_mut()
        .insert(CONNECTION, HeaderValue::from_static("close"));
    reply
}

pub fn bad_gateway(reason: &str) -> Response<Body> {
    eprintln!("gateway: {reason}");
    json(StatusCode::BAD_GATEWAY, BAD_GATEWAY)
}

fn json(status: StatusCode, text: &'static str) -> Response<Body> {
    let mut reply = Response::new(Either::Right(Full::new(Bytes::from_static(
        text.as_bytes(),
    ))));
    *reply.status_mut() = status;
    for (name, value) in HEADERS {
        let value = HeaderValue::from_static(value);
        reply
            .headers_mut()
            .insert(HeaderName::from_static(name), value);
    }
    reply
}
