//! The commands of a user to an import: cancel, pause, resume, delete. A command has taken effect
//! when its UPDATE commits; the `advance` after it only makes the rest happen soon.

mod command;

use std::sync::Arc;

use aws::objects::Objects;
use conduct::{Conductor, ExportConductor};
use contracts::http::imports::FileObject;
use domain::import::Import;
use jiff::Timestamp;
use lambda::http::{
    Refusal, Request, Response, Route, Verb, allow, dataset, number, respond, route,
};
use lambda::user::Users;
use lambda::{Failure, Role, chain, settings};
use postgres::imports::Asked;
use postgres::{Client, Database, datasets, imports};
use uuid::Uuid;

use command::Command;

/// Carries out users' commands to imports.
pub struct App {
    users: Users,
    database: Arc<Database>,
    objects: Objects,
    conductor: Conductor,
    exports: ExportConductor,
}

impl App {
    /// Reads the settings and secrets that the environment names.
    ///
    /// # Errors
    /// A setting is missing or a secret cannot be read.
    pub async fn from_environment() -> Result<Self, Failure> {
        let config = aws::config().await;
        let database = Arc::new(lambda::database("control-import", Role::Worker, &config).await?);
        let objects = Objects::new(&config, settings::required("UPLOAD_BUCKET")?);
        Ok(Self {
            users: Users::from_environment(&config).await?,
            conductor: Conductor::from_environment(&config, database.clone())?,
            exports: ExportConductor::from_environment(&config, database.clone(), objects.clone())?,
            objects,
            database,
        })
    }

    /// Answers one request.
    ///
    /// # Errors
    /// The refusal that the client gets instead.
    pub async fn handle(&self, request: Request) -> Result<Response, Refusal> {
        let (route, variables) = route(&request)?;
        let command = Command::of(route).ok_or(Refusal::NotFound)?;
        match (command, variables.as_slice()) {
            (Command::Delete, [dataset, number]) => self.delete(&request, dataset, number).await,
            (_, [dataset, number]) => self.change(&request, route, dataset, number, command).await,
            _ => Err(Refusal::NotFound),
        }
    }

    async fn delete(&self, request: &Request, name: &str, id: &str) -> Result<Response, Refusal> {
        match self
            .ask(request, Route::Import, name, id, Command::Delete)
            .await?
        {
            None => Ok(respond::options(Route::Import)),
            Some(Asked::Done(_)) => Ok(respond::no_content()),
            Some(Asked::WrongState(_) | Asked::AnotherActive) => Err(Refusal::Forbidden),
            Some(Asked::NotFound) => Err(Refusal::NotFound),
        }
    }

    async fn change(
        &self,
        request: &Request,
        route: Route,
        name: &str,
        id: &str,
        command: Command,
    ) -> Result<Response, Refusal> {
        match self.ask(request, route, name, id, command).await? {
            None => Ok(respond::options(route)),
            Some(Asked::Done(import)) => {
                let shown = self.shown(*import).await?;
                let again = shown.ask_again_after();
                Ok(respond::again_after_seconds(
                    respond::json(202, &shown),
                    again,
                ))
            }
            Some(Asked::WrongState(state)) => Err(command.refused_in(state)),
            Some(Asked::AnotherActive) => Err(self.another_active(request, name).await?),
            Some(Asked::NotFound) => Err(Refusal::NotFound),
        }
    }

    /// 403 for a resume while another import of the user's takes the place.
    async fn another_active(&self, request: &Request, name: &str) -> Result<Refusal, Refusal> {
        let owner = self.users.signed_in(request).await?.owner;
        let active = self
            .database
            .run(async |client| imports::active(client, owner, name).await)
            .await?;
        Ok(Refusal::another_active(name, active.as_ref()))
    }

    /// Carries out the command and starts what follows from it; `None` for an OPTIONS request.
    async fn ask(
        &self,
        request: &Request,
        route: Route,
        name: &str,
        id: &str,
        command: Command,
    ) -> Result<Option<Asked>, Refusal> {
        let user = self.users.signed_in(request).await?;
        if allow(request, route)? == Verb::Options {
            return Ok(None);
        }
        let asked = self
            .database
            .run(async |client| Refusal::expected(ask(client, user.owner, name, id, command).await))
            .await?;
        let asked = asked?;
        if let Asked::Done(import) = &asked {
            self.advance(import).await;
        }
        Ok(Some(asked))
    }

    /// What was asked has happened already: if this fails, `reconcile` does it. Exported files that
    /// hold rows of the import go before the answer, so that no link to one outlives it.
    async fn advance(&self, import: &Import) {
        let (uid, state) = (import.uid, import.state);
        tracing::info!(import = %uid, %state, "asked");
        if state.is_rolling_back()
            && let Err(error) = self.exports.remove_files_with(import).await
        {
            tracing::warn!(import = %uid, cause = chain(&error), "exported files not removed yet");
        }
        if let Err(error) = self.conductor.advance(uid).await {
            tracing::warn!(import = %uid, cause = chain(&error), "not advanced yet");
        }
    }

    async fn shown(&self, import: Import) -> Result<FileObject, Refusal> {
        let dataset = self
            .database
            .run(async |client| datasets::of_import(client, &import).await)
            .await?;
        let url = self.objects.url(&import.object_key);
        Ok(FileObject::new(import, &dataset, url, Timestamp::now()))
    }
}

async fn ask(
    client: &Client,
    owner: Uuid,
    name: &str,
    id: &str,
    command: Command,
) -> Result<Asked, Refusal> {
    let dataset = dataset(client, owner, name).await?;
    Ok(command
        .ask(client, owner, &dataset.name, number(id)?)
        .await?)
}
