//! What each action does to the world.

use super::*;

impl World {
    pub(super) fn is_whole_while_read(&self) -> bool {
        let read = self.phase == Phase::Read;
        let object = self.whole.map(|it| self.stored[usize::from(it) - 1].object);
        !read || object == Some(Some(true))
    }

    pub(super) fn happen(&mut self, action: Action, rules: Rules) {
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
