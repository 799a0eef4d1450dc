//! Why an import or export fails, or what its user should know about it.

use serde::{Deserialize, Serialize};

/// A failure or a warning of a whole import or export, in the shape in which the API shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// Stable, for programs: e.g. `bad_heading`.
    pub code: String,
    /// One or two sentences for people.
    pub detail: String,
}

impl Reason {
    /// A reason from its stable code and its sentence for people.
    pub fn new(code: &str, detail: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            detail: detail.into(),
        }
    }
}
