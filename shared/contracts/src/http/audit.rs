//! Who did what.

use jiff::Timestamp;
use serde::Serialize;

/// An act of the user, or of somebody who used their name or a token of theirs.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AuditEntry {
    /// When it was done.
    pub at: Timestamp,
    /// What it was done with: `account`, `import` or `export`.
    pub kind: &'static str,
    /// What was done: with an account one of the acts below, with an import or export the state that
    /// it came to by it.
    pub act: String,
    /// Which import or export, as `team/12` or `exports/3`; null for an account, and once it is gone.
    pub of: Option<String>,
    /// What else is to be said; null if nothing is.
    pub detail: Option<String>,
    /// The address that the request came from; null for imports and exports.
    pub address: Option<String>,
    /// The id of the request, as in the operator's log; null for imports and exports.
    pub request_id: Option<String>,
}
