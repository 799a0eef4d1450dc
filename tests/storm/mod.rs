//! Faults on real parts: the deployed functions, PostgreSQL and the local cloud. A seed chooses
//! what breaks while many small files are imported, paused, cancelled and deleted. The promises are
//! checked from outside. Run by `cargo xtask faults`, which owns the processes; see docs/faults.md.

mod api;
mod check;
mod command;
mod control;
mod dataset;
mod declare;
mod export;
mod field;
mod file;
mod hold;
mod keeper;
mod killer;
mod lane;
mod leave;
mod look;
mod operator;
mod order;
mod shaker;
mod stories;
mod story;
mod sums;
mod swap;
mod sweep;
mod tally;
mod upload;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{sleep, spawn};
use std::time::{Duration, Instant};

use xtask::random::Random;

use tally::Tally;

use crate::fixture::stack::variable;

/// Imports under way at a time.
const LANES: u64 = 10;
/// After the last fault, every import must end within this time: minutes, as promised.
const DRAIN: Duration = Duration::from_secs(300);

/// What all threads of the storm share.
pub struct Storm {
    pub tally: Tally,
    pub begin: Instant,
    /// Faults are put in until then.
    pub until: Instant,
    /// Keys of objects whose owners have left.
    pub keys_of_left: Mutex<Vec<String>>,
    calm: AtomicBool,
}

impl Storm {
    /// No more faults are put in, and no import begins.
    pub fn is_over(&self) -> bool {
        Instant::now() >= self.until
    }

    /// The last import should have ended by now.
    pub fn is_late(&self) -> bool {
        Instant::now() >= self.until + DRAIN
    }

    /// Every lane has come to its end.
    pub fn is_calm(&self) -> bool {
        self.calm.load(Ordering::SeqCst)
    }
}

fn number(name: &str) -> u64 {
    variable(name).parse().unwrap()
}

#[test]
#[ignore = "takes minutes: cargo xtask faults"]
fn run() {
    control::end_with_it();
    let seed = number("STORM_SEED");
    order::watch();
    let begin = Instant::now();
    let storm = Arc::new(Storm {
        tally: Tally::default(),
        begin,
        until: begin + Duration::from_secs(60 * number("STORM_MINUTES")),
        keys_of_left: Mutex::default(),
        calm: AtomicBool::new(false),
    });
    let lanes: Vec<_> = (0..LANES)
        .map(|lane| {
            let (storm, random) = (storm.clone(), Random::stream(seed, lane));
            spawn(move || stories::run(&storm, lane, random))
        })
        .collect();
    let faults = [killer::run, killer::run, shaker::run];
    let faults: Vec<_> = (100..)
        .zip(faults)
        .map(|(number, run)| {
            let (storm, random) = (storm.clone(), Random::stream(seed, number));
            spawn(move || run(&storm, random))
        })
        .collect();
    let keepers = [keeper::reconcile, keeper::watch].map(|keep| {
        let storm = storm.clone();
        spawn(move || keep(&storm))
    });
    tell_of_progress(&storm, &lanes);
    for lane in lanes.into_iter().chain(faults) {
        storm.tally.joined(lane.join());
    }
    sweep::wait_for_the_last_sweep(&storm);
    storm.calm.store(true, Ordering::SeqCst);
    for keeper in keepers {
        storm.tally.joined(keeper.join());
    }
    sweep::every_import(&storm);
    sweep::every_export(&storm);
    order::every_owner_had_their_turn(&storm);
    storm.tally.count_all("proxy: ", &control::counts());
    println!("{}", storm.tally.report(seed, begin.elapsed()));
    assert_eq!(storm.tally.violations(), 0, "the promises did not hold");
}

fn tell_of_progress<T>(storm: &Storm, lanes: &[std::thread::JoinHandle<T>]) {
    let mut told = Instant::now();
    while lanes.iter().any(|it| !it.is_finished()) {
        sleep(Duration::from_millis(500));
        if told.elapsed() > Duration::from_secs(20) {
            told = Instant::now();
            println!(
                "{:>5} s  {}",
                storm.begin.elapsed().as_secs(),
                storm.tally.line()
            );
        }
    }
}
