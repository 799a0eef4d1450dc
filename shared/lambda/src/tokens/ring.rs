//! The key ring as a warm function knows it.

use std::sync::{Arc, Mutex, PoisonError};

use domain::key_ring::{KeyRing, PublicKey};
use domain::limits::{SIGNING_KEYS_READ_AGAIN_AFTER, UNKNOWN_KID_READ_AGAIN_AFTER};
use futures_util::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};

use super::errors::KeysError;

/// Reads the key ring.
pub(super) type ReadRing =
    Box<dyn Fn() -> BoxFuture<'static, Result<KeyRing, aws::Error>> + Send + Sync>;

/// Read when it is first needed, and then as [`Known::is_due`] says.
pub(super) struct Ring {
    read: ReadRing,
    known: Mutex<Known>,
}

#[derive(Clone, Default)]
struct Known {
    ring: Arc<KeyRing>,
    read_at: Option<Timestamp>,
}

impl Known {
    /// Whether the ring is to be read before a token of this kid is judged. One read brings every
    /// key, so that kids that were made up do not keep a new one from being known.
    fn is_due(&self, kid: &str, now: Timestamp) -> bool {
        let after = match self.ring.key(kid) {
            Some(_) => SIGNING_KEYS_READ_AGAIN_AFTER,
            None => UNKNOWN_KID_READ_AGAIN_AFTER,
        };
        !is_fresh(self.read_at, after, now)
    }
}

/// Whether what was read then is still young enough. It is not if the clock was set back since.
pub(super) fn is_fresh(read_at: Option<Timestamp>, after: SignedDuration, now: Timestamp) -> bool {
    let age = read_at.map(|it| now.duration_since(it));
    age.is_some_and(|it| !it.is_negative() && it < after)
}

impl Ring {
    pub(super) fn new(read: ReadRing) -> Self {
        let known = Mutex::default();
        Self { read, known }
    }

    /// The key of this kid, if tokens are accepted by it now.
    pub(super) async fn accepted(
        &self,
        kid: &str,
        now: Timestamp,
    ) -> Result<Option<PublicKey>, KeysError> {
        let known = self.known();
        let ring = match known.is_due(kid, now) {
            true => self.read_again(now).await?,
            false => known.ring,
        };
        Ok(ring.accepted(kid, now).cloned())
    }

    fn known(&self) -> Known {
        let known = self.known.lock();
        known.unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn read_again(&self, now: Timestamp) -> Result<Arc<KeyRing>, KeysError> {
        let ring = Arc::new((self.read)().await.map_err(KeysError::Ring)?);
        let known = Known {
            ring: Arc::clone(&ring),
            read_at: Some(now),
        };
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = known;
        Ok(ring)
    }
}
