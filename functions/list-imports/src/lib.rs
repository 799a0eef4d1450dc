//! Imports as their user sees them: the list, one import, its row errors. It also answers 404 for
//! every path that does not exist.

mod row_errors;
mod status;

use aws::objects::Objects;
use contracts::http::imports::FileObject;
use domain::import::Import;
use domain::limits::{LINK_VALID_FOR, LIST_PAGE};
use domain::paging::Page;
use jiff::Timestamp;
use lambda::http::query::{self, Links};
use lambda::http::{
    Refusal, Request, Response, Route, Verb, allow, dataset, number, respond, route,
};
use lambda::user::{User, Users};
use lambda::{Failure, settings};
use postgres::{Database, imports};

/// Answers requests that only read imports.
pub struct App {
    users: Users,
    database: Database,
    objects: Objects,
    links: Links,
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
            database: lambda::database("list-imports", &config).await?,
            objects: Objects::new(&config, settings::required("UPLOAD_BUCKET")?),
            links: Links::from_environment(),
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
            _ => Err(Refusal::NotFound),
        }
    }

    async fn list(&self, request: &Request, name: &str) -> Result<Response, Refusal> {
        let user = self.users.signed_in(request).await?;
        if allow(request, Route::Imports)? == Verb::Options {
            return Ok(respond::options(Route::Imports));
        }
        let dataset = dataset(name)?;
        let states = status::asked(query::last(request, "status").as_deref())?;
        let page = query::page(request, LIST_PAGE);
        let (owner, name, Page { limit, offset }) = (user.owner, &dataset.name, page);
        let (count, found) = self
            .database
            .run(async |client| imports::list(client, owner, name, &states, limit, offset).await)
            .await?;
        let mut results = Vec::with_capacity(found.len());
        for import in found {
            results.push(self.shown(import).await?);
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
        let import = self.find(&user, name, id).await?;
        Ok(respond::json(200, &self.shown(import).await?))
    }

    async fn find(&self, user: &User, name: &str, id: &str) -> Result<Import, Refusal> {
        let (dataset, number) = (dataset(name)?, number(id)?);
        let found = self
            .database
            .run(async |client| imports::by_number(client, user.owner, &dataset.name, number).await)
            .await?;
        found.ok_or(Refusal::NotFound)
    }

    async fn shown(&self, import: Import) -> Result<FileObject, Refusal> {
        let url = self.objects.url(&import.object_key);
        let now = Timestamp::now();
        let rejected = import.has_rejected_file(now);
        let rejected = rejected.then(|| import.rejected_key());
        let mut object = FileObject::new(import, url, now);
        if let Some(key) = rejected {
            let name = format!("rejected-{}.csv", object.id);
            let link = self.objects.presign_get(&key, &name, LINK_VALID_FOR);
            object.rejected_rows_url = Some(link.await?.url);
        }
        Ok(object)
    }
}
