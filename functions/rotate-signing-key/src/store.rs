use aws::SdkConfig;
use aws::accounts::{Accounts, Revision};
use aws::secrets::{self, Version};
use domain::key_ring::KeyRing;
use domain::limits::NEW_SIGNING_KEY_WAITS_FOR;
use jiff::Timestamp;
use lambda::Failure;

/// What a rotation works on: the key ring, and the secret that `auth` signs with.
pub(crate) trait Store {
    /// Which state of the ring was read.
    type Revision;

    async fn ring(&self) -> Result<(KeyRing, Self::Revision), Failure>;

    /// False if another write came first: then nothing was written.
    async fn put_ring(&self, ring: &KeyRing, read: Self::Revision) -> Result<bool, Failure>;

    /// The kid that signs. Before there is a key it may be anything that is not in the ring.
    async fn signs(&self) -> Result<Option<String>, Failure>;

    async fn sign_with(&self, key: &Version) -> Result<(), Failure>;

    /// Until every function that meets a kid which is now in the ring reads the ring.
    async fn wait_until_known(&self);

    fn now(&self) -> Timestamp;
}

/// Those of the stack.
pub(crate) struct OfStack {
    pub(crate) config: SdkConfig,
    pub(crate) accounts: Accounts,
    pub(crate) secret_arn: String,
}

impl Store for OfStack {
    type Revision = Revision;

    async fn ring(&self) -> Result<(KeyRing, Revision), Failure> {
        Ok(self.accounts.key_ring().await?)
    }

    async fn put_ring(&self, ring: &KeyRing, read: Revision) -> Result<bool, Failure> {
        Ok(self.accounts.put_key_ring(ring, read).await?)
    }

    async fn signs(&self) -> Result<Option<String>, Failure> {
        Ok(secrets::current_version(&self.config, &self.secret_arn).await?)
    }

    async fn sign_with(&self, key: &Version) -> Result<(), Failure> {
        Ok(secrets::put_version(&self.config, &self.secret_arn, key).await?)
    }

    async fn wait_until_known(&self) {
        tokio::time::sleep(NEW_SIGNING_KEY_WAITS_FOR).await;
    }

    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}
