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

/// As whom a function signs in: each has the rights of its work. They may all be one role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Owns everything, and migrates it.
    Owner,
    /// Writes what becomes of imports and exports.
    Worker,
    /// Besides, declares and drops datasets, whose tables functions of the database make for it.
    Maker,
    /// Reads.
    Reader,
}

impl Role {
    /// The variable that names its secret.
    fn variable(self) -> &'static str {
        match self {
            Role::Owner => "DATABASE_OWNER_SECRET_ARN",
            Role::Worker => "DATABASE_WORKER_SECRET_ARN",
            Role::Maker => "DATABASE_MAKER_SECRET_ARN",
            Role::Reader => "DATABASE_READER_SECRET_ARN",
        }
    }
}

/// The secret as RDS writes it; the user comes from DATABASE_USER if that is set.
#[derive(Deserialize)]
struct Secret {
    username: String,
    password: String,
}

/// The database that DATABASE_HOST, _PORT, _NAME, _USER and _TLS name, and the secret of the role,
/// opened when first asked for. `application_name` is the function's name.
///
/// # Errors
/// A setting is missing, the secret cannot be read, or the settings are refused.
pub async fn database(
    application_name: &'static str,
    role: Role,
    config: &SdkConfig,
) -> Result<Database, StartError> {
    let secret = secret(role, config).await?;
    let settings = Settings {
        host: settings::required("DATABASE_HOST")?,
        port: settings::parsed("DATABASE_PORT")?,
        database: settings::required("DATABASE_NAME")?,
        user: settings::optional("DATABASE_USER").unwrap_or(secret.username),
        password: secret.password,
        tls: settings::parsed::<Tls>("DATABASE_TLS")?,
        application_name: application_name.to_owned(),
    };
    Ok(Database::new(settings)?.renewing(fresh_password(role, config)))
}

fn fresh_password(role: Role, config: &SdkConfig) -> FreshPassword {
    let config = config.clone();
    Box::new(move || {
        let config = config.clone();
        Box::pin(async move {
            match secret(role, &config).await {
                Ok(secret) => Some(secret.password),
                Err(cause) => {
                    tracing::error!(cause = crate::chain(&cause), "no fresh password");
                    None
                }
            }
        })
    })
}

async fn secret(role: Role, config: &SdkConfig) -> Result<Secret, StartError> {
    let arn = settings::required(role.variable())?;
    let text = aws::secrets::get_string(config, &arn)
        .await
        .map_err(StartError::Unreadable)?;
    // The parser's message would quote the secret.
    serde_json::from_str(&text).map_err(|_| StartError::Shape)
}
