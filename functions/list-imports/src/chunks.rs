//! `GET /collect/{dataset}/{id}/chunks/`.

use contracts::http::chunks::ChunkRun;
use domain::import::Import;
use domain::limits::CHUNK_RUNS_PAGE;
use domain::paging::Page;
use lambda::http::{Refusal, Request, Response, Route};
use postgres::Client;
use postgres::chunks::{self, Run};

use crate::App;

impl App {
    pub(crate) async fn chunks(
        &self,
        request: &Request,
        name: &str,
        id: &str,
    ) -> Result<Response, Refusal> {
        let visibility = self.visibility_seconds;
        let read = async |client: &mut Client, import: &Import, page: Page| {
            let Page { limit, offset } = page;
            let (count, runs) = chunks::runs(client, import.id, visibility, limit, offset).await?;
            Ok((count, runs.into_iter().map(shown).collect()))
        };
        self.list_of_import(request, Route::Chunks, (name, id), CHUNK_RUNS_PAGE, read)
            .await
    }
}

fn shown(run: Run) -> ChunkRun {
    ChunkRun {
        state: run.state.as_str(),
        first: run.first,
        count: run.count,
    }
}
