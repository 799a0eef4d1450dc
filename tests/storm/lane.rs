//! One user who imports one file after the other.

use xtask::random::Random;

use super::Storm;
use super::api::User;
use super::export::ExportStory;
use super::look::Look;
use super::story::Story;
use super::upload::Upload;

/// How many baselines of a user are kept. Their rows must stay, whatever happens to other imports.
const KEPT: usize = 3;

/// How often an export follows a story, in percent, if a baseline is kept.
const EXPORT_PERCENT: u64 = 40;

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

pub fn run(storm: &Storm, number: u64, random: Random) {
    let mut lane = Lane {
        storm,
        number,
        random,
        user: User::new(),
        look: Look::new(),
        kept: Vec::new(),
    };
    while !storm.is_over() {
        let mut sent = Some(Upload::new(&mut lane.random).send_first(&lane.user));
        while let Some(import) = sent {
            lane.user.stay();
            sent = Story::of(&mut lane, import).play();
        }
        if !lane.kept.is_empty() && lane.random.percent(EXPORT_PERCENT) {
            ExportStory::ask(&mut lane).play();
        }
        lane.forget_some();
    }
}

impl Lane<'_> {
    /// Rows that the user's earlier baselines show.
    pub fn shown_before(&self) -> i64 {
        self.kept.iter().map(|it| it.1).sum()
    }

    fn forget_some(&mut self) {
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
