//! Why an import or export is not moving.

use domain::waiting::Wait;
use jiff::Timestamp;
use serde::Serialize;

/// What is waited for.
#[derive(Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct WaitingFor {
    /// Stable, for programs.
    pub code: &'static str,
    /// One sentence for people.
    pub detail: String,
    /// When something happens without its user; null if that is not known.
    pub until: Option<Timestamp>,
}

impl From<Wait> for WaitingFor {
    fn from(wait: Wait) -> Self {
        Self {
            code: wait.code(),
            detail: wait.to_string(),
            until: wait.until(),
        }
    }
}
