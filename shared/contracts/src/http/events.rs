//! What has happened to an import or export.

use jiff::Timestamp;
use serde::Serialize;

/// A change of its state.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct EventEntry {
    /// Counts the changes from 1.
    pub number: i32,
    /// When it changed.
    pub at: Timestamp,
    /// The state before; null for the first.
    pub was: Option<String>,
    /// The state since then.
    pub status: String,
    /// Who did it: `user`, or the name of the function that did.
    pub by: String,
    /// The code of the reason, if it changed for one.
    pub code: Option<String>,
}
