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

    /// What the role is called, after the owner's name.
    pub fn suffix(self) -> &'static str {
        match self {
            Role::Owner => "owner",
            Role::Worker => "worker",
            Role::Maker => "maker",
            Role::Reader => "reader",
        }
    }

    /// Whether it has a secret of its own; otherwise it is the owner.
    ///
    /// # Errors
    /// A setting is missing.
    pub fn is_apart(self) -> Result<bool, SettingError> {
        let owner = settings::required(Role::Owner.variable())?;
        Ok(settings::required(self.variable())? != owner)
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
    let settings = database_settings(application_name, role, config).await?;
    Ok(Database::new(settings)?.renewing(fresh_password(role, config)))
}

/// Where the database is, and as whom this role signs in.
///
/// # Errors
/// A setting is missing, or the secret cannot be read.
pub async fn database_settings(
    application_name: &str,
    role: Role,
    config: &SdkConfig,
) -> Result<Settings, StartError> {
    let secret = secret(role, config).await?;
    Ok(Settings {
        host: settings::required("DATABASE_HOST")?,
        port: settings::parsed("DATABASE_PORT")?,
        database: settings::required("DATABASE_NAME")?,
        user: settings::optional("DATABASE_USER").unwrap_or(secret.username),
        password: secret.password,
        tls: settings::parsed::<Tls>("DATABASE_TLS")?,
        roots: roots(config).await?,
        application_name: application_name.to_owned(),
    })
}

/// The operator's own, where the region's are not built in.
async fn roots(config: &SdkConfig) -> Result<Option<String>, StartError> {
    let Some(arn) = settings::optional("DATABASE_ROOTS_ARN") else {
        return Ok(None);
    };
    let text = aws::secrets::get_string(config, &arn).await;
    text.map(Some).map_err(StartError::Unreadable)
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
