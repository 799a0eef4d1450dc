//! What a build for trial has and a release does not: named points at which a fault is put, guards
//! that can be taken out to see whether a test notices, and a clock that runs faster. In a release
//! every function here is a constant, and no variable is read: a test in `tests/house` checks that
//! only the module `debug`, which a release does not compile, names a variable.
#![deny(missing_docs)]

#[cfg(debug_assertions)]
mod debug;

/// What guards a promise. Each can be taken out alone, to see that the tests notice it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Safeguard {
    /// The last statement of a chunk's transaction demands an active state.
    Fence,
    /// A chunk that has its receipt is not stored again.
    Receipt,
    /// A dead letter fails an import only if its chunk has no receipt and no attempt left.
    Attempts,
    /// A chunk whose message must be lost waits to be handed out again.
    HandOutRepair,
    /// An import is completed only if its plan tiles the file and its rows add up.
    Tiling,
    /// Only the planner of the current run is listened to.
    Run,
    /// Only the pinned version of an object is read.
    VersionPin,
    /// `reconcile` takes a step for imports for which nothing else does.
    Reconcile,
}

impl Safeguard {
    /// All of them.
    pub const ALL: [Safeguard; 8] = [
        Safeguard::Fence,
        Safeguard::Receipt,
        Safeguard::Attempts,
        Safeguard::HandOutRepair,
        Safeguard::Tiling,
        Safeguard::Run,
        Safeguard::VersionPin,
        Safeguard::Reconcile,
    ];

    /// Its name on a command line.
    pub fn name(self) -> &'static str {
        match self {
            Safeguard::Fence => "fence",
            Safeguard::Receipt => "receipt",
            Safeguard::Attempts => "attempts",
            Safeguard::HandOutRepair => "hand-out-repair",
            Safeguard::Tiling => "tiling",
            Safeguard::Run => "run",
            Safeguard::VersionPin => "version-pin",
            Safeguard::Reconcile => "reconcile",
        }
    }
}

/// Whether the safeguard has been taken out. Never, in a release.
#[inline]
pub fn is_out(safeguard: Safeguard) -> bool {
    #[cfg(debug_assertions)]
    return debug::is_out(safeguard);
    #[cfg(not(debug_assertions))]
    {
        let _ = safeguard;
        false
    }
}

/// A place in the code where a process may be killed or frozen: it waits here if it was asked to.
/// In a release, this does nothing.
#[inline]
pub fn point(name: &'static str) {
    #[cfg(debug_assertions)]
    debug::point(name);
    #[cfg(not(debug_assertions))]
    let _ = name;
}

/// How many times faster than usual waits pass. One, in a release.
#[inline]
pub fn hurry() -> i32 {
    #[cfg(debug_assertions)]
    return debug::hurry();
    #[cfg(not(debug_assertions))]
    1
}

/// The bytes a chunk is to have instead of the usual ones, so that a small file has several
/// chunks. The usual ones, in a release.
#[inline]
pub fn chunk_bytes(usual: i64) -> i64 {
    #[cfg(debug_assertions)]
    return debug::chunk_bytes().unwrap_or(usual);
    #[cfg(not(debug_assertions))]
    usual
}
