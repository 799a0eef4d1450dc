//! `/collect/exports/`: creates an export of rows of the user's, confirms a large one, lists,
//! shows, cancels and deletes exports. A command has taken effect when its SQL statement commits;
//! the `advance` after it only makes the rest happen soon.

mod command;
mod create;
mod request;

use std::sync::Arc;

use aws::objects::Objects;
use conduct::ExportConductor;
use contracts::http::exports::ExportObject;
use domain::export::Export;
use domain::limits::{LIST_PAGE, ROWS_PAGE};
use domain::quota::Quotas;
use jiff::Timestamp;
use lambda::http::query::{self, Links};
use lambda::http::{
    Refusal, Request, Response, Route, Verb, allow, etag, number, respond, route, shown,
};
use lambda::user::Users;
use lambda::{Failure, Role, chain, settings};
use postgres::{Database, events, exports};
use uuid::Uuid;

use command::Command;

/// Answers requests about exports and starts their workflow.
pub struct App {
    users: Users,
    database: Arc<Database>,
    objects: Objects,
    conductor: ExportConductor,
    links: Links,
    /// An export of more rows than this waits for its user's confirmation.
    confirm_above: i64,
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
        let database = Arc::new(lambda::database("control-export", Role::Worker, &config).await?);
        let objects = Objects::new(&config, settings::required("UPLOAD_BUCKET")?);
        Ok(Self {
            users: Users::from_environment(&config).await?,
            conductor: ExportConductor::from_environment(
                &config,
                database.clone(),
                objects.clone(),
            )?,
            links: Links::from_environment(),
            confirm_above: settings::parsed("EXPORT_CONFIRM_ABOVE")?,
            quotas: settings::parsed("QUOTAS")?,
            database,
            objects,
        })
    }

    /// Answers one request.
    ///
    /// # Errors
    /// The refusal that the client gets instead.
    pub async fn handle(&self, request: Request) -> Result<Response, Refusal> {
        let (route, variables) = route(&request)?;
        match (route, variables.as_slice()) {
            (Route::Exports, _) => self.all(request).await,
            (Route::Export, [id]) => self.one(&request, id).await,
            (Route::ExportEvents, [id]) => self.events(&request, id).await,
            (_, [id]) => self.change(&request, route, id).await,
            _ => Err(Refusal::NotFound),
        }
    }

    async fn all(&self, request: Request) -> Result<Response, Refusal> {
        let owner = self.users.signed_in(&request).await?.owner;
        match allow(&request, Route::Exports)? {
            Verb::Post => self.create(request, owner).await,
            Verb::Options => Ok(respond::options(Route::Exports)),
            Verb::Get | Verb::Put | Verb::Delete => self.list(&request, owner).await,
        }
    }

    async fn list(&self, request: &Request, owner: Uuid) -> Result<Response, Refusal> {
        let page = query::page(request, LIST_PAGE);
        let (count, found) = self
            .database
            .run(async |client| exports::list(client, owner, page.limit, page.offset).await)
            .await?;
        let mut results = Vec::with_capacity(found.len());
        for export in found {
            results.push(self.shown(export).await?);
        }
        Ok(self.links.listing(request, &[], page, count, results))
    }

    async fn one(&self, request: &Request, id: &str) -> Result<Response, Refusal> {
        let owner = self.users.signed_in(request).await?.owner;
        match allow(request, Route::Export)? {
            Verb::Options => Ok(respond::options(Route::Export)),
            Verb::Delete => {
                self.ask(owner, id, Command::Delete).await?;
                Ok(respond::no_content())
            }
            Verb::Get | Verb::Post | Verb::Put => {
                let number = number(id)?;
                let found = self
                    .database
                    .run(async |client| exports::by_number(client, owner, number).await)
                    .await?;
                let shown = self.shown(found.ok_or(Refusal::NotFound)?).await?;
                let response = respond::json(200, &shown);
                let response = respond::again_after_seconds(response, shown.ask_again_after());
                Ok(etag::tagged(request, response))
            }
        }
    }

    async fn events(&self, request: &Request, id: &str) -> Result<Response, Refusal> {
        let owner = self.users.signed_in(request).await?.owner;
        if allow(request, Route::ExportEvents)? == Verb::Options {
            return Ok(respond::options(Route::ExportEvents));
        }
        let number = number(id)?;
        let page = query::page(request, ROWS_PAGE);
        let found = self
            .database
            .run(async |client| {
                let Some(export) = exports::by_number(client, owner, number).await? else {
                    return Ok(None);
                };
                let found = events::page(client, owner, export.uid, page.limit, page.offset).await;
                found.map(Some)
            })
            .await?;
        let (count, found) = found.ok_or(Refusal::NotFound)?;
        let results = found.into_iter().map(shown::event).collect();
        Ok(self.links.listing(request, &[], page, count, results))
    }

    async fn change(&self, request: &Request, route: Route, id: &str) -> Result<Response, Refusal> {
        let command = Command::of(route).ok_or(Refusal::NotFound)?;
        let owner = self.users.signed_in(request).await?.owner;
        if allow(request, route)? == Verb::Options {
            return Ok(respond::options(route));
        }
        let export = self.ask(owner, id, command).await?;
        let shown = self.shown(export).await?;
        let again = shown.ask_again_after();
        Ok(respond::again_after_seconds(
            respond::json(202, &shown),
            again,
        ))
    }

    /// What was asked has happened already: if this fails, `reconcile` does it.
    async fn advance(&self, export: &Export) {
        let (uid, state) = (export.uid, export.state);
        tracing::info!(export = %uid, %state, "asked");
        if let Err(error) = self.conductor.advance(uid).await {
            tracing::warn!(export = %uid, cause = chain(&error), "not advanced yet");
        }
    }

    async fn shown(&self, export: Export) -> Result<ExportObject, Refusal> {
        shown::export(&self.objects, export, Timestamp::now()).await
    }
}
