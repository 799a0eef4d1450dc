use std::sync::Arc;

use domain::catalog;
use domain::dataset::Dataset;
use domain::declaration::name;
use postgres::{Client, datasets};
use uuid::Uuid;

use super::Refusal;

/// The dataset of this name, as it stands in a path: one that is built in, or the current version
/// of what the owner has declared.
///
/// # Errors
/// 404: the owner has no such dataset.
pub async fn dataset(client: &Client, owner: Uuid, segment: &str) -> Result<Arc<Dataset>, Refusal> {
    // What cannot be a name is not asked for: PostgreSQL takes not every text that a path may have.
    if catalog::find(segment).is_none() && name::check(segment).is_err() {
        return Err(Refusal::NotFound);
    }
    let found = datasets::find(client, owner, segment).await?;
    found.ok_or(Refusal::NotFound)
}
