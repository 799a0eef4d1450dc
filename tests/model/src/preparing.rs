//! How an object is prepared, and how what was stored for that is removed: a world of its own,
//! beside that of chunks. `functions/prepare-object`, `shared/postgres/src/preparing.rs`, and what
//! rollback-import and reconcile remove.
//!
//! Everything that waits ends some time, so a step that is possible is taken or its process dies.

mod world;

use stateright::{Model, Property};

/// Parts of the text.
const PARTS: u8 = 2;
/// Runs of the import.
const RUNS: usize = 2;
/// Preparers that may run at once, of one run or two.
const PREPARERS: usize = 2;
/// Uploads that one run may have begun.
const UPLOADS: usize = 2;

/// What may be switched off, to show what it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// The key stands in the row before anything is stored under it.
    pub key_first: bool,
    /// What ended is swept once more, when no preparer runs any more.
    pub sweeps: bool,
}

/// Every part of the protocol.
pub const ALL: Rules = Rules {
    key_first: true,
    sweeps: true,
};

/// The protocol, with the faults and commands that may still happen.
#[derive(Clone, Copy, Debug)]
pub struct Preparing {
    pub rules: Rules,
    /// Preparers that die or are started twice, executions that are lost, uploads that someone
    /// else ends.
    pub crashes: u8,
    /// Cancels of the user.
    pub cancels: u8,
}

/// Where the import stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Under way, not prepared.
    Preparing,
    /// Under way, and read by planner and workers.
    Read,
    Completed,
    Cancelling,
    Cancelled,
}

/// What S3 has under the key of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Stored {
    /// The parts of each upload that is not ended.
    pub uploads: [Option<[bool; PARTS as usize]>; UPLOADS],
    pub begun: u8,
    /// The object; whether it has every part.
    pub object: Option<bool>,
}

/// How far a preparer has come: its run, its upload, the parts that are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Preparer {
    Idle,
    Begins(u8),
    BeginsUpload(u8),
    KeepsUpload(u8, u8),
    Stores(u8, u8, u8),
    AddsReceipt(u8, u8, u8),
    Joins(u8, u8),
    Ends(u8),
    BeginsAgain(u8, u8),
    Clears(u8),
}

/// How far a rollback has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Removal {
    Idle,
    Aborts,
    Deletes,
    Ends,
}

/// The whole state of this world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct World {
    pub phase: Phase,
    pub run: u8,
    /// `prepared_key`, as the run it names.
    pub key: Option<u8>,
    /// `prepared_upload_id`
    pub upload: Option<u8>,
    /// `import_part`, by run.
    pub receipts: [u8; RUNS],
    /// `prepared_version`, as the run of its key.
    pub whole: Option<u8>,
    /// It was set twice.
    pub set_twice: bool,
    pub stored: [Stored; RUNS],
    pub preparers: [Preparer; PREPARERS],
    pub removal: Removal,
    pub swept: bool,
    pub crashes: u8,
    pub cancels: u8,
}

/// One thing that happens; a number is an index of a preparer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    Invoke,
    Step(usize),
    Plan,
    Cancel,
    Remove,
    Sweep,
    // Faults
    Doubled,
    Dies(usize),
    RunLost,
    UploadEnded(u8),
}

pub const WHOLE: &str = "what is read has every part, and is there as long as it is read";
pub const ONCE: &str = "it is set once what is read";
pub const NOTHING_LEFT: &str = "nothing is left in S3 once an end was swept";
pub const NEVER_STUCK: &str = "where nothing happens any more, the import has ended and was swept";

impl Model for Preparing {
    type State = World;
    type Action = Action;

    fn init_states(&self) -> Vec<World> {
        vec![World {
            phase: Phase::Preparing,
            run: 1,
            key: None,
            upload: None,
            receipts: [0; RUNS],
            whole: None,
            set_twice: false,
            stored: [Stored::default(); RUNS],
            preparers: [Preparer::Idle; PREPARERS],
            removal: Removal::Idle,
            swept: false,
            crashes: self.crashes,
            cancels: self.cancels,
        }]
    }

    fn actions(&self, world: &World, actions: &mut Vec<Action>) {
        let under_way = matches!(world.phase, Phase::Preparing | Phase::Read);
        let idle = world.preparers.contains(&Preparer::Idle);
        let of_run = |it: &Preparer| it.run() == Some(world.run);
        let at_work = world.preparers.iter().any(of_run);
        let mut may = |action, may: bool| actions.extend(may.then_some(action));
        may(
            Action::Invoke,
            world.phase == Phase::Preparing && !at_work && idle,
        );
        for (index, preparer) in world.preparers.iter().enumerate() {
            let busy = *preparer != Preparer::Idle;
            may(Action::Step(index), busy);
            may(Action::Dies(index), busy && world.crashes > 0);
        }
        may(Action::Plan, world.phase == Phase::Read);
        may(
            Action::Cancel,
            (under_way || world.phase == Phase::Completed) && world.cancels > 0,
        );
        may(Action::Remove, world.phase == Phase::Cancelling);
        let ended = matches!(world.phase, Phase::Completed | Phase::Cancelled);
        let quiet = world.preparers == [Preparer::Idle; PREPARERS];
        may(Action::Sweep, ended && quiet && !world.swept);
        let faults = world.crashes > 0;
        may(Action::Doubled, faults && under_way && idle && at_work);
        may(
            Action::RunLost,
            faults && under_way && usize::from(world.run) < RUNS,
        );
        let open = |it: &Stored| it.uploads.iter().any(Option::is_some);
        for (run, stored) in (1u8..).zip(&world.stored) {
            let forward = faults && under_way && open(stored);
            may(Action::UploadEnded(run), forward);
        }
    }

    fn next_state(&self, last: &World, action: Action) -> Option<World> {
        let mut next = *last;
        next.happen(action, self.rules);
        next.preparers.sort_unstable();
        (next != *last).then_some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always(WHOLE, |_, it: &World| it.is_whole_while_read()),
            Property::always(ONCE, |_, it: &World| !it.set_twice),
            Property::always(NOTHING_LEFT, |_, it: &World| {
                !it.swept || it.stored.iter().all(Stored::is_empty)
            }),
            Property::always(NEVER_STUCK, |model: &Self, it: &World| {
                let mut actions = Vec::new();
                model.actions(it, &mut actions);
                let moves = |it2: &Action| model.next_state(it, *it2).is_some();
                it.swept || actions.iter().any(moves)
            }),
        ]
    }
}

impl Preparer {
    fn run(self) -> Option<u8> {
        match self {
            Preparer::Idle => None,
            Preparer::Begins(run)
            | Preparer::BeginsUpload(run)
            | Preparer::KeepsUpload(run, _)
            | Preparer::Stores(run, ..)
            | Preparer::AddsReceipt(run, ..)
            | Preparer::Joins(run, _)
            | Preparer::Ends(run)
            | Preparer::BeginsAgain(run, _)
            | Preparer::Clears(run) => Some(run),
        }
    }
}

impl Stored {
    fn is_empty(&self) -> bool {
        self.object.is_none() && self.uploads.iter().all(Option::is_none)
    }

    fn clear(&mut self) {
        self.uploads = [None; UPLOADS];
        self.object = None;
    }
}
