//! Brings the database's schema up to date. It is a custom resource of the stack, so a deploy needs
//! no further step. When the stack is deleted, it changes nothing.

mod answer;

use aws::SdkConfig;
use contracts::workflow::{CustomResource, CustomResourceAnswer, RequestType};
use domain::limits::MIGRATION_WITHIN;
use lambda::{Failure, Role};
use postgres::migrations;

/// The resource's id. It never changes: CloudFormation would take a new id for a new resource and
/// delete the "old" one.
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

    /// Migrates on Create and Update, and tells CloudFormation in any case: a stack whose resource
    /// stays silent hangs for an hour.
    pub async fn migrate(&self, request: CustomResource) -> Result<(), Failure> {
        let outcome = match request.request_type {
            RequestType::Create | RequestType::Update => within_time(apply(&self.config)).await,
            RequestType::Delete => Ok(()),
        };
        if let Err(failure) = &outcome {
            tracing::error!(cause = lambda::chain(failure.as_ref()), "could not migrate");
        }
        answer::send(&request.response_url, &answer_to(&request, &outcome)).await
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

fn answer_to(request: &CustomResource, outcome: &Result<(), Failure>) -> CustomResourceAnswer {
    let (status, reason) = match outcome {
        Ok(()) => ("SUCCESS", "The schema is up to date.".to_owned()),
        Err(failure) => ("FAILED", lambda::chain(failure.as_ref())),
    };
    let id = request.physical_resource_id.as_deref();
    CustomResourceAnswer {
        status,
        reason,
        physical_resource_id: id.unwrap_or(PHYSICAL_ID).to_owned(),
        stack_id: request.stack_id.clone(),
        request_id: request.request_id.clone(),
        logical_resource_id: request.logical_resource_id.clone(),
    }
}
