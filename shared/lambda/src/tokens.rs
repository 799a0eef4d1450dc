//! Tokens: JSON web tokens signed with HS256, in the shape that clients of the original service
//! know.

mod claims;
mod keys;

use domain::limits::{ACCESS_TOKEN_VALID_FOR, REFRESH_TOKEN_VALID_FOR};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use claims::Claims;
pub use keys::{Keys, KeysError};

/// What a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenType {
    /// Sent with every request.
    Access,
    /// Exchanged for a new access token.
    Refresh,
}

/// Why a token is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenError {
    /// It is not ours, was changed, has expired, or is no token at all.
    Invalid,
    /// A refresh token where an access token belongs, or the other way round.
    WrongType,
    /// It names no user.
    NoUser,
}

impl TokenType {
    fn word(self) -> &'static str {
        match self {
            TokenType::Access => "access",
            TokenType::Refresh => "refresh",
        }
    }

    fn valid_for(self) -> SignedDuration {
        match self {
            TokenType::Access => ACCESS_TOKEN_VALID_FOR,
            TokenType::Refresh => REFRESH_TOKEN_VALID_FOR,
        }
    }
}

impl Keys {
    /// A new token of this type for the user, valid from `now`.
    ///
    /// # Errors
    /// The crypto provider refused to sign.
    pub fn issue(
        &self,
        token_type: TokenType,
        user_id: i64,
        now: Timestamp,
    ) -> Result<String, jsonwebtoken::errors::Error> {
        let claims = Claims {
            token_type: token_type.word(),
            exp: (now + token_type.valid_for()).as_second(),
            jti: Uuid::new_v4().simple().to_string(),
            user_id,
        };
        self.sign(&claims)
    }

    /// The id of the user the token was issued to.
    ///
    /// # Errors
    /// The token is not one of ours, is expired at `now`, or is of the other type.
    pub fn check(
        &self,
        token: &[u8],
        expected: TokenType,
        now: Timestamp,
    ) -> Result<i64, TokenError> {
        let received = self.verify(token)?;
        if received.exp <= now.as_second() || received.jti.is_none() {
            return Err(TokenError::Invalid);
        }
        if received.token_type.as_deref() != Some(expected.word()) {
            return Err(TokenError::WrongType);
        }
        received.user_id.ok_or(TokenError::NoUser)
    }
}

#[cfg(test)]
mod tests;
