//! `GET /collect/{dataset}/{id}/errors/`.

use contracts::http::rows::ErrorEntry;
use domain::limits::ROWS_PAGE;
use lambda::http::{Refusal, Request, Response, Route, Verb, allow, query, respond};
use postgres::row_errors::{self, KeptError};

use crate::App;

impl App {
    pub(crate) async fn row_errors(
        &self,
        request: &Request,
        name: &str,
        id: &str,
    ) -> Result<Response, Refusal> {
        let user = self.users.signed_in(request).await?;
        if allow(request, Route::RowErrors)? == Verb::Options {
            return Ok(respond::options(Route::RowErrors));
        }
        let (import, _) = self.find(&user, name, id).await?;
        let page = query::page(request, ROWS_PAGE);
        let (count, kept) = self
            .database
            .run(async |client| row_errors::page(client, import.id, page.limit, page.offset).await)
            .await?;
        let results = kept.into_iter().map(shown).collect();
        Ok(self.links.listing(request, &[], page, count, results))
    }
}

fn shown(kept: KeptError) -> ErrorEntry {
    ErrorEntry {
        record: kept.record,
        line: kept.line,
        column: kept.column,
        value: kept.value,
        code: kept.code,
        message: kept.message,
    }
}
