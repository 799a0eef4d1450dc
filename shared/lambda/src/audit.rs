//! What all have in common who write down what was done.

use std::error::Error;

use jiff::SignedDuration;

use crate::chain;
use crate::settings::{self, SettingError};

/// How long it is kept, as the environment says it.
///
/// # Errors
/// The setting is missing.
pub fn kept_for() -> Result<SignedDuration, SettingError> {
    let days: u32 = settings::parsed("AUDIT_DAYS")?;
    Ok(SignedDuration::from_hours(24 * i64::from(days)))
}

/// What has happened stays so if it was not written down: the log has the act, and this.
pub fn log_unwritten<T>(written: Result<T, impl Error + 'static>) {
    if let Err(error) = written {
        tracing::error!(cause = chain(&error), "an act was not written down");
    }
}
