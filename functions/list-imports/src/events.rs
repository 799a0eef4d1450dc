//! `GET /collect/{dataset}/{id}/events/`.

use domain::limits::ROWS_PAGE;
use lambda::http::{Refusal, Request, Response, Route, Verb, allow, query, respond, shown};
use postgres::events;

use crate::App;

impl App {
    pub(crate) async fn events(
        &self,
        request: &Request,
        name: &str,
        id: &str,
    ) -> Result<Response, Refusal> {
        let user = self.users.signed_in(request).await?;
        if allow(request, Route::Events)? == Verb::Options {
            return Ok(respond::options(Route::Events));
        }
        let (import, _) = self.find(&user, name, id).await?;
        let page = query::page(request, ROWS_PAGE);
        let (count, found) = self
            .database
            .run(async |client| {
                events::page(client, user.owner, import.uid, page.limit, page.offset).await
            })
            .await?;
        let results = found.into_iter().map(shown::event).collect();
        Ok(self.links.listing(request, &[], page, count, results))
    }
}
