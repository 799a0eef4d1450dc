use contracts::http::routes::Route;

use super::{Refusal, Request};

/// The method of a request, once it is known to be allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// GET, or HEAD: the response loses its body on the way out.
    Get,
    /// POST.
    Post,
    /// PUT.
    Put,
    /// DELETE.
    Delete,
    /// OPTIONS.
    Options,
}

/// The request's verb, if the route allows it.
///
/// # Errors
/// 405 for any other method.
pub fn allow(request: &Request, route: Route) -> Result<Verb, Refusal> {
    let allowed = route.allow();
    let method = request.method().as_str();
    let verb = match method {
        "GET" | "HEAD" => Some(Verb::Get),
        "POST" => Some(Verb::Post),
        "PUT" => Some(Verb::Put),
        "DELETE" => Some(Verb::Delete),
        "OPTIONS" => Some(Verb::Options),
        _ => None,
    };
    let listed = allowed.split(", ").any(|it| it == method);
    verb.filter(|_| listed)
        .ok_or_else(|| Refusal::MethodNotAllowed {
            method: method.to_owned(),
            allow: allowed,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(method: &str) -> Result<Verb, Refusal> {
        let mut request = Request::default();
        *request.method_mut() = method.parse().unwrap();
        allow(&request, Route::Rows)
    }

    #[test]
    fn only_what_is_listed() {
        assert!(matches!(asked("GET"), Ok(Verb::Get)));
        assert!(matches!(asked("HEAD"), Ok(Verb::Get)));
        assert!(matches!(asked("OPTIONS"), Ok(Verb::Options)));
        for method in ["POST", "PUT", "PATCH", "DELETE", "BREW"] {
            assert!(matches!(
                asked(method),
                Err(Refusal::MethodNotAllowed { method: told, .. }) if told == method
            ));
        }
    }
}
