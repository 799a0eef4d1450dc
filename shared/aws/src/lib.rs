//! What Collect asks of AWS: thin wrappers, one module and one feature for each service.
#![deny(missing_docs)]

#[cfg(feature = "accounts")]
pub mod accounts;
#[cfg(feature = "audit")]
pub mod audit;
#[cfg(feature = "executions")]
pub mod executions;
#[cfg(feature = "objects")]
pub mod objects;
#[cfg(feature = "queue")]
pub mod queue;
#[cfg(feature = "secrets")]
pub mod secrets;

mod cause;
mod error;

pub use aws_config::SdkConfig;
pub use cause::chain;
pub use error::{Error, ErrorKind};

use aws_config::BehaviorVersion;

/// Region, credentials and endpoint, as the environment gives them.
pub async fn config() -> SdkConfig {
    aws_config::defaults(BehaviorVersion::v2026_01_12())
        .load()
        .await
}
