//! `POST /collect/{dataset}/{id}/retry/`: the same original again, as a new import.

use std::sync::Arc;

use domain::dataset::Dataset;
use domain::import::{Import, State};
use domain::limits::{BODY_BYTES_AT_MOST, ORIGINAL_KEPT_FOR, UPLOAD_WITHIN};
use domain::quota::Quotas;
use domain::reading::{BadValue, ReadingRequest};
use jiff::Timestamp;
use lambda::chain;
use lambda::http::{FieldErrors, Refusal, Request, Response, body, idempotency};
use postgres::Client;
use postgres::imports::{self, Created, Idempotency, NewImport};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::options::UploadOptions;
use crate::parameters::Parameters;
use crate::{App, created};

/// Which import is to be retried.
#[derive(Clone, Debug)]
pub struct Retried {
    pub owner: Uuid,
    pub dataset: Arc<Dataset>,
    /// Its number.
    pub retry_of: i32,
    /// What the owner may have.
    pub quotas: Quotas,
}

/// All that a request for a retry asks, beside its path.
#[derive(Debug)]
struct RetryRequest {
    key: Option<String>,
    options: UploadOptions,
}

impl RetryRequest {
    /// Reads key, query and body.
    async fn read(request: Request, dataset: &Dataset) -> Result<Self, Refusal> {
        if body::len(&request) > BODY_BYTES_AT_MOST {
            return Err(too_large());
        }
        let key = idempotency::key(&request)?;
        let query = Parameters::of_query(&request);
        let content = body::read(request).await?;
        let parameters = query.and(content.fields()?)?;
        let options = UploadOptions::read(&parameters, dataset)?;
        Ok(Self { key, options })
    }

    /// The import that is asked for, not stored yet. Its object has the name of the retried one's.
    /// What the request does not say is as it was said of the retried one, but for `validate_only`.
    fn new_import(&self, retried: &Retried, import: &Import) -> Result<NewImport, Refusal> {
        let (uid, dataset) = (Uuid::now_v7(), &retried.dataset);
        let name = import.object_key.rsplit('/').next().unwrap_or_default();
        let asked = self.options.max_errors.or(import.max_errors);
        Ok(NewImport {
            uid,
            owner: retried.owner,
            dataset: dataset.clone(),
            object_key: format!("uploads/{}/{uid}/{name}", dataset.name),
            object_size: import.object_size,
            upload_expires_at: Timestamp::now() + UPLOAD_WITHIN,
            idempotency: self.key.clone().map(|key| Idempotency {
                fingerprint: self.fingerprint(retried),
                key,
            }),
            holds: self.options.holds || import.holds,
            max_errors: asked.unwrap_or(dataset.reading.max_errors),
            said: self.said(dataset, import)?,
            validate_only: self.options.validate_only,
            replaces: None,
            retry_of: Some(retried.retry_of),
            quotas: retried.quotas,
        })
    }

    /// What was said of the reading before, with what is said now in its place.
    fn said(&self, dataset: &Dataset, import: &Import) -> Result<ReadingRequest, Refusal> {
        let values = import.said.values().chain(self.options.said.values());
        let said: Vec<(&str, &str)> = values.collect();
        let said = ReadingRequest::parse(said).map_err(unreadable)?;
        said.reading(dataset).map_err(unreadable)?;
        Ok(said)
    }

    /// A digest over everything the request asks: only equal requests have equal digests.
    fn fingerprint(&self, retried: &Retried) -> Vec<u8> {
        let mut digest = Sha256::new();
        for text in [retried.dataset.name.as_str(), "retry"] {
            digest.update(text.len().to_le_bytes());
            digest.update(text);
        }
        digest.update(retried.retry_of.to_le_bytes());
        self.options.add_to(&mut digest);
        digest.finalize().to_vec()
    }
}

impl App {
    pub(crate) async fn retry(
        &self,
        request: Request,
        retried: &Retried,
    ) -> Result<Response, Refusal> {
        let list = self.list(&request, &retried.dataset);
        let request = RetryRequest::read(request, &retried.dataset).await;
        let answer = self
            .database
            .run(async |client| Refusal::expected(create(client, retried, request).await))
            .await?;
        match answer? {
            Created::Import(import) | Created::Again(import) => {
                self.copy(&import).await;
                let removes_exports = self.removed_with(&import).await?;
                let mut object = self.shown(*import).await?;
                object.removes_exports = removes_exports;
                Ok(created(&object, &list))
            }
            Created::AnotherActive => {
                Err(self.another_active(retried.owner, &retried.dataset).await?)
            }
            Created::BeingReplaced(by) => Err(Refusal::BeingReplaced {
                import: retried.retry_of,
                by,
            }),
            Created::OverQuota(exceeded) => Err(Refusal::OverQuota(exceeded)),
            Created::KeyReused => Err(idempotency::reused()),
            Created::WrongState(state) => Err(not_retried_in(state)),
            Created::ObjectExpired => Err(object_expired()),
            Created::DatasetChanged => Err(Refusal::DatasetChanged),
            Created::NotFound => Err(Refusal::NotFound),
        }
    }

    /// The import waits for its object: if this fails, or the object is large, `reconcile` does it.
    async fn copy(&self, import: &Import) {
        if import.state != State::AwaitingUpload {
            return; // asked for again with its key: it goes on by itself
        }
        tracing::info!(import = %import.uid, retry_of = import.retry_of, "accepted");
        if let Err(error) = self.conductor.advance(import.uid).await {
            tracing::warn!(import = %import.uid, cause = chain(&error), "not copied yet");
        }
    }
}

/// Whether there is such an import is told before what is wrong with the request.
async fn create(
    client: &mut Client,
    retried: &Retried,
    request: Result<RetryRequest, Refusal>,
) -> Result<Created, Refusal> {
    let (owner, name) = (retried.owner, &retried.dataset.name);
    let import = imports::by_number(client, owner, name, retried.retry_of).await?;
    let import = import.ok_or(Refusal::NotFound)?;
    let new = request?.new_import(retried, &import)?;
    Ok(imports::create(client, &new).await?)
}

fn unreadable(bad: Vec<BadValue>) -> Refusal {
    let mut errors = FieldErrors::default();
    for BadValue { name, message } in bad {
        errors.add(name, vec![message]);
    }
    Refusal::Fields(errors)
}

fn too_large() -> Refusal {
    Refusal::Coded {
        status: 413,
        code: "body_too_large",
        detail: format!("This request may have at most {BODY_BYTES_AT_MOST} bytes."),
    }
}

/// 409: an import in this state cannot be retried, and what can be done instead.
fn not_retried_in(state: State) -> Refusal {
    let instead = if state == State::Completed {
        "its rows would be stored twice. Replace it to import the file in another way."
    } else if state.is_rolling_back() {
        "its rows are still taken back. Ask again when it has ended."
    } else {
        "it has not ended. Cancel it first."
    };
    Refusal::Coded {
        status: 409,
        code: "wrong_state",
        detail: format!("An import in state {state} cannot be retried: {instead}"),
    }
}

fn object_expired() -> Refusal {
    let days = ORIGINAL_KEPT_FOR.as_hours() / 24;
    Refusal::Coded {
        status: 409,
        code: "object_expired",
        detail: format!(
            "The original of this import is not there any more: it is kept for {days} days after \
             an import has ended without being completed. Upload the file again."
        ),
    }
}

#[cfg(test)]
mod tests {
    use domain::catalog::BASELINE;
    use lambda::http::Body;

    use super::*;

    async fn read(body: &str) -> Result<RetryRequest, Refusal> {
        let mut request = Request::new(Body::from(body));
        let json = "application/json".parse().unwrap();
        request.headers_mut().insert("content-type", json);
        RetryRequest::read(request, &BASELINE).await
    }

    #[tokio::test]
    async fn a_fingerprint_follows_all_that_is_asked() {
        let bodies = [
            "{}",
            r#"{"validate_only": true}"#,
            r#"{"on_failure": "hold"}"#,
            r#"{"max_errors": 5}"#,
            r#"{"max_errors": "5%"}"#,
            r#"{"delimiter": ";"}"#,
            r#"{"delimiter": ";", "decimal": ","}"#,
        ];
        let mut prints = Vec::new();
        for body in bodies {
            let request = read(body).await.unwrap();
            for retry_of in [1, 2] {
                let retried = Retried {
                    owner: Uuid::nil(),
                    dataset: BASELINE.clone(),
                    retry_of,
                    quotas: Quotas::default(),
                };
                prints.push(request.fingerprint(&retried));
            }
        }
        for (index, print) in prints.iter().enumerate() {
            assert!(!prints[..index].contains(print), "{index}");
        }
    }

    #[tokio::test]
    async fn what_cannot_be_meant_is_refused_by_name() {
        for (body, name) in [
            (r#"{"delimiter": "ab"}"#, "delimiter"),
            (r#"{"delimiter": "\""}"#, "quote"),
            (r#"{"validate_only": 1}"#, "validate_only"),
            (r#"{"max_errors": "many"}"#, "max_errors"),
        ] {
            let refused = read(body).await.unwrap_err().into_response();
            let told = String::from_utf8_lossy(refused.body()).into_owned();
            assert!(told.starts_with(&format!("{{\"{name}\":")), "{told}");
        }
    }
}
