//! Situations that a search must meet. If it did not meet them, the promises might hold only
//! because nothing in it could break them.

use domain::import::State;

use crate::processes::{Conductor, Finisher, Old, Planner, Undoer, Worker};
use crate::row::OriginalCopy;
use crate::system::{Left, System};

/// A situation: whether a world can have it, by what may happen there, and whether a state has it.
pub struct Meeting {
    pub name: &'static str,
    pub expected: fn(&Left) -> bool,
    pub met: fn(&Left, &System) -> bool,
}

/// Each must be met in every world that can have it.
pub const MEETINGS: [Meeting; 24] = [
    Meeting {
        name: "an import is completed after all that could go wrong",
        expected: |_| true,
        met: |_, it| succeeded(it) && it.left.faults() == 0,
    },
    Meeting {
        name: "an import fails",
        expected: |_| true,
        met: |_, it| it.row.state == State::Failed,
    },
    Meeting {
        name: "two workers copy at once",
        expected: |_| true,
        met: |_, it| it.workers.iter().all(|it| matches!(it, Worker::Copying(_))),
    },
    Meeting {
        name: "a cancel comes between the proof and its commit",
        expected: |world| world.cancels > 0,
        met: |_, it| {
            it.row.state == State::Cancelling && it.finishers.contains(&Finisher::Proved(true))
        },
    },
    Meeting {
        name: "a worker still copies when its import is cancelled for good",
        expected: |world| world.cancels > 0,
        met: |_, it| it.row.state == State::Cancelled && copies(it),
    },
    Meeting {
        name: "a cancelled import has rows to roll back",
        expected: |world| world.cancels > 0,
        met: |_, it| it.row.state == State::Cancelling && has_rows(it),
    },
    Meeting {
        name: "a worker still copies when its import is deleted for good",
        expected: |world| world.deletes > 0,
        met: |_, it| it.row.state == State::Deleted && copies(it),
    },
    Meeting {
        name: "a delete follows a cancel",
        expected: |world| world.deletes > 0 && world.cancels > 0,
        met: |_, it| it.left.cancels == 0 && it.row.state == State::Deleted,
    },
    Meeting {
        name: "an import is completed after a pause",
        expected: |world| world.pauses > 0,
        met: |world, it| it.left.pauses < world.pauses && succeeded(it),
    },
    Meeting {
        name: "an import that was paused for too long is rolled back",
        expected: |world| world.pauses > 0,
        met: |world, it| {
            it.left.pauses < world.pauses && it.row.state == State::RollingBack && has_rows(it)
        },
    },
    Meeting {
        name: "two workers have messages of one chunk",
        expected: |world| world.queue > 0,
        met: |_, it| it.workers[0].chunk().is_some() && same_chunk(it),
    },
    Meeting {
        name: "two planners of two runs are at work",
        expected: |world| world.crashes > 0,
        met: |_, it| match it.planners.map(Planner::token) {
            [Some(one), Some(other)] => one.run != other.run,
            _ => false,
        },
    },
    Meeting {
        name: "a second run completes what a first one began",
        expected: |world| world.crashes > 0,
        met: |_, it| it.row.run == 2 && succeeded(it),
    },
    Meeting {
        name: "a rollback fails",
        expected: |world| world.crashes > 0 && world.cancels > 0,
        met: |_, it| it.row.state == State::RollbackFailed,
    },
    Meeting {
        name: "two rollbacks are at work",
        expected: |world| world.crashes > 0 && world.cancels > 0,
        met: |_, it| !it.undoers.contains(&Undoer::Idle),
    },
    Meeting {
        name: "a held import is resumed and completed",
        expected: |world| world.holds,
        met: |world, it| it.left.revivals < world.revivals && it.row.state == State::Completed,
    },
    Meeting {
        name: "a completed import is cancelled",
        expected: |world| world.cancels > 0,
        met: |_, it| {
            let all_stored = it.chunks.iter().all(|it| it.done);
            it.row.state == State::Cancelled && all_stored && it.row.run > 1
        },
    },
    Meeting {
        name: "an import takes the place of another and is swapped itself",
        expected: |world| world.swaps && world.successors > 0,
        met: |_, it| {
            it.old == Old::Swapped && it.left.successors == 0 && it.row.state == State::Cancelled
        },
    },
    Meeting {
        name: "an import fails and the one it was to replace stays",
        expected: |world| world.swaps,
        met: |_, it| it.old == Old::Visible && it.row.state == State::Failed,
    },
    Meeting {
        name: "an import completes although the one it was to replace has gone",
        expected: |world| world.old_goes > 0,
        met: |_, it| it.old == Old::Gone && it.row.state == State::Completed,
    },
    Meeting {
        name: "an import that is only validated has rows to roll back",
        expected: |world| world.validates,
        met: |_, it| it.row.state == State::Validating && has_rows(it),
    },
    Meeting {
        name: "a validated import is deleted",
        expected: |world| world.validates && world.deletes > 0,
        met: |_, it| it.row.state == State::Deleted && it.left.cancels > 0,
    },
    Meeting {
        name: "two copies of an original are made",
        expected: |world| world.retries && world.late > 1,
        met: |_, it| matches!(it.conductor, Conductor::Copies(_)) && it.object,
    },
    Meeting {
        name: "the original of a retry is gone",
        expected: |world| world.removals > 0,
        met: |_, it| it.original_gone && it.row.copy == OriginalCopy::Begun,
    },
];

/// It is completed or, if that is what was asked, on its way to `validated`.
fn succeeded(system: &System) -> bool {
    let state = system.row.state;
    matches!(state, State::Completed | State::Validating)
}

fn copies(system: &System) -> bool {
    let copies = |it: &Worker| matches!(it, Worker::Copying(_));
    system.workers.iter().any(copies)
}

fn has_rows(system: &System) -> bool {
    system.chunks.iter().any(|it| it.rows > 0)
}

fn same_chunk(system: &System) -> bool {
    system.workers[0].chunk() == system.workers[1].chunk()
}
