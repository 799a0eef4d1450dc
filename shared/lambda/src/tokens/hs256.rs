//! HS256: one secret that signs and checks. Only stacks that began with it still have one.

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::Serialize;

use super::claims::Received;
use super::errors::KeysError;
use super::{TokenError, TokenType};

/// HS256 wants a key of at least its hash's length (RFC 7518, 3.2), in bytes.
const SHORTEST_KEY: usize = 32;

/// Which tokens are taken that were signed with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Takes {
    /// Access and refresh tokens.
    Both,
    /// Refresh tokens: the access tokens have expired by now.
    RefreshOnly,
}

/// The secret of a stack.
pub(super) struct Hs256 {
    signing: EncodingKey,
    checking: DecodingKey,
    rules: Validation,
    takes: Takes,
}

impl Hs256 {
    /// The text of the secret is the key, byte for byte.
    pub(super) fn new(secret: &[u8], takes: Takes) -> Result<Self, KeysError> {
        if secret.len() < SHORTEST_KEY {
            return Err(KeysError::TooShort(SHORTEST_KEY));
        }
        Ok(Self {
            signing: EncodingKey::from_secret(secret),
            checking: DecodingKey::from_secret(secret),
            rules: rules(Algorithm::HS256),
            takes,
        })
    }

    pub(super) fn sign(&self, claims: &impl Serialize) -> Result<String, KeysError> {
        let header = Header::new(Algorithm::HS256);
        jsonwebtoken::encode(&header, claims, &self.signing).map_err(KeysError::Sign)
    }

    pub(super) fn verify(&self, token: &[u8], expected: TokenType) -> Result<Received, TokenError> {
        if self.takes == Takes::RefreshOnly && expected != TokenType::Refresh {
            return Err(TokenError::Invalid);
        }
        jsonwebtoken::decode(token, &self.checking, &self.rules)
            .map(|it| it.claims)
            .map_err(|_| TokenError::Invalid)
    }
}

/// What is demanded of a token of this algorithm. Its end is judged by whoever asks, against the
/// clock that they hand in, without leeway.
pub(super) fn rules(algorithm: Algorithm) -> Validation {
    let mut rules = Validation::new(algorithm);
    rules.validate_exp = false;
    rules.leeway = 0;
    rules
}
