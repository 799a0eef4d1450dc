//! Brings the database's schema up to date, and lets the roles beside the owner in. It is a custom
//! resource of the stack, so a deploy needs no further step. When the stack is deleted, it changes
//! nothing.

mod advice;
mod way_out;

use aws::SdkConfig;
use contracts::workflow::{CustomResource, RequestType};
use domain::limits::MIGRATION_WITHIN;
use lambda::{Failure, Role, custom_resource};
use postgres::{Database, migrations, roles};

const SCHEMA: &str = "collect-schema";
const WAY_OUT: &str = "collect-way-out";

const NAME: &str = "migrate-database";

/// Migrates the schema: see [`MigrateDatabase::migrate`].
pub struct MigrateDatabase {
    config: SdkConfig,
}

impl MigrateDatabase {
    /// Takes region and credentials, and no more: CloudFormation must be told what else is missing.
    pub async fn from_environment() -> Result<Self, Failure> {
        let config = aws::config().await;
        Ok(Self { config })
    }

    /// Migrates on Create and Update, or says which hosts it cannot reach if it is asked that, and
    /// tells CloudFormation in any case.
    pub async fn migrate(&self, request: CustomResource) -> Result<(), Failure> {
        let is_deleted = request.request_type == RequestType::Delete;
        let (id, words, outcome) = match &request.resource_properties.hosts {
            Some(_) if is_deleted || request.resource_properties.network.trim().is_empty() => {
                (WAY_OUT, "Nothing to do.", Ok(()))
            }
            Some(hosts) => (WAY_OUT, "All are reached.", way_out::to_all(hosts).await),
            None if is_deleted => (SCHEMA, UP_TO_DATE, Ok(())),
            None => (SCHEMA, UP_TO_DATE, within_time(apply(&self.config)).await),
        };
        custom_resource::answer(&request, id, outcome.map(|()| words)).await
    }
}

const UP_TO_DATE: &str = "The schema is up to date.";

/// An answer must go out before the function's own timeout ends it.
async fn within_time(work: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    tokio::time::timeout(MIGRATION_WITHIN, work)
        .await
        .map_err(|_| "the migration took too long: docs/deploy.md says what to do")?
}

/// The connection is opened here and not at the start, so that CloudFormation gets an answer even
/// if the database cannot be reached.
async fn apply(config: &SdkConfig) -> Result<(), Failure> {
    let settings = lambda::database_settings(NAME, Role::Owner, config).await;
    let settings = settings.map_err(advice::on_settings)?;
    let database = Database::new(settings.clone())?;
    let opened = database.connection().await;
    let mut connection = opened.map_err(|error| advice::on_database(error, &settings))?;
    if let Some(words) = roles::lacking(&connection).await? {
        return Err(words.into());
    }
    let applied = migrations::run(&mut connection).await?;
    tracing::info!(applied, "migrated");
    for role in [Role::Worker, Role::Maker, Role::Reader] {
        if role.is_apart()? {
            let login = lambda::database_settings(NAME, role, config).await;
            let login = login.map_err(advice::on_settings)?;
            let changed = roles::let_in(&connection, role.suffix(), &login).await?;
            tracing::info!(role = role.suffix(), changed, "let in");
        }
    }
    connection.close().await;
    Ok(())
}
