//! How a declared dataset is dropped while imports into it begin, run and are taken back, and what a
//! later dataset of the same name meets: a world of its own, beside that of chunks.
//! `shared/postgres/src/datasets/drop.rs`, `imports::create`, `imports::pin`, the worker's
//! transaction, the rollback and the sweep of an import, each as few steps as can be told apart.

use stateright::{Model, Property};

/// Datasets of one name, one after the other.
const DATASETS: usize = 2;
/// Imports into them.
const IMPORTS: usize = 3;
/// Workers that may run at once.
const WORKERS: usize = 2;

/// What may be switched off, to show what it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// The imports are deleted in the commit of the mark.
    pub one_commit: bool,
    /// An import is created only of a dataset that is live at its commit.
    pub admits_live: bool,
    /// The table of an import is found by the id of its dataset, not by its name.
    pub by_id: bool,
    /// A marked dataset waits until each of its imports is deleted.
    pub waits_for_rollbacks: bool,
    /// And until each is swept: no worker of it can be left.
    pub waits_for_sweeps: bool,
}

/// Every part of the protocol.
pub const ALL: Rules = Rules {
    one_commit: true,
    admits_live: true,
    by_id: true,
    waits_for_rollbacks: true,
    waits_for_sweeps: true,
};

/// The protocol, with the faults and commands that may still happen.
#[derive(Clone, Copy, Debug)]
pub struct Dropping {
    pub rules: Rules,
    /// Workers that die.
    pub crashes: u8,
    /// Drops with `?take_back=true`, each of the dataset that has the name at the time.
    pub drops: u8,
    /// Deletes of one import.
    pub deletes: u8,
}

/// Where a dataset stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Entry {
    NotYet,
    Live,
    Marked,
    Gone,
}

/// A dataset, and whether its table is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Dataset {
    pub entry: Entry,
    pub table: bool,
}

/// Where an import stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Phase {
    /// Its object has not come.
    Waits,
    /// Under way: its one chunk may be stored.
    Active,
    Completed,
    Deleting,
    Deleted,
}

/// An import of one chunk with one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Import {
    pub dataset: usize,
    pub phase: Phase,
    /// Its row is committed.
    pub row: bool,
    pub swept: bool,
}

/// How far a worker has come, with its import.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Worker {
    Idle,
    Claimed(usize),
    /// Its row is sent, and not committed: it holds the table.
    Copied(usize),
}

/// The whole state of this world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct World {
    pub datasets: [Dataset; DATASETS],
    pub imports: [Option<Import>; IMPORTS],
    pub workers: [Worker; WORKERS],
    /// The dataset that a request for an import has found.
    pub found: Option<usize>,
    /// A drop that has deleted imports of the dataset and not marked it yet: only without
    /// [`Rules::one_commit`].
    pub between: Option<usize>,
    /// A worker found no table.
    pub failed: bool,
    pub crashes: u8,
    pub drops: u8,
    pub deletes: u8,
}

/// One thing that happens; a number is an index of an import or a worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    Declare,
    Find,
    Create,
    Arrive(usize),
    Claim(usize, usize),
    Step(usize),
    Complete(usize),
    Delete(usize),
    RollBack(usize),
    EndRollback(usize),
    Sweep(usize),
    Drop,
    Mark,
    EndDrop(usize),
    // Faults
    Dies(usize),
}

pub const NOT_SEEN: &str = "no import of a dataset that was dropped is seen";
pub const NOTHING_LEFT: &str =
    "a deleted import has no row, a dataset that is gone neither table nor import";
pub const KEPT: &str = "a completed import has its row";
pub const NO_FAILURE: &str = "no worker finds its table gone";
pub const NEVER_STUCK: &str =
    "where nothing happens any more, every import has ended, and what was dropped is gone";

impl Model for Dropping {
    type State = World;
    type Action = Action;

    fn init_states(&self) -> Vec<World> {
        let mut datasets = [Dataset {
            entry: Entry::NotYet,
            table: false,
        }; DATASETS];
        datasets[0].entry = Entry::Live;
        vec![World {
            datasets,
            imports: [None; IMPORTS],
            workers: [Worker::Idle; WORKERS],
            found: None,
            between: None,
            failed: false,
            crashes: self.crashes,
            drops: self.drops,
            deletes: self.deletes,
        }]
    }

    fn actions(&self, world: &World, actions: &mut Vec<Action>) {
        world.commands(actions);
        for (index, import) in world.imports.iter().enumerate() {
            if let Some(import) = import {
                world.steps_of(index, import, actions);
            }
        }
        for (index, worker) in world.workers.iter().enumerate() {
            if *worker != Worker::Idle {
                actions.push(Action::Step(index));
                actions.extend((world.crashes > 0).then_some(Action::Dies(index)));
            }
        }
        for index in 0..DATASETS {
            if world.may_end_drop(index, self.rules) {
                actions.push(Action::EndDrop(index));
            }
        }
    }

    fn next_state(&self, last: &World, action: Action) -> Option<World> {
        let mut next = *last;
        next.happen(action, self.rules);
        next.workers.sort_unstable();
        (next != *last).then_some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always(NOT_SEEN, |_, it: &World| it.sees_nothing_dropped()),
            Property::always(NOTHING_LEFT, |_, it: &World| it.has_nothing_left()),
            Property::always(KEPT, |_, it: &World| {
                it.imports()
                    .all(|it| it.phase != Phase::Completed || it.row)
            }),
            Property::always(NO_FAILURE, |_, it: &World| !it.failed),
            Property::always(NEVER_STUCK, |model: &Self, it: &World| {
                let mut actions = Vec::new();
                model.actions(it, &mut actions);
                let moves = |action: &Action| model.next_state(it, *action).is_some();
                it.has_ended() || actions.iter().any(moves)
            }),
        ]
    }
}

impl Import {
    fn is_there(&self) -> bool {
        !matches!(self.phase, Phase::Deleting | Phase::Deleted)
    }
}

impl Worker {
    fn import(self) -> Option<usize> {
        match self {
            Worker::Idle => None,
            Worker::Claimed(import) | Worker::Copied(import) => Some(import),
        }
    }
}

impl World {
    fn imports(&self) -> impl Iterator<Item = &Import> {
        self.imports.iter().flatten()
    }

    fn imports_of(&self, dataset: usize) -> impl Iterator<Item = &Import> {
        self.imports().filter(move |it| it.dataset == dataset)
    }

    fn import(&mut self, index: usize) -> &mut Import {
        self.imports[index].as_mut().expect("there is one")
    }

    /// The dataset that has the name.
    fn live(&self) -> Option<usize> {
        self.datasets.iter().position(|it| it.entry == Entry::Live)
    }

    fn sees_nothing_dropped(&self) -> bool {
        let live = |it: &Import| self.datasets[it.dataset].entry == Entry::Live;
        self.imports().all(|it| live(it) || !it.is_there())
    }

    fn has_nothing_left(&self) -> bool {
        let gone = |it: &Import| self.datasets[it.dataset].entry == Entry::Gone;
        let deleted = |it: &Import| it.phase == Phase::Deleted;
        self.imports()
            .all(|it| if deleted(it) { !it.row } else { !gone(it) })
            && self
                .datasets
                .iter()
                .all(|it| it.entry != Entry::Gone || !it.table)
    }

    fn has_ended(&self) -> bool {
        let ended = |it: &Import| matches!(it.phase, Phase::Completed | Phase::Deleted);
        self.imports().all(ended) && self.datasets.iter().all(|it| it.entry != Entry::Marked)
    }

    /// What a user asks for.
    fn commands(&self, actions: &mut Vec<Action>) {
        let mut may = |action, may: bool| actions.extend(may.then_some(action));
        let live = self.live();
        let next = self.datasets.iter().any(|it| it.entry == Entry::NotYet);
        may(Action::Declare, live.is_none() && next);
        let room = self.imports.contains(&None);
        may(Action::Find, live.is_some() && room && self.found.is_none());
        may(Action::Create, self.found.is_some());
        may(
            Action::Drop,
            live.is_some() && self.drops > 0 && self.between.is_none(),
        );
        may(Action::Mark, self.between.is_some());
    }

    /// What may happen to an import that is there.
    fn steps_of(&self, index: usize, import: &Import, actions: &mut Vec<Action>) {
        let mut may = |action, may: bool| actions.extend(may.then_some(action));
        let at_work = self.workers.iter().any(|it| it.import() == Some(index));
        let idle = self.workers.iter().position(|it| *it == Worker::Idle);
        let active = import.phase == Phase::Active;
        may(Action::Arrive(index), import.phase == Phase::Waits);
        // The row of a chunk is locked by the worker that has claimed it.
        if let Some(idle) = idle.filter(|_| active && !import.row && !at_work) {
            actions.push(Action::Claim(idle, index));
        }
        let mut may = |action, may: bool| actions.extend(may.then_some(action));
        may(Action::Complete(index), active && import.row);
        may(Action::Delete(index), import.is_there() && self.deletes > 0);
        // A rollback reads the declaration that its import names.
        let known = self.datasets[import.dataset].entry != Entry::Gone;
        let deleting = import.phase == Phase::Deleting && known;
        may(Action::RollBack(index), deleting);
        may(Action::EndRollback(index), deleting);
        // An hour after its end: its workers have been ended.
        let deleted = import.phase == Phase::Deleted;
        may(Action::Sweep(index), deleted && !import.swept && !at_work);
    }

    /// A worker that holds the table is waited for.
    fn may_end_drop(&self, dataset: usize, rules: Rules) -> bool {
        let of_it = |index: usize| self.imports[index].is_some_and(|it| it.dataset == dataset);
        let holds = |it: &Worker| matches!(it, Worker::Copied(index) if of_it(*index));
        let done = |it: &Import| match (rules.waits_for_rollbacks, rules.waits_for_sweeps) {
            (true, true) => it.swept,
            (true, false) => it.phase == Phase::Deleted,
            (false, _) => true,
        };
        self.datasets[dataset].entry == Entry::Marked
            && self.imports_of(dataset).all(done)
            && !self.workers.iter().any(holds)
    }

    fn happen(&mut self, action: Action, rules: Rules) {
        match action {
            Action::Declare => self.declare(),
            Action::Find => self.found = self.live(),
            Action::Create => self.create(rules),
            Action::Arrive(index) => self.arrive(index),
            Action::Claim(worker, index) => self.workers[worker] = Worker::Claimed(index),
            Action::Step(worker) => self.workers[worker] = self.step(self.workers[worker]),
            Action::Complete(index) => self.import(index).phase = Phase::Completed,
            Action::Delete(index) => {
                self.deletes -= 1;
                self.import(index).phase = Phase::Deleting;
            }
            Action::RollBack(index) => self.roll_back(index, rules),
            Action::EndRollback(index) => self.end_rollback(index, rules),
            Action::Sweep(index) => self.import(index).swept = true,
            Action::Drop => self.begin_drop(rules),
            Action::Mark => {
                if let Some(dataset) = self.between.take() {
                    self.datasets[dataset].entry = Entry::Marked;
                }
            }
            Action::EndDrop(dataset) => self.end_drop(dataset),
            Action::Dies(worker) => {
                self.crashes -= 1;
                self.workers[worker] = Worker::Idle;
            }
        }
    }

    /// `datasets::put`
    fn declare(&mut self) {
        let next = self.datasets.iter_mut();
        if let Some(next) = { next }.find(|it| it.entry == Entry::NotYet) {
            next.entry = Entry::Live;
        }
    }

    /// `imports::create`, and the trigger `import_dataset`.
    fn create(&mut self, rules: Rules) {
        let Some(dataset) = self.found.take() else {
            return;
        };
        let live = self.datasets[dataset].entry == Entry::Live;
        let room = self.imports.iter_mut().find(|it| it.is_none());
        if let Some(room) = room.filter(|_| live || !rules.admits_live) {
            *room = Some(Import {
                dataset,
                phase: Phase::Waits,
                row: false,
                swept: false,
            });
        }
    }

    /// `imports::pin`: the first object makes the table.
    fn arrive(&mut self, index: usize) {
        let import = self.import(index);
        import.phase = Phase::Active;
        let dataset = import.dataset;
        let dataset = &mut self.datasets[dataset];
        dataset.table |= dataset.entry == Entry::Live;
    }

    /// The next step of a worker: COPY, then fence and COMMIT.
    fn step(&mut self, worker: Worker) -> Worker {
        match worker {
            Worker::Idle => Worker::Idle,
            Worker::Claimed(index) => {
                let dataset = self.import(index).dataset;
                if self.datasets[dataset].table {
                    return Worker::Copied(index);
                }
                self.failed = true;
                Worker::Idle
            }
            Worker::Copied(index) => {
                let import = self.import(index);
                import.row |= import.phase == Phase::Active;
                Worker::Idle
            }
        }
    }

    /// The dataset in whose table a rollback looks for rows of the import. Where there is no table,
    /// there is no row.
    fn looks_in(&self, index: usize, rules: Rules) -> Option<usize> {
        match rules.by_id {
            true => self.imports[index].map(|it| it.dataset),
            false => self.live(),
        }
    }

    /// `rollback::delete_slice`
    fn roll_back(&mut self, index: usize, rules: Rules) {
        let looked_in = self.looks_in(index, rules);
        let import = self.import(index);
        import.row &= looked_in != Some(import.dataset);
    }

    /// `rollback::end`: the count and the end are one UPDATE.
    fn end_rollback(&mut self, index: usize, rules: Rules) {
        let looked_in = self.looks_in(index, rules);
        let import = self.import(index);
        if !import.row || looked_in != Some(import.dataset) {
            import.phase = Phase::Deleted;
        }
    }

    /// `datasets::begin_drop`
    fn begin_drop(&mut self, rules: Rules) {
        let Some(dataset) = self.live() else {
            return;
        };
        self.drops -= 1;
        let imports = self.imports.iter_mut().flatten();
        for import in imports.filter(|it| it.dataset == dataset && it.is_there()) {
            import.phase = Phase::Deleting;
        }
        match rules.one_commit {
            true => self.datasets[dataset].entry = Entry::Marked,
            false => self.between = Some(dataset),
        }
    }

    /// `datasets::end_drop`: the table goes with every row in it.
    fn end_drop(&mut self, dataset: usize) {
        self.datasets[dataset] = Dataset {
            entry: Entry::Gone,
            table: false,
        };
        let imports = self.imports.iter_mut().flatten();
        for import in imports.filter(|it| it.dataset == dataset) {
            import.row = false;
        }
    }
}
