//! Brings the database's schema up to date. It is a custom resource of the stack, so a deploy needs
//! no further step. When the stack is deleted, it changes nothing.

use aws::SdkConfig;
use contracts::workflow::{CustomResource, RequestType};
use domain::limits::MIGRATION_WITHIN;
use lambda::{Failure, Role, custom_resource};
use postgres::migrations;

const PHYSICAL_ID: &str = "collect-schema";

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

    /// Migrates on Create and Update, and tells CloudFormation in any case.
    pub async fn migrate(&self, request: CustomResource) -> Result<(), Failure> {
        let outcome = match request.request_type {
            RequestType::Create | RequestType::Update => within_time(apply(&self.config)).await,
            RequestType::Delete => Ok(()),
        };
        let outcome = outcome.map(|()| "The schema is up to date.");
        custom_resource::answer(&request, PHYSICAL_ID, outcome).await
    }
}

/// An answer must go out before the function's own timeout ends it.
async fn within_time(work: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    tokio::time::timeout(MIGRATION_WITHIN, work)
        .await
        .map_err(|_| "the migration took too long")?
}

/// The connection is opened here and not at the start, so that CloudFormation gets an answer even
/// if the database cannot be reached.
async fn apply(config: &SdkConfig) -> Result<(), Failure> {
    let database = lambda::database("migrate-database", Role::Owner, config).await?;
    let mut connection = database.connection().await?;
    let applied = migrations::run(&mut connection).await?;
    connection.close().await;
    tracing::info!(applied, "migrated");
    Ok(())
}
