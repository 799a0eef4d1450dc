//! One user who imports one file after the other.

use xtask::random::Random;

use super::Storm;
use super::api::User;
use super::look::Look;

/// How many baselines of a user are kept. Their rows must stay, whatever happens to other imports.
const KEPT: usize = 3;

/// What a lane carries from story to story.
pub struct Lane<'s> {
    pub storm: &'s Storm,
    pub number: u64,
    pub random: Random,
    pub user: User,
    pub look: Look,
    /// Completed baselines: paths and how many rows each shows.
    pub kept: Vec<(String, i64)>,
}

impl<'s> Lane<'s> {
    pub fn new(storm: &'s Storm, number: u64, random: Random) -> Self {
        Self {
            storm,
            number,
            random,
            user: User::new(),
            look: Look::new(),
            kept: Vec::new(),
        }
    }

    /// Rows that the user's earlier baselines show.
    pub fn shown_before(&self) -> i64 {
        self.kept.iter().map(|it| it.1).sum()
    }

    pub fn forget_some(&mut self) {
        while self.kept.len() > KEPT {
            self.forget_oldest();
        }
    }

    /// Deletes the baseline that was kept longest. Asks again while the outcome is not known: a
    /// second delete is answered with 404.
    pub fn forget_oldest(&mut self) {
        let (path, _) = self.kept.remove(0);
        while self.user.request("DELETE", &path).is_none() {}
    }
}
