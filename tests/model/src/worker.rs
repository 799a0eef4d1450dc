//! import-chunk and fail-chunk: `functions/import-chunk/src/transaction.rs`,
//! `shared/postgres/src/chunks.rs`, `chunks/attempt.rs`.

use domain::import::{Event, State};

use crate::processes::Worker;
use crate::row::Queued;
use crate::rules::{Fence, Rules};
use crate::system::{ATTEMPTS_AT_MOST, System};

/// `postgres::chunks::Claim`
enum Claim {
    Ours,
    Done,
    NotWanted,
    Paused,
    ComeAgain,
}

impl System {
    /// A message is delivered to an idle worker.
    pub fn deliver(&mut self, chunk: u8) {
        let idle = self.workers.iter().position(|it| *it == Worker::Idle);
        let waiting = &mut self.messages[usize::from(chunk)].waiting;
        if let (Some(idle), 1..) = (idle, *waiting) {
            *waiting -= 1;
            self.workers[idle] = Worker::Received(chunk);
        }
    }

    /// The next step of a worker.
    pub fn work(&mut self, index: usize, rules: &Rules) {
        let worker = self.workers[index];
        self.workers[index] = match worker {
            Worker::Idle | Worker::Frozen(_) => worker,
            Worker::Received(chunk) => self.count_attempt(chunk, rules),
            Worker::Counted(chunk) => self.claim_counted(chunk, rules),
            Worker::Copying(chunk) => self.store(chunk, rules),
            Worker::Stored(_) => self.settled(rules),
            Worker::PutsBack(chunk, counted) => self.put_back(chunk, counted, rules),
            Worker::GivesBack(chunk) => self.give_back(chunk),
        };
    }

    /// `chunks::claim`
    fn claim(&self, chunk: u8, rules: &Rules) -> Claim {
        let row = &self.chunks[usize::from(chunk)];
        let state = self.row.state;
        match row.planned {
            _ if self.is_locked(chunk) => Claim::ComeAgain,
            false if state.is_active() => Claim::ComeAgain,
            true if row.done && rules.receipt => Claim::Done,
            true if state == State::Paused => Claim::Paused,
            true if state.admits_chunks() => Claim::Ours,
            _ => Claim::NotWanted,
        }
    }

    /// `chunks::count_attempt`, a transaction of its own.
    fn count_attempt(&mut self, chunk: u8, rules: &Rules) -> Worker {
        match self.claim(chunk, rules) {
            Claim::Ours => {
                self.chunk(chunk).attempts += 1;
                Worker::Counted(chunk)
            }
            Claim::Done => self.settled(rules),
            Claim::NotWanted => Worker::Idle,
            Claim::Paused => Worker::PutsBack(chunk, false),
            Claim::ComeAgain => self.come_again(chunk),
        }
    }

    /// BEGIN, `chunks::claim`: the lock is held from here to COMMIT.
    fn claim_counted(&mut self, chunk: u8, rules: &Rules) -> Worker {
        match self.claim(chunk, rules) {
            Claim::Ours => Worker::Copying(chunk),
            Claim::Done => self.settled(rules),
            Claim::NotWanted => Worker::Idle,
            Claim::Paused => Worker::PutsBack(chunk, true),
            Claim::ComeAgain => Worker::GivesBack(chunk),
        }
    }

    /// COPY, `write_receipt`, `pass_fence` and COMMIT are one step: nothing of it can be seen
    /// before the COMMIT, and every change of the import's row after the fence waits for the
    /// COMMIT.
    fn store(&mut self, chunk: u8, rules: &Rules) -> Worker {
        if self.chunk(chunk).rows > 0 && rules.primary_key {
            return self.come_again(chunk); // 23505: not a transient fault, so the attempt counts
        }
        if !self.passes_fence(rules) {
            return Worker::Idle; // ROLLBACK, acknowledged
        }
        self.chunk(chunk).rows += 1;
        self.chunk(chunk).done = rules.receipt;
        self.row.chunks_done += 1;
        self.touch();
        Worker::Stored(chunk)
    }

    fn passes_fence(&self, rules: &Rules) -> bool {
        match rules.fence {
            Fence::Last => self.allows(Event::StoreChunk),
            Fence::None => true,
            Fence::ForeignKey => self.row.state != State::Deleted,
        }
    }

    /// Advances and acknowledges.
    fn settled(&mut self, rules: &Rules) -> Worker {
        self.owe(rules);
        Worker::Idle
    }

    /// `chunks::put_back`. A counted attempt is given back, and the message is acknowledged.
    fn put_back(&mut self, chunk: u8, counted: bool, rules: &Rules) -> Worker {
        let row = self.chunk(chunk);
        if row.planned && !row.done {
            row.queued = Queued::LongAgo;
            row.attempts = row.attempts.saturating_sub(u8::from(counted));
        }
        self.settled(rules)
    }

    /// `chunks::give_back_attempt`; the message is delivered again.
    fn give_back(&mut self, chunk: u8) -> Worker {
        let row = self.chunk(chunk);
        if !row.done {
            row.attempts = row.attempts.saturating_sub(1);
        }
        self.come_again(chunk)
    }

    fn come_again(&mut self, chunk: u8) -> Worker {
        self.send(chunk);
        Worker::Idle
    }

    /// The worker is gone, its transaction rolled back, its message visible again: it died, or
    /// `upkeep::end_silent_workers` ended it.
    pub fn end_worker(&mut self, index: usize) {
        self.workers[index] = match self.workers[index] {
            Worker::Idle => Worker::Idle,
            Worker::Received(chunk)
            | Worker::Counted(chunk)
            | Worker::Copying(chunk)
            | Worker::Stored(chunk)
            | Worker::PutsBack(chunk, _)
            | Worker::GivesBack(chunk)
            | Worker::Frozen(chunk) => self.come_again(chunk),
        };
    }

    /// fail-chunk judges a dead letter: `chunks::bury`.
    pub fn bury(&mut self, chunk: u8, rules: &Rules) {
        self.messages[usize::from(chunk)].dead = false;
        let row = self.chunk(chunk);
        if row.planned && !row.done && row.attempts >= ATTEMPTS_AT_MOST {
            self.gives_up = Some(chunk);
        } else if row.planned && !row.done {
            row.queued = Queued::LongAgo;
            self.owe(rules);
        } else {
            self.owe(rules);
        }
    }

    /// `chunks::give_up`; if a worker holds the chunk, the dead letter is delivered again.
    pub fn give_up(&mut self, chunk: u8, rules: &Rules) {
        self.gives_up = None;
        if self.is_locked(chunk) {
            self.messages[usize::from(chunk)].dead = true;
            return;
        }
        let row = *self.chunk(chunk);
        let spent = row.planned && !row.done && row.attempts >= ATTEMPTS_AT_MOST;
        if spent && self.allows(Event::FailForNow) {
            self.stored_given_up |= row.rows > 0;
            self.fail(Event::FailForNow);
        }
        self.owe(rules);
    }
}
