//! What the lists of one import have in common: its row errors, its chunks, its events.

use domain::import::Import;
use domain::paging::{Page, PageLength};
use lambda::http::{Refusal, Request, Response, Route, Verb, allow, query, respond};
use postgres::Client;
use serde::Serialize;

use crate::App;

/// How many entries there are, and those of the page.
pub(crate) type Read<T> = Result<(i64, Vec<T>), postgres::Error>;

impl App {
    /// A page of a list of this import of the user's, as `read` gives it.
    pub(crate) async fn list_of_import<T: Serialize>(
        &self,
        request: &Request,
        route: Route,
        (name, id): (&str, &str),
        length: PageLength,
        read: impl AsyncFnOnce(&mut Client, &Import, Page) -> Read<T>,
    ) -> Result<Response, Refusal> {
        let user = self.users.signed_in(request).await?;
        if allow(request, route)? == Verb::Options {
            return Ok(respond::options(route));
        }
        let (import, _) = self.find(&user, name, id).await?;
        let page = query::page(request, length);
        let (count, results) = self
            .database
            .run(async |client| read(client, &import, page).await)
            .await?;
        Ok(self.links.listing(request, &[], page, count, results))
    }
}
