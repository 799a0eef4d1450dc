//! Pages of other origins that may read the API's answers: those that ALLOWED_ORIGINS lists, and
//! none without it. Credentials are never let through on their own: a page must send its token
//! itself.

use lambda_http::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};

use super::{Body, Request, Response, Route};
use crate::settings;

/// What a page may read beside the body.
const EXPOSED: &str = "ETag, Location, Retry-After, WWW-Authenticate";

/// What a page may send.
const TAKEN: &str = "Authorization, Content-Type, Idempotency-Key, If-None-Match";

/// Seconds for which a browser need not ask again.
const KEPT_FOR: &str = "600";

/// The origins that are let in, as browsers write them: `https://app.example.org`.
#[derive(Clone, Debug, Default)]
pub(super) struct Origins(Vec<HeaderValue>);

impl Origins {
    /// Those of ALLOWED_ORIGINS, which separates them by commas.
    pub(super) fn from_environment() -> Self {
        Self::listed(&settings::optional("ALLOWED_ORIGINS").unwrap_or_default())
    }

    pub(super) fn listed(text: &str) -> Self {
        let origins = text.split(',').map(|it| it.trim().trim_end_matches('/'));
        let origins = origins.filter(|it| !it.is_empty());
        Self(origins.filter_map(|it| it.parse().ok()).collect())
    }

    /// The origin of the page that asks, if it is let in.
    pub(super) fn of(&self, request: &Request) -> Option<HeaderValue> {
        let origin = request.headers().get(header::ORIGIN)?;
        self.0.iter().find(|it| *it == origin).cloned()
    }

    /// The answer to a browser that asks whether a page may send a request. It needs no token: a
    /// browser sends none here. Any other OPTIONS is answered as ever.
    pub(super) fn preflight(&self, request: &Request) -> Option<Response> {
        let asks = request
            .headers()
            .contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
        if request.method() != Method::OPTIONS || !asks {
            return None;
        }
        let origin = self.of(request)?;
        let (route, _) = super::route(request).ok()?;
        let mut response = Response::new(Body::Empty);
        *response.status_mut() = StatusCode::NO_CONTENT;
        let headers = response.headers_mut();
        admit(headers, origin);
        set(
            headers,
            header::ACCESS_CONTROL_ALLOW_METHODS,
            Route::allow(route),
        );
        set(headers, header::ACCESS_CONTROL_ALLOW_HEADERS, TAKEN);
        set(headers, header::ACCESS_CONTROL_MAX_AGE, KEPT_FOR);
        Some(response)
    }

    /// Lets the page of this origin read the answer, and keeps caches from showing it to another.
    pub(super) fn let_read(&self, origin: Option<HeaderValue>, mut response: Response) -> Response {
        let headers = response.headers_mut();
        match origin {
            Some(origin) => {
                admit(headers, origin);
                set(headers, header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
            }
            None if self.0.is_empty() => {}
            None => set(headers, header::VARY, "Origin"),
        }
        response
    }
}

fn admit(headers: &mut HeaderMap, origin: HeaderValue) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    set(headers, header::VARY, "Origin");
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.insert(name, HeaderValue::from_static(value));
}

#[cfg(test)]
mod tests {
    use lambda_http::RequestExt as _;

    use super::*;

    const APP: &str = "https://app.example.org";

    fn origins() -> Origins {
        Origins::listed(" https://app.example.org/ ,,https://other.example.org")
    }

    fn asked(method: &str, headers: &[(&'static str, &str)]) -> Request {
        let mut request = Request::default().with_raw_http_path("/collect/team/1/");
        *request.method_mut() = method.parse().unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        request
    }

    fn header_of<'r>(response: &'r Response, name: &str) -> Option<&'r str> {
        response.headers().get(name).map(|it| it.to_str().unwrap())
    }

    #[test]
    fn a_preflight_of_a_listed_origin_is_answered() {
        let asks = ("access-control-request-method", "GET");
        let answer = origins()
            .preflight(&asked("OPTIONS", &[("origin", APP), asks]))
            .unwrap();
        assert_eq!(answer.status(), 204);
        assert_eq!(header_of(&answer, "access-control-allow-origin"), Some(APP));
        let methods = header_of(&answer, "access-control-allow-methods");
        assert_eq!(methods, Some("GET, DELETE, HEAD, OPTIONS"));
        assert_eq!(header_of(&answer, "vary"), Some("Origin"));
        assert_eq!(header_of(&answer, "access-control-allow-credentials"), None);
    }

    #[test]
    fn nothing_else_is_a_preflight() {
        let asks = ("access-control-request-method", "GET");
        #[rustfmt::skip]
        let table: [(&str, &[(&str, &str)]); 6] = [
            ("OPTIONS", &[("origin", APP)]),
            ("OPTIONS", &[asks]),
            ("OPTIONS", &[("origin", "https://evil.example.org"), asks]),
            ("OPTIONS", &[("origin", "null"), asks]),
            ("OPTIONS", &[("origin", "https://app.example.org.evil.example"), asks]),
            ("GET",     &[("origin", APP), asks]),
        ];
        for (method, headers) in table {
            let answer = origins().preflight(&asked(method, headers));
            assert!(answer.is_none(), "{method} {headers:?}");
        }
        let listed = asked("OPTIONS", &[("origin", APP), asks]);
        assert!(Origins::default().preflight(&listed).is_none());
    }

    #[test]
    fn only_a_listed_origin_may_read() {
        let answer_to = |origins: &Origins, origin: &str| {
            let request = asked("GET", &[("origin", origin)]);
            origins.let_read(origins.of(&request), Response::new(Body::Empty))
        };
        let listed = answer_to(&origins(), APP);
        assert_eq!(header_of(&listed, "access-control-allow-origin"), Some(APP));
        assert_eq!(
            header_of(&listed, "access-control-expose-headers"),
            Some(EXPOSED)
        );
        let other = answer_to(&origins(), "https://evil.example.org");
        assert_eq!(header_of(&other, "access-control-allow-origin"), None);
        assert_eq!(header_of(&other, "vary"), Some("Origin"));
        assert!(answer_to(&Origins::default(), APP).headers().is_empty());
    }
}
