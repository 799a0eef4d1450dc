//! The keys that tokens are signed and checked with.

use aws::SdkConfig;
use aws::accounts::Accounts;
use domain::key_ring::{KeyRing, is_kid};
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::Serialize;

use super::claims::{Claims, Received};
use super::errors::{CheckError, KeysError};
use super::hs256::{self, Hs256, Takes};
use super::policy::{CheckHs256, Policy, SignWith};
use super::ring::{ReadRing, Ring};
use super::signing_key::{ReadKey, SigningKey};
use super::{TokenError, TokenType};
use crate::settings::SettingError;

/// Signs tokens and checks them. Which key a token is checked with, and so by which algorithm, is
/// said by the key ring: a token with a kid is checked with the key of that kid by EdDSA, a token
/// without one with the secret of HS256, if there is one.
pub struct Keys {
    issuer: String,
    ring: Ring,
    rules: Validation,
    hs256: Option<Hs256>,
    signer: Signer,
}

/// What new tokens are signed with.
enum Signer {
    Nothing,
    Hs256,
    EdDsa(SigningKey),
}

/// The claims of a token that is signed with EdDSA.
#[derive(Serialize)]
struct Issued<'a> {
    #[serde(flatten)]
    claims: &'a Claims,
    iss: &'a str,
}

impl Keys {
    /// Keys that check.
    ///
    /// # Errors
    /// A setting is missing, or the secret of HS256 cannot be read.
    pub async fn checking(
        config: &SdkConfig,
        accounts: &Accounts,
        policy: Policy,
    ) -> Result<Self, KeysError> {
        let takes = match (policy.sign_with, policy.check_hs256) {
            (SignWith::Hs256, _) | (_, CheckHs256::Everyone) => Some(Takes::Both),
            (SignWith::EdDsa, CheckHs256::Auth | CheckHs256::Nobody) => None,
        };
        Ok(Self {
            hs256: secret(config, &policy, takes).await?,
            ..Self::of(policy.issuer, read_ring(accounts))
        })
    }

    /// Keys that check and sign: for `auth` alone.
    ///
    /// # Errors
    /// A setting is missing, a secret cannot be read, or no function would know the signing key.
    pub async fn signing(
        config: &SdkConfig,
        accounts: &Accounts,
        policy: Policy,
        now: Timestamp,
    ) -> Result<Self, KeysError> {
        let takes = match (policy.sign_with, policy.check_hs256) {
            (SignWith::Hs256, _) | (_, CheckHs256::Everyone) => Some(Takes::Both),
            (SignWith::EdDsa, CheckHs256::Auth) => Some(Takes::RefreshOnly),
            (SignWith::EdDsa, CheckHs256::Nobody) => None,
        };
        let hs256 = secret(config, &policy, takes).await?;
        let mut keys = Self::of(policy.issuer, read_ring(accounts));
        keys.hs256 = hs256;
        keys.signer = match policy.sign_with {
            SignWith::Hs256 => Signer::Hs256,
            SignWith::EdDsa if keys.issuer.is_empty() => {
                return Err(SettingError::Missing("TOKEN_ISSUER").into());
            }
            SignWith::EdDsa => {
                let key = SigningKey::new(read_key(config, policy.signing_key_arn)?);
                key.current(&keys.ring, now).await?;
                Signer::EdDsa(key)
            }
        };
        Ok(keys)
    }

    /// Keys of HS256 alone, which sign and check.
    ///
    /// # Errors
    /// The secret is shorter than 32 bytes.
    pub fn new(secret: &[u8]) -> Result<Self, KeysError> {
        let nothing = || Box::pin(async { Ok(KeyRing::default()) }) as _;
        let mut keys = Self::of(String::new(), Box::new(nothing));
        keys.hs256 = Some(Hs256::new(secret, Takes::Both)?);
        keys.signer = Signer::Hs256;
        Ok(keys)
    }

    fn of(issuer: String, read: ReadRing) -> Self {
        let mut rules = hs256::rules(Algorithm::EdDSA);
        rules.set_issuer(&[&issuer]);
        rules.set_required_spec_claims(&["exp", "iss"]);
        Self {
            issuer,
            ring: Ring::new(read),
            rules,
            hs256: None,
            signer: Signer::Nothing,
        }
    }

    /// The token that says this.
    ///
    /// # Errors
    /// There is no key to sign with, or the crypto provider refused to.
    pub(super) async fn sign(&self, claims: &Claims, now: Timestamp) -> Result<String, KeysError> {
        match (&self.signer, &self.hs256) {
            (Signer::EdDsa(key), _) => {
                let iss = &self.issuer;
                let pair = key.current(&self.ring, now).await?;
                pair.sign(&Issued { claims, iss })
            }
            (Signer::Hs256, Some(secret)) => secret.sign(claims),
            _ => Err(KeysError::NotSigning),
        }
    }

    /// What a token says whose signature is ours.
    ///
    /// # Errors
    /// The signature is not ours, or what is signed is not what tokens say; or the key ring cannot
    /// be read.
    pub(super) async fn verify(
        &self,
        token: &[u8],
        expected: TokenType,
        now: Timestamp,
    ) -> Result<Received, CheckError> {
        match super::header::kid(token)? {
            Some(kid) => self.verify_by_ring(&kid, token, now).await,
            None => {
                let secret = self.hs256.as_ref().ok_or(TokenError::Invalid)?;
                Ok(secret.verify(token, expected)?)
            }
        }
    }

    async fn verify_by_ring(
        &self,
        kid: &str,
        token: &[u8],
        now: Timestamp,
    ) -> Result<Received, CheckError> {
        // What cannot be a kid costs no read.
        if !is_kid(kid) {
            return Err(TokenError::Invalid.into());
        }
        let key = self.ring.accepted(kid, now).await?;
        let key = key.ok_or(TokenError::Invalid)?;
        DecodingKey::from_ed_components(&key.x)
            .and_then(|key| jsonwebtoken::decode(token, &key, &self.rules))
            .map(|it| it.claims)
            .map_err(|_| TokenError::Invalid.into())
    }
}

async fn secret(
    config: &SdkConfig,
    policy: &Policy,
    takes: Option<Takes>,
) -> Result<Option<Hs256>, KeysError> {
    let Some(takes) = takes else {
        return Ok(None);
    };
    let arn = policy.hs256_secret_arn.as_deref();
    let arn = arn.ok_or(SettingError::Missing("SIGNING_SECRET_ARN"))?;
    let secret = aws::secrets::get_string(config, arn).await;
    let secret = secret.map_err(KeysError::Secret)?;
    Hs256::new(secret.as_bytes(), takes).map(Some)
}

fn read_ring(accounts: &Accounts) -> ReadRing {
    let accounts = accounts.clone();
    Box::new(move || {
        let accounts = accounts.clone();
        Box::pin(async move { Ok(accounts.key_ring().await?.0) })
    })
}

fn read_key(config: &SdkConfig, arn: Option<String>) -> Result<ReadKey, SettingError> {
    let arn = arn.ok_or(SettingError::Missing("SIGNING_KEY_ARN"))?;
    let config = config.clone();
    Ok(Box::new(move || {
        let (config, arn) = (config.clone(), arn.clone());
        Box::pin(async move { aws::secrets::get_version(&config, &arn).await })
    }))
}

#[cfg(test)]
mod tests;
