//! The query of a request, and the addresses of neighbouring pages.

use contracts::http::listing::Listing;
use domain::paging::cursor::Cursor;
use domain::paging::{self, Page, PageLength};
use lambda_http::RequestExt;
use lambda_http::request::RequestContext;
use serde::Serialize;

use super::{Request, Response, respond};
use crate::settings;

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
        let path = request.raw_http_path().trim_end_matches('/');
        format!("{}{path}/", self.start(request))
    }

    /// A page of a list that is read by cursors, with its links to the next and the previous one;
    /// `count` is null if the entries were not counted.
    pub fn cursor_listing<T: Serialize>(
        &self,
        request: &Request,
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
            },
        )
    }

    /// A page of a list of `count` entries in all, with its links.
    pub fn listing<T: Serialize>(
        &self,
        request: &Request,
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
            },
        )
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
    if let Some(RequestContext::ApiGatewayV1(context)) = request.request_context_ref()
        && let Some(stage) = &context.stage
    {
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
    fn the_last_of_several_values_counts() {
        let request = asked("/", &[("limit", &["5", "7"])]);
        assert_eq!(last(&request, "limit").as_deref(), Some("7"));
        assert_eq!(last(&request, "offset"), None);
        assert_eq!(page(&request, LIST_PAGE).limit, 7);
    }
}
