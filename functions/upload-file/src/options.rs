//! What a request asks of the import, beside its file.

use domain::max_errors::{MaxErrors, NoLimit};
use lambda::http::{FieldErrors, Refusal};
use sha2::{Digest, Sha256};

use crate::said::Said;

/// The options, as they are named in the query or in the body.
pub const NAMES: [&str; 3] = ["max_errors", "on_failure", "validate_only"];

/// What is to become of the import when records are rejected, when it fails, and in the end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UploadOptions {
    /// `?on_failure=hold`
    pub holds: bool,
    /// `?max_errors=100` or `5%`
    pub max_errors: Option<MaxErrors>,
    /// `?validate_only=true`
    pub validate_only: bool,
}

impl UploadOptions {
    /// Reads what was said.
    ///
    /// # Errors
    /// 400 naming the parameter that cannot be read.
    pub fn read(said: &Said) -> Result<Self, Refusal> {
        Ok(Self {
            holds: holds(said)?,
            max_errors: max_errors(said)?,
            validate_only: validate_only(said)?,
        })
    }

    /// Adds them to the digest of a request: only equal options add the same.
    pub fn add_to(&self, digest: &mut Sha256) {
        digest.update([u8::from(self.holds)]);
        match self.max_errors {
            None => {}
            Some(MaxErrors::Count(count)) => digest.update(count.to_le_bytes()),
            Some(MaxErrors::Percent(percent)) => digest.update(percent.to_le_bytes()),
        }
        if self.validate_only {
            digest.update("validate_only");
        }
    }
}

fn max_errors(said: &Said) -> Result<Option<MaxErrors>, Refusal> {
    const WORDS: &str = "A whole number or a percentage is required: 100 or 5%.";
    match said.get("max_errors") {
        None | Some("") => Ok(None),
        Some(words) => match words.parse() {
            Ok(limit) => Ok(Some(limit)),
            Err(NoLimit) => Err(Refusal::Fields(FieldErrors::one("max_errors", WORDS))),
        },
    }
}

/// Whether the file is only to be validated.
fn validate_only(said: &Said) -> Result<bool, Refusal> {
    const WORDS: &str = "Use true or false.";
    match said.get("validate_only") {
        None | Some("" | "false") => Ok(false),
        Some("true") => Ok(true),
        Some(_) => Err(Refusal::Fields(FieldErrors::one("validate_only", WORDS))),
    }
}

/// Whether the import is to be held if it fails.
fn holds(said: &Said) -> Result<bool, Refusal> {
    match said.get("on_failure") {
        None | Some("") => Ok(false),
        Some("hold") => Ok(true),
        Some(other) => {
            let words = format!("\"{other}\" is not a valid choice.");
            Err(Refusal::Fields(FieldErrors::one("on_failure", words)))
        }
    }
}

#[cfg(test)]
mod tests {
    use lambda::http::body::Content;
    use serde_json::json;

    use super::*;

    fn said(name: &str, value: &str) -> Said {
        let content = Content::Json(json!({ name: value }));
        Said::default().or_in(content.fields().unwrap(), NAMES)
    }

    fn asked(value: &str) -> Result<bool, Refusal> {
        holds(&said("on_failure", value))
    }

    #[test]
    fn only_to_be_validated() {
        let asked = |value| validate_only(&said("validate_only", value));
        assert!(!validate_only(&Said::default()).unwrap());
        assert!(!asked("").unwrap() && !asked("false").unwrap());
        assert!(asked("true").unwrap());
        let refused = asked("yes").unwrap_err().into_response();
        let body = r#"{"validate_only":["Use true or false."]}"#;
        assert_eq!(String::from_utf8_lossy(refused.body()), body);
    }

    #[test]
    fn on_failure() {
        assert!(!holds(&Said::default()).unwrap());
        assert!(!asked("").unwrap());
        assert!(asked("hold").unwrap());
        let refused = asked("HOLD").unwrap_err().into_response();
        let body = r#"{"on_failure":["\"HOLD\" is not a valid choice."]}"#;
        assert_eq!(String::from_utf8_lossy(refused.body()), body);
    }
}
