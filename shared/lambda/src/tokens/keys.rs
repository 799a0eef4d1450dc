//! The keys that tokens are signed and checked with.

use aws::SdkConfig;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};

use super::TokenError;
use super::claims::{Claims, Received};
use crate::settings::{self, SettingError};

/// HS256 wants a key of at least its hash's length (RFC 7518, 3.2), in bytes.
const SHORTEST_KEY: usize = 32;

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

    /// The token that says this.
    ///
    /// # Errors
    /// The crypto provider refused to sign.
    pub(super) fn sign(&self, claims: &Claims) -> Result<String, jsonwebtoken::errors::Error> {
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), claims, &self.signing)
    }

    /// What a token says whose signature is ours.
    ///
    /// # Errors
    /// The signature is not ours, or what is signed is not what tokens say.
    pub(super) fn verify(&self, token: &[u8]) -> Result<Received, TokenError> {
        jsonwebtoken::decode(token, &self.checking, &self.rules)
            .map(|it| it.claims)
            .map_err(|_| TokenError::Invalid)
    }
}
