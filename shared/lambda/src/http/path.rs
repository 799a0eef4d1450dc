use contracts::http::routes::Route;
use domain::limits::DATASET_NAME_CHARS_AT_MOST;
use lambda_http::RequestExt;
use lambda_http::aws_lambda_events::apigw::ApiGatewayProxyRequestContext;
use lambda_http::request::RequestContext;

use super::{Refusal, Request};

/// The route of the request, and the values of its path's variables. A slash at the end of the path
/// makes no difference.
///
/// # Errors
/// 404 for a path that is no route's.
pub fn route(request: &Request) -> Result<(Route, Vec<&str>), Refusal> {
    let path = own_path(request).and_then(Route::find);
    path.ok_or(Refusal::NotFound)
}

/// What stands in the place of `{proxy+}` in the route that the gateway has matched, if it ends so.
pub fn below(request: &Request) -> Option<String> {
    let ends_so = resource(request)?.ends_with("/{proxy+}");
    let values = request.path_parameters_ref()?;
    let value = values.first("proxy").filter(|_| ends_so);
    value.map(str::to_owned)
}

/// Whether the request asks for the API's own address.
pub fn is_root(request: &Request) -> bool {
    own_path(request).is_some_and(|it| it.trim_matches('/').is_empty())
}

/// The path within the API; `None` for one that the gateway has no route for.
///
/// A domain of one's own may lead to the API by a base path. It stays in the path of the event, so
/// that there is no telling where it ends but by the route that the gateway has matched: the path
/// is as many parts of the end as the route has.
pub(super) fn own_path(request: &Request) -> Option<&str> {
    let path = request.raw_http_path();
    match resource(request) {
        Some(resource) if resource.contains('+') => None,
        Some(resource) => Some(end(path, parts(resource))),
        None => Some(path),
    }
}

/// The route that the gateway has matched, as the template has it.
fn resource(request: &Request) -> Option<&str> {
    gateway(request)?.resource_path.as_deref()
}

/// What the gateway says of the request; `None` where there is none, as in tests.
pub(super) fn gateway(request: &Request) -> Option<&ApiGatewayProxyRequestContext> {
    match request.request_context_ref()? {
        RequestContext::ApiGatewayV1(context) => Some(context),
        _ => None,
    }
}

fn parts(path: &str) -> usize {
    path.split('/').filter(|it| !it.is_empty()).count()
}

/// The last parts of a path, with the slash before them and the one at its end.
fn end(path: &str, parts: usize) -> &str {
    let without_slash = path.strip_suffix('/').unwrap_or(path);
    let mut slashes = without_slash.rmatch_indices('/').map(|it| it.0);
    match parts.checked_sub(1) {
        None => "/",
        Some(before) => slashes.nth(before).map_or(path, |at| &path[at..]),
    }
}

/// The number of an import, as it stands in a path.
///
/// # Errors
/// 404 for anything but digits: there is no such import.
pub fn number(segment: &str) -> Result<i32, Refusal> {
    let digits = segment.bytes().all(|it| it.is_ascii_digit());
    let number = segment.parse().ok().filter(|_| digits);
    number.ok_or(Refusal::NotFound)
}

/// The path as it stands in the log. No part of a path of ours is longer than the name of a
/// dataset; one that is may be a token or an API key that its sender put there by mistake.
pub(super) fn logged(path: &str) -> String {
    let parts: Vec<&str> = path.split('/').map(shortened).collect();
    parts.join("/")
}

fn shortened(part: &str) -> &str {
    if part.len() > DATASET_NAME_CHARS_AT_MOST {
        "…"
    } else {
        part
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_path_is_left_out() {
        #[rustfmt::skip]
        let table = [
            ("/collect/team/1/",      "/collect/{dataset}/{id}", "/collect/team/1/"),
            ("/base/collect/team/1/", "/collect/{dataset}/{id}", "/collect/team/1/"),
            ("/a/b/collect/team/1",   "/collect/{dataset}/{id}", "/collect/team/1"),
            ("/base/token/",          "/token",                  "/token/"),
            ("/collect//1/",          "/collect/{dataset}/{id}", "/collect//1/"),
            ("/base",                 "/",                       "/"),
            ("/",                     "/",                       "/"),
        ];
        for (path, resource, expected) in table {
            assert_eq!(end(path, parts(resource)), expected, "{path}");
        }
    }

    #[test]
    fn no_secret_in_a_path_is_logged() {
        let name = "a".repeat(DATASET_NAME_CHARS_AT_MOST);
        for path in [
            "/",
            "",
            "/collect/team/1/",
            &format!("/collect/{name}/rows/"),
        ] {
            assert_eq!(logged(path), path);
        }
        let key = domain::api_key::write(7, 3, &[1; 32]);
        assert_eq!(logged(&format!("/auth/keys/{key}/")), "/auth/keys/…/");
        let coded = key.replace('_', "%5F");
        assert_eq!(logged(&format!("/auth/keys/{coded}")), "/auth/keys/…");
    }

    #[test]
    fn a_number_is_digits() {
        assert!(matches!(number("17"), Ok(17)));
        for other in ["", "x", "-1", "+1", "1.0", " 1", "99999999999", "1_0"] {
            assert!(matches!(number(other), Err(Refusal::NotFound)), "{other}");
        }
    }
}
