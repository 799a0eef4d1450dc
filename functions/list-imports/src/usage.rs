//! `GET /collect/usage/`: how much a user has of what a user may have.

use contracts::http::usage::UsageObject;
use domain::quota::Quota;
use lambda::http::{Refusal, Request, Response, Route, Verb, allow, respond};
use postgres::{rows, usage};

use crate::App;

impl App {
    pub(crate) async fn usage(&self, request: &Request) -> Result<Response, Refusal> {
        let user = self.users.signed_in(request).await?;
        if allow(request, Route::Usage)? == Verb::Options {
            return Ok(respond::options(Route::Usage));
        }
        let (usage, reads) = self
            .database
            .run(async |client| {
                let usage = usage::of(client, user.owner).await?;
                Ok::<_, postgres::Error>((usage, rows::reading(client, user.owner).await?))
            })
            .await?;
        let keys = i64::try_from(user.api_keys).unwrap_or(i64::MAX);
        let used = |quota: Quota| match quota {
            Quota::ApiKeys => keys,
            Quota::ReadsAtOnce => reads,
            kept => usage.of(kept).unwrap_or(0),
        };
        Ok(respond::json(200, &UsageObject::new(&self.quotas, used)))
    }
}
