//! The private half of the signing key, which `auth` alone reads.

use std::sync::{Arc, Mutex, PoisonError};

use aws::secrets::Version;
use domain::limits::SIGNING_KEYS_READ_AGAIN_AFTER;
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use jsonwebtoken::jwk::{AlgorithmParameters, Jwk};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde::Serialize;

use super::errors::KeysError;
use super::ring::{Ring, is_fresh};

/// Reads the current version of the secret.
pub(super) type ReadKey =
    Box<dyn Fn() -> BoxFuture<'static, Result<Version, aws::Error>> + Send + Sync>;

/// Read when it is first needed, when it has been known for a while, and when it has ended.
pub(super) struct SigningKey {
    read: ReadKey,
    known: Mutex<Option<Known>>,
}

#[derive(Clone)]
struct Known {
    pair: Arc<Pair>,
    read_at: Timestamp,
}

impl SigningKey {
    pub(super) fn new(read: ReadKey) -> Self {
        let known = Mutex::default();
        Self { read, known }
    }

    /// The key to sign with, which the ring has: nothing is signed that nobody could check.
    pub(super) async fn current(
        &self,
        ring: &Ring,
        now: Timestamp,
    ) -> Result<Arc<Pair>, KeysError> {
        let known = self.known();
        let is_young = |it: &Known| is_fresh(Some(it.read_at), SIGNING_KEYS_READ_AGAIN_AFTER, now);
        if let Some(young) = known.clone().filter(is_young)
            && young.pair.is_in(ring, now).await?
        {
            return Ok(young.pair);
        }
        let pair = match self.read_again(now).await {
            Ok(pair) => pair,
            // A key that is still accepted is better than no sign-in at all.
            Err(error) => match known {
                Some(old) => old.despite(error),
                None => return Err(error),
            },
        };
        match pair.is_in(ring, now).await? {
            true => Ok(pair),
            false => Err(KeysError::NotInRing {
                kid: pair.kid.clone(),
            }),
        }
    }

    fn known(&self) -> Option<Known> {
        let known = self.known.lock();
        known.unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn read_again(&self, now: Timestamp) -> Result<Arc<Pair>, KeysError> {
        let version = (self.read)().await.map_err(KeysError::SigningKey)?;
        let pair = Arc::new(Pair::read(version)?);
        let known = Known {
            pair: Arc::clone(&pair),
            read_at: now,
        };
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some(known);
        Ok(pair)
    }
}

impl Known {
    fn despite(self, error: KeysError) -> Arc<Pair> {
        let cause = crate::chain(&error);
        tracing::warn!(cause, "the signing key is not read again");
        self.pair
    }
}

/// A signing key with both halves.
pub(super) struct Pair {
    kid: String,
    /// The public half, as the ring has it.
    x: String,
    private: EncodingKey,
}

impl Pair {
    /// The version's id is the kid, its text the key.
    fn read(version: Version) -> Result<Self, KeysError> {
        let private = EncodingKey::from_ed_pem(version.text.as_bytes());
        let private = private.map_err(|_| KeysError::Shape)?;
        let public = Jwk::from_encoding_key(&private, Algorithm::EdDSA);
        match public.map(|it| it.algorithm) {
            Ok(AlgorithmParameters::OctetKeyPair(public)) => Ok(Self {
                kid: version.id,
                x: public.x,
                private,
            }),
            _ => Err(KeysError::Shape),
        }
    }

    pub(super) fn sign(&self, claims: &impl Serialize) -> Result<String, KeysError> {
        let mut header = Header::new(Algorithm::EdDSA);
        header.kid = Some(self.kid.clone());
        jsonwebtoken::encode(&header, claims, &self.private).map_err(KeysError::Sign)
    }

    /// Whether the ring accepts tokens by this very key.
    async fn is_in(&self, ring: &Ring, now: Timestamp) -> Result<bool, KeysError> {
        let public = ring.accepted(&self.kid, now).await?;
        Ok(public.is_some_and(|it| it.x == self.x))
    }
}
