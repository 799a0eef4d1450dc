//! A request for an import, read whole before any rule is applied to it.

use domain::dataset::Dataset;
use domain::limits::UPLOAD_WITHIN;
use domain::max_errors::MaxErrors;
use jiff::Timestamp;
use lambda::http::{Refusal, Request, idempotency};
use postgres::imports::{Idempotency, NewImport};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::file::{self, UploadedFile};
use crate::file_name;
use crate::options::UploadOptions;
use crate::parameters::Parameters;
use crate::target::Target;

/// All that a request for an import asks, beside its path.
#[derive(Debug)]
pub struct UploadRequest {
    /// `Idempotency-Key`
    pub key: Option<String>,
    /// What is asked of the import.
    pub options: UploadOptions,
    /// What the body has or announces.
    pub file: UploadedFile,
}

impl UploadRequest {
    /// Reads key, body and what is asked, in this order: the first of them that cannot be read is
    /// what the client hears of.
    ///
    /// # Errors
    /// 400, 413, 415.
    pub async fn read(request: Request, dataset: &Dataset) -> Result<Self, Refusal> {
        let key = idempotency::key(&request)?;
        let query = Parameters::of_query(&request);
        let content = file::content(request).await?;
        let parameters = query.and(content.fields()?)?;
        Ok(Self {
            key,
            file: file::of(&content)?,
            options: UploadOptions::read(&parameters, dataset)?,
        })
    }

    /// The import that is asked for, not stored yet.
    pub fn new_import(&self, target: &Target) -> NewImport {
        let uid = Uuid::now_v7();
        let name = file_name::safe(self.file.file_name());
        let dataset = &target.dataset.name;
        NewImport {
            uid,
            owner: target.owner,
            dataset: target.dataset.clone(),
            object_key: format!("uploads/{dataset}/{uid}/{name}"),
            object_size: self.file.size(),
            upload_expires_at: Timestamp::now() + UPLOAD_WITHIN,
            idempotency: self.key.clone().map(|key| Idempotency {
                fingerprint: self.fingerprint(target),
                key,
            }),
            holds: self.options.holds,
            max_errors: self.max_errors(&target.dataset),
            said: self.options.said.clone(),
            validate_only: self.options.validate_only,
            replaces: target.replaces,
            retry_of: None,
            quotas: target.quotas,
        }
    }

    fn max_errors(&self, dataset: &Dataset) -> MaxErrors {
        let asked = self.options.max_errors;
        asked.unwrap_or(dataset.reading.max_errors)
    }

    /// A digest over everything the request asks: only equal requests have equal digests.
    fn fingerprint(&self, target: &Target) -> Vec<u8> {
        let of_file = self.file.fingerprint(&target.dataset);
        if target.replaces.is_none() && self.options == UploadOptions::default() {
            return of_file;
        }
        let mut digest = Sha256::new();
        digest.update(of_file);
        digest.update(target.replaces.unwrap_or_default().to_le_bytes());
        self.options.add_to(&mut digest);
        digest.finalize().to_vec()
    }
}

#[cfg(test)]
mod tests {
    use domain::catalog::BASELINE;
    use domain::quota::Quotas;
    use domain::reading::ReadingRequest;

    use super::*;

    fn fingerprint(replaces: Option<i32>, holds: bool, max_errors: Option<MaxErrors>) -> Vec<u8> {
        let options = UploadOptions {
            holds,
            max_errors,
            ..UploadOptions::default()
        };
        print(replaces, options)
    }

    fn reading(said: &[(&str, &str)]) -> Vec<u8> {
        let options = UploadOptions {
            said: ReadingRequest::parse(said.iter().copied()).unwrap(),
            ..UploadOptions::default()
        };
        print(None, options)
    }

    fn print(replaces: Option<i32>, options: UploadOptions) -> Vec<u8> {
        let target = Target {
            owner: Uuid::nil(),
            dataset: BASELINE.clone(),
            replaces,
            quotas: Quotas::default(),
        };
        let request = UploadRequest {
            key: None,
            options,
            file: file(),
        };
        request.fingerprint(&target)
    }

    fn file() -> UploadedFile {
        UploadedFile::Announced {
            name: "x.csv".to_owned(),
            size: 7,
        }
    }

    #[test]
    fn a_fingerprint_follows_all_that_is_asked() {
        let validated = UploadOptions {
            validate_only: true,
            ..UploadOptions::default()
        };
        let prints = [
            fingerprint(None, false, None),
            fingerprint(None, true, None),
            fingerprint(None, false, Some(MaxErrors::Count(5))),
            fingerprint(None, true, Some(MaxErrors::Count(5))),
            fingerprint(None, false, Some(MaxErrors::Percent(5))),
            fingerprint(Some(1), false, None),
            fingerprint(Some(2), false, None),
            print(None, validated),
            reading(&[("dates", "dmy")]),
            reading(&[("dates", "ymd")]),
            reading(&[("dates", "dmy"), ("delimiter", ";")]),
        ];
        for (index, print) in prints.iter().enumerate() {
            assert!(!prints[..index].contains(print));
        }
        assert_eq!(prints[0], file().fingerprint(&BASELINE));
    }
}
