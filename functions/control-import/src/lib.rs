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
use lambda::{Failure, chain, settings};
use postgres::imports::Asked;
use postgres::{Database, imports};

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
        let database = Arc::new(lambda::database("control-import", &config).await?);
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
            Some(Asked::WrongState(_) | Asked::ActiveBaseline) => Err(Refusal::Forbidden),
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
            Some(Asked::Done(import)) => Ok(respond::json(202, &self.shown(*import))),
            Some(Asked::WrongState(state)) => Err(command.refused_in(state)),
            Some(Asked::ActiveBaseline) => Err(self.baseline_active(request).await?),
            Some(Asked::NotFound) => Err(Refusal::NotFound),
        }
    }

    /// 403 for a resume while another baseline of the user is active.
    async fn baseline_active(&self, request: &Request) -> Result<Refusal, Refusal> {
        let owner = self.users.signed_in(request).await?.owner;
        let active = self
            .database
            .run(async |client| imports::active_baseline(client, owner).await)
            .await?;
        Ok(Refusal::baseline_active(active.as_ref()))
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
        let (dataset, number) = (dataset(name)?, number(id)?);
        let asked = self
            .database
            .run(async |client| command.ask(client, user.owner, &dataset.name, number).await)
            .await?;
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

    fn shown(&self, import: Import) -> FileObject {
        let url = self.objects.url(&import.object_key);
        FileObject::new(import, url, Timestamp::now())
    }
}
