//! Makes the key that tokens are signed with, and another one when an operator asks for it. The
//! private half goes into a secret that `auth` alone may read, and this function may not; the public
//! half into the key ring. It is a custom resource of the stack, so a new stack has a key before
//! `auth` begins. When the stack is deleted, it changes nothing.

mod pair;
mod rotation;
mod store;

use aws::SdkConfig;
use aws::accounts::Accounts;
use contracts::workflow::{RequestType, Rotate, Rotated, Rotation, SigningKeyRequest};
use domain::key_ring::Ending;
use domain::limits::ROTATION_WITHIN;
use lambda::settings;
use lambda::{Failure, custom_resource};

use store::OfStack;

const PHYSICAL_ID: &str = "collect-signing-key";

/// Rotates the signing key: see [`RotateSigningKey::handle`].
pub struct RotateSigningKey {
    store: OfStack,
}

impl RotateSigningKey {
    /// The accounts that ACCOUNTS_TABLE names and the secret that SIGNING_KEY_ARN names.
    ///
    /// # Errors
    /// A setting is missing.
    pub async fn from_environment() -> Result<Self, Failure> {
        let config = aws::config().await;
        let table = settings::required("ACCOUNTS_TABLE")?;
        Ok(Self::new(
            config,
            table,
            settings::required("SIGNING_KEY_ARN")?,
        ))
    }

    /// The accounts in this table, and the secret with this ARN.
    pub fn new(config: SdkConfig, table: String, secret_arn: String) -> Self {
        let accounts = Accounts::new(&config, table);
        let store = OfStack {
            config,
            accounts,
            secret_arn,
        };
        Self { store }
    }

    /// Does what CloudFormation or an operator asks for. CloudFormation is told the outcome; an
    /// operator gets it as the answer.
    ///
    /// # Errors
    /// What an operator asked for was not done, or CloudFormation could not be told.
    pub async fn handle(&self, request: SigningKeyRequest) -> Result<Option<Rotated>, Failure> {
        let request = match request {
            SigningKeyRequest::Rotate(request) => return self.rotate(request).await.map(Some),
            SigningKeyRequest::Resource(request) => request,
        };
        let outcome = match request.request_type {
            RequestType::Create | RequestType::Update => {
                within_time(rotation::ensure(&self.store)).await
            }
            RequestType::Delete => Ok(()),
        };
        let outcome = outcome.map(|()| "There is a signing key.");
        custom_resource::answer(&request, PHYSICAL_ID, outcome).await?;
        Ok(None)
    }

    async fn rotate(&self, request: Rotate) -> Result<Rotated, Failure> {
        let ending = match request.rotate {
            Rotation::Planned => Ending::WithItsTokens,
            Rotation::Leaked => Ending::AtOnce,
        };
        let rotated = within_time(rotation::rotate(&self.store, ending)).await?;
        tracing::info!(kid = rotated.signs, why = ?request.rotate, "the signing key is rotated");
        Ok(rotated)
    }
}

/// An answer must go out before the function's own timeout ends it.
async fn within_time<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    tokio::time::timeout(ROTATION_WITHIN, work)
        .await
        .map_err(|_| "the rotation took too long")?
}
