//! What the functions share that depends on `lambda_runtime` and `lambda_http`: telemetry,
//! settings, the database and the signed-in user from the environment, and errors as responses.
#![deny(missing_docs)]

#[cfg(feature = "http")]
mod asking;
pub mod audit;
mod cause;
#[cfg(feature = "custom-resource")]
pub mod custom_resource;
#[cfg(feature = "database")]
mod database;
#[cfg(feature = "http")]
pub mod http;
mod start;
pub mod telemetry;
#[cfg(feature = "http")]
pub mod tokens;
#[cfg(feature = "http")]
pub mod user;
pub mod workflow;

pub use ::settings;
pub use cause::chain;
#[cfg(feature = "database")]
pub use database::{Role, StartError, database, database_settings};

/// Why an invocation did not succeed: for the log, and for the caller, who may try again.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;
