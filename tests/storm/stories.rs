//! The stories of a lane, one after the other.

use super::Storm;
use super::export::ExportStory;
use super::lane::Lane;
use super::story::Story;
use super::upload::Upload;
use xtask::random::Random;

/// How often an export follows a story, in percent, if a baseline is kept.
const EXPORT_PERCENT: u64 = 40;

pub fn run(storm: &Storm, number: u64, random: Random) {
    let mut lane = Lane::new(storm, number, random);
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
