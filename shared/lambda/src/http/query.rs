//! The query of a request, and the addresses of neighbouring pages.

use contracts::http::listing::Listing;
use domain::near::meant;
use domain::paging::cursor::Cursor;
use domain::paging::{self, Page, PageLength};
use domain::reason::StoredReason;
use lambda_http::RequestExt;
use serde::Serialize;

use super::path::{gateway, own_path};
use super::{FieldErrors, Request, Response, respond, words};
use crate::settings;

/// The parameters of every list.
const OF_A_LIST: [&str; 2] = ["limit", "offset"];

/// The code of the warning about a parameter that is nearly a known one.
const UNKNOWN_PARAMETER: &str = "unknown_parameter";

/// The last value of a parameter: the one that the original's framework takes.
pub fn last(request: &Request, name: &str) -> Option<String> {
    let query = request.query_string_parameters_ref()?;
    query.all(name)?.last().map(|&value| value.to_owned())
}

/// The page that `limit` and `offset` ask for.
pub fn page(request: &Request, length: PageLength) -> Page {
    let limit = last(request, "limit");
    let offset = last(request, "offset");
    paging::read(limit.as_deref(), offset.as_deref(), length)
}

/// Says of each parameter that is nearly one of `known`, or of those of every list, that it is none:
/// for a route that ignores no misspelt one, because its answer would be a wrong figure.
pub fn refuse_misspelt(request: &Request, known: &[&str], errors: &mut FieldErrors) {
    for (asked, name) in misspelt(request, known) {
        let parameter = words::not_a_name("parameter", name);
        errors.add(asked, vec![parameter]);
    }
}

/// A parameter of the original's routes that is not known is ignored. If it is nearly a known one,
/// the answer says so.
fn warnings(request: &Request, known: &[&str]) -> Vec<StoredReason> {
    let warning = |(asked, name): (String, &str)| StoredReason {
        code: UNKNOWN_PARAMETER.to_owned(),
        detail: format!("\"{asked}\" is no parameter and was ignored. Did you mean \"{name}\"?"),
        found: Vec::new(),
    };
    misspelt(request, known).into_iter().map(warning).collect()
}

/// Parameters that are nearly known ones, with these, in the order of their names.
fn misspelt<'k>(request: &Request, known: &[&'k str]) -> Vec<(String, &'k str)> {
    let known = [known, &OF_A_LIST].concat();
    let mut asked: Vec<String> = pairs(request).into_iter().map(|it| it.0).collect();
    asked.sort_unstable();
    asked.dedup();
    let near = |it: String| meant(&it, &known).map(|name| (it, name));
    asked.into_iter().filter_map(near).collect()
}

/// Makes the links to other pages of the API.
#[derive(Clone, Debug)]
pub struct Links {
    /// PUBLIC_URL without a slash at its end; `None`: the API's own address.
    public_url: Option<String>,
}

impl Links {
    /// Links that start with PUBLIC_URL if that is set.
    pub fn from_environment() -> Self {
        Self::new(settings::optional("PUBLIC_URL"))
    }

    fn new(public_url: Option<String>) -> Self {
        let public_url = public_url.map(|url| url.trim_end_matches('/').to_owned());
        Self { public_url }
    }

    /// Links to the next and the previous page of a list of `count` entries.
    fn around(
        &self,
        request: &Request,
        page: Page,
        count: i64,
    ) -> (Option<String>, Option<String>) {
        paging::links(page, count, &self.base(request), &pairs(request))
    }

    /// The request's own address without its query.
    fn base(&self, request: &Request) -> String {
        let path = own_path(request).unwrap_or_else(|| request.raw_http_path());
        let path = path.trim_end_matches('/');
        format!("{}{path}/", self.start(request))
    }

    /// A page of a list that is read by cursors, with its links to the next and the previous one;
    /// `count` is null if the entries were not counted. `known` are the parameters of the list that
    /// not every list has.
    pub fn cursor_listing<T: Serialize>(
        &self,
        request: &Request,
        known: &[&str],
        limit: i64,
        neighbours: [Option<Cursor>; 2],
        count: Option<i64>,
        results: Vec<T>,
    ) -> Response {
        let (base, pairs) = (self.base(request), pairs(request));
        let link = |it: Cursor| paging::cursor_link(limit, &it, &base, &pairs);
        let [next, previous] = neighbours.map(|it| it.map(link));
        respond::json(
            200,
            &Listing {
                count,
                next,
                previous,
                results,
                warnings: warnings(request, known),
            },
        )
    }

    /// The address of something else in the API, as the client of this request reaches it.
    pub fn to(&self, request: &Request, path: &str) -> String {
        format!("{}{path}", self.start(request))
    }

    /// A page of a list that is read by cursors of its own and only forwards: `next` is where its next
    /// page begins.
    pub fn forward_listing<T: Serialize>(
        &self,
        request: &Request,
        known: &[&str],
        limit: i64,
        next: Option<String>,
        results: Vec<T>,
    ) -> Response {
        let (base, pairs) = (self.base(request), pairs(request));
        let next = next.map(|cursor| paging::link_at(limit, cursor, &base, &pairs));
        respond::json(
            200,
            &Listing {
                count: None,
                next,
                previous: None,
                results,
                warnings: warnings(request, known),
            },
        )
    }

    /// A page of a list of `count` entries in all, with its links. `known` are the parameters of the
    /// list that not every list has.
    pub fn listing<T: Serialize>(
        &self,
        request: &Request,
        known: &[&str],
        page: Page,
        count: i64,
        results: Vec<T>,
    ) -> Response {
        let (next, previous) = self.around(request, page, count);
        respond::json(
            200,
            &Listing {
                count: Some(count),
                next,
                previous,
                results,
                warnings: warnings(request, known),
            },
        )
    }

    /// The address of the API, with a slash at its end.
    pub fn home(&self, request: &Request) -> String {
        format!("{}/", self.start(request))
    }

    fn start(&self, request: &Request) -> String {
        self.public_url.clone().unwrap_or_else(|| own_url(request))
    }
}

/// `https://{host}/{stage}`, as the client called the gateway.
fn own_url(request: &Request) -> String {
    let host = request
        .headers()
        .get("host")
        .and_then(|it| it.to_str().ok());
    let mut url = format!("https://{}", host.unwrap_or("localhost"));
    if let Some(stage) = gateway(request).and_then(|it| it.stage.as_deref()) {
        url.push('/');
        url.push_str(stage);
    }
    url
}

/// Every parameter and its value, in their order.
pub fn pairs(request: &Request) -> Vec<(String, String)> {
    let Some(query) = request.query_string_parameters_ref() else {
        return Vec::new();
    };
    let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    query.iter().map(owned).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use domain::limits::{LIST_PAGE, ROWS_PAGE};

    use super::*;

    fn asked(path: &str, query: &[(&str, &[&str])]) -> Request {
        let mut map: HashMap<String, Vec<String>> = HashMap::new();
        for (name, values) in query {
            let values = values.iter().map(|it| (*it).to_owned()).collect();
            map.insert((*name).to_owned(), values);
        }
        let mut request = Request::default()
            .with_raw_http_path(path)
            .with_query_string_parameters(map);
        let host = "abc.execute-api.eu-west-1.amazonaws.com".parse().unwrap();
        request.headers_mut().insert("host", host);
        request
    }

    #[test]
    fn links_start_with_the_public_url() {
        let links = Links::new(Some("http://localhost:8000/".into()));
        let request = asked(
            "/collect/data",
            &[("from", &["2015-08-01"]), ("offset", &["30"])],
        );
        let page = page(&request, ROWS_PAGE);
        let (next, previous) = links.around(&request, page, 100);
        let start = "http://localhost:8000/collect/data/?from=2015-08-01&limit=30";
        assert_eq!(next, Some(format!("{start}&offset=60")));
        assert_eq!(previous, Some(start.to_owned()));
    }

    #[test]
    fn links_start_with_the_apis_own_address_otherwise() {
        let request = asked("/collect/team/", &[]);
        let (next, _) = Links::new(None).around(&request, page(&request, LIST_PAGE), 11);
        let url =
            "https://abc.execute-api.eu-west-1.amazonaws.com/collect/team/?limit=10&offset=10";
        assert_eq!(next.as_deref(), Some(url));
    }

    #[test]
    fn a_parameter_that_is_nearly_a_known_one_is_named() {
        let request = asked(
            "/collect/team/",
            &[
                ("state", &["failed"]),
                ("x", &["1"]),
                ("limti", &["2"]),
                ("limit", &["7"]),
            ],
        );
        let said = warnings(&request, &["status"]);
        let details: Vec<&str> = said.iter().map(|it| it.detail.as_str()).collect();
        assert_eq!(
            details,
            [
                "\"limti\" is no parameter and was ignored. Did you mean \"limit\"?",
                "\"state\" is no parameter and was ignored. Did you mean \"status\"?",
            ]
        );
        assert!(said.iter().all(|it| it.code == UNKNOWN_PARAMETER));
        assert_eq!(warnings(&request, &["state", "limti"]), []);
    }

    #[test]
    fn a_misspelt_parameter_is_refused_where_it_would_be_a_wrong_figure() {
        let request = asked("/", &[("fron", &["2015-08-01"]), ("colour", &["red"])]);
        let mut errors = FieldErrors::default();
        refuse_misspelt(&request, &["from", "to"], &mut errors);
        let refused = errors.or(()).unwrap_err().into_response();
        let body = r#"{"fron":["This parameter is not known. Did you mean \"from\"?"]}"#;
        assert_eq!(String::from_utf8_lossy(refused.body()), body);
    }

    #[test]
    fn the_last_of_several_values_counts() {
        let request = asked("/", &[("limit", &["5", "7"])]);
        assert_eq!(last(&request, "limit").as_deref(), Some("7"));
        assert_eq!(last(&request, "offset"), None);
        assert_eq!(page(&request, LIST_PAGE).limit, 7);
    }
}
