use aws::SdkConfig;
use postgres::{Database, FreshPassword, Settings, Tls};
use serde::Deserialize;

use crate::settings::{self, SettingError};

/// Why a function cannot have its database. Never quotes a secret.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A setting is missing or unusable.
    #[error(transparent)]
    Setting(#[from] SettingError),
    /// The secret cannot be read.
    #[error("the database secret: {0}")]
    Unreadable(#[source] aws::Error),
    /// The secret is not what RDS writes.
    #[error("the database secret is not JSON with a username and a password")]
    Shape,
    /// The settings do not fit each other.
    #[error(transparent)]
    Refused(#[from] postgres::Error),
}

/// The secret as RDS writes it; the user comes from DATABASE_USER if that is set.
#[derive(Deserialize)]
struct Secret {
    username: String,
    password: String,
}

/// The database that DATABASE_HOST, _PORT, _NAME, _USER, _TLS and _SECRET_ARN name, opened when
/// first asked for. `application_name` is the function's name.
///
/// # Errors
/// A setting is missing, the secret cannot be read, or the settings are refused.
pub async fn database(
    application_name: &'static str,
    config: &SdkConfig,
) -> Result<Database, StartError> {
    let secret = secret(config).await?;
    let settings = Settings {
        host: settings::required("DATABASE_HOST")?,
        port: settings::parsed("DATABASE_PORT")?,
        database: settings::required("DATABASE_NAME")?,
        user: settings::optional("DATABASE_USER").unwrap_or(secret.username),
        password: secret.password,
        tls: settings::parsed::<Tls>("DATABASE_TLS")?,
        application_name: application_name.to_owned(),
    };
    Ok(Database::new(settings)?.renewing(fresh_password(config)))
}

fn fresh_password(config: &SdkConfig) -> FreshPassword {
    let config = config.clone();
    Box::new(move || {
        let config = config.clone();
        Box::pin(async move {
            match secret(&config).await {
                Ok(secret) => Some(secret.password),
                Err(cause) => {
                    tracing::error!(cause = crate::chain(&cause), "no fresh password");
                    None
                }
            }
        })
    })
}

async fn secret(config: &SdkConfig) -> Result<Secret, StartError> {
    let arn = settings::required("DATABASE_SECRET_ARN")?;
    let text = aws::secrets::get_string(config, &arn)
        .await
        .map_err(StartError::Unreadable)?;
    // The parser's message would quote the secret.
    serde_json::from_str(&text).map_err(|_| StartError::Shape)
}
