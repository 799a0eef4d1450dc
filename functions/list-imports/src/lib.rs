//! Imports as their user sees them: the list, one import, its row errors. It also answers 404 for
//! every path that does not exist.

mod readiness;
mod row_errors;
mod status;

use std::sync::Arc;

use aws::objects::Objects;
use contracts::http::imports::FileObject;
use domain::dataset::Dataset;
use domain::import::{Import, State};
use domain::limits::{LINK_VALID_FOR, LIST_PAGE};
use domain::paging::Page;
use jiff::Timestamp;
use lambda::http::query::{self, Links};
use lambda::http::{
    Refusal, Request, Response, Route, Verb, allow, dataset, number, respond, route,
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
                Refusal::expected(listed(client, user.owner, name, states, page).await)
            })
            .await?;
        let (count, found) = listed?;
        let mut results = Vec::with_capacity(found.len());
        for (import, dataset) in found {
            results.push(self.shown(import, &dataset).await?);
        }
        Ok(self
            .links
            .listing(request, &["status"], page, count, results))
    }

    async fn one(&self, request: &Request, name: &str, id: &str) -> Result<Response, Refusal> {
        let user = self.users.signed_in(request).await?;
        if allow(request, Route::Import)? == Verb::Options {
            return Ok(respond::options(Route::Import));
        }
        let (import, dataset) = self.find(&user, name, id).await?;
        Ok(respond::json(200, &self.shown(import, &dataset).await?))
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

    async fn shown(&self, import: Import, dataset: &Dataset) -> Result<FileObject, Refusal> {
        let url = self.objects.url(&import.object_key);
        let now = Timestamp::now();
        let rejected = import.has_rejected_file(now);
        let rejected = rejected.then(|| import.rejected_key());
        let mut object = FileObject::new(import, dataset, url, now);
        if let Some(key) = rejected {
            let name = format!("rejected-{}.csv", object.id);
            let link = self.objects.presign_get(&key, &name, LINK_VALID_FOR);
            object.rejected_rows_url = Some(link.await?.url);
        }
        Ok(object)
    }
}

/// Count and page of the owner's imports of a dataset, each with the version that it is read by.
async fn listed(
    client: &mut Client,
    owner: Uuid,
    name: &str,
    states: Result<Vec<State>, Refusal>,
    Page { limit, offset }: Page,
) -> Result<(i64, Vec<(Import, Arc<Dataset>)>), Refusal> {
    let dataset = dataset(client, owner, name).await?;
    let (count, imports) =
        imports::list(client, owner, &dataset.name, &states?, limit, offset).await?;
    let datasets = datasets::of_imports(client, owner, &imports).await?;
    Ok((count, imports.into_iter().zip(datasets).collect()))
}

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
