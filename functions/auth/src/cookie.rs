//! The refresh token of the console, in a cookie that no script can read.
//!
//! A browser sends a cookie with whatever a page asks for, also a page of somebody else. So it
//! counts at the two routes that need it alone, and only beside a header that another site cannot
//! send: for that a browser asks the API first, which allows it to nobody.

use lambda::http::body::Fields;
use lambda::http::{Base, FieldErrors, Refusal, Request, Response, Route, fields};

const NAME: &str = "collect_refresh";
const HEADER: &str = "x-collect-console";

/// What a sign-in is told that asks for a cookie without the header.
pub const NO_HEADER: &str = "A cookie is set only where the header X-Collect-Console: 1 is sent.";

/// What a request says of the console and its cookie.
pub struct Console {
    /// `{base}/token`, below which are the routes that read the cookie.
    path: String,
    /// The header is there.
    pub asks: bool,
    /// The token in the cookie, where the header is there too.
    token: Option<String>,
}

/// A refresh token, and how it was sent.
pub struct Sent {
    /// The token.
    pub token: String,
    /// In the cookie. Then its successor is in no body.
    pub by_cookie: bool,
}

impl Console {
    /// What a request says.
    pub fn of(request: &Request, base: &Base) -> Self {
        let header = request.headers().get(HEADER);
        let asks = header.is_some_and(|it| it.as_bytes() == b"1");
        Self {
            path: base.of(request) + Route::Token.path(),
            asks,
            token: cookie(request).filter(|_| asks),
        }
    }

    /// The refresh token in the field `refresh` or, if there is no such field, in the cookie.
    pub fn sent(&self, fields: Fields<'_>) -> Result<Sent, Refusal> {
        if let (None, Some(token)) = (fields.get("refresh"), &self.token) {
            return Ok(Sent {
                token: token.clone(),
                by_cookie: true,
            });
        }
        let token = fields::required(fields, "refresh")
            .and_then(fields::without_nul)
            .map_err(|message| Refusal::Fields(FieldErrors::one("refresh", message)))?;
        Ok(Sent {
            token,
            by_cookie: false,
        })
    }

    /// The response, and the cookie with this token.
    pub fn set(&self, response: Response, token: &str) -> Result<Response, Refusal> {
        self.with(response, token, "")
    }

    /// The response, and the word that the cookie is to be forgotten.
    pub fn forget(&self, response: Response) -> Result<Response, Refusal> {
        self.with(response, "", "; Max-Age=0")
    }

    /// It lasts as long as the browser runs: the token in it ends sooner or later by itself.
    fn with(&self, mut response: Response, token: &str, more: &str) -> Result<Response, Refusal> {
        let path = &self.path;
        let cookie =
            format!("{NAME}={token}; Path={path}{more}; HttpOnly; Secure; SameSite=Strict");
        response
            .headers_mut()
            .append("set-cookie", cookie.try_into()?);
        Ok(response)
    }
}

/// The value of our cookie. Two of the name count as none: one of them is not ours, and nothing says
/// which.
fn cookie(request: &Request) -> Option<String> {
    let headers = request.headers().get_all("cookie").into_iter();
    let pairs = headers
        .filter_map(|it| it.to_str().ok())
        .flat_map(|it| it.split(';'));
    let mut ours = pairs.filter_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        (name.trim() == NAME).then(|| value.trim().to_owned())
    });
    let first = ours.next();
    first.filter(|_| ours.next().is_none())
}

#[cfg(test)]
mod tests {
    use lambda::http::Body;
    use lambda::http::body::Content;

    use super::*;

    const EVENT: &str = include_str!("../../../events/auth/refresh.json");

    fn base() -> Base {
        Base::new(None)
    }

    type Header = (&'static str, &'static str);

    fn asked(headers: &[Header]) -> Request {
        let mut request = lambda_http::request::from_str(EVENT).unwrap();
        for (name, value) in headers {
            let value = (*value).parse().unwrap();
            request.headers_mut().append(*name, value);
        }
        request
    }

    fn console(headers: &[Header]) -> Console {
        Console::of(&asked(headers), &base())
    }

    fn nothing() -> Content {
        Content::Form(Vec::new())
    }

    #[test]
    fn a_cookie_counts_with_its_header_only() {
        let asks = (HEADER, "1");
        #[rustfmt::skip]
        let table: [(&[Header], Option<&str>); 11] = [
            (&[asks, ("cookie", "collect_refresh=t")], Some("t")),
            (&[asks, ("cookie", "a=b; collect_refresh=t; c=d")], Some("t")),
            (&[asks, ("cookie", "a=b"), ("cookie", "collect_refresh=t")], Some("t")),
            (&[("cookie", "collect_refresh=t")], None),
            (&[(HEADER, "0"), ("cookie", "collect_refresh=t")], None),
            (&[(HEADER, "true"), ("cookie", "collect_refresh=t")], None),
            (&[asks], None),
            (&[asks, ("cookie", "refresh=t")], None),
            (&[asks, ("cookie", "Collect_Refresh=t")], None),
            (&[asks, ("cookie", "collect_refresh=t; collect_refresh=u")], None),
            (&[asks, ("cookie", "collect_refresh=t"), ("cookie", "collect_refresh=u")], None),
        ];
        for (headers, expected) in table {
            let sent = console(headers).sent(nothing().fields().unwrap());
            let sent = sent.ok().map(|it| (it.token, it.by_cookie));
            let expected = expected.map(|it| (it.to_owned(), true));
            assert_eq!(sent, expected, "{headers:?}");
        }
    }

    #[test]
    fn a_field_goes_before_the_cookie_even_if_it_is_bad() {
        let console = console(&[(HEADER, "1"), ("cookie", "collect_refresh=t")]);
        let sent = |json| {
            let content = Content::Json(serde_json::from_str(json).unwrap());
            let sent = console.sent(content.fields().unwrap());
            sent.map(|it| (it.token, it.by_cookie)).ok()
        };
        assert_eq!(sent(r#"{"refresh":"u"}"#), Some(("u".to_owned(), false)));
        assert_eq!(sent(r#"{"refresh":""}"#), None);
        assert_eq!(sent(r#"{"refresh":null}"#), None);
        assert_eq!(sent("{}"), Some(("t".to_owned(), true)));
    }

    #[test]
    fn a_cookie_says_where_and_how_it_is_sent() {
        let console = console(&[]);
        let header = |response: Result<Response, Refusal>| {
            let response = response.unwrap();
            let set: Vec<_> = response.headers().get_all("set-cookie").iter().collect();
            assert_eq!(set.len(), 1);
            set[0].to_str().unwrap().to_owned()
        };
        let empty = || Response::new(Body::Empty);
        assert_eq!(
            header(console.set(empty(), "t")),
            "collect_refresh=t; Path=/v1/token; HttpOnly; Secure; SameSite=Strict"
        );
        assert_eq!(
            header(console.forget(empty())),
            "collect_refresh=; Path=/v1/token; Max-Age=0; HttpOnly; Secure; SameSite=Strict"
        );
    }
}
