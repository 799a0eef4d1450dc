//! What Collect asks of PostgreSQL, by topic. Everything that must hold together changes in one
//! transaction here; nothing here knows AWS.
//!
//! Lock order everywhere: `import_chunk`, rows, `import`, then what is counted of its owner:
//! `owner_usage`, months, bands. There is no `SELECT … FOR UPDATE` on `import` but where two of them
//! change together.
#![deny(missing_docs)]

pub mod acts;
pub mod chunks;
mod conditions;
mod connection;
pub mod copy;
pub mod datasets;
mod error;
pub mod events;
pub mod everything;
pub mod exports;
mod faults;
pub mod finishing;
mod import_row;
pub mod imports;
pub mod lease;
pub mod leaving;
pub mod migrations;
mod numeric;
mod out;
pub mod planning;
pub mod preparing;
pub mod roles;
pub mod rollback;
mod roots;
pub mod row_errors;
pub mod rows;
mod settings;
mod sql;
pub mod sums;
pub mod upkeep;
pub mod usage;

pub use connection::{Connection, Database, FreshPassword};
pub use error::{Barrier, Error, Outage, ServerError};
pub use settings::{Settings, Tls};
pub use tokio_postgres::Client;
