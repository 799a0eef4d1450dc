use std::error::Error as StdError;

use crate::chain;

/// A call to AWS that did not succeed. The SDK has already tried a few times; unless it was
/// refused, another try later is worth it.
#[derive(Debug, thiserror::Error)]
#[error("{what}: {cause}")]
pub struct Error {
    /// What was asked, in words.
    pub what: &'static str,
    /// AWS refused it (the object is gone, or access is denied): another try gets the same answer.
    pub refused: bool,
    /// What was asked for is gone for good: a version of an object that was deleted.
    pub gone: bool,
    /// What AWS or the network said.
    pub cause: Box<dyn StdError + Send + Sync>,
}

impl Error {
    /// Wraps what the SDK said, its whole chain of causes included.
    pub fn new(what: &'static str, cause: impl StdError + Send + Sync + 'static) -> Self {
        let cause = chain(&cause, |_| false).into();
        Self {
            what,
            refused: false,
            gone: false,
            cause,
        }
    }
}
