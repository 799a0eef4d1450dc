//! What may happen in each world. Faults and the user's actions are bounded, because otherwise the
//! number of states would be infinite. Each world is searched completely.

use crate::system::Left;

/// No fault and no command.
pub const NONE: Left = Left {
    crashes: 0,
    queue: 0,
    late: 0,
    slow: 0,
    pauses: 0,
    cancels: 0,
    deletes: 0,
    revivals: 0,
    successors: 0,
    old_goes: 0,
    swaps: false,
    holds: false,
    validates: false,
    retries: false,
    removals: 0,
    crowds: 0,
};

/// The import is cancelled once, at any moment or never.
pub const CANCEL: Left = Left { cancels: 1, ..NONE };

/// A pause, a cancel and a delete, each once, at any moment or never.
pub const COMMANDS: Left = Left {
    pauses: 1,
    deletes: 1,
    ..CANCEL
};

/// The import is held when it fails, and may be resumed once.
pub const HOLD: Left = Left {
    revivals: 1,
    holds: true,
    ..CANCEL
};

/// It is to take the place of a completed import, and another import the place of this one.
pub const SWAP: Left = Left {
    successors: 1,
    old_goes: 1,
    swaps: true,
    ..CANCEL
};

/// Everything that a worker, a queue and a user do to an import.
pub const BASE: Left = Left {
    crashes: 1,
    queue: 1,
    ..COMMANDS
};

pub const CRASHES: Left = Left {
    crashes: 2,
    ..CANCEL
};

pub const MORE_CRASHES: Left = Left { crashes: 3, ..NONE };

pub const MESSAGES: Left = Left {
    crashes: 1,
    queue: 2,
    ..CANCEL
};

pub const LATE: Left = Left {
    late: 2,
    ..COMMANDS
};

pub const LATE_AND_CRASHES: Left = Left {
    crashes: 1,
    late: 1,
    ..CANCEL
};

pub const LATE_AND_MESSAGES: Left = Left {
    late: 1,
    queue: 1,
    ..CANCEL
};

pub const SLOW: Left = Left {
    slow: 1,
    ..COMMANDS
};

pub const SLOW_AND_CRASHES: Left = Left {
    crashes: 1,
    slow: 1,
    ..CANCEL
};

pub const SLOW_AND_MESSAGES: Left = Left {
    slow: 1,
    queue: 1,
    ..CANCEL
};

pub const SLOW_AND_LATE: Left = Left {
    slow: 1,
    late: 1,
    ..CANCEL
};

pub const HELD: Left = Left { crashes: 2, ..HOLD };

pub const HELD_AND_MESSAGES: Left = Left {
    crashes: 1,
    queue: 1,
    ..HOLD
};

pub const SWAPS_AND_CRASHES: Left = Left {
    crashes: 1,
    deletes: 1,
    ..SWAP
};

pub const SWAPS_AND_MESSAGES: Left = Left { queue: 1, ..SWAP };

pub const SWAPS_LATE_AND_SLOW: Left = Left {
    late: 1,
    slow: 1,
    ..SWAP
};

/// The file is only validated, and its import may be deleted while it is taken back.
pub const VALIDATED: Left = Left {
    crashes: 1,
    validates: true,
    ..COMMANDS
};

/// A retry, whose copy may be lost, and whose original may go before it.
pub const RETRIED: Left = Left {
    crashes: 1,
    slow: 1,
    retries: true,
    removals: 1,
    ..CANCEL
};

/// A retry whose copy takes so long that another is made.
pub const COPIED_TWICE: Left = Left {
    late: 2,
    slow: 1,
    retries: true,
    ..NONE
};

/// Others take every place among the chunks that are out, and leave them.
pub const CROWDED: Left = Left {
    crowds: 2,
    crashes: 1,
    pauses: 1,
    ..CANCEL
};

pub const CROWDED_AND_MESSAGES: Left = Left {
    crowds: 1,
    queue: 1,
    slow: 1,
    ..CANCEL
};
