use serde::{Deserialize, Serialize};

use super::{Found, Reason, Warning};

/// A reason or a warning as it is stored and shown. One that an earlier version has stored stays as
/// it was, even if its code is in the table no more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct StoredReason {
    /// Stable, for programs: e.g. `bad_heading`.
    pub code: String,
    /// One or more sentences for people.
    pub detail: String,
    /// The places in the file that it speaks of, for programs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub found: Vec<Found>,
}

impl From<&Reason> for StoredReason {
    fn from(reason: &Reason) -> Self {
        Self {
            code: reason.code().to_owned(),
            detail: reason.to_string(),
            found: reason.found().to_vec(),
        }
    }
}

impl From<&Warning> for StoredReason {
    fn from(warning: &Warning) -> Self {
        Self {
            code: warning.code().to_owned(),
            detail: warning.to_string(),
            found: warning.found().to_vec(),
        }
    }
}
