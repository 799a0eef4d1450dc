//! How often may be tried what must not be tried without end: to guess a password, to make an
//! account. Some tries are free; from then on there is a pause after each, twice as long as the one
//! before it. Nobody is kept waiting for an answer: a try that comes too soon is refused, and is told
//! when the next one may come.
//!
//! A try counts from before it is made until it is known to be harmless. So those that are made at
//! the same moment see each other, and a crash in between counts as a failure.

use std::fmt::Write as _;

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};

use crate::address::Address;
use crate::limits::{PAUSE_BETWEEN_TRIES_AT_MOST, TRIES_FORGOTTEN_AFTER};

/// Whom tries count against. What is told of it is a digest: a name that nobody has may be a
/// password that was typed in the wrong field.
#[derive(Clone, Copy, Debug)]
pub enum Counted<'a> {
    /// Passwords of this name, from this address.
    PasswordFrom {
        /// As it was sent.
        username: &'a str,
        /// Where it came from.
        address: &'a Address,
    },
    /// Passwords of whatever names, from this address.
    PasswordsFrom(&'a Address),
    /// Passwords of this name, from wherever.
    PasswordOf(&'a str),
    /// New accounts, from this address.
    SignUpsFrom(&'a Address),
}

impl Counted<'_> {
    /// Names the tries. It is the same for a name that somebody has and for one that nobody has.
    #[must_use]
    pub fn digest(&self) -> String {
        let (kind, address, username) = match self {
            Counted::PasswordFrom { username, address } => {
                ("password from", address.place(), *username)
            }
            Counted::PasswordsFrom(address) => ("passwords from", address.place(), ""),
            Counted::PasswordOf(username) => ("password of", String::new(), *username),
            Counted::SignUpsFrom(address) => ("sign-ups from", address.place(), ""),
        };
        let mut text = String::new();
        // Neither a kind nor a place has a line break.
        for byte in Sha256::digest(format!("{kind}\n{address}\n{username}")) {
            let _ = write!(text, "{byte:02x}");
        }
        text
    }
}

/// What is kept of tries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tries {
    /// How many there were.
    pub count: u32,
    /// When the last one was, to the millisecond.
    pub last: Timestamp,
    /// All of them are forgotten then, to the second.
    pub forgotten_at: Timestamp,
}

/// What becomes of a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// It may be made. This is what is kept from now on.
    Try(Tries),
    /// It comes too soon: the next one may be made after this many seconds.
    Wait(u32),
}

/// What becomes of a try at this moment, where so many are free.
#[must_use]
pub fn turn(kept: Option<Tries>, free: u32, now: Timestamp) -> Turn {
    let now = milliseconds(now);
    let kept = kept.filter(|it| now < it.forgotten_at);
    let Some(kept) = kept else {
        return Turn::Try(first(now));
    };
    let opens = kept.last.saturating_add(pause(kept.count, free));
    let opens = opens.unwrap_or(Timestamp::MAX);
    if now < opens {
        return Turn::Wait(whole_seconds(opens.duration_since(now)));
    }
    let count = kept.count.saturating_add(1);
    let is_one_of_the_last = count >= free;
    Turn::Try(Tries {
        count,
        last: now,
        // Once the free ones are used, it takes a quiet hour; before, they are those of one hour.
        forgotten_at: match is_one_of_the_last {
            true => first(now).forgotten_at,
            false => kept.forgotten_at,
        },
    })
}

impl Tries {
    /// Seconds after the last one in which no other is made, where so many are free.
    #[must_use]
    pub fn pause_seconds(&self, free: u32) -> u32 {
        whole_seconds(pause(self.count, free))
    }
}

fn first(now: Timestamp) -> Tries {
    let forgotten_at = now.saturating_add(TRIES_FORGOTTEN_AFTER);
    Tries {
        count: 1,
        last: now,
        forgotten_at: seconds(forgotten_at.unwrap_or(Timestamp::MAX)),
    }
}

/// The pause after so many tries.
fn pause(count: u32, free: u32) -> SignedDuration {
    match count.checked_sub(free) {
        None => SignedDuration::ZERO,
        Some(more) => {
            let doubled = 1_i64.checked_shl(more).filter(|it| *it > 0);
            doubled.map_or(PAUSE_BETWEEN_TRIES_AT_MOST, |it| {
                SignedDuration::from_secs(it).min(PAUSE_BETWEEN_TRIES_AT_MOST)
            })
        }
    }
}

/// Rounded up: who comes back after as many has waited long enough.
fn whole_seconds(duration: SignedDuration) -> u32 {
    let more = i64::from(duration.subsec_nanos() > 0);
    u32::try_from(duration.as_secs() + more).unwrap_or(u32::MAX)
}

/// As it is stored.
fn milliseconds(at: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at)
}

fn seconds(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap_or(at)
}

#[cfg(test)]
mod tests;
