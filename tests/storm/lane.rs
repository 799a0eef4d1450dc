//! One user who imports one file after the other.

use std::sync::Arc;

use xtask::random::Random;

use super::Storm;
use super::api::User;
use super::dataset::Dataset;
use super::declare::Dropped;
use super::leave::Left;
use super::look::Look;

/// How many completed imports of a dataset are kept. Their rows must stay, whatever happens to others.
const KEPT: usize = 3;

/// A completed import of a dataset of which one request shows all rows.
pub struct Kept {
    pub dataset: String,
    pub path: String,
    /// How many rows it shows.
    pub rows: i64,
}

/// What a lane carries from story to story.
pub struct Lane<'s> {
    pub storm: &'s Storm,
    pub number: u64,
    pub random: Random,
    pub user: User,
    pub look: Look,
    pub kept: Vec<Kept>,
    /// What it has declared, as it is now.
    pub dataset: Arc<Dataset>,
    pub dropped: Vec<Dropped>,
    /// Users whom it has had, and who have left.
    pub left: Vec<Left>,
}

impl<'s> Lane<'s> {
    pub fn new(storm: &'s Storm, number: u64, random: Random) -> Self {
        let mut lane = Self {
            storm,
            number,
            random,
            user: User::new(),
            look: Look::new(),
            kept: Vec::new(),
            // Declared just below.
            dataset: Arc::new(Dataset::Team),
            dropped: Vec::new(),
            left: Vec::new(),
        };
        lane.declare();
        lane
    }

    /// The dataset of this one's name as it is now.
    pub fn current(&self, dataset: &Arc<Dataset>) -> Arc<Dataset> {
        match dataset.declared() {
            Some(_) => self.dataset.clone(),
            None => dataset.clone(),
        }
    }

    fn kept_of<'k>(&'k self, dataset: &'k str) -> impl Iterator<Item = &'k Kept> {
        self.kept.iter().filter(move |it| it.dataset == dataset)
    }

    pub fn keeps(&self, dataset: &str) -> bool {
        self.kept_of(dataset).next().is_some()
    }

    /// Rows that the user's earlier imports of the dataset show.
    pub fn shown_before(&self, dataset: &str) -> i64 {
        self.kept_of(dataset).map(|it| it.rows).sum()
    }

    pub fn forget_some(&mut self) {
        for dataset in ["baseline".to_owned(), self.dataset.name().to_owned()] {
            while self.kept_of(&dataset).count() > KEPT {
                self.forget_oldest(&dataset);
            }
        }
    }

    /// Deletes the import of the dataset that was kept longest. Asks again while the outcome is not
    /// known: a second delete is answered with 404.
    pub fn forget_oldest(&mut self, dataset: &str) {
        let oldest = self.kept.iter().position(|it| it.dataset == dataset);
        let kept = self.kept.remove(oldest.expect("there is one"));
        while self.user.request("DELETE", &kept.path).is_none() {}
    }
}
