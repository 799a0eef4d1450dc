//! What an upload is for: a new import, or one that replaces another.

use std::sync::Arc;

use domain::dataset::Dataset;
use domain::import::State;
use domain::quota::Quotas;
use lambda::http::{FieldErrors, Refusal};
use postgres::Client;
use postgres::imports::{self, Placed};
use uuid::Uuid;

use crate::options::UploadOptions;

/// The owner and the dataset of the new import, the import that it replaces, and what the query
/// asks.
#[derive(Clone, Debug)]
pub struct Target {
    pub owner: Uuid,
    pub dataset: Arc<Dataset>,
    /// Number of the import that it replaces.
    pub replaces: Option<i32>,
    /// What the owner may have.
    pub quotas: Quotas,
}

impl Target {
    /// Refuses what no file could make right, before the file is read: a second active import where
    /// there may be one, and the replacement of an import that cannot be replaced.
    pub async fn refuse_early(&self, client: &Client) -> Result<(), Refusal> {
        let Some(number) = self.replaces else {
            return self.refuse_second_active(client).await;
        };
        match imports::place_of(client, self.owner, &self.dataset.name, number).await? {
            Placed::Free(place) if place.state.is_active() => Ok(()),
            Placed::Free(_) => self.refuse_second_active(client).await,
            Placed::WrongState(state) => Err(irreplaceable_in(state)),
            Placed::BeingReplaced(by) => Err(self.replaced_by(by)),
            Placed::NotFound => Err(Refusal::NotFound),
        }
    }

    /// 409: another import is on its way to take the place.
    pub fn replaced_by(&self, by: i32) -> Refusal {
        let import = self.replaces.unwrap_or(by);
        Refusal::BeingReplaced { import, by }
    }

    /// A validation stores nothing that could take the place of another import.
    pub fn refuse_to_validate(&self, options: &UploadOptions) -> Result<(), Refusal> {
        const WORDS: &str = "An import that is only validated stores no row, so it cannot replace \
            another import. Leave validate_only out, or upload the file without replacing one.";
        if self.replaces.is_some() && options.validate_only {
            return Err(Refusal::Fields(FieldErrors::one("validate_only", WORDS)));
        }
        Ok(())
    }

    async fn refuse_second_active(&self, client: &Client) -> Result<(), Refusal> {
        if !self.dataset.one_at_a_time {
            return Ok(());
        }
        match imports::active(client, self.owner, &self.dataset.name).await? {
            Some(active) => Err(Refusal::another_active(&self.dataset.name, Some(&active))),
            None => Ok(()),
        }
    }
}

/// 409: an import in this state cannot be replaced.
pub fn irreplaceable_in(state: State) -> Refusal {
    Refusal::wrong_state(state, "replaced")
}
