//! Where the API's paths begin for a client.

use super::Request;
use super::path::{gateway, own_path};
use crate::settings;

/// What stands before the paths of routes in the addresses that a client uses: nothing, `/v1`, or
/// what else a gateway or a proxy puts there.
pub struct Base {
    /// The path of PUBLIC_URL; `None`: as the gateway was called.
    public: Option<String>,
}

impl Base {
    /// The path of PUBLIC_URL, if that is set.
    pub fn from_environment() -> Self {
        Self::new(settings::optional("PUBLIC_URL").as_deref())
    }

    /// The path of this address of the API; `None`: as the gateway is called.
    pub fn new(public_url: Option<&str>) -> Self {
        let public = public_url.map(|url| path_of(url).trim_end_matches('/').to_owned());
        Self { public }
    }

    /// The base of a request, without a slash at its end.
    pub fn of(&self, request: &Request) -> String {
        match &self.public {
            Some(base) => base.clone(),
            None => called_base(request).unwrap_or_default().to_owned(),
        }
    }
}

/// What the gateway was called with before the API's own path: `/v1` of `/v1/token/`.
fn called_base(request: &Request) -> Option<&str> {
    let called = gateway(request)?.path.as_deref()?.trim_end_matches('/');
    called.strip_suffix(own_path(request)?.trim_end_matches('/'))
}

/// The path of an address: `/base` of `https://example.com/base`.
fn path_of(url: &str) -> &str {
    let (_, after) = url.split_once("://").unwrap_or(("", url));
    after.find('/').map_or("", |at| &after[at..])
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENT: &str = include_str!("../../../../events/auth/refresh.json");

    fn asked(path: &str) -> Request {
        let event = EVENT.replace("/v1/token/refresh/", path);
        lambda_http::request::from_str(&event).unwrap()
    }

    #[test]
    fn it_is_what_the_gateway_was_called_by() {
        for (path, base) in [
            ("/v1/token/refresh/", "/v1"),
            ("/v1/token/refresh", "/v1"),
            ("/some/base/token/refresh/", "/some/base"),
            ("/token/refresh/", ""),
        ] {
            let found = Base::new(None).of(&asked(path));
            assert_eq!(found, base, "{path}");
        }
        assert_eq!(Base::new(None).of(&Request::default()), "");
    }

    #[test]
    fn it_is_the_path_of_the_public_url_otherwise() {
        for (url, base) in [
            ("http://localhost:8000", ""),
            ("https://example.com/", ""),
            ("https://example.com/base/", "/base"),
        ] {
            let found = Base::new(Some(url)).of(&asked("/v1/token/refresh/"));
            assert_eq!(found, base, "{url}");
        }
    }
}
