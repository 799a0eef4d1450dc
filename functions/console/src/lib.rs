//! The console: a page to import, watch and take back with. It serves files that are built from
//! `app/` and committed in `dist/`, and reads nothing: no database, no accounts, no token. What the
//! page shows it asks the API for, as any client does.

mod files;
mod policy;

use lambda::Failure;
use lambda::http::{
    Base, Refusal, Request, Response, Route, Verb, allow, below, etag, respond, route,
};

use files::{Kept, find};

/// The page itself; every other file is one that it loads.
const PAGE: &str = "index.html";

/// Stands in the page for the path that its other files are below.
const BASE: &str = "__CONSOLE_BASE__";

/// Answers requests for the console.
pub struct App {
    base: Base,
    /// What a browser lets the page do.
    policy: String,
}

impl App {
    /// Reads where the API and the uploads are.
    ///
    /// # Errors
    /// A setting is missing.
    pub async fn from_environment() -> Result<Self, Failure> {
        Ok(Self {
            base: Base::from_environment(),
            policy: policy::sending_to(&policy::upload_origin()?),
        })
    }

    /// Answers one request.
    ///
    /// # Errors
    /// The refusal that the client gets instead.
    pub async fn handle(&self, request: Request) -> Result<Response, Refusal> {
        let name = &name(&request)?;
        let text = find(name).ok_or(Refusal::NotFound)?;
        if allow(&request, Route::Console)? == Verb::Options {
            return Ok(respond::options(Route::Console));
        }
        let text = match name.as_str() {
            PAGE => text.replace(BASE, &attribute(&self.below(&request))),
            _ => text.to_owned(),
        };
        let response = respond::file(files::kind(name), text, &self.policy);
        Ok(match files::kept(name) {
            Kept::ForGood => respond::kept_for_good(response),
            Kept::WhileCurrent => etag::of_text(&request, respond::kept_while_current(response)),
        })
    }

    /// The path that the console's files are below.
    fn below(&self, request: &Request) -> String {
        format!("{}{}/", self.base.of(request), Route::Console.path())
    }
}

/// The file that is asked for. The page has one address only: below another one, what it loads
/// would not be found.
fn name(request: &Request) -> Result<String, Refusal> {
    match below(request) {
        Some(name) if name != PAGE => Ok(name),
        None if route(request)?.0 == Route::Console => Ok(PAGE.to_owned()),
        _ => Err(Refusal::NotFound),
    }
}

/// Text as it stands in an attribute of HTML.
fn attribute(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('"', "&quot;")
        .replace('<', "&lt;")
}

#[cfg(test)]
mod tests;
