//! `GET /collect/{dataset}/{id}/errors/`.

use contracts::http::rows::ErrorEntry;
use lambda::http::{Refusal, Request, Response, Verb, allow, query, respond};
use postgres::row_errors::{self, KeptError};

use crate::{App, OF_ROW_ERRORS};

impl App {
    pub(crate) async fn row_errors(
        &self,
        request: &Request,
        name: &str,
        id: &str,
    ) -> Result<Response, Refusal> {
        let user = self.users.signed_in(request).await?;
        if allow(request, OF_ROW_ERRORS)? == Verb::Options {
            return Ok(respond::options(OF_ROW_ERRORS));
        }
        let import = self.find(&user, name, id).await?;
        let page = query::page(request, 30, 100);
        let mut connection = self.database.connection().await?;
        let (count, kept) =
            row_errors::page(&mut connection, import.id, page.limit, page.offset).await?;
        connection.keep().await;
        let results = kept.into_iter().map(shown).collect();
        Ok(self.links.listing(request, page, count, results))
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
