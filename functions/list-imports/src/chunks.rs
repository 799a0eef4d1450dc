//! `GET /collect/{dataset}/{id}/chunks/`.

use contracts::http::chunks::ChunkRun;
use domain::limits::CHUNK_RUNS_PAGE;
use lambda::http::{Refusal, Request, Response, Route, Verb, allow, query, respond};
use postgres::chunks::{self, Run};

use crate::App;

impl App {
    pub(crate) async fn chunks(
        &self,
        request: &Request,
        name: &str,
        id: &str,
    ) -> Result<Response, Refusal> {
        let user = self.users.signed_in(request).await?;
        if allow(request, Route::Chunks)? == Verb::Options {
            return Ok(respond::options(Route::Chunks));
        }
        let (import, _) = self.find(&user, name, id).await?;
        let page = query::page(request, CHUNK_RUNS_PAGE);
        let visibility = self.visibility_seconds;
        let (count, runs) = self
            .database
            .run(async |client| {
                chunks::runs(client, import.id, visibility, page.limit, page.offset).await
            })
            .await?;
        let results = runs.into_iter().map(shown).collect();
        Ok(self.links.listing(request, &[], page, count, results))
    }
}

fn shown(run: Run) -> ChunkRun {
    ChunkRun {
        state: run.state.as_str(),
        first: run.first,
        count: run.count,
    }
}
