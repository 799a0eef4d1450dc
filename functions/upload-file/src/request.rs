//! A request for an import, read whole before any rule is applied to it.

use domain::limits::UPLOAD_WITHIN;
use jiff::Timestamp;
use lambda::http::{Refusal, Request, idempotency};
use postgres::imports::{Idempotency, NewImport};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::file::{self, UploadedFile};
use crate::file_name;
use crate::options::{self, UploadOptions};
use crate::said::Said;
use crate::target::Target;

/// All that a request for an import asks, beside its path.
#[derive(Debug)]
pub struct UploadRequest {
    /// `Idempotency-Key`
    pub key: Option<String>,
    /// What the query or the body's fields ask.
    pub options: UploadOptions,
    /// What the body has or announces.
    pub file: UploadedFile,
}

impl UploadRequest {
    /// Reads query, key and body, in this order: the first of them that cannot be read is what
    /// the client hears of.
    ///
    /// # Errors
    /// 400, 413, 415.
    pub async fn read(request: Request) -> Result<Self, Refusal> {
        let said = Said::in_query(&request);
        UploadOptions::read(&said)?;
        let key = idempotency::key(&request)?;
        let content = file::content(request).await?;
        let fields = content.fields()?;
        let said = said.or_in(fields, options::NAMES);
        let (options, file) = (UploadOptions::read(&said)?, file::read(&content)?);
        Ok(Self { key, options, file })
    }

    /// The import that is asked for, not stored yet.
    pub fn new_import(&self, target: &Target) -> NewImport {
        let uid = Uuid::now_v7();
        let name = file_name::safe(self.file.file_name());
        let dataset = target.dataset.name;
        NewImport {
            uid,
            owner: target.owner,
            dataset,
            object_key: format!("uploads/{dataset}/{uid}/{name}"),
            object_size: self.file.size(),
            upload_expires_at: Timestamp::now() + UPLOAD_WITHIN,
            idempotency: self.key.clone().map(|key| Idempotency {
                fingerprint: self.fingerprint(target),
                key,
            }),
            holds: self.options.holds,
            max_errors: self.options.max_errors,
            validate_only: self.options.validate_only,
            replaces: target.replaces,
            retry_of: None,
        }
    }

    /// A digest over everything the request asks: only equal requests have equal digests.
    fn fingerprint(&self, target: &Target) -> Vec<u8> {
        let of_file = self.file.fingerprint(target.dataset);
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
    use domain::max_errors::MaxErrors;

    use super::*;

    fn fingerprint(replaces: Option<i32>, holds: bool, max_errors: Option<MaxErrors>) -> Vec<u8> {
        let options = UploadOptions {
            holds,
            max_errors,
            validate_only: false,
        };
        with_options(replaces, options)
    }

    fn with_options(replaces: Option<i32>, options: UploadOptions) -> Vec<u8> {
        let target = Target {
            owner: Uuid::nil(),
            dataset: BASELINE,
            replaces,
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
        let prints = [
            fingerprint(None, false, None),
            fingerprint(None, true, None),
            fingerprint(None, false, Some(MaxErrors::Count(5))),
            fingerprint(None, true, Some(MaxErrors::Count(5))),
            fingerprint(None, false, Some(MaxErrors::Percent(5))),
            fingerprint(Some(1), false, None),
            fingerprint(Some(2), false, None),
            with_options(
                None,
                UploadOptions {
                    validate_only: true,
                    ..UploadOptions::default()
                },
            ),
        ];
        for (index, print) in prints.iter().enumerate() {
            assert!(!prints[..index].contains(print));
        }
        assert_eq!(prints[0], file().fingerprint(BASELINE));
    }
}
