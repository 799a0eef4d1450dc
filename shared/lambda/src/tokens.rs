//! Tokens: JSON web tokens in the shape that clients of the original service know, signed with EdDSA
//! and checked with the public keys of the key ring.

mod claims;
mod errors;
mod header;
mod hs256;
mod keys;
mod policy;
mod ring;
mod signing_key;

use domain::limits::{ACCESS_TOKEN_VALID_FOR, REFRESH_TOKEN_VALID_FOR};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use claims::Claims;
pub use errors::{CheckError, KeysError};
pub use keys::Keys;
pub use policy::{CheckHs256, Policy, SignWith};

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

/// What a token says that was found good. Times are seconds since the Unix epoch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// Whom it was issued to.
    pub user_id: i64,
    /// Its id.
    pub jti: String,
    /// When it was issued. A token that does not say it counts as issued as long before its end as
    /// its type is valid.
    pub issued_at: i64,
    /// When it ends.
    pub expires_at: i64,
    /// The family of a refresh token that is exchanged when it is used.
    pub family: Option<String>,
    /// The id of the token of its family that it was given for; `None`: it is the first.
    pub parent: Option<String>,
}

impl Checked {
    /// The id of its family. A token without one is a family of its own.
    pub fn family_id(&self) -> &str {
        self.family.as_deref().unwrap_or(&self.jti)
    }
}

impl Claims {
    fn new(token_type: TokenType, user_id: i64, issued_at: Timestamp) -> Self {
        Self {
            token_type: token_type.word(),
            exp: (issued_at + token_type.valid_for()).as_second(),
            iat: issued_at.as_second(),
            jti: Uuid::new_v4().simple().to_string(),
            user_id,
            family: None,
            parent: None,
        }
    }
}

impl Keys {
    /// A new token of this type for the user. A refresh token is good for any number of access
    /// tokens.
    ///
    /// # Errors
    /// There is no key to sign with that others know, or the crypto provider refused to sign.
    pub async fn issue(
        &self,
        token_type: TokenType,
        user_id: i64,
        issued_at: Timestamp,
    ) -> Result<String, KeysError> {
        let claims = Claims::new(token_type, user_id, issued_at);
        self.sign(&claims, issued_at).await
    }

    /// A refresh token that begins a family, of which it is the first and has the name.
    ///
    /// # Errors
    /// As for [`Keys::issue`].
    pub async fn begin_family(
        &self,
        user_id: i64,
        issued_at: Timestamp,
    ) -> Result<String, KeysError> {
        let mut claims = Claims::new(TokenType::Refresh, user_id, issued_at);
        claims.family = Some(claims.jti.clone());
        self.sign(&claims, issued_at).await
    }

    /// The refresh token that a token of a family is exchanged for; it ends at `expires_at`.
    ///
    /// # Errors
    /// As for [`Keys::issue`].
    pub async fn succeed(
        &self,
        token: &Checked,
        issued_at: Timestamp,
        expires_at: i64,
    ) -> Result<String, KeysError> {
        let claims = Claims {
            exp: expires_at,
            family: Some(token.family_id().to_owned()),
            parent: Some(token.jti.clone()),
            ..Claims::new(TokenType::Refresh, token.user_id, issued_at)
        };
        self.sign(&claims, issued_at).await
    }

    /// What the token says, if it is good at `now`.
    ///
    /// # Errors
    /// The token is not one of ours, is expired at `now`, or is of the other type; or the key ring
    /// cannot be read.
    pub async fn check(
        &self,
        token: &[u8],
        expected: TokenType,
        now: Timestamp,
    ) -> Result<Checked, CheckError> {
        let received = self.verify(token, expected, now).await?;
        let jti = received.jti.ok_or(TokenError::Invalid)?;
        if received.exp <= now.as_second() {
            return Err(TokenError::Invalid.into());
        }
        if received.token_type.as_deref() != Some(expected.word()) {
            return Err(TokenError::WrongType.into());
        }
        let lifetime = expected.valid_for().as_secs();
        Ok(Checked {
            user_id: received.user_id.ok_or(TokenError::NoUser)?,
            jti,
            issued_at: received.iat.unwrap_or(received.exp - lifetime),
            expires_at: received.exp,
            family: received.family,
            parent: received.parent,
        })
    }
}

#[cfg(test)]
mod tests;
