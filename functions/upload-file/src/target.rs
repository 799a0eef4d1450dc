//! What an upload is for: a new import, or one in the place of another.

use domain::dataset::{BASELINE, Dataset};
use domain::rejects::{MaxErrors, NoLimit};
use lambda::http::query;
use lambda::http::{FieldErrors, Refusal, Request};
use postgres::Connection;
use postgres::imports::{self, by_number};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Whose import it is to be, of what, in whose place, and what is to become of it if it fails.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    pub owner: Uuid,
    pub dataset: &'static Dataset,
    /// Number of the import that it replaces.
    pub replaces: Option<i32>,
    /// What the query asks.
    pub options: UploadOptions,
}

/// What the query of an upload asks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UploadOptions {
    /// `?on_failure=hold`
    pub holds: bool,
    /// `?max_errors=100` or `5%`
    pub max_errors: Option<MaxErrors>,
}

impl Target {
    /// What is refused whatever the file is, and before it is looked at: a second active baseline,
    /// and a replacement of what cannot be replaced.
    pub async fn refuse_early(&self, connection: &Connection<'_>) -> Result<(), Refusal> {
        let Some(number) = self.replaces else {
            return self.refuse_second_baseline(connection).await;
        };
        let found = by_number(connection, self.owner, self.dataset.name, number).await?;
        let import = found.ok_or(Refusal::NotFound)?;
        if import.state.may_be_cancelled() {
            Ok(())
        } else {
            Err(irreplaceable_in(import.state))
        }
    }

    async fn refuse_second_baseline(&self, connection: &Connection<'_>) -> Result<(), Refusal> {
        if self.dataset == BASELINE && imports::has_active_baseline(connection, self.owner).await? {
            return Err(Refusal::Forbidden);
        }
        Ok(())
    }

    /// The same for the same request only: the digest of its body, and what else it asks.
    pub fn fingerprint(&self, of_body: Vec<u8>) -> Vec<u8> {
        if self.replaces.is_none() && self.options == UploadOptions::default() {
            return of_body;
        }
        let mut digest = Sha256::new();
        digest.update(of_body);
        digest.update(self.replaces.unwrap_or_default().to_le_bytes());
        digest.update([u8::from(self.options.holds)]);
        match self.options.max_errors {
            None => {}
            Some(MaxErrors::Count(count)) => digest.update(count.to_le_bytes()),
            Some(MaxErrors::Percent(percent)) => digest.update(percent.to_le_bytes()),
        }
        digest.finalize().to_vec()
    }
}

/// 409: the import is in no state to be replaced.
pub fn irreplaceable_in(state: domain::import::State) -> Refusal {
    Refusal::wrong_state(state, "replaced")
}

/// What the query asks.
pub fn options(request: &Request) -> Result<UploadOptions, Refusal> {
    Ok(UploadOptions {
        holds: holds(request)?,
        max_errors: max_errors(request)?,
    })
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
            let words = format!("\"{other}\" is not a valid choice.");
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
        let body = r#"{"on_failure":["\"HOLD\" is not a valid choice."]}"#;
        assert_eq!(String::from_utf8_lossy(refused.body()), body);
    }

    #[test]
    fn a_fingerprint_follows_all_that_is_asked() {
        let plain = Target {
            owner: Uuid::nil(),
            dataset: BASELINE,
            replaces: None,
            options: UploadOptions::default(),
        };
        let with_options = |holds, max_errors| Target {
            options: UploadOptions { holds, max_errors },
            ..plain
        };
        let replacing = |number| Target {
            replaces: Some(number),
            ..plain
        };
        let targets = [
            plain,
            with_options(true, None),
            with_options(false, Some(MaxErrors::Count(5))),
            with_options(true, Some(MaxErrors::Count(5))),
            with_options(false, Some(MaxErrors::Percent(5))),
            replacing(1),
            replacing(2),
        ];
        let prints = targets.map(|it| it.fingerprint(vec![7]));
        for (index, print) in prints.iter().enumerate() {
            assert!(!prints[..index].contains(print));
        }
        assert_eq!(prints[0], [7]);
    }
}
