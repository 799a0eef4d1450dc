//! Secrets Manager: read a secret by its ARN, and make another version of it the current one.

use aws_config::SdkConfig;
use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::error::ProvideErrorMetadata;

use crate::{Error, ErrorKind};

/// The label of the version that is read.
const CURRENT: &str = "AWSCURRENT";

/// A version of a secret.
pub struct Version {
    /// Given by whoever wrote it, or by Secrets Manager.
    pub id: String,
    /// What is secret.
    pub text: String,
}

/// The text of the secret `arn` in its current version.
///
/// # Errors
/// The secret cannot be read, or is binary.
pub async fn get_string(config: &SdkConfig, arn: &str) -> Result<String, Error> {
    Ok(get_version(config, arn).await?.text)
}

/// The current version of the secret `arn`.
///
/// # Errors
/// The secret cannot be read, has no version yet, or is binary.
pub async fn get_version(config: &SdkConfig, arn: &str) -> Result<Version, Error> {
    const WHAT: &str = "reading a secret";
    let client = Client::new(config);
    let answer = client.get_secret_value().secret_id(arn).send().await;
    let secret = answer.map_err(|error| {
        let kind = kind_of(error.code());
        Error {
            kind,
            ..Error::new(WHAT, error)
        }
    })?;
    match secret.secret_string {
        Some(text) => Ok(Version {
            id: secret.version_id.unwrap_or_default(),
            text,
        }),
        None => Err(Error::new(
            WHAT,
            std::io::Error::other("the secret is not text"),
        )),
    }
}

/// Whether another try may read it: what is said to the service may pass, and what it says of the
/// secret may not.
fn kind_of(code: Option<&str>) -> ErrorKind {
    const REFUSED: [&str; 4] = [
        "AccessDeniedException",
        "DecryptionFailure",
        "InvalidRequestException",
        "ResourceNotFoundException",
    ];
    match code {
        Some(code) if REFUSED.contains(&code) => ErrorKind::Refused,
        _ => ErrorKind::Passing,
    }
}

/// The id of the current version, without what is secret; `None` if there is no version yet.
///
/// # Errors
/// The secret cannot be described.
pub async fn current_version(config: &SdkConfig, arn: &str) -> Result<Option<String>, Error> {
    let client = Client::new(config);
    let answer = client.describe_secret().secret_id(arn).send().await;
    let secret = answer.map_err(|error| Error::new("describing a secret", error))?;
    let versions = secret.version_ids_to_stages.unwrap_or_default();
    let is_current = |labels: &Vec<String>| labels.iter().any(|it| it == CURRENT);
    let mut versions = versions.into_iter();
    let current = versions.find(|(_, labels)| is_current(labels));
    Ok(current.map(|(id, _)| id))
}

/// Makes this the current version of the secret `arn`; the one that was it is kept as the previous.
/// The same version may be put again.
///
/// # Errors
/// The secret cannot be written.
pub async fn put_version(config: &SdkConfig, arn: &str, version: &Version) -> Result<(), Error> {
    let client = Client::new(config);
    let put = client
        .put_secret_value()
        .secret_id(arn)
        .client_request_token(&version.id)
        .secret_string(&version.text);
    put.send()
        .await
        .map_err(|error| Error::new("writing a secret", error))?;
    Ok(())
}
