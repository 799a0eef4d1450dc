use std::env;

/// A variable of the environment that is missing or unusable.
#[derive(Debug, thiserror::Error)]
#[error("the environment variable {0} is missing or of no use")]
pub struct SettingsError(&'static str);

/// The workflows and the queue that a conductor uses.
#[derive(Clone, Debug)]
pub struct Settings {
    /// IMPORT_STATE_MACHINE_ARN: the workflow of imports.
    pub import_arn: String,
    /// ROLLBACK_STATE_MACHINE_ARN: the workflow of rollbacks.
    pub rollback_arn: String,
    /// CHUNK_QUEUE_URL: where chunks are handed out.
    pub queue_url: String,
    /// CHUNK_VISIBILITY_SECONDS: a chunk queued longer ago without a receipt waits again.
    pub visibility_seconds: i32,
}

impl Settings {
    /// Reads the variables that template.yaml sets.
    pub fn from_environment() -> Result<Self, SettingsError> {
        const VISIBILITY: &str = "CHUNK_VISIBILITY_SECONDS";
        Ok(Self {
            import_arn: variable("IMPORT_STATE_MACHINE_ARN")?,
            rollback_arn: variable("ROLLBACK_STATE_MACHINE_ARN")?,
            queue_url: variable("CHUNK_QUEUE_URL")?,
            visibility_seconds: variable(VISIBILITY)?
                .parse()
                .map_err(|_| SettingsError(VISIBILITY))?,
        })
    }
}

pub(crate) fn variable(name: &'static str) -> Result<String, SettingsError> {
    env::var(name)
        .ok()
        .filter(|value| !value.is_empty())
        .ok_or(SettingsError(name))
}
