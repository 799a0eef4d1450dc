//! Pieces of statements that say what the domain says: states, what is true of them, and times.
//!
//! States are literals and no parameters. A partial index serves a statement only if the planner
//! can prove the index's condition from the statement's words, and a parameter proves nothing.

use std::fmt::{Display, Formatter, Result};

use domain::{export, import};
use jiff::SignedDuration;

/// A piece of a statement that is put together where the statement is.
#[derive(Clone, Copy)]
pub(crate) struct Sql(pub fn(&mut Formatter<'_>) -> Result);

impl Display for Sql {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        self.0(f)
    }
}

/// A word of the domain, none of which has a quote in it: `'completed'`.
pub(crate) struct Word<W>(pub W);

impl<W: Display> Display for Word<W> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "'{}'", self.0)
    }
}

/// The states of which something is true: `('planning', 'importing')`.
pub(crate) struct States<S: 'static> {
    all: &'static [S],
    are: fn(S) -> bool,
}

/// The states of imports of which this is true.
pub(crate) const fn imports(are: fn(import::State) -> bool) -> States<import::State> {
    States {
        all: import::State::ALL,
        are,
    }
}

/// The states of exports of which this is true.
pub(crate) const fn exports(are: fn(export::State) -> bool) -> States<export::State> {
    States {
        all: export::State::ALL,
        are,
    }
}

impl<S: Display + Copy> Display for States<S> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let mut separator = "(";
        for state in self.all.iter().filter(|it| (self.are)(**it)) {
            write!(f, "{separator}{}", Word(state))?;
            separator = ", ";
        }
        f.write_str(")")
    }
}

/// A length of time: `interval '90 s'`.
pub(crate) struct Interval(pub SignedDuration);

impl Display for Interval {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "interval '{} s'", self.0.as_secs())
    }
}

/// Sets a goal and the state that works towards it.
pub(crate) struct Towards<G>(pub G);

impl Display for Towards<import::Goal> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let (state, goal) = (Word(self.0.on_the_way()), Word(self.0));
        write!(f, "state = {state}, goal = {goal}")
    }
}

impl Display for Towards<export::Goal> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let (state, goal) = (Word(self.0.on_the_way()), Word(self.0));
        write!(f, "state = {state}, goal = {goal}")
    }
}

/// Of an import or an export: not deleted, nor about to be.
pub(crate) const THERE: Sql =
    Sql(|f| write!(f, "goal IS DISTINCT FROM {}", Word(import::Goal::Deleted)));

/// Of an import: raises the run if a rollback may have used up the name of its execution.
pub(crate) const ANOTHER_RUN: Sql = Sql(|f| {
    let need_it = imports(import::State::rollback_needs_another_run);
    write!(f, "run = run + (state IN {need_it})::integer")
});

/// Of an import or an export: its user has asked for what the same UPDATE does. The trigger that
/// notes events tells by it who changed the state.
pub(crate) const AS_ASKED: &str = "commands = commands + 1";

/// What the delete of an import sets.
pub(crate) const DELETES: Sql = Sql(|f| {
    let deleted = Towards(import::Goal::Deleted);
    write!(
        f,
        "{deleted}, {ANOTHER_RUN}, idempotency_key = NULL, hold_expires_at = NULL"
    )
});

/// States of imports.
pub(crate) mod of_import {
    use domain::import::State;

    use super::Word;

    pub(crate) const AWAITING_UPLOAD: Word<State> = Word(State::AwaitingUpload);
    pub(crate) const PLANNING: Word<State> = Word(State::Planning);
    pub(crate) const IMPORTING: Word<State> = Word(State::Importing);
    pub(crate) const PAUSED: Word<State> = Word(State::Paused);
    pub(crate) const FINISHING: Word<State> = Word(State::Finishing);
    pub(crate) const COMPLETED: Word<State> = Word(State::Completed);
    pub(crate) const HELD: Word<State> = Word(State::Held);
    pub(crate) const DELETED: Word<State> = Word(State::Deleted);
    pub(crate) const ROLLBACK_FAILED: Word<State> = Word(State::RollbackFailed);
}

/// States of exports.
pub(crate) mod of_export {
    use domain::export::State;

    use super::Word;

    pub(crate) const EXPIRING: Word<State> = Word(State::Expiring);
    pub(crate) const NEEDS_CONFIRMATION: Word<State> = Word(State::NeedsConfirmation);
    pub(crate) const EXPORTING: Word<State> = Word(State::Exporting);
    pub(crate) const COMPLETED: Word<State> = Word(State::Completed);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_lists_of_them() {
        let list = imports(import::State::hands_out).to_string();
        assert_eq!(list, "('planning', 'importing')");
        let list = exports(export::State::is_awaited).to_string();
        assert_eq!(list, "('needs_confirmation', 'exporting')");
        let set = Towards(import::Goal::Failed).to_string();
        assert_eq!(set, "state = 'rolling_back', goal = 'failed'");
        let set = Towards(export::Goal::Failed).to_string();
        assert_eq!(set, "state = 'failing', goal = 'failed'");
    }

    #[test]
    fn times_are_whole_seconds() {
        let minute = Interval(SignedDuration::from_mins(1)).to_string();
        assert_eq!(minute, "interval '60 s'");
    }

    #[test]
    fn no_word_needs_quoting() {
        let states = import::State::ALL.iter().map(|it| it.as_str());
        let words = states.chain(export::State::ALL.iter().map(|it| it.as_str()));
        let plain = |it: u8| it.is_ascii_lowercase() || it == b'_';
        assert!(words.into_iter().all(|it| it.bytes().all(plain)));
        assert_eq!(
            import::Goal::Deleted.as_str(),
            export::Goal::Deleted.as_str()
        );
    }
}
