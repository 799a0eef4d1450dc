//! What the query of an upload asks of the import.

use domain::max_errors::{MaxErrors, NoLimit};
use lambda::http::query;
use lambda::http::words::not_a_choice;
use lambda::http::{FieldErrors, Refusal, Request};

/// What is to become of the import when records are rejected, and when it fails.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UploadOptions {
    /// `?on_failure=hold`
    pub holds: bool,
    /// `?max_errors=100` or `5%`
    pub max_errors: Option<MaxErrors>,
}

impl UploadOptions {
    /// Reads the query of the request.
    ///
    /// # Errors
    /// 400 naming the parameter that cannot be read.
    pub fn read(request: &Request) -> Result<Self, Refusal> {
        Ok(Self {
            holds: holds(request)?,
            max_errors: max_errors(request)?,
        })
    }
}

fn max_errors(request: &Request) -> Result<Option<MaxErrors>, Refusal> {
    const WORDS: &str = "A whole number or a percentage is required: 100 or 5%.";
    match query::last(request, "max_errors").as_deref() {
        None | Some("") => Ok(None),
        Some(words) => match words.parse() {
            Ok(limit) => Ok(Some(limit)),
            Err(NoLimit) => Err(Refusal::Fields(FieldErrors::one("max_errors", WORDS))),
        },
    }
}

/// Whether the import is to be held if it fails.
fn holds(request: &Request) -> Result<bool, Refusal> {
    match query::last(request, "on_failure").as_deref() {
        None | Some("") => Ok(false),
        Some("hold") => Ok(true),
        Some(other) => {
            let words = not_a_choice(other, ["hold"]);
            Err(Refusal::Fields(FieldErrors::one("on_failure", words)))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use lambda_http::RequestExt;

    use super::*;

    fn asked(value: &str) -> Result<bool, Refusal> {
        let query = HashMap::from([("on_failure".to_owned(), vec![value.to_owned()])]);
        holds(&Request::default().with_query_string_parameters(query))
    }

    #[test]
    fn on_failure() {
        assert!(!holds(&Request::default()).unwrap());
        assert!(!asked("").unwrap());
        assert!(asked("hold").unwrap());
        let refused = asked("HOLD").unwrap_err().into_response();
        let body =
            r#"{"on_failure":["\"HOLD\" is not a valid choice. Choose one of these: hold."]}"#;
        assert_eq!(String::from_utf8_lossy(refused.body()), body);
    }
}
