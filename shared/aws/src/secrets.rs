//! Secrets Manager: read a secret by its ARN.

use aws_config::SdkConfig;
use aws_sdk_secretsmanager::Client;

use crate::Error;

/// The text of the secret `arn` in its current version.
///
/// # Errors
/// The secret cannot be read, or is binary.
pub async fn get_string(config: &SdkConfig, arn: &str) -> Result<String, Error> {
    const WHAT: &str = "reading a secret";
    let client = Client::new(config);
    let answer = client.get_secret_value().secret_id(arn).send().await;
    let secret = answer.map_err(|error| Error::new(WHAT, error))?;
    secret
        .secret_string
        .ok_or_else(|| Error::new(WHAT, std::io::Error::other("the secret is not text")))
}
