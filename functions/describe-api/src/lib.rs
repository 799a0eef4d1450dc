//! What the API says of itself: a page at `/` for people, `/docs/`, `/openapi.json` for machines,
//! and `/healthz`. It reads nothing: no database, no accounts, no token.

mod html;

use contracts::http::service::Health;
use html::Html;
use lambda::Failure;
use lambda::http::query::Links;
use lambda::http::{Refusal, Request, Response, Route, Verb, allow, is_root, respond, route};
use serde_json::{Value, json};

/// Both are written by the tests, from the tables that answers are checked with.
const DESCRIPTION: &str = include_str!("openapi.json");
const DOCS: &str = include_str!("docs.html");

/// Stands for the address of the API, before anything else that could be taken for it.
const SERVER: &str = "<api>";

/// What stands at `/`.
const FRONT: &str = include_str!("front.html");

/// Answers requests about the API.
pub struct App {
    links: Links,
    /// Compact, with [`SERVER`] where the address of the API goes.
    description: String,
    docs: Html,
}

impl App {
    /// Reads what is served.
    ///
    /// # Errors
    /// It cannot be read.
    pub async fn from_environment() -> Result<Self, Failure> {
        let mut description: Value = serde_json::from_str(DESCRIPTION)?;
        description["servers"] = json!([{"url": SERVER}]);
        Ok(Self {
            links: Links::from_environment(),
            description: description.to_string(),
            docs: Html::new(DOCS.to_owned()),
        })
    }

    /// Answers one request.
    ///
    /// # Errors
    /// The refusal that the client gets instead.
    pub async fn handle(&self, request: Request) -> Result<Response, Refusal> {
        if is_root(&request) {
            return self.front(&request);
        }
        let (route, _) = route(&request)?;
        if ![Route::Docs, Route::Description, Route::Health].contains(&route) {
            return Err(Refusal::NotFound);
        }
        if allow(&request, route)? == Verb::Options {
            return Ok(respond::options(route));
        }
        Ok(match route {
            Route::Docs => self.docs.response(),
            Route::Description => respond::json_text(self.description(&request)),
            _ => respond::json(200, &Health { status: "ok" }),
        })
    }

    /// For a browser. Anyone else gets the answer of a path that does not exist, as clients of the
    /// original service do.
    fn front(&self, request: &Request) -> Result<Response, Refusal> {
        let accepted = request.headers().get("accept");
        let accepted = accepted.and_then(|it| it.to_str().ok()).unwrap_or_default();
        let reads = ["GET", "HEAD"].contains(&request.method().as_str());
        if !reads || !accepted.contains("text/html") {
            return Err(Refusal::NotFound);
        }
        let page = FRONT.replace("{api}", &html::escaped(&self.links.home(request)));
        Ok(Html::new(page).response())
    }

    /// With the address that the request was sent to as its server.
    fn description(&self, request: &Request) -> String {
        let server = json!(self.links.home(request)).to_string();
        let place = json!(SERVER).to_string();
        self.description.replacen(&place, &server, 1)
    }
}
