//! Families of refresh tokens. A sign-in may ask for one: then each of its refresh tokens is
//! exchanged once, for the next. A token that comes a second time is held by two, of whom one may
//! be a thief, and nobody can say which: so the whole family ends, and the user signs in again.
//!
//! Times are seconds since the Unix epoch, as in tokens.

use crate::limits::{FAMILY_AT_MOST, REFRESH_TOKEN_VALID_FOR, REFRESHED_AGAIN_WITHIN};

/// What is kept of a family; the default one, of a family none of whose tokens was exchanged yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Family {
    /// The token that was exchanged last.
    pub spent: Option<Spent>,
    /// When its first token was issued.
    pub began: Option<i64>,
    /// No token of it is good any more.
    pub ended: bool,
}

/// A token that was exchanged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spent {
    /// Its id.
    pub jti: String,
    /// When that was, for the first time.
    pub at: i64,
}

/// What becomes of a token of a family that is presented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// It is exchanged for its successor, if no other request is first.
    Exchange,
    /// It was exchanged a moment ago, and no successor of it was: the answer may have been lost, or
    /// two windows ask at once. It gets another successor, of which one can be exchanged.
    Again,
    /// It was exchanged before, or another token was in its place: the family is to end.
    Replayed,
    /// The family has ended.
    Ended,
}

impl Family {
    /// What becomes of the token `jti`, which was given for the token `parent`; the first of a
    /// family was given for none.
    pub fn turn(&self, jti: &str, parent: Option<&str>, now: i64) -> Turn {
        let spent = self.spent.as_ref();
        match spent.filter(|it| it.jti == jti) {
            _ if self.ended => Turn::Ended,
            Some(spent) if now - spent.at <= REFRESHED_AGAIN_WITHIN.as_secs() => Turn::Again,
            None if spent.map(|it| it.jti.as_str()) == parent => Turn::Exchange,
            _ => Turn::Replayed,
        }
    }

    /// When a successor ends that is issued at this second for a token that was issued at
    /// `predecessor`: after a refresh token's time, and with the family at the latest.
    pub fn successor_ends(&self, predecessor: i64, issued_at: i64) -> i64 {
        let family_ends = self.began(predecessor) + FAMILY_AT_MOST.as_secs();
        family_ends.min(issued_at + REFRESH_TOKEN_VALID_FOR.as_secs())
    }

    /// When the family began, if a token is exchanged now that was issued at `predecessor`.
    pub fn began(&self, predecessor: i64) -> i64 {
        self.began.unwrap_or(predecessor)
    }
}

#[cfg(test)]
mod tests;
