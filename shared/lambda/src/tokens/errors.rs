//! What can go wrong with keys and tokens.

use super::TokenError;
use crate::http::{Refusal, Unauthorized};
use crate::settings::SettingError;

/// Why there is no key to sign or to check with. Never quotes a secret.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// A setting is missing or unusable.
    #[error(transparent)]
    Setting(#[from] SettingError),
    /// The secret of HS256 cannot be read.
    #[error("the HS256 secret: {0}")]
    Secret(#[source] aws::Error),
    /// The secret is too short to sign with.
    #[error("the HS256 secret is shorter than {0} bytes")]
    TooShort(usize),
    /// The key ring cannot be read.
    #[error("the key ring: {0}")]
    Ring(#[source] aws::Error),
    /// The signing key cannot be read.
    #[error("the signing key: {0}")]
    SigningKey(#[source] aws::Error),
    /// The signing key is something else.
    #[error("the signing key is not PKCS#8 of Ed25519 in PEM")]
    Shape,
    /// Whoever checks a token would not know the key that it is signed with.
    #[error("the signing key {kid} is not in the key ring; see docs/runbook/rotate-signing-key.md")]
    NotInRing {
        /// Of the key.
        kid: String,
    },
    /// It is for `auth` to sign.
    #[error("this function signs no tokens")]
    NotSigning,
    /// The crypto provider refused.
    #[error("a token could not be signed: {0}")]
    Sign(#[source] jsonwebtoken::errors::Error),
}

/// Why a token is not taken. It is no `Error`: with `?` it would become a 500, and a bad token is a
/// 401, which [`CheckError::refusal`] makes of it.
#[derive(Debug)]
pub enum CheckError {
    /// It is no good.
    Refused(TokenError),
    /// It may be good, but there was nothing to check it with.
    Keys(KeysError),
}

impl From<TokenError> for CheckError {
    fn from(error: TokenError) -> Self {
        CheckError::Refused(error)
    }
}

impl From<KeysError> for CheckError {
    fn from(error: KeysError) -> Self {
        CheckError::Keys(error)
    }
}

impl CheckError {
    /// What the client gets: a 401 in the words of the case, or a 500.
    pub fn refusal(self, words: impl FnOnce(TokenError) -> Unauthorized) -> Refusal {
        match self {
            CheckError::Refused(error) => words(error).into(),
            CheckError::Keys(error) => Refusal::Internal(error.into()),
        }
    }
}
