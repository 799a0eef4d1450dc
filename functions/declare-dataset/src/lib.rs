//! `/collect/datasets/`: lists, shows, declares, evolves and drops datasets, makes a declaration of
//! a sample, and says what an import of a sample would say. Also what belongs to one dataset and to
//! none of its imports: the schema of its rows, and a file to fill in.

mod declare;
mod document;
mod drop;
mod rehearsal;
mod sample;
mod shown;
mod text;

use std::sync::Arc;

use aws::objects::Objects;
use conduct::{Conductor, ExportConductor};
use domain::quota::Quotas;
use lambda::http::query::Links;
use lambda::http::{Refusal, Request, Response, Route, Verb, allow, respond, route};
use lambda::user::Users;
use lambda::{Failure, Role, settings};
use postgres::Database;

/// Answers requests about datasets, and takes back the imports of one that is dropped.
pub struct App {
    users: Users,
    database: Arc<Database>,
    conductor: Conductor,
    exports: ExportConductor,
    links: Links,
    /// The most datasets that all users may have declared together.
    datasets_at_most: i64,
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
        let database = Arc::new(lambda::database("declare-dataset", Role::Maker, &config).await?);
        let objects = Objects::new(&config, settings::required("UPLOAD_BUCKET")?);
        Ok(Self {
            users: Users::from_environment(&config).await?,
            conductor: Conductor::from_environment(&config, database.clone())?,
            exports: ExportConductor::from_environment(&config, database.clone(), objects)?,
            links: Links::from_environment(),
            datasets_at_most: settings::parsed("DATASETS_AT_MOST")?,
            quotas: settings::parsed("QUOTAS")?,
            database,
        })
    }

    /// Answers one request.
    ///
    /// # Errors
    /// The refusal that the client gets instead.
    pub async fn handle(&self, request: Request) -> Result<Response, Refusal> {
        let (route, variables) = route(&request)?;
        let owner = self.users.signed_in(&request).await?.owner;
        let verb = allow(&request, route)?;
        if verb == Verb::Options {
            return Ok(respond::options(route));
        }
        match (route, verb, variables.as_slice()) {
            (Route::Datasets, ..) => self.list(&request, owner).await,
            (Route::Infer, ..) => sample::infer(request).await,
            (Route::Validate, ..) => sample::validate(request).await,
            (Route::Dataset, Verb::Put, [name]) => {
                let name = (*name).to_owned();
                self.declare(request, owner, &name).await
            }
            (Route::Dataset, Verb::Delete, [name]) => self.drop(&request, owner, name).await,
            (Route::Dataset, _, [name]) => self.show(&request, owner, name).await,
            (Route::Schema, _, [name]) => self.schema(owner, name).await,
            (Route::TemplateFile, _, [name]) => self.template(owner, name).await,
            _ => Err(Refusal::NotFound),
        }
    }
}
