use ::settings::{SettingError, parsed, required};

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
    /// MAXIMUM_CONCURRENCY: so many chunks are imported at one time by the whole stack.
    pub workers: i64,
}

impl Settings {
    /// As the template gives them.
    ///
    /// # Errors
    /// A variable is missing or does not parse.
    pub fn from_environment() -> Result<Self, SettingError> {
        Ok(Self {
            import_arn: required("IMPORT_STATE_MACHINE_ARN")?,
            rollback_arn: required("ROLLBACK_STATE_MACHINE_ARN")?,
            queue_url: required("CHUNK_QUEUE_URL")?,
            visibility_seconds: parsed("CHUNK_VISIBILITY_SECONDS")?,
            workers: parsed("MAXIMUM_CONCURRENCY")?,
        })
    }
}
