//! Imports as their user sees them: the list, one import, its row errors, its chunks, what has happened
//! to it; the list of imports and exports of all datasets; and how much a user has. It also answers 404 for every path that
//! does not exist.

mod chunks;
mod events;
mod everything;
mod of_import;
mod readiness;
mod row_errors;
mod status;
mod usage;
mod wanted;

use std::sync::Arc;

use aws::objects::Objects;
use contracts::http::imports::FileObject;
use domain::dataset::Dataset;
use domain::import::{Import, State};
use domain::limits::LIST_PAGE;
use domain::paging::Page;
use domain::quota::Quotas;
use domain::waiting::Queue;
use jiff::Timestamp;
use lambda::http::query::{self, Links};
use lambda::http::{
    Refusal, Request, Response, Route, Verb, allow, dataset, etag, number, respond, route, shown,
};
use lambda::user::{User, Users};
use lambda::{Failure, Role, settings};
use postgres::{Client, Database, datasets, imports};
use readiness::Readiness;
use uuid::Uuid;

/// Answers requests that only read imports.
pub struct App {
    users: Users,
    database: Database,
    objects: Objects,
    links: Links,
    readiness: Readiness,
    /// A chunk that was handed out longer ago without a receipt waits again.
    visibility_seconds: i32,
    /// What each owner may have.
    quotas: Quotas,
}

impl App {
    /// Reads the settings and secrets that the environment names.
    ///
    /// # Errors
    /// A setting is missing or a secret cannot be read.
    pub async fn from_environment() -> Result<Self, Failure> {
        let config = aws::config().await;
        Ok(Self {
            users: Users::from_environment(&config).await?,
            database: lambda::database("list-imports", Role::Reader, &config).await?,
            objects: Objects::new(&config, settings::required("UPLOAD_BUCKET")?),
            links: Links::from_environment(),
            readiness: Readiness::default(),
            visibility_seconds: settings::parsed("CHUNK_VISIBILITY_SECONDS")?,
            quotas: settings::parsed("QUOTAS")?,
        })
    }

    /// Answers one request.
    ///
    /// # Errors
    /// The refusal that the client gets instead.
    pub async fn handle(&self, request: Request) -> Result<Response, Refusal> {
        let (route, variables) = route(&request)?;
        match (route, variables.as_slice()) {
            (Route::Imports, [dataset]) => self.list(&request, dataset).await,
            (Route::Import, [dataset, number]) => self.one(&request, dataset, number).await,
            (Route::RowErrors, [dataset, number]) => {
                self.row_errors(&request, dataset, number).await
            }
            (Route::Readiness, []) => self.ready(&request).await,
            (Route::Chunks, [dataset, number]) => self.chunks(&request, dataset, number).await,
            (Route::Events, [dataset, number]) => self.events(&request, dataset, number).await,
            (Route::Everything, _) => self.everything(&request).await,
            (Route::Usage, _) => self.usage(&request).await,
            _ => Err(Refusal::NotFound),
        }
    }

    async fn list(&self, request: &Request, name: &str) -> Result<Response, Refusal> {
        let user = self.users.signed_in(request).await?;
        if allow(request, Route::Imports)? == Verb::Options {
            return Ok(respond::options(Route::Imports));
        }
        let states = status::asked(query::last(request, "status").as_deref());
        let page = query::page(request, LIST_PAGE);
        let listed = self
            .database
            .run(async |client| {
                Refusal::expected(self.listed(client, user.owner, name, states, page).await)
            })
            .await?;
        let (count, found) = listed?;
        let mut results = Vec::with_capacity(found.len());
        for one in found {
            results.push(self.shown(one).await?);
        }
        let listing = self
            .links
            .listing(request, &["status"], page, count, results);
        Ok(etag::tagged(request, listing))
    }

    async fn one(&self, request: &Request, name: &str, id: &str) -> Result<Response, Refusal> {
        let user = self.users.signed_in(request).await?;
        if allow(request, Route::Import)? == Verb::Options {
            return Ok(respond::options(Route::Import));
        }
        let (import, dataset) = self.find(&user, name, id).await?;
        let (visibility, ids) = (self.visibility_seconds, [import.id]);
        let queues = self
            .database
            .run(async |client| imports::queues(client, &ids, visibility).await)
            .await?;
        let queue = queues.get(&import.id).copied().unwrap_or_default();
        let shown = self.shown((import, dataset, queue)).await?;
        let response = respond::json(200, &shown);
        let response = respond::again_after_seconds(response, shown.ask_again_after());
        Ok(etag::tagged(request, response))
    }

    /// The user's import, and the dataset in the version that it is read by.
    async fn find(
        &self,
        user: &User,
        name: &str,
        id: &str,
    ) -> Result<(Import, Arc<Dataset>), Refusal> {
        self.database
            .run(async |client| Refusal::expected(found(client, user.owner, name, id).await))
            .await?
    }

    async fn shown(&self, (import, dataset, queue): One) -> Result<FileObject, Refusal> {
        shown::import(&self.objects, import, &dataset, &queue, Timestamp::now()).await
    }

    /// Count and page of the owner's imports of a dataset.
    async fn listed(
        &self,
        client: &mut Client,
        owner: Uuid,
        name: &str,
        states: Result<Vec<State>, Refusal>,
        Page { limit, offset }: Page,
    ) -> Result<(i64, Vec<One>), Refusal> {
        let dataset = dataset(client, owner, name).await?;
        let (count, imports) =
            imports::list(client, owner, &dataset.name, &states?, limit, offset).await?;
        let at_work = imports.iter().filter(|it| it.state.is_under_way());
        let at_work: Vec<i64> = at_work.map(|it| it.id).collect();
        let queues = imports::queues(client, &at_work, self.visibility_seconds).await?;
        let datasets = datasets::of_imports(client, owner, &imports).await?;
        let of = |import: Import, dataset| {
            let queue = queues.get(&import.id).copied().unwrap_or_default();
            (import, dataset, queue)
        };
        let found = imports.into_iter().zip(datasets);
        Ok((
            count,
            found.map(|(import, dataset)| of(import, dataset)).collect(),
        ))
    }
}

/// An import, the dataset in the version that it is read by, and what its chunks wait for.
type One = (Import, Arc<Dataset>, Queue);

async fn found(
    client: &Client,
    owner: Uuid,
    name: &str,
    id: &str,
) -> Result<(Import, Arc<Dataset>), Refusal> {
    let dataset = dataset(client, owner, name).await?;
    let import = imports::by_number(client, owner, &dataset.name, number(id)?).await?;
    let import = import.ok_or(Refusal::NotFound)?;
    let dataset = datasets::of_import(client, &import).await?;
    Ok((import, dataset))
}
