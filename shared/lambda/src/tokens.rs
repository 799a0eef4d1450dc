//! Tokens: JSON web tokens signed with HS256, in the shape that clients of the original service
//! know.

use aws::SdkConfig;
use domain::limits::{ACCESS_TOKEN_VALID_FOR, REFRESH_TOKEN_VALID_FOR};
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::settings::{self, SettingError};

/// HS256 wants a key of at least its hash's length (RFC 7518, 3.2), in bytes.
const SHORTEST_KEY: usize = 32;

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

/// Why there are no keys. Never quotes the secret.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// SIGNING_SECRET_ARN is missing.
    #[error(transparent)]
    Setting(#[from] SettingError),
    /// The secret cannot be read.
    #[error("the signing secret: {0}")]
    Unreadable(#[from] aws::Error),
    /// The secret is too short to sign with.
    #[error("the signing secret is shorter than {SHORTEST_KEY} bytes")]
    TooShort,
}

/// Signs tokens and checks them.
pub struct Keys {
    signing: EncodingKey,
    checking: DecodingKey,
    rules: Validation,
}

#[derive(Serialize)]
struct Claims {
    token_type: &'static str,
    exp: i64,
    jti: String,
    user_id: i64,
}

#[derive(Deserialize)]
struct Received {
    token_type: Option<String>,
    exp: i64,
    jti: Option<String>,
    user_id: Option<i64>,
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
    /// The key in the secret that SIGNING_SECRET_ARN names; its text is the key, byte for byte.
    ///
    /// # Errors
    /// The setting is missing, the secret cannot be read or is too short.
    pub async fn from_environment(config: &SdkConfig) -> Result<Self, KeysError> {
        let arn = settings::required("SIGNING_SECRET_ARN")?;
        let secret = aws::secrets::get_string(config, &arn).await?;
        Self::new(secret.as_bytes())
    }

    /// Keys from the secret's bytes.
    ///
    /// # Errors
    /// The secret is shorter than 32 bytes.
    pub fn new(secret: &[u8]) -> Result<Self, KeysError> {
        if secret.len() < SHORTEST_KEY {
            return Err(KeysError::TooShort);
        }
        // The expiry is checked here, against the clock the caller hands in, without leeway.
        let mut rules = Validation::new(Algorithm::HS256);
        rules.validate_exp = false;
        rules.leeway = 0;
        Ok(Self {
            signing: EncodingKey::from_secret(secret),
            checking: DecodingKey::from_secret(secret),
            rules,
        })
    }

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
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.signing)
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
        let received = jsonwebtoken::decode::<Received>(token, &self.checking, &self.rules)
            .map_err(|_| TokenError::Invalid)?
            .claims;
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
