//! `GET /collect/{dataset}/{id}/events/`.

use domain::import::Import;
use domain::limits::ROWS_PAGE;
use domain::paging::Page;
use lambda::http::{Refusal, Request, Response, Route, shown};
use postgres::{Client, events};

use crate::App;

impl App {
    pub(crate) async fn events(
        &self,
        request: &Request,
        name: &str,
        id: &str,
    ) -> Result<Response, Refusal> {
        let read = async |client: &mut Client, import: &Import, page: Page| {
            let Page { limit, offset } = page;
            let (owner, uid) = (import.owner, import.uid);
            let (count, found) = events::page(client, owner, uid, limit, offset).await?;
            Ok((count, found.into_iter().map(shown::event).collect()))
        };
        self.list_of_import(request, Route::Events, (name, id), ROWS_PAGE, read)
            .await
    }
}
