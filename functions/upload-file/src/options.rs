//! What an upload asks of its import.

use domain::dataset::Dataset;
use domain::max_errors::{MaxErrors, NoLimit};
use domain::reading::{BadValue, ReadingRequest};
use lambda::http::words::not_a_choice;
use lambda::http::{FieldErrors, Refusal};
use sha2::{Digest, Sha256};

use crate::parameters::{MAX_ERRORS, ON_FAILURE, Parameters, VALIDATE_ONLY};

/// How the file is to be read, and what is to become of the import when records are rejected, and
/// when it fails.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UploadOptions {
    /// `on_failure=hold`
    pub holds: bool,
    /// `max_errors=100` or `5%`
    pub max_errors: Option<MaxErrors>,
    /// `validate_only=true`
    pub validate_only: bool,
    /// `delimiter=;`, `dates=dmy`, …
    pub said: ReadingRequest,
}

impl UploadOptions {
    /// Reads the parameters of an upload to this dataset.
    ///
    /// # Errors
    /// 400 naming each parameter that cannot be read.
    pub fn read(parameters: &Parameters, dataset: &Dataset) -> Result<Self, Refusal> {
        let mut errors = FieldErrors::default();
        let mut keep = |name: &'static str, message: String| errors.add(name, vec![message]);
        let holds = holds(parameters).unwrap_or_else(|message| {
            keep(ON_FAILURE, message);
            false
        });
        let max_errors = max_errors(parameters).unwrap_or_else(|message| {
            keep(MAX_ERRORS, message);
            None
        });
        let validate_only = validate_only(parameters).unwrap_or_else(|message| {
            keep(VALIDATE_ONLY, message);
            false
        });
        let said = said(parameters, dataset).unwrap_or_else(|bad| {
            bad.into_iter().for_each(|it| keep(it.name, it.message));
            ReadingRequest::default()
        });
        errors.or(Self {
            holds,
            max_errors,
            validate_only,
            said,
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
        for (name, value) in self.said.values() {
            // Each text has its length before it, so no text can be taken for a part of the next.
            for text in [name, value] {
                digest.update(text.len().to_le_bytes());
                digest.update(text);
            }
        }
    }
}

fn max_errors(parameters: &Parameters) -> Result<Option<MaxErrors>, String> {
    const WORDS: &str = "A whole number or a percentage is required: 100 or 5%.";
    let limit = parameters.get(MAX_ERRORS).map(str::parse).transpose();
    limit.map_err(|NoLimit| WORDS.to_owned())
}

/// Whether the import is to be held if it fails.
fn holds(parameters: &Parameters) -> Result<bool, String> {
    match parameters.get(ON_FAILURE) {
        None => Ok(false),
        Some("hold") => Ok(true),
        Some(other) => Err(not_a_choice(other, ["hold"])),
    }
}

/// Whether the file is only to be validated.
fn validate_only(parameters: &Parameters) -> Result<bool, String> {
    match parameters.get(VALIDATE_ONLY) {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(_) => Err("Use true or false.".to_owned()),
    }
}

/// A reading that can be meant, alone and with what the dataset declares.
fn said(parameters: &Parameters, dataset: &Dataset) -> Result<ReadingRequest, Vec<BadValue>> {
    let said = ReadingRequest::parse(parameters.all())?;
    said.reading(dataset)?;
    Ok(said)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use domain::catalog::BASELINE;
    use lambda::http::Request;
    use lambda_http::RequestExt;

    use super::*;

    fn asked(query: &[(&str, &str)]) -> Result<UploadOptions, String> {
        let all = query.iter();
        let query = all.map(|(name, value)| ((*name).to_owned(), vec![(*value).to_owned()]));
        let query: HashMap<_, _> = query.collect();
        let request = Request::default().with_query_string_parameters(query);
        let options = UploadOptions::read(&Parameters::of_query(&request), &BASELINE);
        options.map_err(|it| String::from_utf8_lossy(it.into_response().body()).into_owned())
    }

    #[test]
    fn what_is_asked() {
        let nothing = UploadOptions::default();
        assert_eq!(asked(&[]).unwrap(), nothing);
        assert_eq!(
            asked(&[("on_failure", ""), ("max_errors", "")]).unwrap(),
            nothing
        );
        let all = asked(&[
            ("on_failure", "hold"),
            ("max_errors", "5%"),
            ("dates", "dmy"),
        ])
        .unwrap();
        assert!(all.holds && !all.said.is_empty() && !all.validate_only);
        assert!(asked(&[("validate_only", "true")]).unwrap().validate_only);
        assert_eq!(all.max_errors, Some(MaxErrors::Percent(5)));
    }

    #[test]
    fn every_bad_value_is_named() {
        #[rustfmt::skip]
        let table: [(&[(&str, &str)], &str); 4] = [
            (&[("validate_only", "yes")], r#"{"validate_only":["Use true or false."]}"#),
            (&[("on_failure", "HOLD")], r#"{"on_failure":["\"HOLD\" is not a valid choice. Choose one of these: hold."]}"#),
            (&[("max_errors", "few")], r#"{"max_errors":["A whole number or a percentage is required: 100 or 5%."]}"#),
            (&[("decimal", ","), ("group", ",")], r#"{"group":["The character before the decimals cannot group digits, too."]}"#),
        ];
        for (query, expected) in table {
            assert_eq!(asked(query).unwrap_err(), expected);
        }
        let two = asked(&[("on_failure", "no"), ("encoding", "ebcdic")]).unwrap_err();
        assert!(
            two.contains("on_failure") && two.contains("encoding"),
            "{two}"
        );
    }
}
