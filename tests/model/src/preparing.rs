//! How an object is prepared, and how what was stored for that is removed: a world of its own,
//! beside that of chunks. `functions/prepare-object`, `shared/postgres/src/preparing.rs`, and what
//! rollback-import and reconcile remove.
//!
//! Everything that waits ends some time, so a step that is possible is taken or its process dies.

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

impl World {
    fn is_whole_while_read(&self) -> bool {
        let read = self.phase == Phase::Read;
        let object = self.whole.map(|it| self.stored[usize::from(it) - 1].object);
        !read || object == Some(Some(true))
    }

    fn happen(&mut self, action: Action, rules: Rules) {
        match action {
            Action::Invoke => self.invoke(),
            Action::Step(index) => {
                self.preparers[index] = self.step(self.preparers[index], rules);
            }
            Action::Plan => self.phase = Phase::Completed,
            Action::Cancel => {
                self.cancels -= 1;
                self.phase = Phase::Cancelling;
                self.swept = false;
            }
            Action::Remove => self.remove(),
            Action::Sweep => self.sweep(rules),
            Action::Doubled => {
                self.crashes -= 1;
                self.invoke();
            }
            Action::Dies(index) => {
                self.crashes -= 1;
                self.preparers[index] = Preparer::Idle;
            }
            Action::RunLost => {
                self.crashes -= 1;
                self.run += 1;
            }
            Action::UploadEnded(run) => {
                self.crashes -= 1;
                self.stored[usize::from(run) - 1].uploads = [None; UPLOADS];
            }
        }
    }

    fn invoke(&mut self) {
        let idle = self.preparers.iter_mut().find(|it| **it == Preparer::Idle);
        if let Some(idle) = idle {
            *idle = Preparer::Begins(self.run);
        }
    }

    /// `preparing::MINE`
    fn is_mine(&self, run: u8, rules: Rules) -> bool {
        let mine = self.phase == Phase::Preparing && self.run == run && self.whole.is_none();
        mine && (self.key.is_none() && !rules.key_first || self.key == Some(run))
    }

    fn step(&mut self, preparer: Preparer, rules: Rules) -> Preparer {
        match preparer {
            Preparer::Idle => Preparer::Idle,
            Preparer::Begins(run) => self.begin(run, rules),
            Preparer::BeginsUpload(run) => self.begin_upload(run),
            Preparer::KeepsUpload(run, upload) => self.keep_upload(run, upload, rules),
            Preparer::Stores(run, upload, part) => self.store(run, upload, part),
            Preparer::AddsReceipt(run, upload, part) => self.add_receipt(run, upload, part, rules),
            Preparer::Joins(run, upload) => self.join(run, upload),
            Preparer::Ends(run) => self.end(run, rules),
            Preparer::BeginsAgain(run, upload) => self.begin_again(run, upload, rules),
            Preparer::Clears(run) => self.clear(run),
        }
    }

    /// `preparing::begin`
    fn begin(&mut self, run: u8, rules: Rules) -> Preparer {
        let under_way = matches!(self.phase, Phase::Preparing | Phase::Read);
        if !under_way || self.run != run {
            return Preparer::Clears(run);
        }
        if self.whole.is_some() {
            return Preparer::Idle;
        }
        if self.key != Some(run) {
            self.upload = None;
            self.key = rules.key_first.then_some(run);
        }
        match self.upload {
            Some(upload) => self.go_on(run, upload),
            None => Preparer::BeginsUpload(run),
        }
    }

    fn begin_upload(&mut self, run: u8) -> Preparer {
        let stored = &mut self.stored[place(run)];
        // More uploads make no difference: the bound ends this search, not the protocol.
        let upload = stored.begun.min(UPLOADS as u8 - 1);
        stored.begun = upload + 1;
        let parts = &mut stored.uploads[usize::from(upload)];
        *parts = parts.or(Some([false; PARTS as usize]));
        Preparer::KeepsUpload(run, upload)
    }

    /// `preparing::keep_upload`
    fn keep_upload(&mut self, run: u8, upload: u8, rules: Rules) -> Preparer {
        let mine = self.is_mine(run, rules);
        if mine {
            self.key = Some(run);
            self.upload = self.upload.or(Some(upload));
        }
        if !mine || self.upload != Some(upload) {
            self.stored[place(run)].uploads[usize::from(upload)] = None;
        }
        match self.upload.filter(|_| mine) {
            Some(upload) => self.go_on(run, upload),
            None => Preparer::Clears(run),
        }
    }

    /// After the last receipt.
    fn go_on(&self, run: u8, upload: u8) -> Preparer {
        match self.receipts[place(run)] {
            PARTS => Preparer::Joins(run, upload),
            done => Preparer::Stores(run, upload, done),
        }
    }

    /// `Objects::put_part`
    fn store(&mut self, run: u8, upload: u8, part: u8) -> Preparer {
        let stored = &mut self.stored[place(run)];
        match &mut stored.uploads[usize::from(upload)] {
            Some(parts) => {
                parts[usize::from(part)] = true;
                Preparer::AddsReceipt(run, upload, part)
            }
            None if stored.object.is_some() => Preparer::Clears(run),
            None => Preparer::BeginsAgain(run, upload),
        }
    }

    /// `preparing::add_part`
    fn add_receipt(&mut self, run: u8, upload: u8, part: u8, rules: Rules) -> Preparer {
        let mine = self.is_mine(run, rules);
        let receipts = &mut self.receipts[place(run)];
        if !mine || *receipts != part {
            return Preparer::Clears(run);
        }
        *receipts += 1;
        self.go_on(run, upload)
    }

    /// `Objects::join_parts`, `Objects::find`
    fn join(&mut self, run: u8, upload: u8) -> Preparer {
        let stored = &mut self.stored[place(run)];
        match stored.uploads[usize::from(upload)] {
            Some([true, true]) => {
                stored.object = Some(true);
                stored.uploads[usize::from(upload)] = None;
                Preparer::Ends(run)
            }
            _ if stored.object.is_some() => Preparer::Ends(run),
            _ => Preparer::BeginsAgain(run, upload),
        }
    }

    /// `preparing::end`
    fn end(&mut self, run: u8, rules: Rules) -> Preparer {
        if !self.is_mine(run, rules) {
            return Preparer::Clears(run);
        }
        self.set_twice |= self.whole.is_some();
        self.whole = Some(run);
        self.upload = None;
        self.phase = Phase::Read;
        Preparer::Idle
    }

    /// `preparing::forget_upload`, and the next entry.
    fn begin_again(&mut self, run: u8, upload: u8, rules: Rules) -> Preparer {
        if self.is_mine(run, rules) && self.upload == Some(upload) {
            self.upload = None;
            self.receipts[place(run)] = 0;
        }
        Preparer::Begins(run)
    }

    /// `PrepareObject::clear_away`
    fn clear(&mut self, run: u8) -> Preparer {
        let wanted = matches!(
            self.phase,
            Phase::Preparing | Phase::Read | Phase::Completed
        );
        if !(wanted && self.key == Some(run)) {
            self.stored[place(run)].clear();
        }
        Preparer::Idle
    }

    /// The next step of a rollback: `abort_uploads_below`, `delete_all_below`, `rollback::end`.
    fn remove(&mut self) {
        let known = self.key.is_some();
        self.removal = match self.removal {
            Removal::Idle => Removal::Aborts,
            Removal::Aborts => {
                for stored in self.stored.iter_mut().filter(|_| known) {
                    stored.uploads = [None; UPLOADS];
                }
                Removal::Deletes
            }
            Removal::Deletes => {
                for stored in self.stored.iter_mut().filter(|_| known) {
                    stored.object = None;
                }
                Removal::Ends
            }
            Removal::Ends => {
                self.phase = Phase::Cancelled;
                Removal::Idle
            }
        };
    }

    /// `sweep_prepared`, long after the end.
    fn sweep(&mut self, rules: Rules) {
        if self.key.is_some() && rules.sweeps {
            self.stored.iter_mut().for_each(Stored::clear);
        }
        self.swept = true;
    }
}

/// The place of what a run stores.
fn place(run: u8) -> usize {
    usize::from(run) - 1
}
