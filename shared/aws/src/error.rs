use std::error::Error as StdError;

use crate::chain;

/// A call to AWS that did not succeed.
#[derive(Debug, thiserror::Error)]
#[error("{what}: {cause}")]
pub struct Error {
    /// What was asked, in words.
    pub what: &'static str,
    /// What it means for another try.
    pub kind: ErrorKind,
    /// What AWS or the network said.
    pub cause: Box<dyn StdError + Send + Sync>,
}

/// What a failed call means for another try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The SDK has already tried a few times; another try later is worth it.
    Passing,
    /// AWS said no: another try gets the same answer.
    Refused,
    /// What was asked for is not there, for good: a version of an object that was deleted.
    Gone,
}

impl Error {
    /// Wraps what the SDK said, its whole chain of causes included; another try is worth it.
    pub fn new(what: &'static str, cause: impl StdError + Send + Sync + 'static) -> Self {
        Self {
            what,
            kind: ErrorKind::Passing,
            cause: chain(&cause, |_| false).into(),
        }
    }
}
