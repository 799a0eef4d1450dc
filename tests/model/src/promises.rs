//! What must hold in every state.

use domain::import::{Goal, State};

use crate::Protocol;
use crate::processes::{Old, Worker};
use crate::row::CHUNKS;
use crate::system::{RUNS, System};

pub type Promise = (&'static str, fn(&Protocol, &System) -> bool);

pub const NOT_SEEN: &str = "promise 1: no row is seen after a cancel or delete has answered";
pub const NEVER_SEEN: &str = "promise 1: no row is seen of what is only validated";
pub const NOTHING_LEFT: &str = "promise 1: no row is left after an end, or comes later";
pub const COMMAND_KEPT: &str = "promise 1: an import ends as its user last asked";
pub const ONE_OF_TWO: &str =
    "promise 1: of two imports that change places one is seen, not both or neither";
pub const EACH_ONCE: &str = "promise 2: completed means each record is stored once";
pub const COUNTED: &str = "promise 2: receipts and counters are the rows";
pub const PROVEN: &str = "promise 2: the proof at the end never refuses";
pub const KEPT: &str = "promise 2: no import fails for a chunk that is stored";
pub const ONE_HOLDER: &str = "model: a chunk's lock has one holder";
pub const WIDE_ENOUGH: &str = "model: the bound on runs is never reached";

/// The promises that are checked in every state, each with its name.
pub const ALWAYS: [Promise; 11] = [
    (NOT_SEEN, not_seen),
    (NEVER_SEEN, |_, it| {
        !it.row.validates || it.row.state != State::Completed
    }),
    (NOTHING_LEFT, nothing_left),
    (COMMAND_KEPT, command_kept),
    (ONE_OF_TWO, one_of_two),
    (EACH_ONCE, each_once),
    (COUNTED, counted),
    (PROVEN, |_, it| !it.not_proven),
    (KEPT, |_, it| !it.stored_given_up),
    (ONE_HOLDER, one_holder),
    (WIDE_ENOUGH, |_, it| usize::from(it.row.run) < RUNS),
];

/// Readers join `state = 'completed'`.
fn not_seen(_: &Protocol, system: &System) -> bool {
    system.asked.is_none() || system.row.state != State::Completed
}

fn nothing_left(_: &Protocol, system: &System) -> bool {
    let gone = matches!(
        system.row.state,
        State::Failed | State::Validated | State::Cancelled | State::Deleted
    );
    !gone || system.chunks.iter().all(|it| it.rows == 0)
}

fn command_kept(_: &Protocol, system: &System) -> bool {
    let state = system.row.state;
    match system.asked {
        Some(Goal::Deleted) => !state.is_end() || state == State::Deleted,
        Some(_) => !state.is_end() || matches!(state, State::Cancelled | State::Deleted),
        None => !matches!(state, State::Cancelled | State::Deleted),
    }
}

/// The old one goes in the moment in which the new one comes: before it is there, and after it is
/// gone itself by a command.
fn one_of_two(_: &Protocol, system: &System) -> bool {
    let new = system.row.state == State::Completed;
    match system.old {
        Old::None | Old::Gone => true,
        Old::Visible => !new,
        Old::Swapped => new || system.asked.is_some(),
    }
}

fn each_once(_: &Protocol, system: &System) -> bool {
    system.row.state != State::Completed || system.chunks.iter().all(|it| it.rows == 1)
}

fn counted(_: &Protocol, system: &System) -> bool {
    let rows: u8 = system.chunks.iter().map(|it| it.rows).sum();
    let receipts = system.chunks.iter().all(|it| u8::from(it.done) == it.rows);
    let goes_on = system.row.state.is_active() || system.row.state == State::Held;
    !goes_on || receipts && rows == system.row.chunks_done
}

fn one_holder(_: &Protocol, system: &System) -> bool {
    let holders = |chunk: u8| {
        let holds = |it: &&Worker| **it == Worker::Copying(chunk) || **it == Worker::Frozen(chunk);
        system.workers.iter().filter(holds).count()
    };
    (0..CHUNKS as u8).all(|chunk| holders(chunk) < 2)
}
