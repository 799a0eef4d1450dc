//! `GET /collect/{dataset}/{id}/errors/`.

use contracts::http::rows::ErrorEntry;
use domain::import::Import;
use domain::limits::ROWS_PAGE;
use domain::paging::Page;
use lambda::http::{Refusal, Request, Response, Route};
use postgres::Client;
use postgres::row_errors::{self, KeptError};

use crate::App;

impl App {
    pub(crate) async fn row_errors(
        &self,
        request: &Request,
        name: &str,
        id: &str,
    ) -> Result<Response, Refusal> {
        let read = async |client: &mut Client, import: &Import, page: Page| {
            let Page { limit, offset } = page;
            let (count, kept) = row_errors::page(client, import.id, limit, offset).await?;
            Ok((count, kept.into_iter().map(shown).collect()))
        };
        self.list_of_import(request, Route::RowErrors, (name, id), ROWS_PAGE, read)
            .await
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
