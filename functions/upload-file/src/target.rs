//! What an upload is for: a new import, or one in the place of another.

use domain::dataset::{BASELINE, Dataset};
use domain::import::State;
use lambda::http::Refusal;
use postgres::Client;
use postgres::imports::{self, by_number};
use uuid::Uuid;

/// Whose import it is to be, of what, and in whose place.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    pub owner: Uuid,
    pub dataset: &'static Dataset,
    /// Number of the import that it replaces.
    pub replaces: Option<i32>,
}

impl Target {
    /// What is refused whatever the request asks: a second active baseline, and a replacement of
    /// what cannot be replaced.
    pub async fn refuse_early(&self, client: &Client) -> Result<(), Refusal> {
        let Some(number) = self.replaces else {
            return self.refuse_second_baseline(client).await;
        };
        let found = by_number(client, self.owner, self.dataset.name, number).await?;
        let import = found.ok_or(Refusal::NotFound)?;
        if import.state.may_be_cancelled() {
            Ok(())
        } else {
            Err(irreplaceable_in(import.state))
        }
    }

    async fn refuse_second_baseline(&self, client: &Client) -> Result<(), Refusal> {
        if self.dataset == BASELINE && imports::has_active_baseline(client, self.owner).await? {
            return Err(Refusal::Forbidden);
        }
        Ok(())
    }
}

/// 409: the import is in no state to be replaced.
pub fn irreplaceable_in(state: State) -> Refusal {
    Refusal::wrong_state(state, "replaced")
}
