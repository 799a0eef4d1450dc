//! The stories of a lane, one after the other.

use std::sync::Arc;

use super::Storm;
use super::dataset::Dataset;
use super::export::ExportStory;
use super::lane::Lane;
use super::story::Story;
use super::upload::Upload;
use xtask::random::Random;

/// How often an export follows a story, in percent, if an import of its dataset is kept.
const EXPORT_PERCENT: u64 = 40;
/// How often a summary follows a story, in percent.
const SUMMARY_PERCENT: u64 = 50;
/// How often a field is added between two stories, how often other sums are declared, and how often the
/// dataset is dropped, in percent.
const FIELD_PERCENT: u64 = 10;
const SUMS_PERCENT: u64 = 15;
const DROP_PERCENT: u64 = 6;
/// How often the user leaves between two stories, in percent.
const LEAVE_PERCENT: u64 = 4;

pub fn run(storm: &Storm, number: u64, random: Random) {
    let mut lane = Lane::new(storm, number, random);
    while !storm.is_over() {
        let upload = Upload::new(&mut lane.random, &lane.dataset);
        let mut sent = Some(upload.send_first(&lane.user));
        while let Some(import) = sent {
            lane.user.stay();
            sent = Story::of(&mut lane, import).play();
        }
        if lane.random.percent(SUMMARY_PERCENT) {
            lane.check_sums();
        }
        if lane.random.percent(EXPORT_PERCENT) {
            export(&mut lane);
        }
        lane.forget_some();
        if lane.random.percent(FIELD_PERCENT) {
            lane.add_a_field(false);
        }
        if lane.random.percent(SUMS_PERCENT) {
            lane.change_sums();
        }
        if lane.random.percent(DROP_PERCENT) {
            lane.drop_and_declare();
        }
        if lane.random.percent(LEAVE_PERCENT) {
            lane.leave();
        }
        lane.let_an_hour_pass();
        lane.let_an_hour_pass_for_who_left();
    }
}

/// Exports what is kept of one of two datasets.
fn export(lane: &mut Lane<'_>) {
    let datasets = [Arc::new(Dataset::Baseline), lane.dataset.clone()];
    let kept = datasets.into_iter().filter(|it| lane.keeps(it.name()));
    let kept: Vec<Arc<Dataset>> = kept.collect();
    if !kept.is_empty() {
        let dataset = lane.random.pick(&kept).clone();
        ExportStory::ask(lane, dataset).play();
    }
}
